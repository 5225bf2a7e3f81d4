import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createMemoryStore } from '../stores/resident/memory.ts'
import type { SqlDatabase } from '../stores/resident/sqlite-database.ts'
import { createSqliteStore } from '../stores/resident/sqlite.ts'
import { createManualClock, type ManualClock } from '../testing/manual-clock.ts'
import type { Account } from './account.ts'
import { createApiKey } from './api-key.ts'
import { createDirectory, type Directory } from './directory.ts'
import { applyDocument } from './documents.ts'
import type { Store } from '../stores/store.ts'

const Database = createRequire(import.meta.url)('libsql') as new (path: string) => SqlDatabase
const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex')
const SECRET = 'cak_secret_secret_secret'

const account = (id: string, more: Partial<Account> = {}): Account => ({ id, api: 'chatads', name: id, status: 'active', plan: 'free', createdAtMs: 1, ...more })
const keyFor = (id: string, secret: string, accountId = 'team_1', nowMs = 1) =>
  createApiKey({ id, api: 'chatads', accountId, secret, prefix: 'cak_', sha256Hex, nowMs })

describe('the directory', () => {
  let clock: ManualClock
  let store: Store
  let reads: string[]
  let directory: Directory

  beforeEach(async () => {
    clock = createManualClock(1_000_000)
    reads = []
    const memory = createMemoryStore({ clock })
    store = {
      ...memory,
      get(collection, id) {
        reads.push(`${collection} ${id}`)
        return memory.get(collection, id)
      },
    }
    directory = createDirectory({ store, clock, sha256Hex, cacheMax: 20 })
    await directory.putAccount(account('team_1'))
    await directory.putKey(keyFor('key_1', SECRET))
    reads.length = 0
  })

  test('finds a key and its account by the whole secret, for its own API only', async () => {
    expect(await directory.findKey('chatads', SECRET)).toEqual({ key: keyFor('key_1', SECRET), account: account('team_1') })
    expect(await directory.findKey('jogg', SECRET)).toBeUndefined()
    expect(await directory.findKey('chatads', SECRET.slice(0, -1))).toBeUndefined()
    expect(await directory.findKey('chatads', 'constructor')).toBeUndefined()
  })

  test('never hashes an absurdly long secret', async () => {
    const refusing = createDirectory({ store, clock, sha256Hex: () => expect.fail('hashed') })
    expect(await refusing.findKey('chatads', 'x'.repeat(513))).toBeUndefined()
  })

  test('asks the store once for a key that is often looked up by its id, as tokens and open streams do', async () => {
    for (let count = 0; count < 5; count += 1) expect(await directory.keyById('key_1')).toMatchObject({ id: 'key_1' })
    expect(reads).toEqual(['key-ids key_1', `keys ${sha256Hex(SECRET)}`])
    expect(await directory.keyById('key_2')).toBeUndefined()
    await directory.putKey(keyFor('key_2', `${SECRET}_2`))
    expect(await directory.keyById('key_2')).toMatchObject({ id: 'key_2' })
    await directory.deleteAccount('team_1', { id: 'team_1', api: 'chatads', deletedAtMs: 2 })
    expect(await directory.keyById('key_1')).toBeUndefined()
  })

  test('asks the store once for a key that is used often', async () => {
    for (let count = 0; count < 5; count += 1) await directory.findKey('chatads', SECRET)
    expect(reads).toHaveLength(2)
  })

  test('asks the store once for a wrong key that is repeated, and again after a second', async () => {
    for (let count = 0; count < 5; count += 1) await directory.findKey('chatads', 'wrong')
    expect(reads).toHaveLength(1)
    clock.advance(1_001)
    await directory.findKey('chatads', 'wrong')
    expect(reads).toHaveLength(2)
  })

  test('a flood of wrong keys does not drive out good ones', async () => {
    await directory.findKey('chatads', SECRET)
    for (let count = 0; count < 5_000; count += 1) await directory.findKey('chatads', `wrong ${count}`)
    reads.length = 0
    await directory.findKey('chatads', SECRET)
    expect(reads).toEqual([])
  })

  test('a change acts from the next call on', async () => {
    await directory.findKey('chatads', SECRET)
    await directory.updateKey('key_1', (key) => ({ ...key, status: 'revoked', revokedAtMs: 7 }))
    await directory.updateAccount('team_1', (current) => ({ ...current, plan: 'pro' }))
    expect(await directory.findKey('chatads', SECRET)).toMatchObject({ key: { status: 'revoked', revokedAtMs: 7 }, account: { plan: 'pro' } })
  })

  test('a key that was unknown a moment ago works as soon as it is put', async () => {
    expect(await directory.findKey('chatads', 'cak_another_secret')).toBeUndefined()
    await directory.putKey(keyFor('key_2', 'cak_another_secret'))
    expect(await directory.findKey('chatads', 'cak_another_secret')).toMatchObject({ key: { id: 'key_2' } })
  })

  test('a read that overlaps a write does not leave the old row in the cache', async () => {
    const waiting: (() => void)[] = []
    const slow: Store = {
      ...store,
      async get(collection, id) {
        const document = await store.get(collection, id)
        if (collection === 'accounts') await new Promise<void>((resolve) => waiting.push(resolve))
        return document
      },
    }
    directory = createDirectory({ store: slow, clock, sha256Hex })
    const reading = directory.account('team_1')
    await new Promise((resolve) => setImmediate(resolve))
    await directory.putAccount(account('team_1', { plan: 'pro' }))
    waiting.shift()?.()
    expect(await reading).toMatchObject({ plan: 'free' })
    const again = directory.account('team_1')
    await new Promise((resolve) => setImmediate(resolve))
    waiting.shift()?.()
    expect(await again).toMatchObject({ plan: 'pro' })
  })

  test('writes say whether the expected version stood there', async () => {
    expect(await directory.putAccount(account('team_1'), { expect: 0 })).toEqual({ written: false, version: 1 })
    expect(await directory.putAccount(account('team_1'), { expect: 1 })).toEqual({ written: true, version: 2 })
  })

  test('concurrent updates of one row lose none', async () => {
    await Promise.all(Array.from({ length: 5 }, (_, at) => directory.updateAccount('team_1', (current) => ({ ...current, limits: { ...current.limits, [`m${at}`]: at } }))))
    expect((await directory.account('team_1'))?.limits).toEqual({ m0: 0, m1: 1, m2: 2, m3: 3, m4: 4 })
  })

  test('an update of what does not exist is undefined', async () => {
    expect(await directory.updateAccount('nobody', (current) => current)).toBeUndefined()
    expect(await directory.updateKey('nothing', (key) => key)).toBeUndefined()
    expect(await directory.keyById('nothing')).toBeUndefined()
  })

  test('one id never names two secrets', async () => {
    expect(await directory.putKey(keyFor('key_1', 'cak_another_secret'))).toMatchObject({ written: false })
    expect(await directory.findKey('chatads', 'cak_another_secret')).toBeUndefined()
    expect(await directory.keyById('key_1')).toEqual(keyFor('key_1', SECRET))
    expect(await directory.putKey(keyFor('key_1', SECRET), { expect: 0 })).toEqual({ written: false, version: 1 })
  })

  test('an update cannot change the id or the hash', async () => {
    await directory.updateKey('key_1', (key) => ({ ...key, id: 'other', hash: 'other', label: 'new' }))
    expect(await directory.keyById('key_1')).toEqual({ ...keyFor('key_1', SECRET), label: 'new' })
  })

  test('lists the keys of an account, oldest first, however many', async () => {
    for (let number = 2; number <= 250; number += 1) await directory.putKey(keyFor(`key_${number}`, `cak_the_secret_number_${number}`, 'team_1', number))
    await directory.putKey(keyFor('key_x', 'cak_the_secret_of_another', 'team_2'))
    expect((await directory.keysOf('team_1')).map(({ id }) => id)).toEqual(Array.from({ length: 250 }, (_, at) => `key_${at + 1}`))
  })

  test('lists accounts page by page', async () => {
    await directory.putAccount(account('team_2'))
    await directory.putAccount(account('team_3'))
    expect((await directory.listAccounts({ limit: 2 })).map(({ id }) => id)).toEqual(['team_1', 'team_2'])
    expect((await directory.listAccounts({ after: 'team_2' })).map(({ id }) => id)).toEqual(['team_3'])
  })

  test('switches are off until they are switched', async () => {
    expect(await directory.switches('chatads')).toEqual({})
    await directory.updateSwitches('chatads', () => ({ maintenance: { on: true, untilMs: 9 } }))
    expect(await directory.switches('chatads')).toEqual({ maintenance: { on: true, untilMs: 9 } })
    expect(await directory.switches('jogg')).toEqual({})
  })

  test('the audit trail is newest first, also within one millisecond, and goes on page by page', async () => {
    await directory.audit('a', {})
    await directory.audit('b', { who: 'me' })
    clock.advance(1)
    await directory.audit('c', {})
    const rows = await directory.listAudit()
    expect(rows.map(({ action }) => action)).toEqual(['c', 'b', 'a'])
    expect(rows[1]).toMatchObject({ atMs: 1_000_000, detail: { who: 'me' } })
    expect((await directory.listAudit({ limit: 1, after: rows[0]?.id ?? '' })).map(({ action }) => action)).toEqual(['b'])
  })

  test('a failing store is not mistaken for an unknown key', async () => {
    await store.close()
    await expect(directory.findKey('chatads', SECRET)).rejects.toThrow(/closed/)
    await expect(directory.switches('chatads')).rejects.toThrow(/closed/)
  })
})

/** What becomes of ids and secrets is the same wherever they are kept. */
describe.each([
  ['memory', createMemoryStore],
  ['SQLite', ({ clock }: { readonly clock: ManualClock }) => createSqliteStore({ database: new Database(':memory:'), clock })],
])('a secret that is a key’s already, in %s', (_, createStore) => {
  let store: Store
  let directory: Directory

  beforeEach(async () => {
    const clock = createManualClock(1_000_000)
    store = createStore({ clock })
    directory = createDirectory({ store, clock, sha256Hex })
    await directory.putAccount(account('team_1'))
    await directory.putKey(keyFor('key_1', SECRET))
  })
  afterEach(() => store.close())

  test.each([{}, { expect: 0 }, { expect: 1 }])('is not put under another id (%j), of which nothing stays', async (options) => {
    expect(await directory.putKey(keyFor('key_2', SECRET, 'team_2'), options)).toEqual({ written: false, version: 1 })
    expect(await directory.keyById('key_2')).toBeUndefined()
    expect(await store.get('key-ids', 'key_2')).toBeUndefined()
    expect(await directory.findKey('chatads', SECRET)).toMatchObject({ key: keyFor('key_1', SECRET) })
    expect(await directory.keyById('key_1')).toEqual(keyFor('key_1', SECRET))
    // The id is free for a secret of its own.
    expect(await directory.putKey(keyFor('key_2', 'cak_another_secret'), { expect: 0 })).toEqual({ written: true, version: 1 })
  })

  test('goes to one of two that come together, and the other leaves nothing', async () => {
    const fresh = ['key_3', 'key_4'].map((id) => keyFor(id, 'cak_another_secret'))
    const outcomes = await Promise.all(fresh.map((key) => directory.putKey(key, { expect: 0 })))
    expect(outcomes.map(({ written }) => written).toSorted()).toEqual([false, true])
    const kept = await Promise.all(fresh.map(({ id }) => store.get('key-ids', id)))
    expect(kept.map((document) => document !== undefined)).toEqual(outcomes.map(({ written }) => written))
  })

  test('of an id whose writer died before its key was written, is the key’s that has it now', async () => {
    await applyDocument(store, { kind: 'put', collection: 'key-ids', id: 'key_5', value: { hash: sha256Hex(SECRET) } })
    expect(await directory.keyById('key_5')).toBeUndefined()
    expect(await directory.updateKey('key_5', (key) => ({ ...key, status: 'revoked' }))).toBeUndefined()
    expect(await directory.keyById('key_1')).toMatchObject({ status: 'active' })
  })

  test('is put again under its own id, whatever stood there', async () => {
    expect(await directory.putKey({ ...keyFor('key_1', SECRET), label: 'again' })).toEqual({ written: true, version: 2 })
    expect(await directory.keyById('key_1')).toMatchObject({ label: 'again' })
  })
})
