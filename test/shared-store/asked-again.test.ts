/** Writers of one remote that loses answers: whoever is not told what became of a command asks again, of any writer, by the names that it gave; and all adds up. */
import { checkLedger, StoreUnavailableError, type CallTerms, type StateCommand, type Take } from 'tollgate/engine'
import { applyOne, type ResultOf, type Store } from 'tollgate/stores'
import { createManualClock } from 'tollgate/testing'
import { expect, test } from 'vitest'
import { createRemote } from './remote.ts'
import { createSharedStore } from './shared-store.ts'

const CALLS = 60
const COST = 10
const GRANTED = 400

const takes: readonly Take[] = [
  { subject: 'account:a', name: 'daily', meter: { kind: 'quota', period: 'day' }, limit: 1_000, cost: 1 },
  { subject: 'account:a', name: 'parallel', meter: { kind: 'lease', of: 'slot' }, limit: 1_000, cost: 1 },
  { subject: 'account:a', name: 'credit', meter: { kind: 'balance', scale: 2 }, limit: 0, cost: COST },
]

test.each([1, 2, 3, 4, 5])('what is asked again is done once (seed %i)', async (seed) => {
  const remote = createRemote(createManualClock(Date.UTC(2026, 2, 10, 12)), { seed, loses: 4 })
  const stores: readonly Store[] = [1, 2, 3].map(() => createSharedStore(remote))
  let turn = 0
  let lost = 0

  async function untilTold<C extends StateCommand>(command: C): Promise<ResultOf[C['kind']]> {
    for (;;) {
      turn += 1
      try {
        return await applyOne(stores[turn % stores.length] as Store, command)
      } catch (error) {
        if (!(error instanceof StoreUnavailableError) || error.applied !== 'unknown') throw error
        lost += 1
      }
    }
  }

  await untilTold({ kind: 'grant', subject: 'account:a', name: 'credit', scale: 2, grantId: 'g1', units: GRANTED, reason: 'recharge' })
  const charged = await Promise.all(
    Array.from({ length: CALLS }, async (_, at) => {
      const call: CallTerms = { id: `c${at}`, accountId: 'a', holdMs: 60_000, onExpiry: 'release' }
      const claimed = await untilTold({ kind: 'claim', call, claim: { scope: `key ${at}`, fingerprint: 'f', keptMs: 86_400_000 } })
      expect(claimed).toEqual({ outcome: 'claimed', fence: 1 })
      const { admitted } = await untilTold({ kind: 'admit', takes, call, admission: 'stage 0', dispatch: true })
      const settled = await untilTold({ kind: 'settle', callId: call.id, outcome: admitted && at % 4 > 0 ? 'done' : 'released', reason: 'test' })
      return [admitted, settled.chargedUnits] as const
    }),
  )
  expect(lost).toBeGreaterThan(10)
  expect(remote.conflicts()).toBeGreaterThan(10)

  const [store] = stores as readonly [Store]
  const [daily, parallel, credit] = await store.peek(takes)
  const chargedUnits = charged.reduce((total, [, units]) => total + units, 0)
  expect([credit?.remaining, credit?.used]).toEqual([GRANTED - chargedUnits, 0])
  expect([daily?.used, parallel?.used]).toEqual([charged.filter(([admitted]) => admitted).length, 0])
  expect(checkLedger(await store.ledger({ limit: 10_000 }), await store.calls({ limit: 10_000 }))).toEqual([])
})
