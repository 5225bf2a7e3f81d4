import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Detail } from '../declare/details.ts'
import type { JsonValue } from '../declare/facts.ts'
import { parseTemplate } from './parse-template.ts'
import { templateParserFor } from './template-parser.ts'
import type { WireError } from '../declare/wire.ts'
import { compileWriter } from './write-template.ts'

const details: readonly Detail[] = ['a', 'b'].map((name) => ({ name, type: 'json', whenUnknown: 'absent', from: undefined }))
const entry = { code: 'X', status: 418, attributes: { type: 'teapot', none: null } }
const empty: WireError = { entry: 'x', code: 'X', status: 418, message: '', details: {} }
const full: WireError = { ...empty, message: 'Short and stout.', details: { b: 2, a: 'é"' }, fields: { f: ['is bad'] }, requestId: 'req_1', timestamp: '2024-01-01T00:00:00Z' }

function write(template: JsonValue, error: WireError): JsonValue {
  return JSON.parse(compileWriter(parseTemplate(template, '', () => {}), entry, details)(error)) as JsonValue
}

it('each slot is filled', () => {
  const template = { c: '$code', m: '$message', d: '$details', r: '$requestId', t: '$timestamp', s: '$status', f: '$fields', y: '$type', a: '$details.a', l: '$$lit', n: null, i: [1, '$code'] }
  expect(write(template, full)).toEqual({
    c: 'X', m: 'Short and stout.', d: { a: 'é"', b: 2 }, r: 'req_1', t: '2024-01-01T00:00:00Z', s: 418, f: { f: ['is bad'] }, y: 'teapot', a: 'é"', l: '$lit', n: null, i: [1, 'X'],
  })
})

it('an empty slot is present, absent or null, as its suffix says', () => {
  const kinds = ['message', 'details', 'requestId', 'timestamp', 'fields', 'details.a', 'none']
  const slots = (suffix: string): JsonValue => Object.fromEntries(kinds.map((kind) => [kind, `$${kind}${suffix}`]))
  expect(write(slots(''), empty)).toEqual({ message: '', details: {}, requestId: '', timestamp: '', fields: {}, 'details.a': null, none: null })
  expect(write(slots('?'), empty)).toEqual({})
  expect(write(slots('|null'), empty)).toEqual({ message: null, details: null, requestId: null, timestamp: null, fields: null, 'details.a': null, none: null })
})

it('an empty code follows its suffix, any other code is constant', () => {
  const codeless = { ...entry, code: '' }
  const body = (slot: string): string => compileWriter(parseTemplate({ code: slot }, '', () => {}), codeless, [])(empty)
  expect([body('$code|null'), body('$code?')]).toEqual(['{"code":null}', '{}'])
})

it('a numeric code stays a number', () => {
  expect(compileWriter(parseTemplate({ code: '$code' }, '', () => {}), { ...entry, code: 10105 }, [])(empty)).toBe('{"code":10105}')
})

it('members keep the order of the template, and details the order of their declaration', () => {
  const writer = compileWriter(parseTemplate({ z: '$details?', y: '$message', '...': '$details', x: 1 }, '', () => {}), entry, details)
  expect(writer(full)).toBe('{"z":{"a":"é\\"","b":2},"y":"Short and stout.","a":"é\\"","b":2,"x":1}')
  expect(writer(empty)).toBe('{"y":"","x":1}')
})

it('undeclared details never leave', () => {
  expect(write({ d: '$details' }, { ...empty, details: { a: 1, secret: 'x', constructor: 'y' } })).toEqual({ d: { a: 1 } })
})

it('the commas are right whichever members are empty', () => {
  const slots = ['$message?', '$requestId?', '$timestamp?', '$fields?', '$details.a?', '$details?', '$none?', '$type?', '$message', '...', 1, null, {}] as const
  const error = fc.record({
    message: fc.string(),
    requestId: fc.string(),
    timestamp: fc.constantFrom('', '2024-01-01T00:00:00Z'),
    details: fc.record({ a: fc.jsonValue(), b: fc.string({ unit: 'binary' }) }, { requiredKeys: [] }),
  }) as fc.Arbitrary<Pick<WireError, 'message' | 'details'> & { readonly requestId: string; readonly timestamp: string }>
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...slots), { maxLength: 7 }), error, (chosen, values) => {
      const { message, requestId, timestamp, details: given } = values
      const hasDetails = Object.keys(given).length > 0
      const isThere: { readonly [slot: string]: boolean } = {
        '$message?': message !== '', '$requestId?': requestId !== '', '$timestamp?': timestamp !== '', '$fields?': false, '$details.a?': (given['a'] ?? null) !== null, '$details?': hasDetails, '$none?': false,
      }
      const members = chosen.map((slot, index) => (slot === '...' ? (['...', '$details'] as const) : ([`k${index}`, slot] as const)))
      const expected = members.flatMap(([key, slot]) => (key === '...' ? Object.keys(given).filter((name) => name !== 'a' || !chosen.includes('$details.a?')) : isThere[String(slot)] === false ? [] : [key]))
      expect(Object.keys(write(Object.fromEntries(members), { ...empty, ...values }) ?? {}).toSorted()).toEqual([...new Set(expected)].toSorted())
    }),
  )
})

it('a text body holds bare values', () => {
  const node = templateParserFor('text/plain')('$code $status: $message [$requestId]', '', () => {})
  expect(compileWriter(node, entry, details)({ ...full, message: 'a "quoted"\nline' })).toBe('X 418: a "quoted"\nline [req_1]')
})
