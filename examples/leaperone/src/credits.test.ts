import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatCredits, parseCredits } from './credits.ts'

test('what is written is read again', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 999_999_999_999_999 }), (millionths) => {
      expect(parseCredits(formatCredits(millionths))).toBe(millionths)
    }),
  )
})

test.each([
  ['0.5', 500_000],
  ['12', 12_000_000],
  ['0.0000001', undefined],
  ['-1', undefined],
  ['', undefined],
  ['1e3', undefined],
])('"%s" is %s', (text, millionths) => {
  expect(parseCredits(text)).toBe(millionths)
})
