import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Meter, Take } from '../../engine/meters/meter.ts'
import type { RequestRow } from '../../journal/request-row.ts'
import { applyOne } from '../store.ts'
import { createManualClock, type ManualClock } from '../../testing/manual-clock.ts'
import { storeConformanceCases } from '../../testing/store-conformance.ts'
import { createStoreTime, type StoreTime, type TimedStore } from '../../testing/timed-store.ts'
import type { SqlDatabase } from './sqlite-database.ts'
import { migrations } from './sqlite-schema.ts'
import { createSqliteStore, type SqliteStoreOptions } from './sqlite.ts'

type Engine = new (path: string) => SqlDatabase

const require = createRequire(import.meta.url)
const ownEngine = quietly(() => (process as { getBuiltinModule?: (id: string) => unknown }).getBuiltinModule?.('node:sqlite')) as { DatabaseSync: Engine } | undefined
const engines: readonly (readonly [name: string, Engine])[] = [
  ['libsql', require('libsql') as Engine],
  ...(ownEngine === undefined ? [] : [['node:sqlite', ownEngine.DatabaseSync] as const]),
]

const NOON = Date.UTC(2026, 2, 10, 12)
const MINUTE: Meter = { kind: 'window', windowMs: 60_000 }
const DAY: Meter = { kind: 'quota', period: 'day' }
const DAY_ATTEMPTS: Meter = { ...DAY, counts: 'attempts' }
const take = (subject: string, name: string, meter: Meter, limit: number): Take => ({ subject, name, meter, limit, cost: 1 })
const daily = (subject: string, limit = 100): Take => take(subject, 'daily', DAY, limit)
const row = (requestId: string, atMs: number): RequestRow => ({ requestId, atMs }) as RequestRow
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

let directory: string
let path: string
let clock: ManualClock

let time: StoreTime
const openStore = (options: Omit<SqliteStoreOptions, 'clock'>) => time.over(createSqliteStore({ ...options, clock: time.clock }))

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tollgate-'))
  path = join(directory, 'store.db')
  clock = createManualClock(NOON)
  time = createStoreTime(clock)
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

describe.each(engines)('a SQLite store on %s', (_, Engine) => {
  const open = (options: Partial<SqliteStoreOptions> = {}) => openStore({ database: new Engine(path), ...options })

  for (const { name, run } of storeConformanceCases) {
    test(name, () => expect(run({ create: (each) => createSqliteStore({ database: new Engine(path), clock: each }), reopen: (_closed, each) => createSqliteStore({ database: new Engine(path), clock: each }) })).resolves.toBeUndefined())
  }

  test('forgets nothing of a subject that left the memory, written or not', async () => {
    const store = open({ recordsMax: 4 })
    const subjects = Array.from({ length: 40 }, (__, at) => `account:${at}`)
    for (let round = 1; round <= 3; round += 1) {
      for (const subject of subjects) {
        const decision = await applyOne(store.at(NOON + round), { kind: 'admit', takes: [daily(subject, 2)] })
        expect(decision.admitted).toBe(round <= 2)
      }
    }
    expect(new Set((await store.at(NOON).peek(subjects.map((subject) => daily(subject)))).map(({ used }) => used))).toEqual(new Set([2]))
    await store.close()
  })

  test('writes what nobody waits for after the flush time, without being asked', async () => {
    const statements: string[] = []
    const database = new Engine(path)
    const store = openStore({ database: { ...wrap(database), exec: (sql) => (statements.push(sql), database.exec(sql)) }, flushMs: 250 })
    statements.length = 0
    await store.at(NOON).apply([{ kind: 'admit', takes: [daily('a')] }, { kind: 'log', row: row('r1', NOON) }])
    clock.advance(249)
    expect(statements).toEqual([])
    clock.advance(1)
    expect(statements).toEqual(['BEGIN IMMEDIATE', 'COMMIT'])
    clock.advance(10_000)
    expect(statements).toHaveLength(2)
    await store.close()
    expect(clock.pending()).toBe(0)
  })

  test('takes all that came in one turn into one transaction', async () => {
    const statements: string[] = []
    const database = new Engine(path)
    const store = openStore({ database: { ...wrap(database), exec: (sql) => (statements.push(sql), database.exec(sql)) } })
    statements.length = 0
    await Promise.all(Array.from({ length: 100 }, (__, at) => applyOne(store.at(NOON), { kind: 'admit', takes: [daily(`a${at}`)], durable: true })))
    expect(statements).toEqual(['BEGIN IMMEDIATE', 'COMMIT'])
    await store.close()
  })

  test('deletes the rows of subjects whose counters have all expired', async () => {
    const store = open()
    await store.at(NOON).apply(Array.from({ length: 20 }, (__, at) => ({ kind: 'admit', takes: [daily(`ip:${at}`)] }) as const))
    await applyOne(store, { kind: 'put', collection: 'c', id: 'x', value: 1 })
    for (let day = 1; day <= 3; day += 1) {
      await applyOne(store.at(NOON + day * 86_400_000), { kind: 'admit', takes: [daily('account:a')], durable: true })
    }
    await store.close()
    const database = new Engine(path)
    expect(database.prepare('SELECT subject FROM subjects').all()).toEqual([{ subject: 'account:a' }])
    database.close()
  })

  test('a flood of strangers leaves no more rows than count at a time', async () => {
    const store = open()
    const rounds = 30
    for (let second = 0; second < rounds; second += 1) {
      const nowMs = NOON + second * 1_000
      const strangers = Array.from({ length: 2_000 }, (__, at) => take(`ip:${(at * 7_919 + second) % 2_003}:${second}`, 'burst', { kind: 'window', windowMs: 2_000 }, 9))
      await store.at(nowMs).apply(strangers.map((stranger) => ({ kind: 'admit', takes: [stranger] }) as const))
      await applyOne(store, { kind: 'put', collection: 'c', id: 'x', value: second })
    }
    await store.close()
    const database = new Engine(path)
    const { rows } = database.prepare('SELECT count(*) AS rows FROM subjects').get() as { readonly rows: number }
    expect(rows).toBeLessThan(10_000)
    database.close()
  })

  test('commits reach the disk: WAL, synchronous FULL, one owner', () => {
    const database = new Engine(path)
    openStore({ database })
    expect(database.prepare('PRAGMA synchronous').get()).toMatchObject({ synchronous: 2 })
    expect(database.prepare('PRAGMA journal_mode').get()).toMatchObject({ journal_mode: 'wal' })
    const second = new Engine(path)
    expect(() => openStore({ database: second })).toThrow('the database cannot be used: it is owned by another process; stop that one first')
    second.close()
    database.close()
  })

  test('refuses a newer schema, a foreign database and a file that is none, and says so', async () => {
    await open().close()
    const change = (sql: string): void => {
      const database = new Engine(path)
      database.exec(sql)
      database.close()
    }
    const refusal = (): unknown => {
      const database = new Engine(path)
      try {
        return openStore({ database })
      } catch (error) {
        return (error as Error).message
      } finally {
        database.close()
      }
    }
    change(`PRAGMA user_version = ${migrations.length + 1}`)
    expect(refusal()).toMatch(`the database has schema ${migrations.length + 1}, this version of Tollgate knows ${migrations.length}: run the newer version`)
    change(`PRAGMA user_version = ${migrations.length}; PRAGMA application_id = 7`)
    expect(refusal()).toBe('the database holds something else: it was not made by Tollgate')
    path = join(directory, 'other.db')
    change('CREATE TABLE customers (id TEXT)')
    expect(refusal()).toBe('the database holds something else: it was not made by Tollgate')
  })

  test('a migration that fails leaves the database as it was', () => {
    const database = new Engine(path)
    const failing = { ...wrap(database), exec: (sql: string) => database.exec(sql.includes('application_id =') ? 'the disk went away' : sql) }
    expect(() => openStore({ database: failing })).toThrow(/syntax error/)
    expect(database.prepare('SELECT count(*) AS tables FROM sqlite_schema').get()).toMatchObject({ tables: 0 })
    database.close()
  })

  test('a damaged row refuses its subject with an error that names it, and no other', async () => {
    await open().close()
    const database = new Engine(path)
    database.exec(`INSERT INTO subjects VALUES ('account:bad', '[1,["daily","period"', 9e15, NULL)`)
    database.close()
    const store = open()
    const batch = [daily('account:good'), daily('account:bad')].map((each) => ({ kind: 'admit', takes: [each], nowMs: NOON }) as const)
    await expect(store.apply(batch)).rejects.toThrow('the counters of account:bad cannot be read: the row is damaged')
    expect(await store.at(NOON).peek([daily('account:good')])).toMatchObject([{ used: 0 }])
    await store.close()
  })

  test('a backup is a whole store', async () => {
    const store = open()
    await applyOne(store.at(NOON), { kind: 'admit', takes: [daily('a')] })
    const copy = join(directory, 'copy.db')
    await store.backupTo(copy)
    await expect(store.backupTo(copy)).rejects.toThrow(`the backup to ${copy} failed: output file already exists`)
    await store.close()
    path = copy
    const restored = open()
    expect(await restored.at(NOON).peek([daily('a')])).toMatchObject([{ used: 1 }])
    await restored.close()
  })
})

describe('when a commit fails', () => {
  const [[, Engine] = [undefined, undefined]] = engines
  let alerts: string[]
  let failing: boolean
  let commits: number
  let store: TimedStore

  beforeEach(() => {
    if (Engine === undefined) throw new Error('no SQLite here')
    alerts = []
    failing = false
    const database = new Engine(path)
    commits = 0
    const exec = (sql: string): unknown => {
      if (sql === 'COMMIT') commits += 1
      if (failing && sql === 'COMMIT') throw Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' })
      return database.exec(sql)
    }
    store = openStore({ database: { ...wrap(database), exec }, pendingRequestsMax: 3, recordsMax: 50, alert: ({ message }) => alerts.push(message) })
  })
  afterEach(async () => {
    failing = false
    await store.close()
  })

  const admit = (takes: readonly Take[], nowMs: number, durable: boolean) => applyOne(store.at(nowMs), { kind: 'admit', takes, durable })

  test('what was durable is rejected and undone exactly; the rest stays and is written later', async () => {
    const takes = [take('a', 'burst', MINUTE, 10), take('a', 'daily', DAY_ATTEMPTS, 3), take('b', 'daily', DAY, 10)]
    await admit(takes, NOON, true)
    failing = true
    const outcomes = Promise.allSettled([
      admit(takes, NOON + 1, true),
      admit(takes, NOON + 2, false),
      // The fourth attempt: refused, but counted until the commit fails.
      admit([...takes, daily('c', 0)], NOON + 3, true),
      applyOne(store, { kind: 'put', collection: 'c', id: 'x', value: 1 }),
    ])
    expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'rejected', 'rejected'])
    const used = async () => (await store.at(NOON + 4).peek(takes)).map((reading) => reading.used)
    expect(await used()).toEqual([2, 2, 2])
    expect(await store.get('c', 'x')).toBeUndefined()
    failing = false
    clock.advance(250)
    expect(alerts).toEqual(['the store cannot write: the disk is full', 'the store writes again'])
    await applyOne(store, { kind: 'put', collection: 'c', id: 'x', value: 1, expect: 0 })
    expect(await used()).toEqual([2, 2, 2])
    await store.close()
    if (Engine !== undefined) store = openStore({ database: new Engine(path) })
    expect(await used()).toEqual([2, 2, 2])
  })

  test('counts stand in memory alone for a second at most: then nobody is admitted until the disk works again', async () => {
    failing = true
    await admit([daily('a')], NOON, false)
    for (let passed = 0; passed < 1_500; passed += 250) clock.advance(250)
    await expect(admit([daily('a')], NOON, false)).rejects.toMatchObject({ name: 'StoreUnavailableError' })
    expect(await store.at(NOON).peek([daily('a')])).toMatchObject([{ used: 1 }])
    failing = false
    clock.advance(250)
    expect(await admit([daily('a')], NOON, false)).toMatchObject({ admitted: true })
    expect(await store.at(NOON).peek([daily('a')])).toMatchObject([{ used: 2 }])
  })

  test('durable commands are refused at once until the next try, and decide nothing', async () => {
    failing = true
    await expect(admit([daily('a')], NOON, true)).rejects.toThrow('the store cannot write: the disk is full')
    failing = false
    await expect(admit([daily('a')], NOON, true)).rejects.toMatchObject({ name: 'StoreUnavailableError', applied: 'no' })
    expect(await store.at(NOON).peek([daily('a')])).toMatchObject([{ used: 0 }])
    clock.advance(250)
    expect(await admit([daily('a')], NOON, true)).toMatchObject({ admitted: true })
  })

  test('log rows are bounded, and the operator hears of those that were dropped', async () => {
    failing = true
    await store.apply(Array.from({ length: 5 }, (__, at) => ({ kind: 'log', row: row(`r${at}`, NOON + at) }) as const))
    clock.advance(250)
    expect(alerts).toEqual(['2 rows of the request log were dropped: the store cannot write them', 'the store cannot write: the disk is full'])
    expect((await store.requests({ limit: 9 })).map(({ requestId }) => requestId)).toEqual(['r4', 'r3', 'r2'])
    failing = false
    clock.advance(250)
    expect((await store.requests({ limit: 9 })).map(({ requestId }) => requestId)).toEqual(['r4', 'r3', 'r2'])
  })

  test('unwritten counters are bounded: beyond that the store refuses rather than forget', async () => {
    failing = true
    for (let at = 0; at < 50; at += 1) await admit([daily(`ip:${at}`)], NOON, false)
    await expect(admit([daily('ip:50')], NOON, false)).rejects.toThrow(/holds as many unwritten counters as it may/)
    failing = false
    clock.advance(250)
    expect(await admit([daily('ip:50')], NOON, false)).toMatchObject({ admitted: true })
  })

  test('closing says that something was lost', async () => {
    await admit([daily('a')], NOON, false)
    failing = true
    await expect(store.close()).rejects.toThrow('the store cannot write: the disk is full')
    expect(clock.pending()).toBe(0)
  })

  test('what need not wait for the disk is told at once, without a promise', async () => {
    const takes = [daily('a')]
    const logged = store.apply([{ kind: 'log', row: row('r1', NOON) }])
    expect(logged).not.toBeInstanceOf(Promise)
    expect(store.apply([{ kind: 'admit', takes }])).toMatchObject([{ admitted: true }])
    const durable = store.apply([{ kind: 'admit', takes, durable: true }])
    expect(durable).toBeInstanceOf(Promise)
    expect(await durable).toMatchObject([{ admitted: true, readings: [{ used: 2 }] }])
    await expect(store.apply([{ kind: 'log', row: row('r2', 1n as unknown as number) }])).rejects.toThrow('atMs of r2 must be an integer')
    await expect(store.apply([{ kind: 'log', row: { ...row('r2', 1), status: 1n as unknown as number } }])).rejects.toThrow('the log row of r2 is not JSON')
    expect(await store.request('r2')).toBeUndefined()
  })

  test('much that nobody waits for is written after the turn', async () => {
    await store.apply(Array.from({ length: 1_000 }, (__, at) => ({ kind: 'log', row: row(`r${at}`, NOON) }) as const))
    const before = commits
    await nextTurn()
    expect(commits).toBe(before + 1)
    expect(await store.pruneRequests(NOON + 1, 5_000)).toBe(1_000)
  })
})

/** Node's SQLite announces itself as experimental. */
function quietly<T>(run: () => T): T {
  const emitWarning = process.emitWarning
  process.emitWarning = () => undefined
  try {
    return run()
  } finally {
    process.emitWarning = emitWarning
  }
}

/** The database as an object whose parts a test can replace. */
function wrap(database: SqlDatabase): SqlDatabase {
  return { exec: (sql) => database.exec(sql), prepare: (sql) => database.prepare(sql), close: () => database.close() }
}
