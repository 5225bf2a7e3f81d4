import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Clock } from 'tollgate/engine'
import { createSqliteStore, type SqlDatabase } from 'tollgate/stores/sqlite'
import { createManualClock, storeConformanceCases } from 'tollgate/testing'
import { storeCases } from '../../../../test/runs.ts'
import { defaultSqliteEngine, openSqliteDatabase, type Migration, type SqliteEngine } from './sqlite-database.ts'

const engines = [...new Set<SqliteEngine>(['libsql', defaultSqliteEngine()])]

let directory: string
let path: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tollgate-'))
  path = join(directory, 'store.db')
})
afterEach(() => {
  chmodSync(directory, 0o700)
  rmSync(directory, { recursive: true, force: true })
})

function messageOf(run: () => unknown): string {
  try {
    run()
    return 'no error'
  } catch (error) {
    return (error as Error).message
  }
}

describe.each(engines)('a database file opened with %s', (engine) => {
  const open = (clock: Clock = createManualClock(0)) => createSqliteStore({ database: openSqliteDatabase(path, { engine }), clock })

  for (const { name, run } of storeCases(storeConformanceCases)) {
    test(name, () => expect(run({ create: (clock) => open(clock), reopen: (_, clock) => open(clock) })).resolves.toBeUndefined())
  }

  test('may be read by its owner alone', async () => {
    const store = open()
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(statSync(`${path}-wal`).mode & 0o777).toBe(0o600)
    await store.close()
  })

  test('has one owner, and a clear error for the second', async () => {
    const store = open()
    expect(messageOf(() => openSqliteDatabase(path, { engine }))).toBe(`${path}: the database cannot be used: it is owned by another process; stop that one first`)
    await store.close()
    await open().close()
  })

  test('has one owner among processes too', async () => {
    const store = open()
    const script = `
      const Database = require('node:module').createRequire(${JSON.stringify(import.meta.url)})('libsql')
      try { new Database(${JSON.stringify(path)}).prepare('SELECT count(*) FROM sqlite_schema').get() } catch (error) { process.stdout.write(error.code) }`
    expect(spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' })).toMatchObject({ stdout: 'SQLITE_BUSY', stderr: '' })
    await store.close()
  })

  test('copies a database of an older schema beside itself before it changes it, and says so; a new one needs no copy', () => {
    const old = openSqliteDatabase(path, { engine, migrating: () => expect.unreachable('a new database') })
    old.exec('PRAGMA user_version = 4')
    old.exec("ALTER TABLE ledger DROP COLUMN number; INSERT INTO meta VALUES ('mark', 7)")
    closeForGood(old)
    const changes: Migration[] = []
    closeForGood(openSqliteDatabase(path, { engine, migrating: (change) => void changes.push(change) }))
    const copy = `${realpathSync(path)}.schema-4`
    expect(changes).toEqual([{ from: 4, to: 8, copy }])
    expect(statSync(copy).mode & 0o777).toBe(0o600)
    const kept = new (createRequire(import.meta.url)('libsql') as new (file: string) => SqlDatabase)(copy)
    expect(kept.prepare("SELECT value FROM meta WHERE name = 'mark'").get()).toMatchObject({ value: 7 })
    expect(kept.prepare('PRAGMA user_version').get()).toMatchObject({ user_version: 4 })
    kept.close()
    closeForGood(openSqliteDatabase(path, { engine, migrating: (change) => void changes.push(change) }))
    expect(changes).toHaveLength(1)
  })

  test('says what is wrong with a path', () => {
    const missing = join(directory, 'none', 'store.db')
    expect(messageOf(() => openSqliteDatabase(missing, { engine }))).toBe(`${missing}: there is no directory ${join(directory, 'none')}; create it first`)
    mkdirSync(path)
    expect(messageOf(() => openSqliteDatabase(path, { engine }))).toBe(`${path}: it is a directory; name a file in it`)
    const text = join(directory, 'notes.txt')
    writeFileSync(text, 'not a database at all '.repeat(100))
    expect(messageOf(() => openSqliteDatabase(text, { engine }))).toBe(`${text}: the database cannot be used: it is not a SQLite database`)
  })

  test.runIf(process.platform === 'linux')('says that a directory takes no files', () => {
    expect(messageOf(() => openSqliteDatabase('/proc/store.db', { engine }))).toBe('/proc/store.db: it cannot be created there; name a file in another directory')
  })

  test('says that a file cannot be written', () => {
    writeFileSync(path, '')
    chmodSync(path, 0o444)
    chmodSync(directory, 0o755)
    const message = asNobody(() => messageOf(() => openSqliteDatabase(path, { engine })))
    expect(message).toBe(`${path}: it cannot be written; check the permissions of the file and its directory`)
  })
})

/** libsql keeps its lock until its statements are collected. */
function closeForGood(database: SqlDatabase): void {
  for (const sql of ['PRAGMA journal_mode = DELETE', 'PRAGMA locking_mode = NORMAL', 'BEGIN IMMEDIATE; COMMIT']) database.exec(sql)
  database.close()
}

/** Permissions do not bind root, who runs the tests in many a container. */
function asNobody<T>(run: () => T): T {
  const uid = process.getuid?.()
  if (uid === 0) process.seteuid?.(65_534)
  try {
    return run()
  } finally {
    if (uid === 0) process.seteuid?.(0)
  }
}

test('opening says nothing on stderr', () => {
  const warnings: unknown[] = []
  const note = (warning: unknown): void => void warnings.push(warning)
  process.on('warning', note)
  openSqliteDatabase(path).close()
  process.off('warning', note)
  expect(warnings).toEqual([])
})

test('asking for the SQLite of a Node that has none is a clear error', () => {
  const supported = defaultSqliteEngine() === 'node'
  const message = messageOf(() => openSqliteDatabase(path, { engine: 'node' }).close())
  expect(message).toBe(supported ? 'no error' : `this Node (${process.version}) has no SQLite of its own: 22.13 or later is needed`)
})

test('libsql is there to fall back on', () => {
  expect(createRequire(import.meta.url)('libsql')).toBeTypeOf('function')
})
