import { expect, test } from 'vitest'
import type { RequestRow } from './request-row.ts'
import { formatRequest, parseRequest } from './request-text.ts'

/** Every member that a row may have: a new one must be written, or this does not compile. */
const whole: { readonly [K in keyof Required<RequestRow>]: NonNullable<RequestRow[K]> } = {
  requestId: 'req_1', clientRequestId: 'mine', traceId: '0af7', atMs: 1_773_144_000_000, durationMs: 12.34, method: 'POST', path: '/v1/"quoted"\n\u{1F600}', remoteAddress: '::1', api: 'x', route: 'POST /v1/{id}',
  accountId: 'a', userId: 'u', keyId: 'k', plan: 'free', status: 429,
  refusal: { entry: 'e', code: 18_020, reason: 'rate.limited', source: 'api', message: 'no', facts: { limit: 5, resetAtMs: 1_773_144_060_000 }, cause: 'Error: x', midStream: true },
  meters: [
    { name: 'minute', subject: 'key:k', kind: 'window', limit: 5, used: 6, remaining: 0, resetAtMs: 1_773_144_060_000, admitted: false, retryAtMs: 1_773_144_030_500 },
    { name: 'day', subject: 'account:a', kind: 'quota', limit: 0, unlimited: true, used: 3, remaining: 0, resetAtMs: 1_773_143_999_999, admitted: true },
  ],
  uncounted: ['minute', 'day'],
  upstream: [{ target: 'http://up', status: 503, durationMs: 7 }, { target: 'http://other', error: 'reset', durationMs: 0.123_456 }],
  serviceSaid: 'what?', timings: { identified: 0.01, answered: 1e-7, __proto: 3 }, bytesIn: 7, bytesOut: 9_007_199_254_740_991,
}

const again = (row: RequestRow): RequestRow => {
  const { requestId, atMs, clientRequestId, accountId } = row
  return parseRequest({ requestId, atMs, clientRequestId, accountId }, formatRequest(row))
}

test('a row comes back as it was, whatever it has', () => {
  expect(again(whole)).toEqual(whole)
  expect(Object.keys(again(whole)).toSorted()).toEqual(Object.keys(whole).toSorted())
  for (const key of ['clientRequestId', 'traceId', 'api', 'route', 'accountId', 'userId', 'keyId', 'plan', 'refusal', 'uncounted', 'serviceSaid'] as const) {
    const { [key]: left, ...row } = whole
    expect(left).toBeDefined()
    expect(Object.hasOwn(again(row), key)).toBe(false)
    expect(again(row)).toEqual(row)
  }
  expect(again({ ...whole, meters: [], upstream: [], timings: {} })).toEqual({ ...whole, meters: [], upstream: [], timings: {} })
})

test('durations of any value come back exactly', () => {
  for (const durationMs of [0, 0.01, 0.1 + 0.2, 1 / 3, 123_456_789.12, 1e21, 5e-324]) expect(again({ ...whole, durationMs }).durationMs).toBe(durationMs)
})

test('a row takes less than half of what it takes as an object', () => {
  const { refusal: _, ...row } = whole
  expect(formatRequest(row).length).toBeLessThan(JSON.stringify(row).length / 2)
})

test('rows of the former form are read, those of a later one are not, and what is no JSON is not written', () => {
  expect(parseRequest(whole, JSON.stringify({ ...whole, path: '/old' }))).toEqual({ ...whole, path: '/old' })
  expect(() => parseRequest(whole, '[2,1]')).toThrow('the log row of req_1 is of a form that is not known here')
  expect(() => formatRequest({ ...whole, status: 1n as unknown as number })).toThrow('the log row of req_1 is not JSON')
})
