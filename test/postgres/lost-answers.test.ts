/** Connections that are cut: what is known of a command is said, and what is asked again by its name is done once. */
import { createSystemClock } from '@tollgate/gateway'
import { checkLedger, StoreUnavailableError, type StateCommand } from 'tollgate/engine'
import { applyNamed, applyOne } from 'tollgate/stores'
import type { PostgresStore } from 'tollgate/stores/postgres'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { freshDatabase } from '../servers/postgres.ts'
import { startRelay, type Relay } from '../valkey/relay.ts'
import { createPostgresDatabase } from './stores.ts'

let relay: Relay
let store: PostgresStore
let direct: PostgresStore

beforeEach(async () => {
  const url = new URL(await freshDatabase())
  direct = await (await createPostgresDatabase(url.href)).open({ clock: createSystemClock() })
  relay = await startRelay(Number(url.port))
  url.port = String(relay.port)
  store = await (await createPostgresDatabase(url.href)).open({ clock: createSystemClock(), lanes: 1 })
  await applyOne(store, { kind: 'grant', subject: 'account:a', name: 'credit', scale: 2, grantId: 'g', units: 1_000, reason: 'test' })
})
afterEach(async () => {
  await store.close()
  await direct.close()
  await relay.close()
})

const admit = (id: string): StateCommand & { readonly kind: 'admit' } => ({
  kind: 'admit',
  takes: [{ subject: 'account:a', name: 'credit', meter: { kind: 'balance', scale: 2 }, limit: 0, cost: 10 }],
  call: { id, accountId: 'a', holdMs: 60_000, onExpiry: 'release' },
  admission: 'stage 0',
})
const held = async (): Promise<number | undefined> => (await direct.balance('account:a', 'credit'))?.heldUnits

test.each(['before', 'after'] as const)('a connection that is cut %s the commit arrives leaves every command of the group unknown, and asked again each is done once', async (when) => {
  relay.cutAt('tollgate_commit', when, 'COMMIT')
  const ids = ['c1', 'c2', 'c3']
  const first = await Promise.allSettled(ids.map((id) => applyOne(store, admit(id))))
  for (const outcome of first) expect(outcome).toMatchObject({ status: 'rejected', reason: { name: 'StoreUnavailableError', applied: 'unknown' } })
  // Nothing was sent again by itself.
  await expect.poll(held).toBe(when === 'after' ? 30 : 0)
  for (const id of ids) expect((await applyOne(store, admit(id))).admitted).toBe(true)
  expect(await held()).toBe(30)
  expect(checkLedger(await direct.ledger({ limit: 100 }), await direct.calls({ limit: 100 }))).toEqual([])
})

test('whoever asks by name is told as if nothing had been', async () => {
  relay.cutAt('tollgate_commit', 'after', 'COMMIT')
  expect((await applyNamed(store, admit('c1'))).admitted).toBe(true)
  expect(await held()).toBe(10)
})

test.each(['before', 'after'] as const)('a connection that is cut %s what is read arrives changes nothing, and the group is decided over another one', async (when) => {
  relay.cutAt('tollgate_subjects', when)
  expect((await applyOne(store, admit('c1'))).admitted).toBe(true)
  expect(await held()).toBe(10)
})

test('what only reads is asked once more by itself', async () => {
  relay.cutAt('tollgate_read_subject', 'after')
  expect((await store.balance('account:a', 'credit'))?.availableUnits).toBe(1_000)
})

test('where there is no database, all reject and say that nothing took effect', async () => {
  await relay.close()
  const outcomes = await Promise.allSettled([applyOne(store, admit('c1')), applyOne(store, admit('c2')), store.balance('account:a', 'credit')])
  for (const outcome of outcomes) expect(outcome).toMatchObject({ status: 'rejected', reason: { name: 'StoreUnavailableError', applied: 'no' } })
  expect(await held()).toBe(0)
  expect(() => {
    throw (outcomes[0] as PromiseRejectedResult).reason
  }).toThrow(StoreUnavailableError)
})
