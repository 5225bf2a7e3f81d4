/** The request log in Postgres: a part for each day, which is found by an id and dropped as a whole; rows that wait while the database is away. */
import { randomBytes } from 'node:crypto'
import { createSystemClock } from '@tollgate/gateway'
import { applyOne } from 'tollgate/stores'
import type { PostgresStore } from 'tollgate/stores/postgres'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { row } from '../../packages/tollgate/src/testing/journal-conformance.ts'
import { freshDatabase } from '../servers/postgres.ts'
import { startRelay, type Relay } from '../valkey/relay.ts'
import { createPostgresDatabase, type PostgresDatabase } from './stores.ts'

const DAY_MS = 86_400_000
const NOON = Date.UTC(2026, 2, 10, 12)

let database: PostgresDatabase
let store: PostgresStore
beforeEach(async () => {
  database = await createPostgresDatabase(await freshDatabase())
  store = await database.open({ clock: createSystemClock() })
})
afterEach(() => store.close())

async function run(text: string, values: readonly unknown[] = []): Promise<readonly { readonly [column: string]: unknown }[]> {
  const connection = await database.connect('migration')
  try {
    return (await connection.query({ text, values })).rows
  } finally {
    await connection.close()
  }
}

const partsOf = async (): Promise<readonly unknown[]> => (await run("select relname as part from pg_inherits join pg_class c on c.oid = inhrelid where inhparent = 'tollgate.requests'::regclass order by 1")).map(({ part }) => part)
const partOf = (atMs: number): string => `requests_${Math.floor(atMs / DAY_MS)}`
/** As most ids: twelve digits of the instant, twenty of chance. */
const mintedId = (atMs: number): string => `req_${atMs.toString(16).padStart(12, '0')}${'7'.repeat(20)}`

test('each day has a part, made before its first row comes; days that are over go as a whole, and the rest row by row', async () => {
  for (const day of [0, 1, 2]) await store.apply([0, 1, 2].map((number) => ({ kind: 'log', row: row(`d${day}r${number}`, NOON + day * DAY_MS + number) }) as const))
  expect(await partsOf()).toEqual([0, 1, 2, 3].map((day) => partOf(NOON + day * DAY_MS)))
  // More than the limit: a part costs the same however many are in it.
  expect(await store.pruneRequests(NOON + DAY_MS + 2, 2)).toBe(2)
  expect(await partsOf()).toEqual([1, 2, 3].map((day) => partOf(NOON + day * DAY_MS)))
  expect(await store.pruneRequests(NOON + DAY_MS + 2, 9)).toBe(2)
  expect((await store.requests({ limit: 9 })).map(({ requestId }) => requestId)).toEqual(['d2r2', 'd2r1', 'd2r0', 'd1r2'])
  // It is made again where a late row needs it.
  await applyOne(store, { kind: 'log', row: row('late', NOON) })
  expect((await store.request('late'))?.atMs).toBe(NOON)
})

test('a part that another gateway has dropped is made again', async () => {
  const other = await database.open({ clock: createSystemClock() })
  await applyOne(store, { kind: 'log', row: row('r1', NOON) })
  expect(await other.pruneRequests(NOON + DAY_MS, 9)).toBe(1)
  await applyOne(store, { kind: 'log', row: row('r2', NOON) })
  expect((await other.requests({ limit: 9 })).map(({ requestId }) => requestId)).toEqual(['r2'])
  await other.close()
})

test('an id that says its instant is looked for in one part', async () => {
  for (const day of [0, 1, 2, 3]) await applyOne(store, { kind: 'log', row: row(mintedId(NOON + day * DAY_MS), NOON + day * DAY_MS) })
  expect((await store.request(mintedId(NOON + DAY_MS)))?.atMs).toBe(NOON + DAY_MS)
  const plan = await run(`explain select json from tollgate.requests where request_id = '${mintedId(NOON)}' and at_ms = ${NOON}`)
  const parts = new Set(plan.flatMap((line) => String(line['QUERY PLAN']).match(/requests_\d+/g) ?? []).map((name) => name.replace(/_pkey$/, '')))
  expect([...parts]).toEqual([partOf(NOON)])
})

test('rows that come while the database is away are written when it is back, each once', async () => {
  const url = new URL(database.url)
  let relay: Relay = await startRelay(Number(url.port))
  const { port } = relay
  url.port = String(port)
  const away = await (await createPostgresDatabase(url.href)).open({ clock: createSystemClock(), pendingRequestsMax: 20 })
  await applyOne(away, { kind: 'log', row: row('r0', NOON) })
  relay.cutAt('tollgate_insert_requests', 'after')
  await applyOne(away, { kind: 'log', row: row('r1', NOON) })
  await relay.close()
  for (let number = 2; number < 15; number += 1) await applyOne(away, { kind: 'log', row: row(`r${number}`, NOON) })
  await expect(away.apply(Array.from({ length: 9 }, (_, at) => ({ kind: 'log', row: row(`more${at}`, NOON) }) as const))).rejects.toThrow('holds as many rows of the request log as it may')
  relay = await startRelay(Number(new URL(database.url).port), port)
  await expect.poll(async () => (await store.requests({ limit: 99 })).map(({ requestId }) => requestId).toSorted(), { timeout: 60_000 }).toEqual(Array.from({ length: 15 }, (_, at) => `r${at}`).toSorted())
  await away.close()
  await relay.close()
})

test('an id with a byte that Postgres has not is logged all the same, and others with it', async () => {
  const path = '/a\0b/\ud800/\\u0000'
  await store.apply([row('r1', NOON, { clientRequestId: 'a\0b' }), row('r2', NOON, { path })].map((each) => ({ kind: 'log', row: each }) as const))
  expect((await store.request('r2'))?.path).toBe(path)
  expect((await store.requests({ limit: 9 })).map(({ requestId, clientRequestId }) => [requestId, clientRequestId])).toEqual([['r2', undefined], ['r1', 'a\u{FFFD}b']])
})

test('a row that cannot be written is refused, and others that came with it are not', async () => {
  // Longer than what an index of Postgres holds.
  const long = randomBytes(20_000).toString('base64')
  const outcomes = await Promise.allSettled(['r1', long, 'r3'].map((id) => applyOne(store, { kind: 'log', row: row(id, NOON) })))
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect((await store.requests({ limit: 9 })).map(({ requestId }) => requestId)).toEqual(['r3', 'r1'])
})
