/** What every engine that counts must keep: windows and quotas. */
import type { Counters } from '../engine/counters.ts'
import type { Meter, QuotaMeter, Take, WindowMeter } from '../engine/meters/meter.ts'
import { applyOne } from '../stores/store.ts'
import { assertEqual, assertRejects, assertTrue } from './assert.ts'
import { NOON } from './paid-call.ts'
import { slotCases } from './slot-conformance.ts'
import { timed, type StoreConformanceCase, type TimedCase } from './store-case.ts'
import type { TimedStore } from './timed-store.ts'

const MINUTE: WindowMeter = { kind: 'window', windowMs: 60_000 }
const DAY: QuotaMeter = { kind: 'quota', period: 'day' }
const DAY_ATTEMPTS: QuotaMeter = { ...DAY, counts: 'attempts' }

function take(name: string, meter: Meter, limit: number, options: { readonly subject?: string; readonly cost?: number } = {}): Take {
  return { subject: 'account:a', cost: 1, ...options, name, meter, limit }
}

const admit = (store: TimedStore<Counters>, takes: readonly Take[], nowMs: number, durable = false) => applyOne(store.at(nowMs), { kind: 'admit', takes, durable })

async function usedOf(store: TimedStore<Counters>, takes: readonly Take[], nowMs: number): Promise<readonly number[]> {
  return (await store.at(nowMs).peek(takes)).map((reading) => reading.used)
}

const countCases: readonly TimedCase<Counters>[] = [
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
      assertEqual(!refused.admitted && refused.retryAtMs, Date.UTC(2026, 2, 11), 'the retry waits for the day')
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
      await store.close()
    },
  },
  {
    name: 'nonsense is refused with an error and counts nothing',
    async run(harness) {
      const store = await harness.create()
      const daily = take('daily', DAY, 5)
      for (const wrong of [{ cost: -1 }, { cost: Number.NaN }, { cost: 0.5 }, { limit: Number.POSITIVE_INFINITY }]) {
        const commands = [daily, { ...daily, ...wrong }].map((each) => ({ kind: 'admit', takes: [each] }) as const)
        await assertRejects(store.apply(commands), JSON.stringify(wrong))
      }
      assertEqual(await usedOf(store, [daily], NOON), [0], 'counted')
      await store.close()
    },
  },
  {
    name: 'an engine that was closed rejects, and can be closed again',
    async run(harness) {
      const store = await harness.create()
      await store.close()
      await store.close()
      await assertRejects(admit(store, [take('daily', DAY, 1)], NOON), 'an admission')
      await assertRejects(store.at(NOON).peek([]), 'a peek')
    },
  },
  {
    name: 'what was counted is there again after the engine was closed cleanly',
    async run(harness) {
      if (harness.reopen === undefined) return
      const store = await harness.create()
      const takes = [take('burst', MINUTE, 9), take('big', MINUTE, 900), take('daily', DAY, 9), take('monthly', { kind: 'quota', period: 'month', anchorMs: NOON }, 9)]
      await admit(store, takes, NOON)
      await admit(store, takes, NOON + 1_500)
      const readings = await store.at(NOON + 2_000).peek(takes)
      await store.close()
      const again = await harness.reopen(store)
      assertEqual(await again.at(NOON + 2_000).peek(takes), readings, 'the readings')
      await again.close()
    },
  },
]

/**
 * What an engine that counts must keep, as named cases for any test runner. They ask nothing but what `Counters` promises: an engine that is no more than that runs
 * these alone.
 *
 * @example
 * for (const { name, run } of countersConformanceCases) test(name, () => run({ create: () => store }))
 *
 * declare function test(name: string, run: () => Promise<void>): void
 */
export const countersConformanceCases: readonly StoreConformanceCase<Counters>[] = [...countCases, ...slotCases].map(timed)
