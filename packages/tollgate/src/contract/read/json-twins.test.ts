import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { hasTwins } from './json-twins.ts'

const hasTwinsIn = (text: string): boolean => hasTwins(text, JSON.parse(text))

it.each([
  '{"number":4,"number":1}',
  String.raw`{"number":4,"\u006eumber":1}`,
  '[{"a":{"b":1,"c":[{}],"b":1}}]',
  '{"":1,"":1}',
  '{"__proto__":1,"__proto__":1}',
])('%s has a member twice', (text) => {
  expect(hasTwinsIn(text)).toBe(true)
})

it.each(['{"a":1,"A":1}', '{"a":{"a":{"a":":"}}}', '[{"a":1},{"a":1}]', String.raw`{"a\"":"\\","b:":"\":"}`, '"a:b"', '1', 'null', ' { "a" : [ ] } '])('%s has none', (text) => {
  expect(hasTwinsIn(text)).toBe(false)
})

it('no value that JSON can say has any, written with or without spaces', () => {
  fc.assert(fc.property(fc.jsonValue(), fc.nat(4), (value, spaces) => void expect(hasTwinsIn(JSON.stringify(value, undefined, spaces))).toBe(false)))
})

it('is told of a body that is nested as deeply as it is long', () => {
  const deep = `${'['.repeat(100_000)}{"a":1,"a":1}${']'.repeat(100_000)}`
  expect(hasTwinsIn(deep)).toBe(true)
})
