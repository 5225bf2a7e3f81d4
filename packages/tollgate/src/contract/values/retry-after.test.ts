import { expect, it } from 'vitest'
import { sampleEntry } from '../../testing/sample-contract.ts'
import { decideRetryAfterSeconds, parseRetryAfter, toRetryAfterSeconds } from './retry-after.ts'

const example = Date.UTC(1994, 10, 6, 8, 49, 37)
const now = Date.UTC(1994, 10, 6, 8, 49, 27)

it('Retry-After is whole seconds or a date, and nothing else', () => {
  expect(parseRetryAfter('120', undefined)).toBe(120)
  expect(parseRetryAfter('0', now)).toBe(0)
  expect(parseRetryAfter('Sun, 06 Nov 1994 08:49:37 GMT', now)).toBe(10)
  expect(parseRetryAfter('Sun, 06 Nov 1994 08:49:37 GMT', example + 5_000)).toBe(0)
  for (const text of ['-1', '1.5', '', ' ', '1e3', '0x10', '120, 60', 'Sun, 06 Nov 1994 08:49:37 GMT, 120', '9'.repeat(400)]) expect(parseRetryAfter(text, now)).toBeUndefined()
})

it('a date without a clock to hold it against is ignored', () => {
  expect(parseRetryAfter('Sun, 06 Nov 1994 08:49:37 GMT', undefined)).toBeUndefined()
})

it('a written wait is never too short, never zero, and never too large to parse', () => {
  expect([29_001, 29_000, 1, 0, -5, 1e30].map(toRetryAfterSeconds)).toEqual([30, 29, 1, 1, 1, 2_147_483_647])
})

it('the exact wait comes first, then the reset, then what the entry says, then the default', () => {
  const entry = { ...sampleEntry, id: 'x', sentAs: 500, status: 429 }
  expect(decideRetryAfterSeconds(entry, { retryAfterMs: 1_500, resetAtMs: 99_000 }, 0)).toBe(2)
  expect(decideRetryAfterSeconds(entry, { resetAtMs: 99_000 }, 9_000)).toBe(90)
  expect(decideRetryAfterSeconds({ ...entry, retryAfterSeconds: 5 }, { retryAfterMs: Number.NaN }, 0)).toBe(5)
  expect(decideRetryAfterSeconds(entry, {}, 0)).toBe(60)
})

it('where no wait helps none is told, whatever the status and whatever the entry says', () => {
  for (const entry of [{ ...sampleEntry, id: 'x', sentAs: 500, status: 429 }, { ...sampleEntry, id: 'x', sentAs: 500, status: 503, retryAfterSeconds: 5 }, { ...sampleEntry, id: 'x', sentAs: 500, retry: 'wait' as const, retryAfterSeconds: 5 }]) {
    expect(decideRetryAfterSeconds(entry, { waitHelps: false, retryAfterMs: 1_500, resetAtMs: 99_000 }, 0)).toBeUndefined()
  }
})

it('an entry that neither waits nor is a 429 or 503 tells no wait', () => {
  expect(decideRetryAfterSeconds({ ...sampleEntry, id: 'x', sentAs: 500 }, { retryAfterMs: 1_500 }, 0)).toBeUndefined()
  expect(decideRetryAfterSeconds({ ...sampleEntry, id: 'x', sentAs: 500, retry: 'backoff' }, {}, 0)).toBeUndefined()
})
