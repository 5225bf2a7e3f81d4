import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatCredits, priceVideo } from './credits.ts'
import { spokenSeconds } from './speech.ts'

test.each([
  [1, '1.000'],
  [30, '1.000'],
  [120, '1.000'],
  [121, '2.000'],
  [180, '2.000'],
  [300, '3.000'],
  [600, '5.000'],
])('a video of %d seconds costs %s credits: each started two minutes one', (seconds, credits) => {
  expect(formatCredits(priceVideo(seconds))).toBe(credits)
})

test.each([
  [50, '0.050'],
  [200, '0.200'],
  [12_345, '12.345'],
])('%d thousandths are written %s', (thousandths, text) => {
  expect(formatCredits(thousandths)).toBe(text)
})

test('a voice of 120 words a minute says twelve characters in a second, and started seconds are whole', () => {
  expect([spokenSeconds('x'.repeat(1440), 120), spokenSeconds('x'.repeat(1441), 120), spokenSeconds('.', 120)]).toEqual([120, 121, 1])
})

test('a script is never priced above what the number of its characters allows, whatever is in it', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, maxLength: 6_000, unit: 'grapheme' }), fc.integer({ min: 120, max: 200 }), (script, pace) => {
      expect(priceVideo(spokenSeconds(script, pace))).toBeLessThanOrEqual(Math.max(1, Math.ceil([...script].length / 1440)) * 1000)
    }),
  )
})
