/** Counters with a policy around them, asked one command at a time, as a composite store asks them. */
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { AdmitCommand, CounterResults, ReturningCounters } from '../../engine/counters.ts'
import type { Receipt, Take } from '../../engine/meters/meter.ts'
import { StoreUnavailableError } from '../../engine/store-error.ts'
import { createCompositeStore } from '../../stores/composite/composite-store.ts'
import { createMemoryStore } from '../../stores/resident/memory.ts'
import { applyOne, type Store } from '../../stores/store.ts'
import { createManualClock, type ManualClock } from '../../testing/manual-clock.ts'
import { createFailingCounters, type FailingCounters } from '../fixtures/failing-counters.ts'
import { degradeCounters } from './degrading-counters.ts'
import type { StoreFailurePolicy } from './failure-policy.ts'

const burst: Take = { subject: 'account:a', name: 'burst', meter: { kind: 'window', windowMs: 60_000, algorithm: 'fixed' }, limit: 8, cost: 1 }
const attempts: Take = { ...burst, name: 'attempts', meter: { kind: 'window', windowMs: 60_000, algorithm: 'fixed', counts: 'attempts' } }
const slot: Take = { subject: 'account:a', name: 'parallel', meter: { kind: 'lease', of: 'slot' }, limit: 8, cost: 1 }
const policy: StoreFailurePolicy = { money: 'refuse', quotas: 'refuse', slots: 'allowLocally', windows: 'allowLocally', patienceMs: 1_000, gateways: () => 2 }

const admission = (takes: readonly Take[], name: string, id = 'c1'): AdmitCommand => ({ kind: 'admit', takes, call: { id, accountId: 'a', holdMs: 10_000, onExpiry: 'release' }, admission: name, owner: 'gw' })

describe('counters that do not answer', () => {
  let clock: ManualClock
  let engine: FailingCounters
  let counters: ReturningCounters
  let alerts: string[]

  beforeEach(async () => {
    clock = createManualClock(Date.UTC(2026, 2, 10, 12))
    engine = createFailingCounters(clock)
    alerts = []
    await engine.apply([{ kind: 'beat', owner: 'gw', ttlMs: 600_000 }])
    engine.asked.length = 0
    counters = degradeCounters(engine, { policy, clock, alert: (message) => alerts.push(message) })
  })

  const one = async <K extends keyof CounterResults>(command: Parameters<ReturningCounters['apply']>[0][number] & { readonly kind: K }): Promise<CounterResults[K]> => (await counters.apply([command]))[0] as CounterResults[K]
  const used = async (take: Take): Promise<number> => (await counters.peek([take]))[0]?.used ?? 0
  const usedThere = async (take: Take): Promise<number> => (await engine.peek([take]))[0]?.used ?? 0
  const extend = (id = 'c1'): Promise<CounterResults['extend']> => one({ kind: 'extend', callId: id, holdMs: 10_000 })

  it('are asked again by the name of an admission, and it is counted once', async () => {
    engine.fail('no')
    const first = await one(admission([burst, slot], '1'))
    expect(await one(admission([burst, slot], '1'))).toEqual(first)
    await one(admission([burst, slot], '2'))
    expect([await used(burst), await used(slot)]).toEqual([2, 2])
  })

  it('give an admission back here, once, by its name: what an earlier one of the call took stays, and attempts do', async () => {
    engine.fail('no')
    await one(admission([slot], '1'))
    await one(admission([burst, attempts, slot], '2'))
    engine.fail('none')
    const named = { takes: [burst, attempts, slot], callId: 'c1', admission: '2', accountId: 'a' }
    expect(await counters.takeBack(named)).toBe(true)
    await counters.takeBack(named).catch(() => false)
    engine.fail('no')
    expect([await used(burst), await used(attempts), await used(slot)]).toEqual([0, 1, 1])
  })

  it('do not take a call for one that lives by slots because it has counted', async () => {
    engine.fail('no')
    await one(admission([burst], '1'))
    await expect(extend()).rejects.toThrow(StoreUnavailableError)
    engine.fail('none')
    clock.advance(1_000)
    expect(await extend()).toEqual({ extended: false })
    expect(await one({ kind: 'free', callId: 'c1' })).toEqual({ freed: false })
  })

  it('free the slots of a call wherever it has them', async () => {
    await one(admission([slot], '1'))
    engine.fail('no')
    await one(admission([slot], '2'))
    expect(await extend()).toEqual({ extended: true })
    engine.fail('none')
    clock.advance(1_000)
    expect(await extend()).toEqual({ extended: true })
    expect([alerts.length, await usedThere(slot)]).toEqual([2, 1])
    expect(await one({ kind: 'free', callId: 'c1' })).toEqual({ freed: true })
    expect(await usedThere(slot)).toBe(0)
    engine.fail('no')
    await one(admission([burst], '1', 'c2'))
    expect(await used(slot)).toBe(0)
  })

  it('give back each receipt where it was counted', async () => {
    const receiptsOf = async (command: AdmitCommand): Promise<readonly Receipt[]> => {
      const decision = await one(command)
      return decision.admitted ? decision.receipts : []
    }
    const there = await receiptsOf(admission([burst], '1'))
    engine.fail('no')
    const here = await receiptsOf(admission([burst], '2'))
    engine.fail('none')
    clock.advance(1_000)
    await one(admission([attempts], '3'))
    expect((await one({ kind: 'uncount', receipts: [...here, ...there] })).readings.map((reading) => reading.used)).toEqual([0, 0])
    expect(await usedThere(burst)).toBe(0)
  })

  it('are waited for as long as patience lasts by whatever is asked of them, and then by nobody', async () => {
    engine.fail('hangs')
    const freed = Promise.allSettled([counters.apply([{ kind: 'free', callId: 'c0' }])])
    clock.advance(1_000)
    expect(await freed).toMatchObject([{ status: 'rejected', reason: { applied: 'unknown' } }])
    await expect(counters.apply([{ kind: 'uncount', receipts: [] }])).resolves.toEqual([{ readings: [] }])
    await expect(counters.apply([{ kind: 'free', callId: 'c0' }])).rejects.toMatchObject({ applied: 'no' })
    await expect(counters.takeBack({ takes: [burst], callId: 'c0', admission: '1' })).rejects.toMatchObject({ applied: 'no' })
    expect(await one(admission([burst], '1'))).toMatchObject({ admitted: true, readings: [{ limit: 4 }] })
    expect(engine.asked).toEqual(['free'])
  })

  it.each(['hangs', 'unknown'] as const)('take back what they may have counted for a call that was counted here, as soon as they answer (%s)', async (fault) => {
    engine.fail(fault)
    const admitted = counters.apply([admission([burst, slot], '1')])
    clock.advance(1_000)
    expect(await admitted).toMatchObject([{ admitted: true }])
    engine.fail('none')
    await vi.waitFor(async () => expect([await usedThere(burst), await usedThere(slot)]).toEqual([1, 1]), { timeout: 60_000 })
    clock.advance(1_000)
    await one(admission([attempts], '1', 'c2'))
    await vi.waitFor(async () => expect([await usedThere(burst), await usedThere(slot)]).toEqual([0, 0]), { timeout: 60_000 })
    expect(await extend()).toEqual({ extended: true })
  })

  it('are told apart from a mistake of ours', async () => {
    await expect(one({ ...admission([burst], '1'), takes: [{ ...burst, cost: -1 }] })).rejects.toThrow(TypeError)
    expect(alerts).toEqual([])
  })

  describe('under a composite store', () => {
    let money: Store
    let store: Store
    beforeEach(() => {
      money = createMemoryStore({ clock })
      store = createCompositeStore({ counters, store: money })
    })

    it('let a call be extended whose record says that it lives, and leave unknown one that may live by slots', async () => {
      await applyOne(store, { kind: 'claim', claim: { scope: 's', fingerprint: 'f', keptMs: 1 }, call: { id: 'kept', accountId: 'a', holdMs: 10_000, onExpiry: 'release' } })
      await applyOne(store, admission([slot], '1', 'slots alone'))
      engine.fail('no')
      expect(await applyOne(store, { kind: 'extend', callId: 'kept', holdMs: 90_000 })).toEqual({ extended: true })
      expect((await money.call('kept'))?.deadlineMs).toBe(clock.wallMs() + 90_000)
      await expect(applyOne(store, { kind: 'extend', callId: 'slots alone', holdMs: 10_000 })).rejects.toThrow(StoreUnavailableError)
      engine.fail('none')
      clock.advance(1_000)
      expect(await applyOne(store, { kind: 'extend', callId: 'slots alone', holdMs: 10_000 })).toEqual({ extended: true })
      expect(await applyOne(store, { kind: 'extend', callId: 'nobody', holdMs: 10_000 })).toEqual({ extended: false })
    })

    it('do not let a call go on under a key that its deadline has freed, whatever it has counted here', async () => {
      const call = { id: 'c1', accountId: 'a', holdMs: 10_000, onExpiry: 'release' } as const
      await applyOne(store, { kind: 'claim', claim: { scope: 's', fingerprint: 'f', keptMs: 1 }, call })
      engine.fail('no')
      await applyOne(store, { ...admission([burst], '1') })
      clock.advance(10_001)
      engine.fail('none')
      expect(await extend()).toEqual({ extended: false })
      await expect(applyOne(store, { ...admission([burst, { subject: 'account:a', name: 'credit', meter: { kind: 'balance', scale: 2 }, limit: 0, cost: 0 }], '2'), call: { ...call, begun: true } })).rejects.toThrow('past its deadline')
    })
  })
})
