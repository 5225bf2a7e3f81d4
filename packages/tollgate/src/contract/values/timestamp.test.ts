import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { formatTimestamp, isTimestamp } from './timestamp.ts'

it('whole seconds have no fraction, others three digits', () => {
  expect(formatTimestamp(Date.UTC(2024, 0, 2))).toBe('2024-01-02T00:00:00Z')
  expect(formatTimestamp(Date.UTC(2024, 0, 2, 3, 4, 5, 6))).toBe('2024-01-02T03:04:05.006Z')
})

it('every instant of the years 0 to 9999 agrees with the platform', () => {
  fc.assert(
    fc.property(fc.integer({ min: -62_167_219_200_000, max: 253_402_300_799_999 }), (epochMs) => {
      expect(formatTimestamp(epochMs)).toBe(new Date(epochMs).toISOString().replace('.000Z', 'Z'))
      expect(isTimestamp(formatTimestamp(epochMs))).toBe(true)
    }),
  )
})

it('an instant that RFC 3339 cannot say is none', () => {
  for (const epochMs of [Number.NaN, Infinity, -Infinity, 253_402_300_800_000, -62_167_219_200_001]) expect(formatTimestamp(epochMs)).toBeUndefined()
})

it('only RFC 3339 is a timestamp', () => {
  expect(isTimestamp('2024-01-02T00:00:00+01:00')).toBe(true)
  for (const text of ['2024-01-02', '2024-01-02 00:00:00', 'soon', 1_704_153_600, null]) expect(isTimestamp(text)).toBe(false)
})

it('a timestamp names a time that a clock can show, and nothing beside it', () => {
  expect(isTimestamp('2024-12-31T23:59:60Z')).toBe(true)
  for (const text of ['2024-99-99T99:99:99Z', '2024-13-01T00:00:00Z', '2024-01-32T00:00:00Z', '2024-01-01T24:00:00Z', '2024-01-01T00:00:00Z and more', 'at 2024-01-01T00:00:00Z']) {
    expect(isTimestamp(text)).toBe(false)
  }
})
