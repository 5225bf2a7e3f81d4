import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { createMemoryStore } from '../../stores/resident/memory.ts'
import { createManualClock } from '../../testing/manual-clock.ts'
import type { SpendMeter, Take } from '../meters/meter.ts'
import { checkLedger } from '../money/ledger-check.ts'
import type { SpendCounter } from '../money/ledger-spend-check.ts'
import { applyOne } from '../../stores/store.ts'

const NOON = Date.UTC(2026, 2, 10, 12)
const DAY_MS = 86_400_000
const LIMIT = 100
const meter: SpendMeter = { kind: 'spend', scale: 2, over: { kind: 'quota', period: 'day' } }
const spendOf = (cost: number): Take => ({ subject: 'key:k', name: 'spending', meter, limit: LIMIT, cost })

const step = fc.oneof(
  fc.record({ what: fc.constant('take' as const), cost: fc.integer({ min: 1, max: 60 }) }),
  fc.record({ what: fc.constant('done' as const), which: fc.nat(9), charge: fc.nat(80) }),
  fc.record({ what: fc.constant('released' as const), which: fc.nat(9) }),
  fc.record({ what: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: DAY_MS }) }),
)

test('spends what a list of calls says, day by day', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const clock = createManualClock(NOON)
      const store = createMemoryStore({ clock })
      /** Every call that was admitted, with what it counts in its day. */
      const calls: { readonly id: string; readonly day: number; units: number; open: boolean }[] = []
      const today = (): number => Math.floor(clock.wallMs() / DAY_MS)
      const spent = (): number => calls.filter(({ day }) => day === today()).reduce((total, { units }) => total + units, 0)
      const verdicts: boolean[] = []
      for (const [at, each] of steps.entries()) {
        if (each.what === 'wait') {
          clock.advance(each.ms)
        } else if (each.what === 'take') {
          const id = `c${at}`
          const fits = spent() + each.cost <= LIMIT
          const call = { id, accountId: 'a', holdMs: 1_000 * DAY_MS, onExpiry: 'release' } as const
          const { admitted } = await applyOne(store, { kind: 'admit', takes: [spendOf(each.cost)], call, dispatch: true })
          verdicts.push(admitted === fits)
          if (admitted) calls.push({ id, day: today(), units: each.cost, open: true })
        } else {
          const open = calls.filter((call) => call.open)
          const call = open[each.which % Math.max(1, open.length)]
          if (call === undefined) continue
          call.open = false
          call.units = each.what === 'done' ? Math.min(each.charge, call.units) : 0
          await applyOne(store, { kind: 'settle', callId: call.id, outcome: each.what, reason: 'test', ...(each.what === 'done' && { chargeUnits: each.charge }) })
        }
        const [reading] = await store.peek([spendOf(0)])
        expect([reading?.used, reading?.remaining]).toEqual([spent(), LIMIT - spent()])
      }
      expect(verdicts).not.toContain(false)
      await store.close()
    }),
  )
})

const periods: readonly SpendMeter['over'][] = [
  { kind: 'quota', period: 'day' },
  { kind: 'quota', period: 'month', timeZone: 'Europe/Berlin' },
  { kind: 'window', windowMs: 3_600_000 },
  { kind: 'window', windowMs: 3_600_000, algorithm: 'buckets' },
  { kind: 'window', windowMs: 3_600_000, algorithm: 'fixed' },
]
const ofKey = fc.nat(2).map((at) => `key:${at}`)
const money = fc.integer({ min: 1, max: 60 })
const move = fc.oneof(
  { weight: 3, arbitrary: fc.record({ what: fc.constant('take' as const), cost: money, key: ofKey, isPaid: fc.boolean(), onExpiry: fc.constantFrom('release' as const, 'charge' as const), scope: fc.option(fc.constantFrom('s1', 's2'), { nil: undefined }) }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('settle' as const), which: fc.nat(9), outcome: fc.constantFrom('done' as const, 'released' as const, 'unknown' as const), charge: fc.option(fc.nat(80), { nil: undefined }) }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('late' as const), cost: money, key: ofKey, isPaid: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('sweep' as const) }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('wait' as const), ms: fc.oneof(fc.integer({ min: 1, max: 120_000 }), fc.integer({ min: 1, max: 2 * DAY_MS })) }) },
)

test.each(periods)('what is charged adds up in the ledger to what is counted, whatever becomes of the calls: %j', async (over) => {
  const spending: SpendMeter = { kind: 'spend', scale: 2, over }
  const counts = (cost: number, subject: string): Take<SpendMeter> => ({ subject, name: 'spending', meter: spending, limit: 300, cost })
  const credit = (cost: number): Take => ({ subject: 'account:a', name: 'credit', meter: { kind: 'balance', scale: 2 }, limit: 0, cost })
  await fc.assert(
    fc.asyncProperty(fc.array(move, { maxLength: 30 }), async (moves) => {
      const clock = createManualClock(NOON)
      const store = createMemoryStore({ clock })
      await applyOne(store, { kind: 'grant', subject: 'account:a', name: 'credit', scale: 2, grantId: 'g', units: 5_000, reason: 'test' })
      for (const [at, each] of moves.entries()) {
        const id = `c${at}`
        const context = { id, accountId: 'a', holdMs: 600_000, onExpiry: 'release' as const }
        if (each.what === 'wait') clock.advance(each.ms)
        if (each.what === 'sweep') await applyOne(store, { kind: 'sweep', limit: 10 })
        if (each.what === 'take') {
          const call = { ...context, onExpiry: each.onExpiry }
          const claimed = each.scope === undefined ? undefined : await applyOne(store, { kind: 'claim', claim: { scope: each.scope, fingerprint: 'f', keptMs: DAY_MS }, call, redispatch: true })
          if (claimed !== undefined && claimed.outcome !== 'claimed') continue
          const decision = await applyOne(store, { kind: 'admit', takes: [counts(each.cost, each.key), ...(each.isPaid ? [credit(each.cost)] : [])], call, dispatch: true })
          if (!decision.admitted && claimed !== undefined) await applyOne(store, { kind: 'settle', callId: id, outcome: 'released', reason: 'refused' })
        }
        if (each.what === 'late') {
          const holds = each.isPaid ? [{ subject: 'account:a', name: 'credit', scale: 2, units: each.cost }] : []
          await applyOne(store, { kind: 'settle', callId: id, outcome: 'done', reason: 'late', late: { call: context, holds, counts: [counts(each.cost, each.key)] } })
        }
        if (each.what === 'settle') {
          const open = (await store.calls({ limit: 100 })).filter(({ state }) => state !== 'done')
          const call = open[each.which % Math.max(1, open.length)]
          if (call === undefined) continue
          await applyOne(store, { kind: 'settle', callId: call.id, outcome: each.outcome, reason: 'price', ...(each.outcome === 'done' && each.charge !== undefined && { chargeUnits: each.charge }) })
        }
        const readings = await store.peek([0, 1, 2].map((key) => counts(0, `key:${key}`)))
        const counters = readings.map(({ subject, name, used, resetAtMs }): SpendCounter => ({ subject, name, scale: 2, usedUnits: used, resetAtMs, readAtMs: clock.wallMs() }))
        expect(checkLedger(await store.ledger({ limit: 1_000 }), await store.calls({ limit: 1_000 }), counters)).toEqual([])
      }
      await store.close()
    }),
    { numRuns: 60 },
  )
})
