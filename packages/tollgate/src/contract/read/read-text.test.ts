import { expect, it } from 'vitest'
import { templateParserFor } from '../write/template-parser.ts'
import { readTemplate } from './read-template.ts'

it('a text is taken apart at its literals', () => {
  const node = templateParserFor('text/plain')('Error $code: $message', '', () => {})
  expect(readTemplate(node, 'Error 5: a: b')).toMatchObject({ code: '5', message: 'a: b' })
  for (const body of ['', 'Oops', 'Error without more', {}]) expect(readTemplate(node, body)).toBeUndefined()
  const behind = templateParserFor('text/plain')('$message [$code] ($requestId)', '', () => {})
  expect(readTemplate(behind, 'At most [5] (of 6). [SLOW] (r1)')).toMatchObject({ message: 'At most [5] (of 6).', code: 'SLOW', requestId: 'r1' })
  expect(readTemplate(behind, ' [SLOW] (r1)\n')).toMatchObject({ message: '', code: 'SLOW' })
  for (const body of ['', 'Slow. [SLOW]', 'Slow. (r1)', '[] ()', '] (', 'Slow. [SLOW] (r1) more']) expect(readTemplate(behind, body)).toBeUndefined()
  const closed = templateParserFor('text/plain')('<$code>', '', () => {})
  expect(readTemplate(closed, '<x>\n')).toMatchObject({ code: 'x' })
  expect(readTemplate(closed, '<x> and more')).toBeUndefined()
})
