import { expect, it } from 'vitest'
import { findLiteral } from './loose-literal.ts'

it.each([
  [`{'a': None, "b": True, 'c': (1, 2), 'd': b'x', 'e': 'it\\'s', 'f': u'\\u00e9\\x41\\n'}`, { a: null, b: true, c: [1, 2], d: 'x', e: "it's", f: 'éA\n' }],
  ['{ a: undefined, headers: Headers { "x-a": "1" }, list: [ 1, [Object], 3 ], m: Map(1) { "k" => 2 }, n: 10n, f: [Function: x] }', { a: null, headers: { 'x-a': '1' }, list: [1, ['Object'], 3], m: { k: 2 }, n: 10, f: ['Function: x'] }],
  ["{ text: 'one ' +\n  'two', big: 1_000, date: 2026-11-29T10:00:00.000Z, [Symbol(x)]: 1, nested: Object [X] { y: 1 } }", { text: 'one two', big: 1000, nested: { y: 1 }, '[]': 1, date: expect.anything() }],
  ['{"a":{"b":[1,{"c":null}]}}', { a: { b: [1, { c: null }] } }],
  ['{__proto__: {x: 1}, y: 2}', { y: 2 }],
])('%s', (text, value) => {
  expect(findLiteral(`before ${text} after`)?.value).toEqual(value)
})

it('of several the last that looks like an answer', () => {
  expect(findLiteral('f({"x": 1}) failed: {"error": "late"} at {"y": 2}')?.value).toEqual({ error: 'late' })
})

it.each(['', '{', '{}', '{"a":', "{'a", '{a:{'.repeat(100), 'no object'])('none in %j', (text) => {
  expect(findLiteral(text)).toBeUndefined()
})
