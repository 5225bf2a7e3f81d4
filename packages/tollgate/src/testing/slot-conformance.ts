/** What every engine that counts must do with slots: calls in flight, their owners, their deadlines. */
import type { AdmitCommand, Counters } from '../engine/counters.ts'
import type { Take } from '../engine/meters/meter.ts'
import { applyOne } from '../stores/store.ts'
import { assertEqual, assertTrue } from './assert.ts'
import { termsFor, HOLD_MS, leaseOf, NOON } from './paid-call.ts'
import type { TimedCase } from './store-case.ts'
import type { TimedStore } from './timed-store.ts'

const full: Take = { subject: 'account:a', name: 'daily', meter: { kind: 'quota', period: 'day' }, limit: 0, cost: 1 }

interface SlotOptions extends Pick<AdmitCommand, 'owner' | 'admission'> {
  readonly limit?: number
  readonly cost?: number
  readonly nowMs?: number
}

function takeSlot(store: TimedStore<Counters>, callId: string, { limit = 9, cost = 1, nowMs = NOON, ...more }: SlotOptions = {}) {
  return applyOne(store.at(nowMs), { kind: 'admit', takes: [leaseOf('slot', limit, cost)], call: termsFor(callId), ...more })
}

/** How many are alive, changing nothing. */
export async function aliveSlots(store: TimedStore<Counters>, nowMs = NOON): Promise<number> {
  const [reading] = await store.at(nowMs).peek([leaseOf('slot', 1_000)])
  return reading?.used ?? NaN
}

export const slotCases: readonly TimedCase<Counters>[] = [
  {
    name: 'a slot is taken until its call frees it, or its deadline comes',
    async run(harness) {
      const store = await harness.create()
      const decisions = await Promise.all(['c1', 'c2', 'c3'].map((id) => takeSlot(store, id, { limit: 2 })))
      assertEqual(decisions.map(({ admitted }) => admitted).toSorted(), [false, true, true], 'of three')
      const reading = { name: 'slot', subject: 'account:a', kind: 'lease', limit: 2, used: 2, remaining: 0, resetAtMs: NOON, admitted: false }
      assertEqual(decisions.find(({ admitted }) => !admitted)?.readings, [reading], 'the refusal')
      const free = (callId: string) => applyOne(store.at(NOON), { kind: 'free', callId })
      const first = decisions[0]?.admitted === true ? 'c1' : 'c2'
      assertEqual([await free(first), await free(first), await free('nobody')], [{ freed: true }, { freed: false }, { freed: false }], 'freed once')
      assertEqual([await aliveSlots(store), await aliveSlots(store, NOON + HOLD_MS - 1)], [1, 1], 'the other')
      assertTrue((await takeSlot(store, 'c4', { limit: 1, nowMs: NOON + HOLD_MS })).admitted, 'its deadline frees it')
      await store.close()
    },
  },
  {
    name: 'a slot is extended as long as its call has it, and its deadline is never moved back',
    async run(harness) {
      const store = await harness.create()
      for (const id of ['c1', 'c2']) await takeSlot(store, id)
      const extend = async (callId: string, holdMs: number, nowMs = NOON) => (await applyOne(store.at(nowMs), { kind: 'extend', callId, holdMs })).extended
      assertEqual([await extend('c1', 2 * HOLD_MS), await extend('c1', 1), await extend('nobody', HOLD_MS)], [true, true, false], 'extended')
      assertEqual([await extend('c2', HOLD_MS, NOON + HOLD_MS), (await takeSlot(store, 'c3', { limit: 1, nowMs: NOON + HOLD_MS })).admitted], [false, false], 'one is free by then, the other not')
      assertTrue((await takeSlot(store, 'c3', { limit: 1, nowMs: NOON + 2 * HOLD_MS })).admitted, 'at the new deadline')
      await store.close()
    },
  },
  {
    name: 'a refused stage takes no slot, and no slot is left after 1,000 calls that end in any way',
    async run(harness) {
      const store = await harness.create()
      const refused = await applyOne(store.at(NOON), { kind: 'admit', takes: [leaseOf('slot', 9), full], call: termsFor('c') })
      assertEqual([refused.admitted, await aliveSlots(store)], [false, 0], 'a refused stage')
      await Promise.all(
        Array.from({ length: 1_000 }, async (_, at) => {
          await takeSlot(store, `c${at}`, { limit: 1_000 })
          if (at % 5 === 0) await applyOne(store, { kind: 'extend', callId: `c${at}`, holdMs: HOLD_MS })
          for (let times = at % 3; times > 0; times -= 1) await applyOne(store, { kind: 'free', callId: `c${at}` })
        }),
      )
      assertEqual(await aliveSlots(store), 334, 'of those that nobody freed')
      assertTrue((await takeSlot(store, 'all', { limit: 1_000, cost: 1_000, nowMs: NOON + HOLD_MS })).admitted, 'after their deadline')
      await store.close()
    },
  },
  {
    name: 'the slots of an owner count for others while its heart beats, for itself always, and again when it comes back',
    async run(harness) {
      const store = await harness.create()
      const beat = (owner: string, nowMs: number) => applyOne(store.at(nowMs), { kind: 'beat', owner, ttlMs: 10_000 })
      const ask = async (owner: string, id: string, nowMs: number, limit = 2): Promise<readonly [boolean, number | undefined]> => {
        const { admitted, readings } = await takeSlot(store, id, { limit, owner, nowMs })
        return [admitted, readings[0]?.used]
      }
      await beat('gw1', NOON)
      await beat('gw2', NOON)
      assertEqual([await ask('gw1', 'c1', NOON), await ask('gw1', 'c2', NOON)], [[true, 1], [true, 2]], 'the first owner has them all')
      assertEqual(await ask('gw2', 'c3', NOON + 9_999), [false, 2], 'its heart has beaten')
      assertEqual(await aliveSlots(store, NOON + 9_999), 2, 'for who has no name, too')
      await beat('gw2', NOON + 9_999)
      assertEqual(await ask('gw1', 'c4', NOON + 10_000), [false, 2], 'for itself its own count, whatever its heart')
      assertEqual(await ask('gw2', 'c5', NOON + 10_000), [true, 1], 'for others they are free')
      assertEqual(await ask('gw2', 'c6', NOON + 10_001, 1), [false, 1], "its own count")
      assertEqual(await ask('gw1', 'c7', NOON + 10_001), [false, 3], 'the first sees its own and those of the other, who lives')
      await beat('gw1', NOON + 11_000)
      assertEqual(await ask('gw2', 'c8', NOON + 11_000, 3), [false, 3], 'it is back, and counts again')
      await applyOne(store.at(NOON + 11_000), { kind: 'free', callId: 'c1' })
      assertEqual(await ask('gw2', 'c8', NOON + 11_000, 3), [true, 3], 'what it ends is free')
      assertEqual(await aliveSlots(store, NOON + 30_000), 0, 'nobody is left')
      assertTrue((await takeSlot(store, 'c9', { limit: 2, cost: 2, nowMs: NOON + 30_000 })).admitted, 'all are free for who has no owner')
      await beat('gw1', NOON + 30_000)
      assertEqual(await aliveSlots(store, NOON + 50_000), 2, 'what has no owner counts until its deadline')
      await store.close()
    },
  },
  {
    name: 'slots alone are taken once by an admission that has a name, and again once they are free; without a name, or for another call, they are taken again',
    async run(harness) {
      const store = await harness.create()
      const first = await takeSlot(store, 'c1', { admission: 'a' })
      assertEqual(await takeSlot(store, 'c1', { admission: 'a' }), first, 'asked again')
      assertEqual(await aliveSlots(store), 1, 'one')
      await takeSlot(store, 'c2', { admission: 'a' })
      await takeSlot(store, 'c1')
      assertEqual(await aliveSlots(store), 3, 'another call, and another time')
      await applyOne(store.at(NOON), { kind: 'free', callId: 'c1' })
      assertEqual(await aliveSlots(store), 1, 'all of the first are free')
      await takeSlot(store, 'c1', { admission: 'a' })
      assertEqual(await aliveSlots(store), 2, 'nothing is left of the answer')
      await store.close()
    },
  },
  {
    name: 'the slots of an owner that is gone are free when the engine is opened again',
    async run(harness) {
      if (harness.reopen === undefined) return
      const store = await harness.create()
      await applyOne(store.at(NOON), { kind: 'beat', owner: 'gw1', ttlMs: 10_000 })
      await takeSlot(store, 'c1', { owner: 'gw1' })
      assertEqual(await aliveSlots(store, NOON), 1, 'a slot')
      await store.close()
      const again = await harness.reopen(store)
      assertEqual(await aliveSlots(again, NOON + 10_000), 0, 'when its heart has stopped')
      await again.close()
    },
  },
]
