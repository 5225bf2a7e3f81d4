/** What every engine of money must do with what is reserved of windows and quotas until it is known what was used. */
import type { CountingMeter, Take } from '../engine/meters/meter.ts'
import type { MoneyEngine } from '../engine/money-commands.ts'
import { assertEqual } from './assert.ts'
import { termsFor, claim, HOLD_MS, keyOf, NOON, readingsOf, settle, admit, usedOf } from './paid-call.ts'
import type { TimedCase } from './store-case.ts'
import type { TimedStore } from './timed-store.ts'

const DAY: CountingMeter = { kind: 'quota', period: 'day' }
const MINUTE: CountingMeter = { kind: 'window', windowMs: 60_000 }
const MIDNIGHT = Date.UTC(2026, 2, 11)
const LIMIT = 1_000

const reserve = (cost: number, meter: CountingMeter = DAY, name = 'tokens'): Take => ({ subject: 'key:k', name, meter, limit: LIMIT, cost, reserved: true })
const plain = (cost: number, meter: CountingMeter = DAY, name = 'tokens'): Take => ({ subject: 'key:k', name, meter, limit: LIMIT, cost })

async function counted(store: TimedStore<MoneyEngine>, nowMs = NOON, meter: CountingMeter = DAY, name = 'tokens'): Promise<number> {
  return (await usedOf(store, [plain(0, meter, name)], nowMs))[0] ?? NaN
}

export const reserveCases: readonly TimedCase<MoneyEngine>[] = [
  {
    name: 'what is reserved counts until it is known what was used, and that counts in its place, once',
    async run(harness) {
      const store = await harness.create()
      await admit(store, [reserve(500)], termsFor('c1'), { dispatch: true })
      assertEqual(await counted(store), 500, 'reserved')
      for (let time = 0; time < 2; time += 1) assertEqual((await settle(store, 'c1', 'done', { used: { tokens: 120 } })).settled, true, 'settled')
      assertEqual(await counted(store), 120, 'less was used')
      await admit(store, [reserve(500)], termsFor('c2'), { dispatch: true })
      await settle(store, 'c2', 'done', { used: { other: 7 } })
      assertEqual(await counted(store), 620, 'nothing is known of what was used')
      await admit(store, [reserve(10)], termsFor('c3'), { dispatch: true })
      await settle(store, 'c3', 'done', { used: { tokens: 0 } })
      assertEqual(await counted(store), 620, 'nothing was used')
      await store.close()
    },
  },
  {
    name: 'more than was reserved counts too, above the limit, and the next call waits',
    async run(harness) {
      const store = await harness.create()
      await admit(store, [reserve(500, MINUTE)], termsFor('c1'), { dispatch: true })
      await settle(store, 'c1', 'done', { used: { tokens: 1_700 }, nowMs: NOON + 30_000 })
      const next = await admit(store, [reserve(1, MINUTE)], termsFor('c2'), { nowMs: NOON + 60_000 })
      const [reading] = next.readings
      // What was reserved has left the window by then; what came above it was counted when it was known.
      assertEqual([next.admitted, reading?.used, reading?.remaining], [false, 1_200, 0], 'after the first minute')
      assertEqual((await admit(store, [reserve(1, MINUTE)], termsFor('c3'), { nowMs: NOON + 92_000 })).admitted, true, 'a minute after the answer')
      await store.close()
    },
  },
  {
    name: 'what nobody used is given back: released, at a deadline that releases, but not at one that charges',
    async run(harness) {
      const store = await harness.create()
      await admit(store, [reserve(100)], termsFor('c1'), { dispatch: true })
      await settle(store, 'c1', 'released')
      assertEqual(await counted(store), 0, 'released')
      await admit(store, [reserve(200)], termsFor('c2'), { dispatch: true })
      await settle(store, 'c2', 'released', { remembered: true })
      assertEqual(await counted(store), 0, 'released, and remembered')
      await admit(store, [reserve(300)], termsFor('c3'), { dispatch: true })
      await admit(store, [reserve(400)], termsFor('c4', { onExpiry: 'charge' }), { dispatch: true })
      assertEqual(await counted(store), 700, 'before the deadline')
      await store.at(NOON + HOLD_MS).apply([{ kind: 'sweep', limit: 10 }])
      assertEqual(await counted(store, NOON + HOLD_MS), 400, 'after it')
      await store.close()
    },
  },
  {
    name: 'a day that is over is not touched: less used gives nothing to the next, more counts there',
    async run(harness) {
      const store = await harness.create()
      const late = { holdMs: 86_400_000 }
      await admit(store, [reserve(100)], termsFor('c1', late), { nowMs: MIDNIGHT - 1, dispatch: true })
      await admit(store, [reserve(100)], termsFor('c2', late), { nowMs: MIDNIGHT - 1, dispatch: true })
      await admit(store, [plain(50)], termsFor('c3'), { nowMs: MIDNIGHT })
      await settle(store, 'c1', 'done', { used: { tokens: 20 }, nowMs: MIDNIGHT + 1 })
      assertEqual(await counted(store, MIDNIGHT + 1), 50, 'less')
      await settle(store, 'c2', 'done', { used: { tokens: 130 }, nowMs: MIDNIGHT + 2 })
      assertEqual(await counted(store, MIDNIGHT + 2), 80, 'more')
      await store.close()
    },
  },
  {
    name: 'of 1,000 concurrent calls that reserve 100 of 1,000 exactly 10 are admitted, and a refused one reserves nothing',
    async run(harness) {
      const store = await harness.create()
      const decisions = await Promise.all(Array.from({ length: 1_000 }, (_, at) => admit(store, [reserve(100), reserve(1, MINUTE, 'calls')], termsFor(`c${at}`), { dispatch: true })))
      assertEqual([decisions.filter(({ admitted }) => admitted).length, await counted(store), await counted(store, NOON, MINUTE, 'calls')], [10, 1_000, 10], 'what was admitted')
      const refused = decisions.find(({ admitted }) => !admitted)
      assertEqual([refused?.admitted === false && refused.refusedBy.name, refused?.admitted === false && refused.retryAtMs], ['tokens', MIDNIGHT], 'its figures')
      await store.close()
    },
  },
  {
    name: 'of a call of unknown outcome what is known to be used counts, and who takes it over reserves only what is missing',
    async run(harness) {
      const store = await harness.create()
      await claim(store, termsFor('c1'), keyOf('s'))
      await admit(store, [reserve(500), reserve(60, MINUTE, 'audio')], termsFor('c1'), { dispatch: true })
      await settle(store, 'c1', 'unknown', { used: { audio: 80 } })
      assertEqual([await counted(store), await counted(store, NOON, MINUTE, 'audio')], [500, 80], 'unknown')
      await claim(store, termsFor('c2'), keyOf('s'), { redispatch: true })
      await admit(store, [reserve(600)], termsFor('c2'), { dispatch: true })
      assertEqual(await counted(store), 600, 'taken over')
      await settle(store, 'c2', 'done', { used: { tokens: 550 } })
      assertEqual(await counted(store), 550, 'used')
      await store.close()
    },
  },
  {
    name: 'what is reserved is there after a restart, and is corrected then',
    async run({ create, reopen }) {
      if (reopen === undefined) return
      const store = await create()
      await admit(store, [reserve(500)], termsFor('c1'), { dispatch: true })
      await store.close()
      const again = await reopen(store)
      assertEqual(await counted(again), 500, 'reserved')
      await settle(again, 'c1', 'done', { used: { tokens: 700 } })
      const [reading] = await readingsOf(again, [plain(0)])
      assertEqual([reading?.used, reading?.remaining], [700, 300], 'used')
      await again.close()
    },
  },
]
