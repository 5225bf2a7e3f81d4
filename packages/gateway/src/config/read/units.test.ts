import { assert, integer, property } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatDuration, parseDuration, parseSize } from './units.ts'

describe('durations', () => {
  it.each([
    ['250ms', 250],
    ['60s', 60_000],
    ['1.5s', 1_500],
    ['5 m', 300_000],
    ['24h', 86_400_000],
    ['30d', 2_592_000_000],
  ])('%s is %d ms', (text, durationMs) => {
    expect(parseDuration(text)).toBe(durationMs)
  })

  it.each(['', '60', 's', '-5s', '5 weeks', '5S', '1e3s', '0.0001ms', '999999999999d', 'toStrings', '5constructor', '60s extra'])('%j is none', (text) => {
    expect(parseDuration(text)).toBeUndefined()
  })

  it('survive being written and read', () => {
    assert(property(integer({ min: 0, max: 1e12 }), (durationMs) => {
      expect(parseDuration(formatDuration(durationMs))).toBe(durationMs)
    }))
  })
})

describe('sizes', () => {
  it.each([
    ['512B', 512],
    ['64KB', 64_000],
    ['64KiB', 65_536],
    ['1MiB', 1_048_576],
    ['1.5GiB', 1_610_612_736],
  ])('%s is %d bytes', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes)
  })

  it.each(['64', '64kb', '64K', '0.3B', '-1KB'])('%j is none', (text) => {
    expect(parseSize(text)).toBeUndefined()
  })
})
