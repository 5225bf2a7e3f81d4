/** What a server says in the middle of a group's transaction, and what becomes of the group. */
import { createSystemClock } from '@tollgate/gateway'
import { Client } from 'pg'
import { applyOne, type Command } from 'tollgate/stores'
import { createPostgresStore, type ConnectSql, type PostgresStore } from 'tollgate/stores/postgres'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { row } from '../../packages/tollgate/src/testing/journal-conformance.ts'
import { freshDatabase } from '../servers/postgres.ts'
import { createPostgresDatabase, type PostgresDatabase } from './stores.ts'

let database: PostgresDatabase
const stores: PostgresStore[] = []
beforeEach(async () => {
  database = await createPostgresDatabase(await freshDatabase())
})
afterEach(async () => {
  await Promise.all(stores.splice(0).map((store) => store.close()))
})

async function open(connect: ConnectSql = database.connect): Promise<PostgresStore> {
  const store = await createPostgresStore({ connect, clock: createSystemClock() })
  stores.push(store)
  return store
}

async function run(...texts: readonly string[]): Promise<void> {
  const client = new Client({ connectionString: database.url })
  await client.connect()
  for (const text of texts) await client.query(text)
  await client.end()
}

const grant = (id: string): Command & { readonly kind: 'grant' } => ({ kind: 'grant', subject: 'account:a', name: 'credit', scale: 2, grantId: id, units: 10, reason: 'test' })

test('money that moves with a row of the request log moves, although the day of the row was dropped by another gateway', async () => {
  const store = await open()
  const now = Date.now()
  await store.apply([grant('g1'), { kind: 'log', row: row('r1', now) }])
  const day = Math.floor(now / 86_400_000)
  await run(`drop table tollgate.requests_${day}`, `delete from tollgate.request_days where day = ${day}`)
  await store.apply([grant('g2'), { kind: 'log', row: row('r2', now) }])
  expect(await store.balance('account:a', 'credit')).toMatchObject({ availableUnits: 20 })
  expect((await store.request('r2'))?.atMs).toBe(now)
})

test('where no day can be made, the money with it does not move, and the lane goes on', async () => {
  const store = await open()
  await run('alter table tollgate.request_days rename to hidden')
  await expect(store.apply([grant('g1'), { kind: 'log', row: row('r1', Date.now()) }])).rejects.toMatchObject({ name: 'StoreUnavailableError', applied: 'no' })
  await applyOne(store, grant('g2'))
  expect(await store.balance('account:a', 'credit')).toMatchObject({ availableUnits: 10 })
})

test('a connection that is lost while a day is made is no fault of the group', async () => {
  let loses = false
  const store = await open(async (role) => {
    const opened = await database.connect(role)
    return {
      ...opened,
      query(asked) {
        if (loses && asked.text.startsWith('insert into tollgate.request_days')) {
          loses = false
          void opened.close()
        }
        return opened.query(asked)
      },
    }
  })
  loses = true
  await store.apply([grant('g1'), { kind: 'log', row: row('r1', Date.now()) }])
  expect(loses).toBe(false)
  expect(await store.balance('account:a', 'credit')).toMatchObject({ availableUnits: 10 })
})

test('a server that took no writes for a while is asked over new connections', async () => {
  const store = await open()
  await applyOne(store, grant('g1'))
  const name = new URL(database.url).pathname.slice(1)
  const anew = `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}' and pid <> pg_backend_pid()`
  await run(`alter database ${name} set default_transaction_read_only = on`, anew)
  await expect.poll(() => applyOne(store, grant('g2')).catch((error: unknown) => error)).toMatchObject({ name: 'StoreUnavailableError', applied: 'no', message: expect.stringContaining('read-only') as unknown })
  // Sessions that were begun meanwhile stay as they were begun.
  await run('set default_transaction_read_only = off', `alter database ${name} reset default_transaction_read_only`)
  await expect.poll(() => applyOne(store, grant('g3')).catch((error: unknown) => error)).toMatchObject({ granted: true })
  await applyOne(store, { kind: 'log', row: row('r1', Date.now()) })
  await expect.poll(() => store.request('r1')).toMatchObject({ requestId: 'r1' })
})

test('a server that speaks another language is understood', async () => {
  const german: ConnectSql = async (role) => {
    const opened = await database.connect(role)
    const query: typeof opened.query = (asked) =>
      opened.query(asked).catch((error: unknown) => {
        if (error instanceof Error && Object.hasOwn(error, 'severity')) Object.assign(error, { severity: 'FEHLER' })
        throw error
      })
    return { ...opened, query }
  }
  const both = [await open(german), await open(german)]
  // Each inserts a row that the other inserts.
  for (let round = 0; round < 20; round += 1) {
    const takes = [{ subject: `account:${round}`, name: 'day', meter: { kind: 'quota', period: 'day' }, limit: 1, cost: 1 }] as const
    const decided = await Promise.all(both.map((store) => applyOne(store, { kind: 'admit', takes })))
    expect(decided.filter(({ admitted }) => admitted).length).toBe(1)
  }
})
