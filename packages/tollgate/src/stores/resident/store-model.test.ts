/**
 * Every store against a naive model that keeps each thing counted, for ever, and counts all of it afresh for each question: no windows that
 * move on, no pruning, no records, no cache.
 */
import { createRequire } from 'node:module'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Clock } from '../../engine/clock.ts'
import type { CountingMeter, Receipt, Take } from '../../engine/meters/meter.ts'
import { applyOne, type ResultOf, type Store } from '../store.ts'
import { createManualClock } from '../../testing/manual-clock.ts'
import { createStoreTime } from '../../testing/timed-store.ts'
import { createMemoryStore } from './memory.ts'
import type { SqlDatabase } from './sqlite-database.ts'
import { createSqliteStore } from './sqlite.ts'

const DAY_MS = 86_400_000
const START = Date.UTC(2026, 0, 30, 23, 59, 50)

const require = createRequire(import.meta.url)
const Database = require('libsql') as new (path: string) => SqlDatabase

/** Four subjects in a cache of two: records are read again all the time. */
const stores: readonly (readonly [name: string, create: (clock: Clock) => Store])[] = [
  ['memory', (clock) => createMemoryStore({ clock })],
  ['SQLite', (clock) => createSqliteStore({ database: new Database(':memory:'), clock, recordsMax: 2 })],
]

const meters: { readonly [name: string]: CountingMeter } = {
  second: { kind: 'window', windowMs: 1_000 },
  secondAttempts: { kind: 'window', windowMs: 1_000, counts: 'attempts' },
  fixed: { kind: 'window', windowMs: 7_000, algorithm: 'fixed' },
  day: { kind: 'quota', period: 'day', counts: 'attempts' },
  month: { kind: 'quota', period: 'month' },
}

interface Counted {
  readonly subject: string
  readonly name: string
  readonly cost: number
  readonly atMs: number
}

/** Whether something counted at `atMs` still counts at `nowMs`. */
function counts(meter: CountingMeter, atMs: number, nowMs: number): boolean {
  if (meter.kind === 'quota') return new Date(atMs).toISOString().slice(0, meter.period === 'day' ? 10 : 7) === new Date(nowMs).toISOString().slice(0, meter.period === 'day' ? 10 : 7)
  if (meter.algorithm === 'fixed') return Math.floor(atMs / meter.windowMs) === Math.floor(nowMs / meter.windowMs)
  return atMs > nowMs - meter.windowMs
}

function createModel() {
  let all: Counted[] = []
  const used = (take: Take<CountingMeter>, nowMs: number): number =>
    all.filter(({ subject, name, atMs }) => subject === take.subject && name === take.name && counts(take.meter, atMs, nowMs)).reduce((sum, { cost }) => sum + cost, 0)
  const fits = (take: Take<CountingMeter>, nowMs: number): boolean => take.limit > 0 && used(take, nowMs) + take.cost <= take.limit

  /** The first instant at which all fit: something changes only where a window, day or month of something counted ends. */
  function retryAtMs(takes: readonly Take<CountingMeter>[], nowMs: number): number | undefined {
    const ends = all.flatMap(({ atMs }) => [atMs + 1_000, (Math.floor(atMs / 7_000) + 1) * 7_000, (Math.floor(atMs / DAY_MS) + 1) * DAY_MS])
    const now = new Date(nowMs)
    const nextMonth = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1)
    return [nowMs, ...ends, nextMonth].filter((atMs) => atMs >= nowMs).toSorted((a, b) => a - b).find((atMs) => takes.every((take) => fits(take, atMs)))
  }

  return {
    used,
    admit(takes: readonly Take<CountingMeter>[], nowMs: number) {
      const count = ({ subject, name, cost }: Take<CountingMeter>): Counted => ({ subject, name, cost, atMs: nowMs })
      const admitted = takes.every((take) => fits(take, nowMs))
      const refusedBy = takes.find((take) => !fits(take, nowMs))?.name
      const counted = takes.filter(({ meter }) => admitted || meter.counts === 'attempts').map(count)
      all.push(...counted)
      return { admitted, counted, refusedBy, used: takes.map((take) => used(take, nowMs)), retryAtMs: admitted ? undefined : retryAtMs(takes, nowMs) }
    },
    giveBack(counted: readonly Counted[]) {
      all = all.filter((each) => !counted.includes(each))
    },
  }
}

const take = fc.record({
  subject: fc.constantFrom('account:a', 'account:b', 'key:a', 'ip:::1'),
  name: fc.constantFrom(...Object.keys(meters)),
  limit: fc.integer({ min: 0, max: 6 }),
  cost: fc.constantFrom(0, 1, 1, 1, 2, 3),
})
/** A meter stands once in a stage. */
const takes = fc
  .uniqueArray(take, { minLength: 1, maxLength: 4, selector: ({ subject, name }) => `${subject} ${name}` })
  .map((list) => list.map((each): Take<CountingMeter> => ({ ...each, meter: meters[each.name] ?? { kind: 'quota', period: 'day' } })))
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('admit' as const), takes, durable: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('giveBack' as const), which: fc.nat() }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.oneof(fc.constantFrom(1, 999, 1_000, 7_000, DAY_MS, 28 * DAY_MS), fc.nat(3_000)) }) },
)

describe.each(stores)('a %s store', (_, create) => {
  test('counts and decides as the naive model does', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60 }), async (steps) => {
        const time = createStoreTime(createManualClock(START))
        const store = time.over(create(time.clock))
        const model = createModel()
        const seen: unknown[] = []
        const foreseen: unknown[] = []
        const admissions: { readonly receipts: readonly Receipt[]; readonly counted: readonly Counted[] }[] = []
        let nowMs = START
        for (const each of steps) {
          if (each.kind === 'wait') nowMs += each.ms
          else if (each.kind === 'giveBack') {
            const [admission] = admissions.splice(each.which % Math.max(1, admissions.length), 1)
            if (admission === undefined) continue
            await applyOne(store.at(nowMs), { kind: 'uncount', receipts: admission.receipts })
            model.giveBack(admission.counted)
          } else {
            const decision = await applyOne(store.at(nowMs), { ...each })
            const { counted, ...verdict } = model.admit(each.takes, nowMs)
            foreseen.push({ ...verdict, peeked: verdict.used })
            seen.push({
              admitted: decision.admitted,
              used: decision.readings.map(({ used }) => used),
              refusedBy: decision.admitted ? undefined : decision.refusedBy.name,
              retryAtMs: decision.admitted ? undefined : decision.retryAtMs,
              peeked: (await store.at(nowMs).peek(each.takes)).map(({ used }) => used),
            })
            if (decision.admitted) admissions.push({ receipts: decision.receipts, counted })
          }
        }
        await store.close()
        expect(seen).toEqual(foreseen)
      }),
    )
  })

  test('never admits more than the limit, however admissions, refusals and returns interleave', async () => {
    const call = fc.record({ cost: fc.integer({ min: 1, max: 3 }), durable: fc.boolean(), givesBack: fc.boolean(), other: fc.integer({ min: 0, max: 2 }) })
    await fc.assert(
      fc.asyncProperty(fc.array(call, { maxLength: 40 }), fc.scheduler(), async (calls, scheduler) => {
        const time = createStoreTime(createManualClock(START))
        const store = time.over(create(time.clock))
        const limit = 7
        let held = 0
        let heldByAdmitted = 0
        const one = async ({ cost, durable, givesBack, other }: (typeof calls)[number]): Promise<void> => {
          const shared: Take = { subject: 'account:a', name: 'day', meter: { kind: 'quota', period: 'day' }, limit, cost }
          const second: Take = { subject: 'key:k', name: 'second', meter: { kind: 'window', windowMs: 1_000 }, limit: 2 + other, cost: 1 }
          await scheduler.schedule(Promise.resolve())
          const decision: ResultOf['admit'] = await applyOne(store.at(START), { kind: 'admit', takes: [shared, second], durable })
          if (!decision.admitted) return
          held += cost
          heldByAdmitted += 1
          expect(held).toBeLessThanOrEqual(limit)
          if (!givesBack) return
          await scheduler.schedule(Promise.resolve())
          held -= cost
          heldByAdmitted -= 1
          await applyOne(store.at(START), { kind: 'uncount', receipts: decision.receipts })
        }
        const running = Promise.all(calls.map(one))
        await scheduler.waitFor(running)
        const readings = await store.at(START).peek(
          [
            { subject: 'account:a', name: 'day', meter: { kind: 'quota', period: 'day' }, limit, cost: 1 },
            { subject: 'key:k', name: 'second', meter: { kind: 'window', windowMs: 1_000 }, limit, cost: 1 },
          ])
        // What is counted is what is held: refused stages and returned ones left nothing.
        expect(readings.map(({ used }) => used)).toEqual([held, heldByAdmitted])
        await store.close()
      }),
    )
  })
})
