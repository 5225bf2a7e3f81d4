import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { createNameFilter } from './name-filter.ts'

test('what was added is always found, whatever its characters', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' }), { maxLength: 200 }), (names) => {
      const filter = createNameFilter(256)
      for (const name of names) filter.add(name)
      expect(names.every(filter.mayHave)).toBe(true)
      expect(filter.count()).toBe(names.length)
    }),
  )
})

test.each([
  ['counted up', (at: number) => `creq_${at}`],
  ['that differ at the front', (at: number) => `${at.toString(36)}_of_an_account_with_a_long_name`],
  ['in two characters', (at: number) => String.fromCharCode(0x3040 + (at % 300), 0x4e00 + Math.floor(at / 300))],
])('of names %s, a filter as full as it is meant to be takes fewer than one in a hundred new ones for known', (_, nameOf) => {
  const filter = createNameFilter(16_384)
  for (let at = 0; at < 16_384; at += 1) filter.add(nameOf(at))
  let wrong = 0
  for (let at = 16_384; at < 65_536; at += 1) if (filter.mayHave(nameOf(at))) wrong += 1
  expect(wrong / 49_152).toBeLessThan(0.01)
})
