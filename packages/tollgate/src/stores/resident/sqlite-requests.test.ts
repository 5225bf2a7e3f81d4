/** The request log in its file: found by its id in whatever part of the table, also as earlier versions have written it. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createManualClock } from '../../testing/manual-clock.ts'
import { row } from '../../testing/journal-conformance.ts'
import type { RequestQuery } from '../../journal/journal.ts'
import type { SqlDatabase } from './sqlite-database.ts'
import { migrations } from './sqlite-schema.ts'
import { createSqliteStore, type SqliteStore } from './sqlite.ts'

const Database = createRequire(import.meta.url)('libsql') as new (path: string) => SqlDatabase
const NOON = Date.UTC(2026, 2, 10, 12)
const refusal = { entry: 'blocked', code: 'B', reason: 'content.blocked', source: 'api', message: 'no', facts: {} } as const

let directory: string
let path: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tollgate-requests-'))
  path = join(directory, 'store.db')
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const open = (): SqliteStore => createSqliteStore({ database: new Database(path), clock: createManualClock(NOON) })
const log = (store: SqliteStore, rows: readonly ReturnType<typeof row>[]) => store.apply(rows.map((each) => ({ kind: 'log', row: each }) as const))
const idsOf = async (store: SqliteStore, query: Partial<RequestQuery> = {}) => (await store.requests({ limit: 9, ...query })).map(({ requestId }) => requestId)

function inFile(run: (database: SqlDatabase) => void): void {
  const database = new Database(path)
  run(database)
  database.close()
}

test('a request is found by its id in the first part of the table, in later ones, and among ids that end alike', async () => {
  const ids = ['one_12345678', 'two_12345678', 'x', '', 'three_12345678', 'four_12345678']
  const first = open()
  await log(first, ids.map((id, at) => row(id, NOON + at)))
  await first.close()
  // As if 200,000 others had been logged in between.
  inFile((database) => database.exec('UPDATE requests SET seq = seq + 100000 WHERE seq > 2; UPDATE requests SET seq = seq + 100000 WHERE seq > 100004'))
  const store = open()
  for (const [at, id] of ids.entries()) expect(await store.request(id)).toEqual(row(id, NOON + at))
  expect(await store.request('five_12345678')).toBeUndefined()
  await log(store, [row('one_12345678', NOON + 9)])
  await store.close()
  const again = open()
  expect(await again.request('one_12345678')).toMatchObject({ atMs: NOON + 9 })
  await again.close()
})

test('an id that tells its time is looked for at that time first, and found also where its row has another', async () => {
  const idAt = (atMs: number, chance: string): string => `req_${atMs.toString(16).padStart(12, '0')}${chance.padStart(20, '0')}`
  const rows = [row(idAt(NOON, 'a1'), NOON), row(idAt(NOON, 'b2'), NOON), row(idAt(NOON + 5, 'c3'), NOON + 7)]
  const first = open()
  await log(first, rows)
  await first.close()
  inFile((database) => database.exec('UPDATE requests SET seq = seq + 20000'))
  const store = open()
  for (const each of rows) expect(await store.request(each.requestId)).toEqual(each)
  expect(await store.request(idAt(NOON, 'd4'))).toBeUndefined()
  await store.close()
})

test('the index of ids is used, and no other part of it is read than one a part of the table', async () => {
  await open().close()
  inFile((database) => {
    const plan = database.prepare("EXPLAIN QUERY PLAN SELECT seq FROM requests INDEXED BY requests_by_id WHERE seq >> 14 = 3 AND substr(request_id, -8) = substr('a', -8) AND request_id = 'a'").all()
    expect((plan as readonly { readonly detail: string }[]).map(({ detail }) => detail)).toEqual(['SEARCH requests USING INDEX requests_by_id (<expr>=? AND <expr>=?)'])
  })
})

test('rows of the sixth schema are found by all that they are searched by, in the order in which they were logged', async () => {
  const rows = [
    row('old1', NOON, { accountId: 'a', api: 'x' }),
    row('old2', NOON + 1, { accountId: 'a', api: 'y', clientRequestId: 'mine', refusal }),
    row('old3', NOON + 1, { accountId: 'b', api: 'x', route: 'GET /x' }),
  ]
  inFile((database) => {
    database.exec(readFileSync(new URL('./fixtures/schema-4.sql', import.meta.url), 'utf8'))
    for (const step of migrations.slice(4, 6)) database.exec(step)
    database.exec('PRAGMA user_version = 6; DELETE FROM requests')
    const insert = database.prepare('INSERT INTO requests (request_id, at_ms, account, api, entry, client_request_id, json) VALUES (?, ?, ?, ?, ?, ?, ?)')
    for (const each of rows) insert.run(each.requestId, each.atMs, each.accountId ?? null, each.api ?? null, each.refusal?.entry ?? null, each.clientRequestId ?? null, JSON.stringify(each))
  })
  const store = open()
  await log(store, [row('new', NOON + 1, { accountId: 'a', api: 'x', refusal })])
  for (let times = 0; times < 2; times += 1) {
    expect(await idsOf(store)).toEqual(['new', 'old3', 'old2', 'old1'])
    expect(await idsOf(store, { accountId: 'a' })).toEqual(['new', 'old2', 'old1'])
    expect(await idsOf(store, { api: 'x' })).toEqual(['new', 'old3', 'old1'])
    expect(await idsOf(store, { entry: 'blocked' })).toEqual(['new', 'old2'])
    expect(await idsOf(store, { clientRequestId: 'mine' })).toEqual(['old2'])
    expect(await idsOf(store, { before: { atMs: NOON + 1, requestId: 'old3' } })).toEqual(['old2', 'old1'])
    expect(await store.request('old3')).toEqual(rows[2])
    // Once waiting, once written.
    await store.apply([{ kind: 'put', collection: 'c', id: 'x', value: 1 }])
  }
  expect(await store.pruneRequests(NOON + 1, 9)).toBe(1)
  expect(await store.damage()).toEqual([])
  await store.close()
})

test('failures are found among themselves, however many went well, also those of earlier versions and those without a refusal', async () => {
  const old = [row('old1', NOON, { status: 502 }), row('old2', NOON + 1), row('old3', NOON + 2, { status: 429, refusal: { ...refusal, reason: 'rate.limited' } })]
  inFile((database) => {
    database.exec(readFileSync(new URL('./fixtures/schema-4.sql', import.meta.url), 'utf8'))
    for (const step of migrations.slice(4, 6)) database.exec(step)
    database.exec('PRAGMA user_version = 6; DELETE FROM requests')
    const insert = database.prepare('INSERT INTO requests (request_id, at_ms, entry, json) VALUES (?, ?, ?, ?)')
    for (const each of old) insert.run(each.requestId, each.atMs, each.refusal?.entry ?? null, JSON.stringify(each))
  })
  const store = open()
  await log(store, [row('new1', NOON + 3, { status: 503 }), row('new2', NOON + 4), row('new3', NOON + 5, { status: 200, refusal })])
  for (let times = 0; times < 2; times += 1) {
    expect(await idsOf(store, { status: { least: 500, most: 599 } })).toEqual(['new1', 'old1'])
    expect(await idsOf(store, { status: { least: 400, most: 499 } })).toEqual(['old3'])
    expect(await idsOf(store, { status: { least: 200, most: 599 }, limit: 2 })).toEqual(['new3', 'new2'])
    expect(await idsOf(store, { reason: 'content.*' })).toEqual(['new3'])
    expect(await idsOf(store, { reason: 'rate.limited', before: { atMs: NOON + 3, requestId: 'new1' } })).toEqual(['old3'])
    await store.apply([{ kind: 'put', collection: 'c', id: 'x', value: 1 }])
  }
  expect(await store.request('old1')).toEqual(old[0])
  await store.close()
  inFile((database) => {
    const plan = database.prepare('EXPLAIN QUERY PLAN SELECT json FROM requests WHERE entry IS NOT NULL AND at_ms < 9 AND at_ms <= 9 AND (at_ms < 9 OR seq < 9) ORDER BY at_ms DESC, seq DESC LIMIT 9').all()
    expect((plan as readonly { readonly detail: string }[]).map(({ detail }) => detail)).toEqual(['SEARCH requests USING INDEX requests_failed (at_ms<?)'])
  })
})
