/** A database as the fourth schema made it, before each subject counted its own rows of the ledger. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { checkLedger } from '../../engine/money/ledger-check.ts'
import { createManualClock } from '../../testing/manual-clock.ts'
import { balance, termsFor, claim, grant, keyOf, leaseOf, NOON, settle } from '../../testing/paid-call.ts'
import { createStoreTime, type TimedStore } from '../../testing/timed-store.ts'
import type { SqlDatabase } from './sqlite-database.ts'
import { migrations } from './sqlite-schema.ts'
import { createSqliteStore } from './sqlite.ts'

const Database = createRequire(import.meta.url)('libsql') as new (path: string) => SqlDatabase
const fixture = readFileSync(new URL('./fixtures/schema-4.sql', import.meta.url), 'utf8')

let directory: string
let path: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tollgate-'))
  path = join(directory, 'store.db')
  const old = new Database(path)
  old.exec(fixture)
  old.close()
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const open = (): TimedStore => {
  const time = createStoreTime(createManualClock(NOON))
  return time.over(createSqliteStore({ database: new Database(path), clock: time.clock }))
}

/** All that a database says of itself and holds. */
function contents(): string {
  const database = new Database(path)
  const tables = ['sqlite_schema', 'subjects', 'documents', 'requests', 'meta', 'calls', 'leases', 'ledger']
  const all = tables.map((table) => database.prepare(`SELECT * FROM ${table}`).all().map((row) => ({ ...(row as object), _metadata: undefined })))
  const version = (database.prepare('PRAGMA user_version').get() as { readonly user_version: number }).user_version
  const said = JSON.stringify([version, all])
  database.close()
  return said
}

test('a file of the fourth schema keeps balances, holds, calls, leases, ledger and keys', async () => {
  const store = open()
  expect([await balance(store), await balance(store, NOON, 'account:b')]).toEqual([[395, 30], [460, 40]])
  expect(await store.get('keys', 'k1')).toEqual({ collection: 'keys', id: 'k1', parent: 'a', version: 1, value: { id: 'k1', hash: 'h' } })
  expect(await store.request('c1')).toMatchObject({ status: 201 })
  expect((await store.at(NOON).peek([leaseOf('session', 9)]))[0]?.used).toBe(1)
  expect(await store.lease('x', 's1')).toMatchObject({ state: 'active', accountId: 'a' })
  expect(await claim(store, termsFor('new'), { ...keyOf('k'), scope: 'a POST /x key1', fingerprint: 'f' })).toMatchObject({ outcome: 'replay', answer: { body: 'made' } })
  const rows = await store.ledger({ limit: 100 })
  expect(rows.map(({ cursor, subject, number, kind }) => [cursor, subject.at(-1), number, kind])).toEqual([
    [1, 'a', 1, 'grant'], [2, 'b', 1, 'grant'], [3, 'a', 2, 'hold'], [4, 'a', 3, 'settle'], [5, 'a', 4, 'release'], [6, 'a', 5, 'hold'], [7, 'b', 2, 'hold'], [8, 'a', 6, 'debit'],
  ])
  expect(rows.some((row) => Object.hasOwn(row, 'seq'))).toBe(false)

  // And goes on: what was held is settled, the grants and debits are known, the numbers have no gap.
  expect(await settle(store, 'c3', 'done', { chargeUnits: 15 })).toMatchObject({ settled: true, chargedUnits: 15 })
  expect(await settle(store, 'c2', 'released')).toMatchObject({ settled: true })
  expect(await grant(store, 500, { grantId: 'g1' })).toMatchObject({ granted: false })
  expect(checkLedger(await store.ledger({ limit: 100 }), await store.calls({ limit: 100 }))).toEqual([])
  expect((await store.ledger({ subject: 'account:b', order: 'newest', limit: 1 }))[0]).toMatchObject({ number: 4, cursor: 10 })
  await store.close()
})

test('a failure on the way leaves the file as it was', () => {
  const before = contents()
  for (const failsAt of [migrations.at(-1) ?? '', 'application_id =', 'COMMIT']) {
    const database = new Database(path)
    const exec = (sql: string): unknown => {
      if (sql.includes(failsAt) && !sql.includes('; COMMIT')) {
        // As far as it goes, and then the disk goes away.
        if (failsAt !== 'COMMIT') database.exec(sql)
        throw Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR' })
      }
      return database.exec(sql)
    }
    expect(() => createSqliteStore({ database: { exec, prepare: (sql) => database.prepare(sql), close: () => database.close() }, clock: createManualClock(NOON) })).toThrow('the disk reports an input/output error')
    database.close()
    expect(contents()).toBe(before)
  }
})

test('accounts of an older file are found by their plan, whatever it is called', async () => {
  const plans = ['basic', 'ä "quoted" \\ \u{1F600}', 'two\nlines\t\u0001']
  const old = new Database(path)
  const insert = old.prepare("INSERT INTO documents (collection, id, parent, version, json) VALUES ('accounts', ?, 'x', 1, ?)")
  for (const [at, plan] of plans.entries()) insert.run(`n${at}`, JSON.stringify({ id: `n${at}`, api: 'x', plan }))
  old.close()
  const store = open()
  const parents = await store.parents('accounts', { limit: 10 })
  for (const [at, plan] of plans.entries()) {
    expect(parents).toContain(JSON.stringify(['x', plan]))
    expect((await store.list('accounts', { parent: JSON.stringify(['x', plan]), limit: 10 })).map(({ id }) => id)).toContain(`n${at}`)
  }
  expect(parents).not.toContain('x')
  await store.close()
})
