import { expect, it } from 'vitest'
import { withParameters } from './upstream-query.ts'

it.each([
  ['/a', '/a?key=s%2F1'],
  ['/a?b=1&c', '/a?b=1&c&key=s%2F1'],
  ['/a?key=mine&b=1&KEY=other&%6Bey=third&key', '/a?b=1&key=s%2F1'],
  ['/a?%zz=1', '/a?%zz=1&key=s%2F1'],
  ['/a?', '/a?key=s%2F1'],
])('a parameter of the upstream stands in place of the caller’s own: %s', (target, asked) => {
  expect(withParameters(target, [['key', 's/1']])).toBe(asked)
})

it('without parameters the target is what the caller asked for', () => {
  expect(withParameters('/a?b=%20&&', [])).toBe('/a?b=%20&&')
})
