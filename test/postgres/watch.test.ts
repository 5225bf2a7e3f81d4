/** A change to a document is told to every gateway at once, and where nothing is heard, within a second or so. */
import { createSystemClock } from '@tollgate/gateway'
import { applyOne } from 'tollgate/stores'
import type { ConnectSql, PostgresStore } from 'tollgate/stores/postgres'
import { createPostgresStore } from 'tollgate/stores/postgres'
import { afterEach, expect, test } from 'vitest'
import { createPostgresDatabase } from './stores.ts'

const stores: PostgresStore[] = []
afterEach(async () => {
  await Promise.all(stores.splice(0).map((store) => store.close()))
})

async function pair(around: (connect: ConnectSql) => ConnectSql = (connect) => connect): Promise<readonly [here: PostgresStore, there: PostgresStore]> {
  const database = await createPostgresDatabase()
  for (const connect of [database.connect, around(database.connect)]) stores.push(await createPostgresStore({ connect, clock: createSystemClock() }))
  return stores as unknown as readonly [PostgresStore, PostgresStore]
}

const put = (store: PostgresStore, id: string) => applyOne(store, { kind: 'put', collection: 'keys', id, value: { status: 'revoked' } })

test('what is written by one is told to the other, once, and not what only counts', async () => {
  const [here, there] = await pair()
  let told = 0
  there.watch(() => (told += 1))
  await put(here, 'k1')
  await expect.poll(() => told).toBe(1)
  await put(here, 'k2')
  await expect.poll(() => told).toBe(2)
  const cursor = (await there.changes(undefined, 1)).cursor
  await applyOne(here, { kind: 'admit', takes: [{ subject: 'account:a', name: 'day', meter: { kind: 'quota', period: 'day' }, limit: 9, cost: 1 }] })
  expect((await there.changes(undefined, 1)).cursor).toBe(cursor)
})

test('where notifications do not come, changes are asked for each second', async () => {
  const [here, there] = await pair((connect) => async (role) => {
    if (role === 'listener') throw new Error('no notifications here')
    return connect(role)
  })
  let told = 0
  const stop = there.watch(() => (told += 1))
  await put(here, 'k1')
  await expect.poll(() => told).toBe(1)
  stop()
  await put(here, 'k2')
  await put(there, 'k3')
  expect(told).toBe(1)
})
