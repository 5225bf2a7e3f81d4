import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { createMemoryStore } from '../../stores/resident/memory.ts'
import { createManualClock } from '../../testing/manual-clock.ts'
import type { SpendMeter, Take } from '../meters/meter.ts'
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
