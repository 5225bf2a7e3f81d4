import type { RequestRow } from 'tollgate/journal'
import { applyOne } from 'tollgate/stores'
import { createManualClock } from 'tollgate/testing'
import { createMemoryStore } from 'tollgate/stores/memory'
import { expect, it } from 'vitest'
import { startPaidAdmin } from './fixtures/paid-admin.ts'
import { sumRequests } from './top-requests.ts'

const AT = Date.UTC(2026, 10, 22, 9)
const row = (requestId: string, more: Partial<RequestRow> = {}): RequestRow => ({
  requestId, atMs: AT, durationMs: 10, method: 'GET', path: '/', remoteAddress: '::1', status: 200, meters: [], upstream: [], timings: {}, bytesIn: 0, bytesOut: 100, ...more,
})
const limited = { entry: 'tooFast', code: 'TOO_FAST', reason: 'rate.limited', source: 'api', message: 'no', facts: {} } as const

it('the request log is read whole in pages, though all of it is of one millisecond', async () => {
  const admin = await startPaidAdmin()
  for (let at = 0; at < 25; at += 1) await applyOne(admin.store, { kind: 'log', row: row(`r${at}`) })
  const seen: string[] = []
  for (let after: string | undefined; ; ) {
    const { body } = await admin.ask('GET', `/v1/requests?limit=4${after === undefined ? '' : `&after=${after}`}`)
    const { requests, next } = body as { readonly requests: readonly RequestRow[]; readonly next?: string }
    seen.push(...requests.map(({ requestId }) => requestId))
    if (next === undefined) break
    after = next
  }
  expect(seen).toEqual(Array.from({ length: 25 }, (_, at) => `r${24 - at}`))
  expect((await admin.ask('GET', '/v1/requests?after=yesterday')).status).toBe(422)
  await admin.close()
})

it('the request log is searched by status, class, route, reason, family and time; a slip is answered by what was meant', async () => {
  const admin = await startPaidAdmin()
  await applyOne(admin.store, { kind: 'log', row: row('ok', { route: 'GET /a' }) })
  await applyOne(admin.store, { kind: 'log', row: row('fast', { route: 'GET /a', status: 429, refusal: limited, atMs: AT + 1 }) })
  await applyOne(admin.store, { kind: 'log', row: row('down', { route: 'GET /b', status: 503, atMs: AT + 2 }) })
  const found = async (query: string) => ((await admin.ask('GET', `/v1/requests?${query}`)).body as { readonly requests: readonly RequestRow[] }).requests.map(({ requestId }) => requestId)
  expect(await found('status=429')).toEqual(['fast'])
  expect(await found('status=5xx')).toEqual(['down'])
  expect(await found(`route=${encodeURIComponent('GET /a')}`)).toEqual(['fast', 'ok'])
  expect([await found('reason=rate.limited'), await found('reason=rate.*')]).toEqual([['fast'], ['fast']])
  expect(await found(`since=${new Date(AT + 1).toISOString()}`)).toEqual(['down', 'fast'])
  for (const [query, issue] of [
    ['status=99', 'must be a status such as 404, or a class such as 5xx'],
    ['reason=rate.limitd', 'did you mean '],
    ['since=yesterday', 'or how long ago: 30m, 24h, 7d'],
  ]) {
    const { status, body } = await admin.ask('GET', `/v1/requests?${query}`)
    expect([status, body.issue]).toEqual([422, expect.stringContaining(issue ?? '')])
    // The value is named once.
    expect(body.issue.split('"rate.limitd"')).toHaveLength(query === 'reason=rate.limitd' ? 2 : 1)
  }
  await admin.close()
})

it('the log is summed up by whom it is asked for, the greatest first', async () => {
  const store = createMemoryStore({ clock: createManualClock(0) })
  const log = (...rows: readonly RequestRow[]) => store.apply(rows.map((each) => ({ kind: 'log', row: each }) as const))
  await log(row('a1', { accountId: 'acme' }), row('a2', { accountId: 'acme', status: 429, refusal: limited }), row('a3', { accountId: 'acme', status: 503, durationMs: 40 }), row('b1', { accountId: 'beta' }), row('b2', { accountId: 'beta' }), row('n1'))
  const { sums, requests, isPart } = await sumRequests(store, {}, 'account')
  expect([requests, isPart]).toEqual([6, false])
  expect(sums).toEqual([
    { of: 'acme', requests: 3, refused: 1, failed: 1, durationMs: 60, bytesOut: 300 },
    { of: 'beta', requests: 2, refused: 0, failed: 0, durationMs: 20, bytesOut: 200 },
    { of: undefined, requests: 1, refused: 0, failed: 0, durationMs: 10, bytesOut: 100 },
  ])
  expect((await sumRequests(store, {}, 'reason')).sums[1]).toMatchObject({ of: 'rate.limited', requests: 1 })
  await log(...Array.from({ length: 1_500 }, (_, at) => row(`x${at}`, { accountId: 'crowd' })))
  expect(await sumRequests(store, {}, 'account', 1_000)).toMatchObject({ requests: 1_000, isPart: true })
})
