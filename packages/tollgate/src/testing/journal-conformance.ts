/** What every engine that keeps the request log must keep. */
import type { Reason } from '../contract/declare/reason.ts'
import type { Journal, RequestQuery } from '../journal/journal.ts'
import type { RequestRow } from '../journal/request-row.ts'
import { applyOne } from '../stores/store.ts'
import { assertEqual, assertRejects } from './assert.ts'
import { NOON } from './paid-call.ts'
import { timed, type StoreConformanceCase, type TimedCase } from './store-case.ts'

export function row(requestId: string, atMs: number, more: Partial<RequestRow> = {}): RequestRow {
  const empty = { durationMs: 1, method: 'GET', path: '/', remoteAddress: '::1', status: 200, meters: [], upstream: [], timings: {}, bytesIn: 0, bytesOut: 0 }
  return { ...empty, requestId, atMs, ...more }
}


/** `write`: something that a store with other parts writes meanwhile, and the rows with it. */
export async function findRequests(store: Journal, write: () => Promise<unknown>): Promise<void> {
  const refusal = { entry: 'blocked', code: 'B', reason: 'content.blocked', source: 'api', message: 'no', facts: {} } as const
  const rows = [
    row('r1', NOON, { accountId: 'a', api: 'x' }),
    row('r2', NOON + 1, { accountId: 'a', clientRequestId: 'mine', refusal }),
    row('r3', NOON + 1, { accountId: 'b', api: 'x' }),
  ]
  for (const each of rows) await applyOne(store, { kind: 'log', row: each })
  const search = async (query: Partial<RequestQuery>) => (await store.requests({ limit: 10, ...query })).map(({ requestId }) => requestId)
  const all = async (about: string): Promise<void> => {
    assertEqual(await store.request('r2'), rows[1], `${about}: by id`)
    assertEqual(await store.request('r9'), undefined, `${about}: an unknown id`)
    assertEqual(await search({}), ['r3', 'r2', 'r1'], `${about}: newest first`)
    assertEqual(await search({ limit: 1 }), ['r3'], `${about}: limited`)
    assertEqual(await search({ accountId: 'a' }), ['r2', 'r1'], `${about}: by account`)
    assertEqual(await search({ api: 'x', accountId: 'a' }), ['r1'], `${about}: by API and account`)
    assertEqual(await search({ entry: 'blocked' }), ['r2'], `${about}: by entry`)
    assertEqual(await search({ clientRequestId: 'mine' }), ['r2'], `${about}: by the client's id`)
    assertEqual(await search({ beforeMs: NOON + 1 }), ['r1'], `${about}: before an instant`)
  }
  await all('just logged')
  // A write that is awaited takes the rows along, wherever they waited.
  await write()
  await all('written')
}

export async function pageRequests(store: Journal, write: () => Promise<unknown>): Promise<void> {
  const names = Array.from({ length: 12 }, (_, at) => `r${at}`)
  // Three instants, four rows each; in each the one that was logged last comes first.
  const log = (name: string, at: number) => applyOne(store, { kind: 'log', row: row(name, NOON + Math.floor(at / 4)) })
  for (const [at, name] of names.entries()) {
    await log(name, at)
    // Some are written by now, some wait.
    if (at === 5) await write()
  }
  for (const limit of [1, 2, 3, 5]) {
    const seen: string[] = []
    for (let before: RequestRow | undefined; ; ) {
      const page: readonly RequestRow[] = await store.requests({ limit, before })
      seen.push(...page.map(({ requestId }) => requestId))
      before = page.at(-1)
      await applyOne(store, { kind: 'log', row: row(`late ${limit} ${seen.length}`, NOON + 9) })
      if (seen.length === 3 * limit) await write()
      if (page.length < limit) break
    }
    assertEqual(seen.filter((name) => !name.startsWith('late')), names.toReversed(), `pages of ${limit}`)
  }
}

const nothing = (): Promise<void> => Promise.resolve()

const requestCases: readonly TimedCase<Journal>[] = [
  {
    name: 'a logged request is found at once by its id and by each thing that is searched for',
    async run(harness) {
      const store = await harness.create()
      await findRequests(store, nothing)
      await store.close()
    },
  },
  {
    name: 'requests are listed in pages that go on where the last one ended, also among those of one instant, whatever is logged meanwhile',
    async run(harness) {
      const store = await harness.create()
      await pageRequests(store, nothing)
      await store.close()
    },
  },
  {
    name: 'requests are found by route, reason, status and time, however many others lie between them',
    async run(harness) {
      const store = await harness.create()
      const refusal = (reason: Reason) => ({ entry: 'e', code: 'E', reason, source: 'api', message: 'no', facts: {} }) as const
      await applyOne(store, { kind: 'log', row: row('a', NOON, { route: 'GET /a', status: 429, refusal: refusal('rate.limited') }) })
      await applyOne(store, { kind: 'log', row: row('b', NOON + 1, { route: 'GET /a', status: 402, refusal: refusal('credit.insufficient') }) })
      await store.apply(Array.from({ length: 2_500 }, (_, at) => ({ kind: 'log', row: row(`x${at}`, NOON + 2) }) as const))
      await applyOne(store, { kind: 'log', row: row('c', NOON + 3, { route: 'GET /c', status: 503, refusal: refusal('upstream.failed') }) })
      const search = async (query: Partial<RequestQuery>) => (await store.requests({ limit: 3, ...query })).map(({ requestId }) => requestId)
      assertEqual(await search({ route: 'GET /a' }), ['b', 'a'], 'by route')
      assertEqual([await search({ reason: 'rate.limited' }), await search({ reason: 'rate.*' }), await search({ reason: 'rate' })], [['a'], ['a'], []], 'by reason')
      assertEqual(await search({ status: { least: 400, most: 499 } }), ['b', 'a'], 'by status')
      assertEqual(await search({ status: { least: 400, most: 599 }, sinceMs: NOON + 1 }), ['c', 'b'], 'since')
      assertEqual(await search({ status: { least: 400, most: 599 }, limit: 1 }), ['c'], 'a page')
      assertEqual(await search({ status: { least: 400, most: 599 }, limit: 1, before: { atMs: NOON + 3, requestId: 'c' } }), ['b'], 'the next')
      await store.close()
    },
  },
  {
    name: 'old requests are pruned, as many as asked for',
    async run(harness) {
      const store = await harness.create()
      await store.apply([0, 1, 2, 3].map((number) => ({ kind: 'log', row: row(`r${number}`, NOON + number) }) as const))
      assertEqual(await store.pruneRequests(NOON + 3, 2), 2, 'the first two')
      assertEqual(await store.pruneRequests(NOON + 3, 2), 1, 'the third')
      assertEqual((await store.requests({ limit: 9 })).map(({ requestId }) => requestId), ['r3'], 'what is left')
      await store.close()
    },
  },
  {
    name: 'a journal that was closed rejects, and what it has is there again when it is opened',
    async run(harness) {
      const store = await harness.create()
      await applyOne(store, { kind: 'log', row: row('r1', NOON) })
      await store.close()
      await store.close()
      await assertRejects(applyOne(store, { kind: 'log', row: row('r2', NOON) }), 'a row')
      if (harness.reopen === undefined) return
      const again = await harness.reopen(store)
      assertEqual(await again.request('r1'), row('r1', NOON), 'the request')
      await again.close()
    },
  },
]

/**
 * What an engine that keeps the request log must keep, as named cases for any test runner.
 *
 * @example
 * for (const { name, run } of journalConformanceCases) test(name, () => run({ create: () => store }))
 *
 * declare function test(name: string, run: () => Promise<void>): void
 */
export const journalConformanceCases: readonly StoreConformanceCase<Journal>[] = requestCases.map(timed)
