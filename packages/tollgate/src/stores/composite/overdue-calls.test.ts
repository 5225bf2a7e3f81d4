/** Calls past their deadline, of which each engine knows a part. */
import { beforeEach, describe, expect, it } from 'vitest'
import type { Take } from '../../engine/meters/meter.ts'
import { createFailingCounters, type FailingCounters } from '../../gate/fixtures/failing-counters.ts'
import { createManualClock, type ManualClock } from '../../testing/manual-clock.ts'
import { createMemoryStore } from '../resident/memory.ts'
import { applyOne, type Store } from '../store.ts'
import { createCompositeStore } from './composite-store.ts'

const HOLD_MS = 1_000
const slots: Take = { subject: 'key:k', name: 'slots', meter: { kind: 'lease', of: 'slot' }, limit: 5, cost: 1 }
const credit: Take = { subject: 'account:a', name: 'credit', meter: { kind: 'balance', scale: 2 }, limit: 0, cost: 10 }
const claim = { scope: 's', fingerprint: 'f', keptMs: 1e6 }

describe.each(['release', 'charge'] as const)('a call past its deadline (%s)', (onExpiry) => {
  let clock: ManualClock
  let counters: FailingCounters
  let store: Store
  const call = { id: 'c1', accountId: 'a', holdMs: HOLD_MS, onExpiry }

  beforeEach(async () => {
    clock = createManualClock(0)
    counters = createFailingCounters(clock)
    store = createCompositeStore({ counters, store: createMemoryStore({ clock }) })
    await applyOne(store, { kind: 'grant', subject: 'account:a', name: 'credit', scale: 2, grantId: 'g', units: 100, reason: 'test' })
    counters.asked.length = 0
  })

  const admit = (takes: readonly Take[], admission: string, terms: object = {}) => applyOne(store, { kind: 'admit', call: { ...call, ...terms }, takes, admission })
  const alive = async (): Promise<number> => (await store.peek([slots]))[0]?.used ?? 0
  /** Its slots were kept up, and its record was not: money was away. */
  async function outliveRecord(): Promise<void> {
    await applyOne(counters, { kind: 'extend', callId: 'c1', holdMs: 10 * HOLD_MS })
    clock.advance(HOLD_MS + 1)
    await applyOne(store, { kind: 'sweep', limit: 10 })
    expect([await alive(), await store.call('c1')]).toEqual([1, undefined])
    counters.asked.length = 0
  }

  it.each([undefined, true])('does not live by the slot that it is just taking (known to have a record: %s)', async (recorded) => {
    await applyOne(store, { kind: 'claim', call, claim })
    clock.advance(HOLD_MS + 1)
    await expect(admit([slots], '1', { begun: true, recorded })).rejects.toThrow('past its deadline')
    expect(await alive()).toBe(0)
  })

  it('lives by slots that it has, if it has nothing else', async () => {
    await admit([slots], '1')
    await applyOne(store, { kind: 'extend', callId: 'c1', holdMs: 10 * HOLD_MS })
    clock.advance(HOLD_MS + 1)
    expect(await applyOne(store, { kind: 'dispatch', callId: 'c1' })).toEqual({ dispatched: true })
    expect(await admit([slots], '2', { begun: true, recorded: false })).toMatchObject({ admitted: true })
    expect(await applyOne(store, { kind: 'settle', callId: 'c1', outcome: 'done', reason: 'test', recorded: false })).toMatchObject({ settled: true })
    expect(await alive()).toBe(0)
  })

  it('does not live by slots where it had a record: it takes and claims nothing, does not go out, and is not kept up', async () => {
    await admit([slots, credit], '1')
    await outliveRecord()
    await expect(admit([slots], '2', { begun: true, recorded: true })).rejects.toThrow('past its deadline')
    await expect(applyOne(store, { kind: 'claim', claim, call: { ...call, begun: true, recorded: true } })).rejects.toThrow('past its deadline')
    expect(await applyOne(store, { kind: 'dispatch', callId: 'c1', recorded: true })).toEqual({ dispatched: false })
    expect(await applyOne(store, { kind: 'extend', callId: 'c1', holdMs: HOLD_MS, recorded: true })).toEqual({ extended: false })
    expect(await store.ledger({ callId: 'c1', limit: 10 })).toHaveLength(2)
  })

  it.each([true, undefined])('is not settled by slots where it had a record, whoever asks; they come free (known to have one: %s)', async (recorded) => {
    await admit([slots, credit], '1')
    await outliveRecord()
    expect(await applyOne(store, { kind: 'settle', callId: 'c1', outcome: 'done', reason: 'test', recorded })).toMatchObject({ settled: false, chargedUnits: 0 })
    expect(await alive()).toBe(0)
  })

  it('is not looked for among the slots where the record says all', async () => {
    await applyOne(store, { kind: 'claim', call, claim })
    await admit([slots], '1', { begun: true, recorded: true })
    expect(counters.asked).toEqual(['admit'])
  })
})
