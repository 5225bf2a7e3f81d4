/** A stage over two engines, of which one refuses, fails, or cannot say what it did. */
import { StoreUnavailableError, type AdmitCommand, type Take } from 'tollgate/engine'
import { applyOne, type Command, type Store } from 'tollgate/stores'
import { createCompositeStore, type ReturningCounters } from 'tollgate/stores/composite'
import { createMemoryStore } from 'tollgate/stores/memory'
import { createManualClock } from 'tollgate/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mayUseValkey } from '../servers/valkey.ts'
import { startValkeyBench, type ValkeyBench } from './harness.ts'

const NOON = Date.UTC(2026, 2, 10, 12)

const daily: Take = { subject: 'account:a', name: 'daily', meter: { kind: 'quota', period: 'day' }, limit: 9, cost: 1 }
const attempts: Take = { subject: 'account:a', name: 'attempts', meter: { kind: 'window', windowMs: 60_000, counts: 'attempts' }, limit: 9, cost: 1 }
const parallel: Take = { subject: 'account:a', name: 'parallel', meter: { kind: 'lease', of: 'slot' }, limit: 9, cost: 1 }
const credit: Take = { subject: 'account:a', name: 'credit', meter: { kind: 'balance', scale: 2 }, limit: 0, cost: 40 }
const stage = [credit, daily, attempts, parallel]

const admission = (id: string, name = '1'): AdmitCommand => ({ kind: 'admit', takes: stage, call: { id, accountId: 'a', holdMs: 60_000, onExpiry: 'release' }, admission: name, owner: 'gw', dispatch: true })

/** Does what is asked, or not, and then fails. */
function failing(store: Store, next: { fails: 'no' | 'unknown, done' | 'unknown, not done' | undefined }): Store {
  return {
    ...store,
    async apply(commands: readonly Command[]) {
      const { fails } = next
      if (fails === undefined || commands[0]?.kind !== 'admit') return store.apply(commands)
      next.fails = undefined
      if (fails === 'unknown, done') await store.apply(commands)
      throw new StoreUnavailableError('broken', { applied: fails === 'no' ? 'no' : 'unknown' })
    },
  }
}

describe.skipIf(!mayUseValkey)('a stage over counters and money', () => {
  let bench: ValkeyBench
  beforeAll(async () => {
    bench = await startValkeyBench()
  })
  afterAll(() => bench.stop())

  async function open(granted = 100) {
    const clock = createManualClock(NOON)
    const counters = await bench.counters(clock)
    const next: Parameters<typeof failing>[1] = { fails: undefined }
    const store = createCompositeStore({ counters, store: failing(createMemoryStore({ clock }), next) })
    await applyOne(store, { kind: 'grant', subject: 'account:a', name: 'credit', scale: 2, grantId: 'g', units: granted, reason: 'test' })
    await applyOne(store, { kind: 'beat', owner: 'gw', ttlMs: 10_000 })
    const used = async () => (await store.peek(stage)).map((reading) => reading.used)
    return { store, counters, next, used, clock }
  }

  test('what money refuses the counters give back, but for attempts, and say how they stand', async () => {
    const { store, used } = await open(50)
    expect((await applyOne(store, admission('c1'))).admitted).toBe(true)
    const refused = await applyOne(store, admission('c2'))
    expect(refused).toMatchObject({ admitted: false, refusedBy: { name: 'credit', remaining: 10 }, retryAtMs: undefined })
    expect(refused.readings.map(({ name, used: of, admitted }) => [name, of, admitted])).toEqual([['credit', 40, false], ['daily', 1, true], ['attempts', 2, true], ['parallel', 1, true]])
    expect(await used()).toEqual([40, 1, 2, 1])
    // The call of the first has what it took.
    await applyOne(store, { kind: 'settle', callId: 'c1', outcome: 'done', reason: 'test' })
    expect(await used()).toEqual([0, 1, 2, 0])
  })

  test('a stage of nobody\'s call that is refused beside the money counts nothing, but for attempts', async () => {
    const clock = createManualClock(NOON)
    const next: Parameters<typeof failing>[1] = { fails: undefined }
    const store = createCompositeStore({ counters: await bench.counters(clock), store: failing(createMemoryStore({ clock }), next), keptWithMoney: (meter) => meter === 'tokens' })
    const tokens: Take = { subject: 'account:a', name: 'tokens', meter: { kind: 'window', windowMs: 60_000 }, limit: 1, cost: 1 }
    const counted: AdmitCommand = { kind: 'admit', takes: [daily, attempts, tokens], accountId: 'a' }
    const used = async () => (await store.peek(counted.takes)).map((reading) => reading.used)
    expect((await applyOne(store, counted)).admitted).toBe(true)
    expect(await applyOne(store, counted)).toMatchObject({ admitted: false, refusedBy: { name: 'tokens' } })
    expect(await used()).toEqual([1, 2, 1])
    next.fails = 'no'
    await expect(applyOne(store, counted)).rejects.toMatchObject({ applied: 'no' })
    expect(await used()).toEqual([1, 3, 1])
  })

  test('what a limit refuses moves no money, and is refused by the first meter of the stage', async () => {
    const { store, used } = await open(200)
    for (const id of ['c1', 'c2']) await applyOne(store, { ...admission(id), takes: [credit, { ...daily, limit: 2 }] })
    const refused = await applyOne(store, { ...admission('c3'), takes: [{ ...credit, cost: 500 }, { ...daily, limit: 2 }] })
    expect(refused.admitted ? [] : [refused.refusedBy.name, refused.readings.map(({ admitted }) => admitted), refused.retryAtMs]).toEqual(['credit', [false, false], undefined])
    const later = await applyOne(store, { ...admission('c3'), takes: [credit, { ...daily, limit: 2 }] })
    expect(later.admitted ? [] : [later.refusedBy.name, later.retryAtMs]).toEqual(['daily', Date.UTC(2026, 2, 11)])
    expect((await used()).slice(0, 2)).toEqual([80, 2])
    expect((await store.ledger({ limit: 10 })).length).toBe(3)
  })

  test('where money fails and has done nothing, the counters give back', async () => {
    const { store, next, used } = await open()
    next.fails = 'no'
    await expect(applyOne(store, admission('c1'))).rejects.toMatchObject({ applied: 'no' })
    expect(await used()).toEqual([0, 0, 1, 0])
    expect((await applyOne(store, admission('c1'))).admitted).toBe(true)
    expect(await used()).toEqual([40, 1, 2, 1])
  })

  test.each(['unknown, done', 'unknown, not done'] as const)('where nobody knows (%s), what is asked again by its name is taken once', async (fails) => {
    const { store, next, used } = await open()
    next.fails = fails
    await expect(applyOne(store, admission('c1'))).rejects.toMatchObject({ applied: 'unknown' })
    const again = await applyOne(store, admission('c1'))
    expect(again.readings.map(({ used: of }) => of)).toEqual([40, 1, 1, 1])
    expect(await used()).toEqual([40, 1, 1, 1])
    // Another stage of the call takes besides.
    await applyOne(store, { ...admission('c1', '2'), takes: [daily, parallel] })
    expect(await used()).toEqual([40, 2, 1, 2])
    await applyOne(store, { kind: 'settle', callId: 'c1', outcome: 'released', reason: 'test' })
    expect(await used()).toEqual([0, 2, 1, 0])
  })

  test('whoever dies between the two leaves no money held, and slots only until its heart has stopped', async () => {
    const { counters, used, clock } = await open()
    // What it had asked of the counters, and of nobody else.
    await applyOne(counters, { ...admission('c1'), takes: [daily, attempts, parallel], dispatch: false })
    expect(await used()).toEqual([0, 1, 1, 1])
    clock.advance(10_000)
    expect(await used()).toEqual([0, 1, 1, 0])
    clock.advance(86_400_000)
    expect(await used()).toEqual([0, 0, 0, 0])
  })

  test('where the counters fail, money is not asked; a settlement does without them', async () => {
    const { store, counters, used } = await open()
    await applyOne(store, admission('c1'))
    const broken: ReturningCounters = { ...counters, apply: () => Promise.reject(new StoreUnavailableError('gone')) }
    const clock = createManualClock(NOON)
    const money = createMemoryStore({ clock })
    const half = createCompositeStore({ counters: broken, store: money })
    await applyOne(half, { kind: 'grant', subject: 'account:a', name: 'credit', scale: 2, grantId: 'g', units: 100, reason: 'test' })
    await expect(applyOne(half, admission('c1'))).rejects.toThrow('gone')
    expect((await money.balance('account:a', 'credit'))?.heldUnits).toBe(0)
    await applyOne(money, { ...admission('c1'), takes: [credit] })
    expect(await applyOne(half, { kind: 'settle', callId: 'c1', outcome: 'done', reason: 'test' })).toMatchObject({ settled: true, chargedUnits: 40 })
    expect(await used()).toEqual([40, 1, 1, 1])
  })
})
