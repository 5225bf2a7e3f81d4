/**
 * What every store must do, as cases for any test runner:
 *
 *     for (const { name, run } of storeConformanceCases) test(name, () => run({ create: (clock) => createMemoryStore({ clock }) }))
 *
 * Each case gets a store of its own. A store that outlives its process also gives `reopen`; the cases about that pass at once without it.
 */
import type { Meter, QuotaMeter, Take, WindowMeter } from '../engine/meters/meter.ts'
import type { RequestRow } from '../journal/request-row.ts'
import type { ChangePage } from '../directory/documents.ts'
import type { RequestQuery } from '../journal/journal.ts'
import { applyOne, type Store } from '../stores/store.ts'
import type { TimedStore } from './timed-store.ts'
import type { Reason } from '../contract/declare/reason.ts'
import { assertEqual, assertRejects, assertTrue } from './assert.ts'
import { callConformanceCases } from './call-conformance.ts'
import { leaseConformanceCases } from './lease-conformance.ts'
import { moneyConformanceCases } from './money-conformance.ts'
import { outcomeConformanceCases } from './outcome-conformance.ts'
import { spendConformanceCases } from './spend-conformance.ts'
import { timed, type StoreConformanceCase, type TimedCase } from './store-case.ts'

export type { StoreConformanceCase, StoreHarness } from './store-case.ts'

/** 2026-03-10T12:00:00Z */
const NOON = Date.UTC(2026, 2, 10, 12)
const MINUTE: WindowMeter = { kind: 'window', windowMs: 60_000 }
const DAY: QuotaMeter = { kind: 'quota', period: 'day' }
const DAY_ATTEMPTS: QuotaMeter = { ...DAY, counts: 'attempts' }

function take(name: string, meter: Meter, limit: number, options: { readonly subject?: string; readonly cost?: number } = {}): Take {
  return { subject: 'account:a', cost: 1, ...options, name, meter, limit }
}

const admit = (store: TimedStore, takes: readonly Take[], nowMs: number, durable = false) => applyOne(store.at(nowMs), { kind: 'admit', takes, durable })

function row(requestId: string, atMs: number, more: Partial<RequestRow> = {}): RequestRow {
  const empty = { durationMs: 1, method: 'GET', path: '/', remoteAddress: '::1', status: 200, meters: [], upstream: [], timings: {}, bytesIn: 0, bytesOut: 0 }
  return { ...empty, requestId, atMs, ...more }
}

async function usedOf(store: TimedStore, takes: readonly Take[], nowMs: number): Promise<readonly number[]> {
  return (await store.at(nowMs).peek(takes)).map((reading) => reading.used)
}

const meterCases: readonly TimedCase[] = [
  {
    name: 'a window admits its limit and says when the next one fits',
    async run(harness) {
      const store = await harness.create()
      const burst = take('burst', MINUTE, 2)
      await admit(store, [burst], NOON)
      const second = await admit(store, [burst], NOON + 1_000)
      const third = await admit(store, [burst], NOON + 2_000)
      const again = await admit(store, [burst], NOON + 60_000)
      await store.close()
      const reading = { name: 'burst', subject: 'account:a', kind: 'window', limit: 2, used: 2, remaining: 0, resetAtMs: NOON + 60_000 }
      assertEqual(second.readings, [{ ...reading, admitted: true }], 'the second')
      const refusedBy = { ...reading, admitted: false, retryAtMs: NOON + 60_000 }
      assertEqual(third, { admitted: false, readings: [refusedBy], refusedBy, retryAtMs: NOON + 60_000 }, 'the third')
      assertTrue(again.admitted, 'the first leaves the window 60 s after it was counted')
    },
  },
  {
    name: 'a refused stage changes no meter, over all its subjects',
    async run(harness) {
      const store = await harness.create()
      const takes = [take('burst', MINUTE, 5), take('key', MINUTE, 1, { subject: 'key:k' }), take('daily', DAY, 5, { subject: 'user:u' })]
      await admit(store, takes, NOON)
      const refused = await admit(store, takes, NOON + 1)
      assertEqual(refused.readings.map(({ used, admitted }) => [used, admitted]), [[1, true], [1, false], [1, true]], 'the readings of the refused stage')
      assertEqual(await usedOf(store, takes, NOON + 2), [1, 1, 1], 'the counts after it')
      await store.close()
    },
  },
  {
    name: 'meters that count attempts count refused stages too, and pass their limit',
    async run(harness) {
      const store = await harness.create()
      const takes = [take('burst', MINUTE, 10), take('daily', DAY_ATTEMPTS, 2)]
      for (let count = 0; count < 2; count += 1) assertTrue((await admit(store, takes, NOON)).admitted, 'the limit itself is admitted')
      const third = await admit(store, takes, NOON)
      assertTrue(!third.admitted && third.refusedBy.name === 'daily' && third.refusedBy.used === 3, 'the third is 3 of 2')
      assertEqual(await usedOf(store, takes, NOON), [2, 3], 'only attempts are counted')
      await store.close()
    },
  },
  {
    name: 'the earliest retry is when all meters admit, and none when one never will',
    async run(harness) {
      const store = await harness.create()
      const takes = [take('burst', MINUTE, 1), take('daily', DAY, 1)]
      await admit(store, takes, NOON)
      const refused = await admit(store, takes, NOON + 1)
      assertTrue(!refused.admitted && refused.refusedBy.name === 'burst', 'the first meter in order is reported')
      assertEqual('retryAtMs' in refused && refused.retryAtMs, Date.UTC(2026, 2, 11), 'the retry waits for the day')
      const never = await admit(store, [...takes, take('big', DAY, 3, { cost: 4 })], NOON + 1)
      assertTrue(!never.admitted && never.retryAtMs === undefined, 'a cost above the limit never fits')
      await store.close()
    },
  },
  {
    name: 'a limit acts at once when it is raised, lowered or zero',
    async run(harness) {
      const store = await harness.create()
      const used3 = async (limit: number): Promise<boolean> => (await admit(store, [take('daily', DAY, limit)], NOON)).admitted
      const verdicts = [await used3(0), await used3(1), await used3(1), await used3(3), await used3(2), await used3(200), await used3(3)]
      assertEqual(verdicts, [false, true, false, true, false, true, false], 'the verdicts')
      await store.close()
    },
  },
  {
    name: 'a receipt gives back exactly what it proves, while its period stands',
    async run(harness) {
      const store = await harness.create()
      const takes = [take('burst', MINUTE, 3, { cost: 2 }), take('daily', DAY_ATTEMPTS, 9, { cost: 2 })]
      const first = await admit(store, takes, NOON)
      await admit(store, takes.map((each) => ({ ...each, cost: 1 })), NOON + 1)
      assertTrue(first.admitted, 'the first is admitted')
      const receipts = first.admitted ? first.receipts : []
      const { readings } = await applyOne(store.at(NOON + 2), { kind: 'uncount', receipts })
      assertEqual(readings.map(({ name, used, limit }) => [name, used, limit]), [['burst', 1, 3], ['daily', 1, 9]], 'the readings')
      assertTrue((await admit(store, [take('burst', MINUTE, 3, { cost: 2 })], NOON + 3)).admitted, 'what was given back can be taken')
      const tomorrow = NOON + 86_400_000
      await admit(store, takes, tomorrow)
      await applyOne(store.at(tomorrow), { kind: 'uncount', receipts })
      assertEqual(await usedOf(store, takes, tomorrow), [2, 2], 'a receipt of a period that is over does nothing')
      await store.close()
    },
  },
  {
    name: 'a peek changes nothing and says whether the cost would be admitted',
    async run(harness) {
      const store = await harness.create()
      const daily = take('daily', DAY, 1)
      const before = await store.at(NOON).peek([daily])
      await admit(store, [daily], NOON)
      const after = await store.at(NOON).peek([daily])
      assertEqual([before, after].flat().map(({ used, admitted, retryAtMs }) => [used, admitted, retryAtMs]), [[0, true, undefined], [1, false, Date.UTC(2026, 2, 11)]], 'peeks')
      await store.close()
    },
  },
  {
    name: 'of many admissions at once exactly the limit is admitted',
    async run(harness) {
      const store = await harness.create()
      const takes = [take('burst', MINUTE, 7), take('daily', DAY, 500)]
      const decisions = await Promise.all(Array.from({ length: 50 }, (_, index) => admit(store, takes, NOON + index, index % 2 === 0)))
      assertEqual(decisions.filter(({ admitted }) => admitted).length, 7, 'admitted')
      assertEqual(await usedOf(store, takes, NOON + 50), [7, 7], 'counted')
      await store.close()
    },
  },
  {
    name: 'time that goes back opens no period again',
    async run(harness) {
      const store = await harness.create()
      const takes = [take('burst', MINUTE, 1), take('daily', DAY, 1)]
      await admit(store, takes, NOON)
      assertTrue(!(await admit(store, takes, NOON - 86_400_000)).admitted, 'a day earlier')
      assertEqual(store.highWaterMs(), NOON, 'the highest instant seen')
      await store.close()
    },
  },
  {
    name: 'names of Object.prototype are ordinary names',
    async run(harness) {
      const store = await harness.create()
      const takes = ['constructor', '__proto__', 'toString'].map((name) => take(name, DAY, 1, { subject: name }))
      assertEqual(await usedOf(store, takes, NOON), [0, 0, 0], 'before')
      await admit(store, takes, NOON, true)
      assertEqual(await usedOf(store, takes, NOON), [1, 1, 1], 'after')
      assertEqual(await store.get('constructor', '__proto__'), undefined, 'a document that was never put')
      await store.close()
    },
  },
  {
    name: 'nonsense is refused with an error and counts nothing',
    async run(harness) {
      const store = await harness.create()
      const daily = take('daily', DAY, 5)
      for (const wrong of [{ cost: -1 }, { cost: Number.NaN }, { cost: 0.5 }, { limit: Number.POSITIVE_INFINITY }]) {
        const commands = [daily, { ...daily, ...wrong }].map((each) => ({ kind: 'admit', takes: [each], nowMs: NOON }) as const)
        await assertRejects(store.apply(commands), JSON.stringify(wrong))
      }
      assertEqual(await usedOf(store, [daily], NOON), [0], 'counted')
      await store.close()
    },
  },
]

const documentCases: readonly TimedCase[] = [
  {
    name: 'what is written to documents is heard in its order, once, from a cursor on',
    async run(harness) {
      const store = await harness.create()
      const put = (id: string, expect?: number) => applyOne(store, { kind: 'put', collection: 'c', id, value: 1, ...(expect === undefined ? {} : { expect }) })
      await put('before')
      const { cursor, ...begin } = await store.changes(undefined, 10)
      assertEqual(begin, { changes: [], complete: true }, 'without a cursor, nothing yet')
      await put('x', 0)
      await applyOne(store, { kind: 'delete', collection: 'c', id: 'before' })
      await put('y', 0)
      const first = await store.changes(cursor, 2)
      const rest = await store.changes(first.cursor, 2)
      const ids = (page: ChangePage) => page.changes.map(({ collection, id }) => `${collection} ${id}`)
      assertEqual([ids(first), first.complete], [['c x', 'c before'], true], 'a page')
      assertEqual([ids(rest), rest.complete], [['c y'], true], 'the rest')
      assertEqual(ids(await store.changes(rest.cursor, 2)), [], 'nothing more')
      await store.close()
    },
  },
  {
    name: 'a document is written only over the version that was expected',
    async run(harness) {
      const store = await harness.create()
      const put = (value: unknown, expect?: number) => applyOne(store, { kind: 'put', collection: 'c', id: 'x', value, ...(expect === undefined ? {} : { expect }) })
      const document = { collection: 'c', id: 'x' }
      assertEqual(await put('a', 1), { written: false, document: undefined }, 'nothing stands there')
      assertEqual(await put('a', 0), { written: true, document: { ...document, value: 'a', version: 1 } }, 'the first')
      assertEqual(await put('b', 0), { written: false, document: { ...document, value: 'a', version: 1 } }, 'not over another')
      assertEqual(await put('b', 1), { written: true, document: { ...document, value: 'b', version: 2 } }, 'over the version expected')
      assertEqual(await put('c'), { written: true, document: { ...document, value: 'c', version: 3 } }, 'without expectation')
      assertEqual(await store.get('c', 'x'), { ...document, value: 'c', version: 3 }, 'what is read')
      const remove = { kind: 'delete', collection: 'c', id: 'x' } as const
      assertEqual([await applyOne(store, remove), await applyOne(store, remove)], [{ deleted: true }, { deleted: false }], 'deleting twice')
      assertEqual(await store.get('c', 'x'), undefined, 'after deleting')
      await store.close()
    },
  },
  {
    name: 'of many writers who expect one version exactly one writes',
    async run(harness) {
      const store = await harness.create()
      const puts = Array.from({ length: 20 }, (_, value) => applyOne(store, { kind: 'put', collection: 'c', id: 'x', value, expect: 0 }))
      assertEqual((await Promise.all(puts)).filter(({ written }) => written).length, 1, 'writers')
      await store.close()
    },
  },
  {
    name: 'documents are listed in order of id, by parent, page by page',
    async run(harness) {
      const store = await harness.create()
      const ids = ['b', 'a', 'a2', 'B', 'é', '\u{1F600}', '\u{FFFD}']
      await store.apply(ids.map((id) => ({ kind: 'put', collection: 'c', id, value: { id }, parent: id.startsWith('a') ? 'p' : 'q' }) as const))
      const list = async (options: Parameters<Store['list']>[1]) => (await store.list('c', options)).map(({ id }) => id)
      assertEqual(await list({ limit: 10 }), ['B', 'a', 'a2', 'b', 'é', '\u{FFFD}', '\u{1F600}'], 'all')
      assertEqual(await list({ limit: 2, after: 'a' }), ['a2', 'b'], 'a page')
      assertEqual(await list({ limit: 5, parent: 'p' }), ['a', 'a2'], 'the children')
      assertEqual(await list({ limit: 5, parent: 'p', after: 'a' }), ['a2'], 'the rest of the children')
      assertEqual(await store.list('other', { limit: 5 }), [], 'another collection')
      await store.close()
    },
  },
  {
    name: 'what comes back shares nothing with what was given',
    async run(harness) {
      const store = await harness.create()
      const value = { words: ['one'] }
      await applyOne(store, { kind: 'put', collection: 'c', id: 'x', value })
      value.words.push('two')
      assertEqual((await store.get('c', 'x'))?.value, { words: ['one'] }, 'the document')
      await assertRejects(applyOne(store, { kind: 'put', collection: 'c', id: 'y', value: undefined }), 'undefined is not JSON')
      await store.close()
    },
  },
]

const requestCases: readonly TimedCase[] = [
  {
    name: 'a logged request is found at once by its id and by each thing that is searched for',
    async run(harness) {
      const store = await harness.create()
      const refusal = { entry: 'blocked', code: 'B', reason: 'content.blocked', source: 'api', message: 'no', facts: {} } as const
      const rows = [
        row('r1', NOON, { accountId: 'a', api: 'x' }),
        row('r2', NOON + 1, { accountId: 'a', clientRequestId: 'mine', refusal }),
        row('r3', NOON + 1, { accountId: 'b', api: 'x' }),
      ]
      for (const each of rows) await applyOne(store, { kind: 'log', row: each })
      const search = async (query: Partial<Parameters<Store['requests']>[0]>) => (await store.requests({ limit: 10, ...query })).map(({ requestId }) => requestId)
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
      await applyOne(store, { kind: 'put', collection: 'c', id: 'x', value: 1 })
      await all('written')
      await store.close()
    },
  },
  {
    name: 'requests are listed in pages that go on where the last one ended, also among those of one instant, written or not, whatever is logged meanwhile',
    async run(harness) {
      const store = await harness.create()
      const names = Array.from({ length: 12 }, (_, at) => `r${at}`)
      // Three instants, four rows each; in each the one that was logged last comes first.
      const log = (name: string, at: number) => applyOne(store, { kind: 'log', row: row(name, NOON + Math.floor(at / 4)) })
      for (const [at, name] of names.entries()) {
        await log(name, at)
        // Some are written by now, some wait.
        if (at === 5) await applyOne(store, { kind: 'put', collection: 'c', id: 'x', value: 1 })
      }
      for (const limit of [1, 2, 3, 5]) {
        const seen: string[] = []
        for (let before: RequestRow | undefined; ; ) {
          const page: readonly RequestRow[] = await store.requests({ limit, ...(before !== undefined && { before }) })
          seen.push(...page.map(({ requestId }) => requestId))
          before = page.at(-1)
          await applyOne(store, { kind: 'log', row: row(`late ${limit} ${seen.length}`, NOON + 9) })
          if (seen.length === 3 * limit) await applyOne(store, { kind: 'put', collection: 'c', id: 'x', value: 1 })
          if (page.length < limit) break
        }
        assertEqual(seen.filter((name) => !name.startsWith('late')), names.toReversed(), `pages of ${limit}`)
      }
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
]

const lifeCases: readonly TimedCase[] = [
  {
    name: 'results come in the order of the commands',
    async run(harness) {
      const store = await harness.create()
      const results = await store.at(NOON).apply([
        { kind: 'log', row: row('r1', NOON) },
        { kind: 'put', collection: 'c', id: 'x', value: 1 },
        { kind: 'admit', takes: [take('daily', DAY, 1)] },
        { kind: 'delete', collection: 'c', id: 'x' },
        { kind: 'uncount', receipts: [] },
      ])
      assertEqual(results.map((result) => Object.keys(result)[0]), [undefined, 'written', 'admitted', 'deleted', 'readings'], 'the results')
      assertEqual(await store.apply([]), [], 'no commands')
      await store.close()
    },
  },
  {
    name: 'a closed store rejects and can be closed again',
    async run(harness) {
      const store = await harness.create()
      await store.close()
      await store.close()
      await assertRejects(admit(store, [take('daily', DAY, 1)], NOON), 'an admission')
      await assertRejects(store.get('c', 'x'), 'a read')
      await assertRejects(store.at(NOON).peek([]), 'a peek')
    },
  },
  {
    name: 'a store that was closed cleanly has lost nothing when it is opened again',
    async run(harness) {
      if (harness.reopen === undefined) return
      const store = await harness.create()
      const takes = [take('burst', MINUTE, 9), take('big', MINUTE, 900), take('daily', DAY, 9), take('monthly', { kind: 'quota', period: 'month', anchorMs: NOON }, 9)]
      await admit(store, takes, NOON)
      await admit(store, takes, NOON + 1_500)
      await applyOne(store, { kind: 'log', row: row('r1', NOON) })
      await applyOne(store, { kind: 'put', collection: 'c', id: 'x', value: { a: [1, null] }, parent: 'p' })
      const readings = await store.at(NOON + 2_000).peek(takes)
      await store.close()
      const again = await harness.reopen(store)
      assertEqual(await again.at(NOON + 2_000).peek(takes), readings, 'the readings')
      assertEqual(await again.request('r1'), row('r1', NOON), 'the request')
      assertEqual(await again.get('c', 'x'), { collection: 'c', id: 'x', parent: 'p', value: { a: [1, null] }, version: 1 }, 'the document')
      assertEqual(again.highWaterMs(), NOON + 1_500, 'the highest instant')
      await again.close()
    },
  },
]

/**
 * What every store must keep, as named cases for any test runner. Each gets a store of its own.
 *
 * @example
 * for (const { name, run } of storeConformanceCases) {
 *   test(name, () => run({ create: () => store }))
 * }
 *
 * declare function test(name: string, run: () => Promise<void>): void
 */
export const storeConformanceCases: readonly StoreConformanceCase[] = [
  ...meterCases,
  ...documentCases,
  ...requestCases,
  ...lifeCases,
  ...moneyConformanceCases,
  ...outcomeConformanceCases, ...spendConformanceCases,
  ...callConformanceCases,
  ...leaseConformanceCases,
].map(timed)
