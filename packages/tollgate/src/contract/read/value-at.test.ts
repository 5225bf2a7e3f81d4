import { expect, it } from 'vitest'
import { memberOf, valueAt } from './value-at.ts'

it('finds what stands in objects and lists', () => {
  expect(valueAt({ a: [{ b: 1 }] }, ['a', 0, 'b'])).toBe(1)
  expect(valueAt(5, [])).toBe(5)
  expect(memberOf({ a: null }, 'a')).toBeNull()
})

it.each([
  [{}, ['constructor']],
  [{ a: {} }, ['a', '__proto__', 'toString']],
  ['text', ['length']],
  [null, ['a']],
  [{ a: 1 }, ['a', 'b']],
  [[], ['map']],
])('finds nothing that was not written there: %j at %j', (value, path) => {
  expect(valueAt(value, path)).toBeUndefined()
})

it('finds a member of a name that objects inherit, where it was written', () => {
  expect(valueAt(JSON.parse('{"constructor":{"__proto__":1}}'), ['constructor', '__proto__'])).toBe(1)
})
