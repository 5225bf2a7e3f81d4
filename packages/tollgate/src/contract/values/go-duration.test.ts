import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { formatGoDuration, parseGoDuration } from './go-duration.ts'

it.each([[0, '0s'], [-5, '0s'], [Number.NaN, '0s'], [1, '1s'], [1_000, '1s'], [59_001, '1m0s'], [360_000, '6m0s'], [3_600_000, '1h0m0s'], [90_061_000, '25h1m1s']])('%d ms are written %s', (ms, text) => {
  expect(formatGoDuration(ms)).toBe(text)
})

it.each([['1s', 1_000], ['6m0s', 360_000], ['2m59.56s', 179_560], ['850ms', 850], ['1h0m3s', 3_603_000], ['1d2h', 93_600_000], ['0s', 0]])('%s is understood', (text, ms) => {
  expect(parseGoDuration(text)).toBe(ms)
})

it.each(['', '6', 's', '-1s', '1s1m', '1.5.2s', '1e3s', ' 1s', '1s ', '9999999999999999999s', '1 s'])('%s is no duration', (text) => {
  expect(parseGoDuration(text)).toBeUndefined()
})

it('what is written is understood again, up to a second late and never early', () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 10_000_000_000 }), (ms) => {
    const read = parseGoDuration(formatGoDuration(ms)) ?? -1
    expect(read).toBeGreaterThanOrEqual(ms)
    expect(read).toBeLessThan(ms + 1_000)
  }))
})
