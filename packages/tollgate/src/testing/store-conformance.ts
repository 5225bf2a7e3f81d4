/**
 * What every store must do, as cases for any test runner:
 *
 *     for (const { name, run } of storeConformanceCases) test(name, () => run({ create: (clock) => createMemoryStore({ clock }) }))
 *
 * Each case gets a store of its own. A store that outlives its process also gives `reopen`; the cases about that pass at once without it. They are those of its four
 * parts, each of which asks for no more than that part, and a few for all of them together.
 */
import type { QuotaMeter, Take } from '../engine/meters/meter.ts'
import { applyOne } from '../stores/store.ts'
import { assertEqual, assertRejects, assertTrue } from './assert.ts'
import { countersConformanceCases } from './counters-conformance.ts'
import { documentsConformanceCases } from './documents-conformance.ts'
import { findRequests, journalConformanceCases, pageRequests, row } from './journal-conformance.ts'
import { moneyConformanceCases } from './money-conformance.ts'
import { alive, balance, termsFor, creditOf, grant, leaseOf, NOON, admit as takeFor } from './paid-call.ts'
import { timed, type StoreConformanceCase, type TimedCase } from './store-case.ts'
import type { TimedStore } from './timed-store.ts'

export type { StoreConformanceCase, StoreHarness } from './store-case.ts'

const DAY: QuotaMeter = { kind: 'quota', period: 'day' }
const daily: Take = { subject: 'account:a', name: 'daily', meter: DAY, limit: 1, cost: 1 }
const write = (store: TimedStore) => applyOne(store, { kind: 'put', collection: 'c', id: 'x', value: 1 })

const wholeCases: readonly TimedCase[] = [
  {
    name: 'results come in the order of the commands',
    async run(harness) {
      const store = await harness.create()
      const results = await store.at(NOON).apply([
        { kind: 'log', row: row('r1', NOON) },
        { kind: 'put', collection: 'c', id: 'x', value: 1 },
        { kind: 'admit', takes: [daily] },
        { kind: 'delete', collection: 'c', id: 'x' },
        { kind: 'uncount', receipts: [] },
      ])
      assertEqual(results.map((result) => Object.keys(result)[0]), [undefined, 'written', 'admitted', 'deleted', 'readings'], 'the results')
      assertEqual(await store.apply([]), [], 'no commands')
      await store.close()
    },
  },
  {
    name: 'a peek reads money, sessions, stock and slots as it reads counts, and changes nothing',
    async run(harness) {
      const store = await harness.create()
      await grant(store, 100)
      const takes = [daily, creditOf(30), leaseOf('slot', 9), leaseOf('session', 9), leaseOf('stock', 9, 2)]
      const { readings } = await takeFor(store, takes, termsFor('c1'), { dispatch: true })
      const peek = async () => (await store.at(NOON).peek(takes)).map(({ used, remaining }) => [used, remaining])
      assertEqual(readings.map(({ used, remaining }) => [used, remaining]), [[1, 0], [30, 70], [1, 8], [1, 8], [2, 7]], 'when it was taken')
      assertEqual([await peek(), await peek()], [readings, readings].map((each) => each.map(({ used, remaining }) => [used, remaining])), 'peeks')
      assertEqual([await balance(store), await alive(store, 'session')], [[70, 30], 1], 'what else reads it')
      await store.close()
    },
  },
  {
    name: 'a batch that fails in one part has no effect in another',
    async run(harness) {
      const store = await harness.create()
      const beyond = { kind: 'grant', subject: 'account:a', name: 'credit', scale: 2, grantId: 'g', units: 0, reason: '' } as const
      await assertRejects(store.at(NOON).apply([{ kind: 'put', collection: 'c', id: 'x', value: 1 }, { kind: 'admit', takes: [daily] }, beyond]), 'the batch')
      assertEqual([await store.get('c', 'x'), (await store.peek([daily]))[0]?.used], [undefined, 0], 'what is left of it')
      await store.close()
    },
  },
  {
    name: 'the highest instant that a store has seen stays, when time goes back and when it is opened again',
    async run(harness) {
      const store = await harness.create()
      await applyOne(store.at(NOON), { kind: 'admit', takes: [daily] })
      await applyOne(store.at(NOON - 86_400_000), { kind: 'admit', takes: [daily] })
      assertEqual(store.highWaterMs(), NOON, 'the highest instant')
      await store.close()
      if (harness.reopen === undefined) return
      const again = await harness.reopen(store)
      assertTrue(!(await applyOne(again.at(NOON - 86_400_000), { kind: 'admit', takes: [daily] })).admitted, 'no period is opened again')
      assertEqual(again.highWaterMs(), NOON, 'after it was opened again')
      await again.close()
    },
  },
  {
    name: 'requests are found whether they wait or are written, whatever else is written',
    async run(harness) {
      const store = await harness.create()
      await findRequests(store, () => write(store))
      await store.close()
    },
  },
  {
    name: 'requests are listed in pages, whether they wait or are written',
    async run(harness) {
      const store = await harness.create()
      await pageRequests(store, () => write(store))
      await store.close()
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
  ...countersConformanceCases,
  ...moneyConformanceCases,
  ...documentsConformanceCases,
  ...journalConformanceCases,
  ...wholeCases.map(timed),
]
