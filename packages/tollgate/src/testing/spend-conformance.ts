/** What every engine of money must do with money that may be spent in a period. */
import type { SpendMeter, Take } from '../engine/meters/meter.ts'
import { checkLedger } from '../engine/money/ledger-check.ts'
import type { MoneyEngine } from '../engine/money-commands.ts'
import { assertEqual } from './assert.ts'
import { balance, termsFor, claim, creditOf, HOLD_MS, grant, keyOf, NOON, readingsOf, settle, admit, usedOf } from './paid-call.ts'
import type { TimedCase } from './store-case.ts'
import type { TimedStore } from './timed-store.ts'

const DAY: SpendMeter = { kind: 'spend', scale: 2, over: { kind: 'quota', period: 'day' } }
const MINUTE: SpendMeter = { kind: 'spend', scale: 2, over: { kind: 'window', windowMs: 60_000 } }
const MIDNIGHT = Date.UTC(2026, 2, 11)

const spendOf = (cost: number, limit = 100, meter = DAY): Take => ({ subject: 'key:k', name: 'spending', meter, limit, cost })

async function spent(store: TimedStore<MoneyEngine>, nowMs = NOON, meter = DAY): Promise<number> {
  return (await usedOf(store, [spendOf(0, 100, meter)], nowMs))[0] ?? NaN
}

/** What is counted, the ledger and the calls say the same. */
async function assertAudited(store: TimedStore<MoneyEngine>, nowMs = NOON): Promise<void> {
  const at = store.at(nowMs)
  const readings = await readingsOf(store, [spendOf(0)], nowMs)
  const counters = readings.map(({ subject, name, used, resetAtMs }) => ({ subject, name, scale: 2, usedUnits: used, resetAtMs, readAtMs: nowMs }))
  assertEqual(checkLedger(await at.ledger({ limit: 1_000 }), await at.calls({ limit: 1_000 }), counters), [], 'the audit')
}

export const spendCases: readonly TimedCase<MoneyEngine>[] = [
  {
    name: 'what a call may cost counts as spent while it is held, what it was charged afterwards, and nothing of one that is released',
    async run(harness) {
      const store = await harness.create()
      await grant(store, 500)
      await admit(store, [spendOf(60), creditOf(60)], termsFor('c1'), { dispatch: true })
      assertEqual([await spent(store), await balance(store)], [60, [440, 60]], 'held')
      await settle(store, 'c1', 'done', { chargeUnits: 25 })
      await settle(store, 'c1', 'done', { chargeUnits: 25 })
      assertEqual([await spent(store), await balance(store)], [25, [475, 0]], 'charged')
      await admit(store, [spendOf(60), creditOf(60)], termsFor('c2'), { dispatch: true })
      await settle(store, 'c2', 'released')
      assertEqual([await spent(store), await balance(store)], [25, [475, 0]], 'released')
      await assertAudited(store)
      const rows = await store.ledger({ subject: 'key:k', limit: 10 })
      const row = { number: 1, cursor: rows[0]?.cursor, subject: 'key:k', name: 'spending', scale: 2, atMs: NOON, kind: 'spend', units: 25, availableUnits: 0, heldUnits: 0, countsUntilMs: MIDNIGHT, callId: 'c1', reason: 'test' }
      assertEqual(rows, [row], 'its row of the ledger')
      await store.close()
    },
  },
  {
    name: 'of 1,000 concurrent calls of 0.10 with 1.00 to spend exactly 10 are admitted, and a refused one holds nothing',
    async run(harness) {
      const store = await harness.create()
      await grant(store, 50_000)
      const decisions = await Promise.all(Array.from({ length: 1_000 }, (_, at) => admit(store, [creditOf(10), spendOf(10)], termsFor(`c${at}`), { dispatch: true })))
      assertEqual([decisions.filter(({ admitted }) => admitted).length, await spent(store), await balance(store)], [10, 100, [49_900, 100]], 'what was admitted')
      const refused = decisions.find(({ admitted }) => !admitted)
      const reading = { subject: 'key:k', name: 'spending', kind: 'spend', limit: 100, used: 100, remaining: 0, resetAtMs: MIDNIGHT, admitted: false, retryAtMs: MIDNIGHT }
      assertEqual(refused?.admitted === false && refused.refusedBy, reading, 'its figures')
      await store.close()
    },
  },
  {
    name: 'a charge stays in the day in which it was counted, and what is given back after midnight takes nothing from the next',
    async run(harness) {
      const store = await harness.create()
      const late = { holdMs: 86_400_000 }
      await admit(store, [spendOf(60)], termsFor('c1', late), { nowMs: MIDNIGHT - 1, dispatch: true })
      await admit(store, [spendOf(30)], termsFor('c2', late), { nowMs: MIDNIGHT, dispatch: true })
      await settle(store, 'c1', 'done', { chargeUnits: 20, nowMs: MIDNIGHT + 1 })
      assertEqual(await spent(store, MIDNIGHT + 1), 30, 'the next day')
      await settle(store, 'c2', 'done', { chargeUnits: 10, nowMs: MIDNIGHT + 2 })
      assertEqual(await spent(store, MIDNIGHT + 2), 10, 'of its own')
      await assertAudited(store, MIDNIGHT + 2)
      await admit(store, [spendOf(60, 100, MINUTE)], termsFor('c3', late), { nowMs: MIDNIGHT + 3, dispatch: true })
      await settle(store, 'c3', 'done', { chargeUnits: 5, nowMs: MIDNIGHT + 4 })
      assertEqual([await spent(store, MIDNIGHT + 59_000, MINUTE), await spent(store, MIDNIGHT + 61_100, MINUTE)], [5, 0], 'a window')
      await store.close()
    },
  },
  {
    name: 'a call without a balance is charged what it counts, more is cut and said, and its deadline gives back or charges as declared',
    async run(harness) {
      const store = await harness.create()
      await admit(store, [spendOf(60)], termsFor('c1'), { dispatch: true })
      const settled = await settle(store, 'c1', 'done', { chargeUnits: 75 })
      assertEqual([settled.chargedUnits, settled.shortUnits, await spent(store)], [60, 15, 60], 'more than was counted')
      await admit(store, [spendOf(10)], termsFor('c2'), { dispatch: true })
      await admit(store, [spendOf(15)], termsFor('c3', { onExpiry: 'charge' }), { dispatch: true })
      assertEqual(await spent(store), 85, 'before the deadline')
      await store.apply([{ kind: 'sweep', limit: 10 }])
      const due = store.at(NOON + HOLD_MS)
      await due.apply([{ kind: 'sweep', limit: 10 }])
      assertEqual(await spent(store, NOON + HOLD_MS), 75, 'after it')
      await assertAudited(store, NOON + HOLD_MS)
      await store.close()
    },
  },
  {
    name: 'a call that takes an unknown one over counts only what is missing',
    async run(harness) {
      const store = await harness.create()
      await claim(store, termsFor('c1'), keyOf('s'))
      await admit(store, [spendOf(60)], termsFor('c1'), { dispatch: true })
      await settle(store, 'c1', 'unknown')
      await claim(store, termsFor('c2'), keyOf('s'), { redispatch: true })
      await admit(store, [spendOf(70)], termsFor('c2'), { dispatch: true })
      assertEqual(await spent(store), 70, 'held')
      await assertAudited(store)
      await settle(store, 'c2', 'done', { chargeUnits: 65 })
      assertEqual(await spent(store), 65, 'charged')
      await assertAudited(store)
      await store.close()
    },
  },
  {
    name: 'what is charged late counts again, as far as the limit leaves room',
    async run(harness) {
      const store = await harness.create()
      await grant(store, 500)
      await admit(store, [spendOf(60), creditOf(60)], termsFor('c1'), { dispatch: true })
      const lateMs = NOON + HOLD_MS
      await store.at(lateMs).apply([{ kind: 'sweep', limit: 10 }])
      await admit(store, [spendOf(70), creditOf(70)], termsFor('c2'), { nowMs: lateMs, dispatch: true })
      const holds = [{ subject: 'account:a', name: 'credit', scale: 2, units: 60 }]
      const settled = await settle(store, 'c1', 'done', { nowMs: lateMs, late: { call: termsFor('c1'), holds, counts: [spendOf(60)] } })
      assertEqual([settled.chargedUnits, settled.shortUnits, await spent(store, lateMs), await balance(store, lateMs)], [30, 30, 100, [400, 70]], 'no more than was left')
      await assertAudited(store, lateMs)
      await store.close()
    },
  },
  {
    name: 'what is spent and held is there after a restart',
    async run({ create, reopen }) {
      if (reopen === undefined) return
      const store = await create()
      await admit(store, [spendOf(60)], termsFor('c1'), { dispatch: true })
      await store.close()
      const again = await reopen(store)
      assertEqual(await spent(again), 60, 'held')
      await settle(again, 'c1', 'done', { chargeUnits: 15 })
      assertEqual(await spent(again), 15, 'charged')
      await assertAudited(again)
      await again.close()
    },
  },
]
