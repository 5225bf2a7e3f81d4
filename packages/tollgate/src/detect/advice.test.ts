import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { adviceOf, type AdviceOptions } from './advice.ts'

const NOW_MS = Date.parse('1994-11-06T08:49:27Z')

function waitOf(headers: { readonly [name: string]: string }, body: unknown = '', options: AdviceOptions = { nowMs: NOW_MS }, status = 429): number | undefined {
  return adviceOf({ status, headers, body: typeof body === 'string' ? body : JSON.stringify(body) }, options).retryAfterMs
}

describe('Retry-After', () => {
  it.each([
    ['120', 120_000],
    [' 120 ', 120_000],
    ['0', 0],
    ['Sun, 06 Nov 1994 08:49:37 GMT', 10_000],
    ['Sunday, 06-Nov-94 08:49:37 GMT', 10_000],
    ['Sun Nov  6 08:49:37 1994', 10_000],
    ['Sun, 06 Nov 1994 08:49:17 GMT', 0],
    ['1000000', 1_000_000_000],
    ['99999999999999999999999', Number.MAX_SAFE_INTEGER],
    ['2.0', 2_000],
    ['1.5', 1_500],
    ['Sun, 06 Nov 1994 08:49:37 GMT, 120', 120_000],
    ['5, Sun, 06 Nov 1994 08:49:37 GMT', 10_000],
    ['20, 30', 30_000],
  ])('%s', (value, expected) => expect(waitOf({ 'retry-after': value })).toBe(expected))

  it.each(['-1', '', 'soon', '1994-11-06T08:49:37Z', '2026-01-01', '1e3', '0x10', '+5', '1.5.5', 'NaN', 'Infinity', '5s', 'Sun, 06 Nov 94 08:49:37 GMT', 'sun, 06 Nov 1994 08:49:37 gmt', 'Sun, 31 Feb 1994 08:49:37 GMT', `1${'0'.repeat(200)}`])(
    '%s says nothing', (value) => expect(waitOf({ 'retry-after': value })).toBeUndefined(),
  )

  it('a date is measured against the clock of the sender, not ours', () => {
    const headers = { 'retry-after': 'Sun, 06 Nov 1994 08:49:37 GMT', date: 'Sun, 06 Nov 1994 08:49:32 GMT' }
    expect(waitOf(headers)).toBe(5_000)
    expect(waitOf({ ...headers, date: 'yesterday' })).toBe(10_000)
    expect(waitOf({ 'retry-after': 'Sun, 06 Nov 1994 08:49:37 GMT' }, '', {})).toBeUndefined()
  })
})

describe('where a wait is said', () => {
  it('headers in milliseconds come before Retry-After, and Retry-After before all else', () => {
    expect(waitOf({ 'retry-after-ms': '1500', 'retry-after': '2' })).toBe(1_500)
    expect(waitOf({ 'retry-after-ms': 'x', 'retry-after': '2' })).toBe(2_000)
    expect(waitOf({ 'x-amz-retry-after': '250' })).toBe(250)
    expect(waitOf({ 'retry-after': '2' }, { retry_after: 50 }, { retryAfterMs: 9_000 })).toBe(2_000)
    expect(waitOf({}, { retry_after: 50 }, { retryAfterMs: 9_000 })).toBe(9_000)
  })

  it.each([
    [{ retry_after: 64.57, message: 'You are being rate limited.', global: false }, 64_570],
    [{ error: { retryAfter: 3 } }, 3_000],
    [{ retry_after_seconds: '7' }, 7_000],
    [{ error: { retry_after_ms: 250 } }, 250],
    [{ retryAfterMs: 250 }, 250],
    [{ ok: false, error_code: 429, parameters: { retry_after: 8 } }, 8_000],
    [{ error: { details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '34.074824224s' }] } }, 34_075],
    [{ error: { metadata: { headers: { 'Retry-After': '120' } } } }, 120_000],
    [{ error: 'Model is loading', estimated_time: 577.3751831054688 }, 577_375],
    [{ errors: [{ extensions: { retryAfter: 2 } }, { extensions: { retryAfter: 5 } }] }, 5_000],
    [{ retry_after: '1994-11-06T08:49:37Z' }, 10_000],
    [{ error: { message: 'Please try again in 20s.' } }, 20_000],
    [{ error: { message: 'Please try again in 9m52.272s. Need more tokens?' } }, 592_272],
    [{ error: { message: 'Please retry in 850ms' } }, 850],
    [{ error: { message: 'Please retry after 6 seconds. Please go here' } }, 6_000],
    [{ message: 'Rate limit of 15 per 60s exceeded. Please wait 25 seconds before retrying.' }, 25_000],
    [{ detail: 'Request was throttled. Your rate limit resets in ~30s.' }, 30_000],
    [{ detail: 'Request was throttled. Expected available in 34 seconds.' }, 34_000],
    [{ detail: 'You are over your limit. Retry after: 21 seconds.' }, 21_000],
    [{ error: 'slow down, try again in 5 minutes' }, 300_000],
    [{ message: 'Try again in 1 hour.' }, 3_600_000],
    [{ message: 'wait 2 days' }, 172_800_000],
  ])('%j', (body, expected) => expect(waitOf({}, body)).toBe(expected))

  it.each([{ retry_after: -1 }, { retry_after: null }, { retry_after: true }, { retry_after: 'soon' }, { retry_after: {} }, { retries: 5 }, { message: 'Try again later.' }, { message: 'Rate limit of 15 per 60s exceeded.' }, { message: 'Wait a minute.' }, ['a'], 5, null])(
    '%j says nothing', (body) => expect(waitOf({}, body)).toBeUndefined(),
  )

  it('of limits those with nothing left say it, and the last of them to be reset', () => {
    const limits = [{ of: 'requests', remaining: 5, resetAtMs: NOW_MS + 90_000 }, { of: 'tokens', remaining: 0, resetAtMs: NOW_MS + 6_000 }, { of: 'images', remaining: 0, resetAtMs: NOW_MS + 3_000 }]
    expect(waitOf({}, '', { nowMs: NOW_MS, limits })).toBe(6_000)
    expect(waitOf({}, { message: 'try again in 1s' }, { nowMs: NOW_MS, limits })).toBe(6_000)
    expect(waitOf({}, '', { nowMs: NOW_MS, limits: limits.slice(0, 1) })).toBeUndefined()
    expect(waitOf({}, '', { nowMs: NOW_MS, limits: [{ resetAtMs: NOW_MS + 1_000 }] })).toBe(1_000)
    expect(waitOf({}, '', { nowMs: NOW_MS, limits: [{ resetAtMs: NOW_MS + 1_000 }] }, 404)).toBeUndefined()
  })
})

it.each([
  [{ 'x-should-retry': 'true' }, '', true],
  [{ 'x-should-retry': 'false' }, '{"retryable":true}', false],
  [{ 'stripe-should-retry': 'false' }, '', false],
  [{ 'x-should-retry': 'yes' }, '{"retryable":true}', true],
  [{}, '{"error":{"retryable":false}}', false],
  [{}, '{"retryable":1}', undefined],
  [{}, '', undefined],
] as const)('%j, %s: whether the server says to try again', (headers, body, expected) => expect(adviceOf({ status: 500, headers, body }).shouldRetry).toBe(expected))

describe('whatever a server sends', () => {
  it('is read without a throw, and a wait is a number that is never negative', () => {
    const headers = fc.dictionary(fc.constantFrom('retry-after', 'retry-after-ms', 'date', 'x-should-retry', '__proto__', 'constructor'), fc.oneof(fc.string(), fc.constantFrom('5', '-1', '1e400', 'Sun, 06 Nov 1994 08:49:37 GMT')))
    const bodies = fc.oneof(fc.jsonValue().map((value) => JSON.stringify(value)), fc.string(), fc.uint8Array(), fc.constantFrom('{"retry_after":1e308}', '{"__proto__":{"retry_after":5}}', 'null'))
    fc.assert(fc.property(headers, bodies, (given, body) => {
      const { retryAfterMs } = adviceOf({ status: 429, headers: given, body }, { nowMs: NOW_MS })
      expect(retryAfterMs === undefined || (retryAfterMs >= 0 && retryAfterMs <= Number.MAX_SAFE_INTEGER)).toBe(true)
    }))
  })

  it('costs bounded time, however long it is', () => {
    const startedMs = performance.now()
    const long = 200_000
    const texts = [`retry ${'in '.repeat(long)}`, `wait ${' '.repeat(long)}5`, `again in ${'1'.repeat(long)}`, `again in ${'1h'.repeat(long)}`, 'retry after '.repeat(long / 10), `${'[{"retry_after":'.repeat(60)}1`]
    for (const text of texts) {
      for (const body of [JSON.stringify({ message: text }), JSON.stringify({ retry_after: text }), text]) adviceOf({ status: 429, headers: { 'retry-after': text, 'retry-after-ms': text, date: text }, body }, { nowMs: NOW_MS })
    }
    adviceOf({ status: 429, headers: {}, body: JSON.stringify(Object.fromEntries(Array.from({ length: 20_000 }, (_, at) => [`k${at}`, { a: { b: { c: [1] } } }]))) }, { nowMs: NOW_MS })
    // Generous: what backtracks takes minutes.
    expect(performance.now() - startedMs).toBeLessThan(20_000)
  })
})
