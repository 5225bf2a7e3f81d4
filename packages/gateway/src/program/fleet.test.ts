import { StoreUnavailableError } from 'tollgate/engine'
import type { Store } from 'tollgate/stores'
import { createMemoryStore } from 'tollgate/stores/memory'
import { createManualClock, type ManualClock } from 'tollgate/testing'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { fleetOfOne, startFleet, type Fleet } from './fleet.ts'

const about = { host: 'a', pid: 1, startedAtMs: 0, version: '0.1.0' }
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

let clock: ManualClock
let store: Store
let fails: boolean
let fleets: Map<string, Fleet>

async function join(owner: string): Promise<Fleet> {
  const shared: Pick<Store, 'list' | 'apply'> = {
    list: (...asked) => (fails ? Promise.reject(new StoreUnavailableError('away')) : store.list(...asked)),
    apply: (commands) => (fails ? Promise.reject(new StoreUnavailableError('away')) : store.apply(commands)),
  }
  const fleet = await startFleet({ store: shared, clock, owner, about })
  fleets.set(owner, fleet)
  return fleet
}

async function pass(ms: number): Promise<void> {
  for (let passedMs = 0; passedMs < ms; passedMs += 1_000) {
    clock.advance(1_000)
    await turn()
  }
}

beforeEach(() => {
  clock = createManualClock(0)
  store = createMemoryStore({ clock })
  fails = false
  fleets = new Map()
})

afterEach(() => Promise.all([...fleets.values()].map((fleet) => fleet.stop())))

test('each counts itself and the others, and one of them is the first', async () => {
  const a = await join('gw_a')
  expect([a.count(), a.isFirst()]).toEqual([1, true])
  const b = await join('gw_b')
  await pass(10_000)
  expect([a.count(), b.count()]).toEqual([2, 2])
  expect([a.isFirst(), b.isFirst()]).toEqual([true, false])
  expect(b.members().map(({ id }) => id)).toEqual(['gw_a', 'gw_b'])
})

test('those that start together have seen each other a second later', async () => {
  const all = await Promise.all(['gw_a', 'gw_b', 'gw_c', 'gw_d'].map(join))
  await pass(1_000)
  expect(all.map((fleet) => fleet.count())).toEqual([4, 4, 4, 4])
})

test('who leaves in order is not counted from the next look on', async () => {
  const a = await join('gw_a')
  const b = await join('gw_b')
  await pass(10_000)
  await a.stop()
  await pass(10_000)
  expect([b.count(), b.isFirst()]).toEqual([1, true])
  await b.stop()
  expect(clock.pending()).toBe(0)
})

test('who dies is counted for half a minute, and its row goes after some more', async () => {
  const b = await join('gw_b')
  // As one that was killed leaves it.
  await store.apply([{ kind: 'put', collection: 'gateways', id: 'gw_a', value: about }])
  await pass(20_000)
  expect([b.count(), b.isFirst()]).toEqual([2, false])
  await pass(30_000)
  expect([b.count(), b.isFirst()]).toEqual([1, true])
  expect(await store.get('gateways', 'gw_a')).toBeDefined()
  await pass(300_000)
  expect(await store.get('gateways', 'gw_a')).toBeUndefined()
})

test('while the store does not answer nobody is seen to go', async () => {
  const a = await join('gw_a')
  await join('gw_b')
  await pass(10_000)
  fails = true
  await pass(120_000)
  expect(a.count()).toBe(2)
  fails = false
  await pass(20_000)
  expect(a.count()).toBe(2)
})

test('a gateway that shares with nobody is the first of one', () => {
  const fleet = fleetOfOne('gw_a', about)
  expect([fleet.count(), fleet.isFirst(), fleet.members()]).toEqual([1, true, [{ id: 'gw_a', ...about }]])
})
