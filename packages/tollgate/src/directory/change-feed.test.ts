import { createHash } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import { createMemoryStore } from '../stores/resident/memory.ts'
import { createManualClock, type ManualClock } from '../testing/manual-clock.ts'
import { createApiKey } from './api-key.ts'
import { ROW_AGE_MAX_MS } from './change-feed.ts'
import { createDirectory, type Directory } from './directory.ts'
import { StoreUnavailableError } from '../engine/store-error.ts'
import type { Store } from '../stores/store.ts'

const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex')
const SECRET = 'cak_secret_secret_secret'

describe('two gateways on one store', () => {
  let clock: ManualClock
  let store: Store
  let here: Directory
  let there: Directory
  let turns: number
  let fails: boolean

  beforeEach(async () => {
    clock = createManualClock(1_000_000)
    store = createMemoryStore({ clock })
    turns = 0
    fails = false
    const counted: Store = {
      ...store,
      async changes(after, limit) {
        turns += 1
        if (fails) throw new StoreUnavailableError('away')
        return store.changes(after, limit)
      },
    }
    here = createDirectory({ store, clock, sha256Hex })
    there = createDirectory({ store: counted, clock, sha256Hex })
    await here.putAccount({ id: 'team_1', api: 'ads', name: 'One', status: 'active', plan: 'free', createdAtMs: 1 })
    await here.putKey(createApiKey({ id: 'key_1', api: 'ads', accountId: 'team_1', secret: SECRET, prefix: 'cak_', sha256Hex, nowMs: 1 }))
    // Both rows are in its cache now.
    await there.findKey('ads', SECRET)
    await there.switches('ads')
    turns = 0
  })

  const revoke = () => here.updateKey('key_1', (key) => ({ ...key, status: 'revoked' }))
  const statusThere = async () => (await there.findKey('ads', SECRET))?.key.status

  test('what one revokes it refuses at once, and the other within two seconds', async () => {
    await revoke()
    expect((await here.findKey('ads', SECRET))?.key.status).toBe('revoked')
    clock.advance(ROW_AGE_MAX_MS)
    expect(ROW_AGE_MAX_MS).toBeLessThan(2_000)
    expect(await statusThere()).toBe('revoked')
  })

  test('where the store tells of changes the other has heard of it before time has passed, also of what came while it was reading', async () => {
    const listeners = new Set<() => void>()
    const telling: Store = { ...store, watch: (listen) => (listeners.add(listen), () => listeners.delete(listen)) }
    const told = createDirectory({ store: telling, clock, sha256Hex })
    const status = async () => (await told.findKey('ads', SECRET))?.key.status
    expect(await status()).toBe('active')
    for (const next of ['disabled', 'active', 'revoked'] as const) {
      // Half of them while a turn is under way.
      for (const listen of listeners) listen()
      await here.updateKey('key_1', (key) => ({ ...key, status: next }))
      for (const listen of listeners) listen()
      await new Promise((resolve) => setImmediate(resolve))
      expect(await status()).toBe(next)
    }
  })

  test('accounts and switches, too', async () => {
    await here.updateAccount('team_1', (account) => ({ ...account, status: 'suspended' }))
    await here.updateSwitches('ads', () => ({ overload: { on: true } }))
    clock.advance(ROW_AGE_MAX_MS)
    expect((await there.account('team_1'))?.status).toBe('suspended')
    expect(await there.switches('ads')).toEqual({ overload: { on: true } })
  })

  test('under steady calls the feed is read beside them: none waits, and all are right before rows are too old', async () => {
    await revoke()
    let revokedAfterMs: number | undefined
    for (let passedMs = 100; passedMs <= 2_000; passedMs += 100) {
      clock.advance(100)
      if ((await statusThere()) === 'revoked') revokedAfterMs ??= passedMs
      // What was begun beside the call ends before the next one.
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(revokedAfterMs).toBeLessThanOrEqual(700)
    expect(turns).toBeLessThanOrEqual(5)
  })

  test('no feed is read while nobody calls, and none again within half a second', async () => {
    clock.advance(3_600_000)
    expect(turns).toBe(0)
    for (let count = 0; count < 100; count += 1) await statusThere()
    expect(turns).toBe(1)
    expect(clock.pending()).toBe(0)
  })

  test('without the feed no row is used that may be too old: it fails closed, and works again when the feed does', async () => {
    await revoke()
    fails = true
    clock.advance(ROW_AGE_MAX_MS - 1)
    expect(await statusThere()).toBe('active')
    clock.advance(1)
    await expect(statusThere()).rejects.toThrow('away')
    await expect(there.switches('ads')).rejects.toThrow('away')
    fails = false
    expect(await statusThere()).toBe('revoked')
  })

  test('who has missed changes trusts no row', async () => {
    await revoke()
    for (let count = 0; count < 10_001; count += 1) await store.apply([{ kind: 'put', collection: 'other', id: 'x', value: count }])
    clock.advance(ROW_AGE_MAX_MS)
    expect(await statusThere()).toBe('revoked')
  })

  test('a change among thousands of others is heard in one turn', async () => {
    await revoke()
    for (let count = 0; count < 2_500; count += 1) await store.apply([{ kind: 'put', collection: 'other', id: 'x', value: count }])
    clock.advance(ROW_AGE_MAX_MS)
    expect(await statusThere()).toBe('revoked')
    expect(turns).toBe(3)
  })
})

describe('where old rows may be used while the store does not answer', () => {
  let clock: ManualClock
  let fault: 'none' | 'fails' | 'hangs'
  let directory: Directory
  let told: boolean[]

  beforeEach(async () => {
    clock = createManualClock(1_000_000)
    fault = 'none'
    told = []
    const store = createMemoryStore({ clock })
    const shared: Store = {
      ...store,
      async changes(after, limit) {
        if (fault === 'hangs') return new Promise(() => undefined)
        if (fault === 'fails') throw new StoreUnavailableError('away')
        return store.changes(after, limit)
      },
    }
    directory = createDirectory({ store: shared, clock, sha256Hex, stale: { forMs: 60_000, told: (isStale) => told.push(isStale) } })
    await directory.putAccount({ id: 'team_1', api: 'ads', name: 'One', status: 'active', plan: 'free', createdAtMs: 1 })
    await directory.account('team_1')
  })

  test('they are, for so long and no longer', async () => {
    fault = 'fails'
    clock.advance(10_000)
    expect((await directory.account('team_1'))?.id).toBe('team_1')
    clock.advance(49_999)
    expect((await directory.account('team_1'))?.id).toBe('team_1')
    clock.advance(1)
    await expect(async () => directory.account('team_1')).rejects.toThrow('away')
    expect(told).toEqual([true])
  })

  test('who finds that it hangs waits for a second, and who comes after does not wait', async () => {
    fault = 'hangs'
    clock.advance(10_000)
    const first = directory.account('team_1')
    clock.advance(1_000)
    expect((await first)?.id).toBe('team_1')
    expect(directory.account('team_1')).not.toBeInstanceOf(Promise)
  })

  test('it is said when the store answers again', async () => {
    fault = 'fails'
    clock.advance(10_000)
    await directory.account('team_1')
    fault = 'none'
    clock.advance(500)
    await directory.account('team_1')
    await new Promise((resolve) => setImmediate(resolve))
    expect(told).toEqual([true, false])
  })
})

test('switches that are known, and that there are none, are good for as long as the store does not answer, where that is said', async () => {
  const clock = createManualClock(1_000_000)
  let fails = false
  const store = createMemoryStore({ clock })
  const failing = <T>(run: () => Promise<T>): Promise<T> => (fails ? Promise.reject(new StoreUnavailableError('away')) : run())
  const shared: Store = { ...store, changes: (...asked) => failing(() => store.changes(...asked)), get: (...asked) => failing(() => store.get(...asked)) }
  const directory = createDirectory({ store: shared, clock, sha256Hex, switchesStaleMs: Infinity })
  await directory.updateSwitches('ads', () => ({ overload: { on: true } }))
  expect([await directory.switches('ads'), await directory.switches('others')]).toEqual([{ overload: { on: true } }, {}])
  fails = true
  clock.advance(86_400_000)
  expect([await directory.switches('ads'), await directory.switches('others')]).toEqual([{ overload: { on: true } }, {}])
  // Nothing else is.
  await expect(async () => directory.account('team_1')).rejects.toThrow('away')
})
