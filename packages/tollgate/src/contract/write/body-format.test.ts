import { expect, it } from 'vitest'
import { bodyFormatOf } from './body-format.ts'
import { templateParserFor } from './template-parser.ts'

it.each([
  ['application/json', 'json'],
  ['application/vnd.api+json; charset=utf-8', 'json'],
  ['application/x-amz-json-1.1', 'json'],
  ['application/soap+xml', 'xml'],
  ['application/x-www-form-urlencoded', 'form'],
  ['text/plain', 'text'],
  ['text/html', undefined],
  ['application/json-seq', undefined],
  ['application/x-ndjson', undefined],
  ['application/json-1.1x', undefined],
  ['multipart/form-data', undefined],
])('%s is %s', (contentType, format) => {
  expect(bodyFormatOf(contentType)).toBe(format)
})

it('a text has its slots as either notation writes them', () => {
  const parse = templateParserFor('text/plain')
  expect(parse('ERR {code}: {details.field} {{x} {not a slot} $$5', '', () => {})).toEqual(parse('ERR $code: $details.field {{x} {not a slot} $$5', '', () => {}))
})
