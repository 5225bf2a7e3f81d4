/** A change to a document is told to every gateway at once, and where nothing is heard, within a second or so. */
import { createSystemClock } from '@tollgate/gateway'
import { applyOne } from 'tollgate/stores'
import type { ConnectSql, PostgresStore } from 'tollgate/stores/postgres'
import { createPostgresStore } from 'tollgate/stores/postgres'
import { afterEach, expect, test } from 'vitest'
import { createPostgresDatabase } from './stores.ts'

const stores: PostgresStore[] = []
const urls: string[] = []
afterEach(async () => {
  await Promise.all(stores.splice(0).map((store) => store.close()))
})

async function pair(around: (connect: ConnectSql) => ConnectSql = (connect) => connect): Promise<readonly [here: PostgresStore, there: PostgresStore]> {
  const database = await createPostgresDatabase()
  urls.push(database.url)
  for (const connect of [database.connect, around(database.connect)]) stores.push(await createPostgresStore({ connect, clock: createSystemClock(), answerWithinMs: 1_000 }))
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

test('a database that was restored knows less than was told, and what is written there is told all the same', async () => {
  const [here, there] = await pair()
  let told = 0
  there.watch(() => (told += 1))
  for (const id of ['k1', 'k2', 'k3']) {
    const before = told
    await put(here, id)
    await expect.poll(() => told, { timeout: 10_000 }).toBeGreaterThan(before)
  }
  const before = told
  const connection = await (await createPostgresDatabase(urls.at(-1))).connect('migration')
  await connection.query({ text: "update tollgate.heads set last = 1 where name = 'changes'" })
  await connection.query({ text: 'delete from tollgate.changes where cursor > 1' })
  await connection.close()
  await expect.poll(() => told, { timeout: 10_000 }).toBeGreaterThan(before)
  const restored = told
  await put(here, 'k2')
  await expect.poll(() => told, { timeout: 10_000 }).toBeGreaterThan(restored)
})

test('a connection that never answers whether it listens keeps nobody from asking', async () => {
  let listeners = 0
  const [here, there] = await pair((connect) => async (role) => {
    const opened = await connect(role)
    if (role !== 'listener') return opened
    listeners += 1
    return listeners === 1 ? { ...opened, query: (asked) => opened.query(asked).finally(() => void opened.close()) } : { ...opened, notified: undefined, query: () => opened.lost.then(() => Promise.reject(new Error('closed'))) }
  })
  let told = 0
  there.watch(() => (told += 1))
  await expect.poll(() => listeners, { timeout: 10_000 }).toBeGreaterThan(2)
  await put(here, 'k1')
  await expect.poll(() => told, { timeout: 10_000 }).toBe(1)
})
