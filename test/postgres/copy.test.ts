/** A SQLite database that has lived is copied into Postgres: both say the same, a copy that is cut off goes on, and life goes on in the new one where it stood in the old one. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLedgerCheck, type Clock } from 'tollgate/engine'
import { applyOne, type Store } from 'tollgate/stores'
import { copyToPostgres, type CopyOptions } from 'tollgate/stores/copy'
import { closeSqliteDatabase, createSqliteStore, type SqlDatabase } from 'tollgate/stores/sqlite'
import { beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { openSqliteDatabase } from '../../packages/gateway/src/platform/sqlite-database.ts'
import { createSystemClock } from '../../packages/gateway/src/platform/system-clock.ts'
import { runCli } from '../../packages/gateway/src/cli/run-cli.ts'
import { createPostgresDatabase, type PostgresDatabase } from './stores.ts'
import { isProving } from '../runs.ts'

const clock: Clock = createSystemClock()
const ACCOUNTS = isProving ? 2_000 : 60

let database: PostgresDatabase
let file: string
beforeAll(async () => {
  database = await createPostgresDatabase()
})
beforeEach(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-copy-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  file = join(folder, 'tollgate.db')
  await database.empty()
  const connection = await database.connect('migration')
  await connection.query({ text: 'drop table if exists tollgate.copy_under_way' })
  await connection.close()
  await live()
})

/** Accounts, money, calls of every state, sessions, log rows. */
async function live(): Promise<void> {
  const store = createSqliteStore({ database: openSqliteDatabase(file), clock })
  for (let at = 0; at < ACCOUNTS; at++) {
    const subject = `account:a${at}`
    await applyOne(store, { kind: 'put', collection: 'accounts', id: `a${at}`, parent: JSON.stringify(['pictures', 'pro']), value: { id: `a${at}`, api: 'pictures', plan: 'pro', note: 'Zoë "quoted"' } })
    await applyOne(store, { kind: 'grant', subject, name: 'credit', scale: 2, grantId: 'g1', units: 1_000 + at, reason: 'recharge' })
    const call = { id: `call-${at}`, accountId: `a${at}`, holdMs: 600_000, onExpiry: 'release' as const }
    const takes = [
      { subject, name: 'daily', meter: { kind: 'quota' as const, period: 'day' as const }, limit: 100, cost: 1 },
      { subject, name: 'credit', meter: { kind: 'balance' as const, scale: 2 }, limit: 0, cost: 40 },
      { subject, name: 'session', meter: { kind: 'lease' as const, of: 'session' as const }, limit: 3, cost: 1 },
    ]
    await applyOne(store, { kind: 'claim', claim: { scope: `scope-${at}`, fingerprint: 'f', keptMs: 86_400_000 }, call })
    expect((await applyOne(store, { kind: 'admit', takes, call })).admitted).toBe(true)
    if (at % 3 !== 1) await applyOne(store, { kind: 'dispatch', callId: call.id })
    if (at % 3 === 0) await applyOne(store, { kind: 'settle', callId: call.id, outcome: 'done', reason: 'done' })
    if (at % 3 === 1) await applyOne(store, { kind: 'debit', subject, name: 'credit', scale: 2, debitId: 'd1', units: 10, reason: 'correction' })
    const nowMs = clock.wallMs()
    for (const days of [0, 1, 40]) await applyOne(store, { kind: 'log', row: { requestId: `req-${at}-${days}`, atMs: nowMs - days * 86_400_000 + at, api: 'pictures', method: 'POST', path: '/v1/\0pictures', status: 200 + 229 * (at % 2), durationMs: 3, accountId: `a${at}` } as never })
  }
  await store.close()
}

/** What both must say alike. */
async function told(store: Store) {
  const ledger = await store.ledger({ order: 'oldest', limit: 100_000 })
  const calls = await store.calls({ limit: 100_000 })
  const check = createLedgerCheck()
  for (const row of ledger) check.add(row)
  return {
    documents: await store.list('accounts', { limit: 100_000 }),
    parents: await store.parents('accounts', { limit: 10 }),
    ledger,
    calls,
    faults: check.against(calls),
    leases: await Promise.all([0, 1, 2].map((at) => store.leases({ accountId: `a${at}`, limit: 100 }))),
    balances: await Promise.all([0, 1, 2].map((at) => store.balance(`account:a${at}`, 'credit'))),
    used: (await store.peek([0, 1, 2].map((at) => ({ subject: `account:a${at}`, name: 'daily', meter: { kind: 'quota', period: 'day' }, limit: 100, cost: 1 })))).map(({ used }) => used),
    requests: (await store.requests({ limit: 100_000 })).map(({ path, ...row }) => ({ ...row, path: path?.replaceAll('\0', '\u{FFFD}') })),
    failed: (await store.requests({ status: { least: 400, most: 599 }, limit: 100_000 })).length,
  }
}

async function withSource<T>(work: (source: SqlDatabase) => Promise<T>): Promise<T> {
  const source = openSqliteDatabase(file)
  try {
    return await work(source)
  } finally {
    closeSqliteDatabase(source)
  }
}

const copied = (options: Partial<CopyOptions> = {}) => withSource((source) => copyToPostgres({ source, connect: database.connect, clock, pageRows: 25, ...options }))

test('both say the same, and the new one goes on where the old one stood', async () => {
  const outcome = await copied()
  expect(outcome).toMatchObject({ resumed: false, faults: [] })
  expect(Object.fromEntries(outcome.tables.map(({ table, done, total }) => [table, done === total]))).toEqual({ 'accounts and keys': true, 'counters and balances': true, calls: true, sessions: true, ledger: true, 'request log': true })

  const old = createSqliteStore({ database: openSqliteDatabase(file), clock })
  const store = await database.open({ clock })
  expect(await told(store)).toEqual(await told(old))
  await old.close()

  // Numbers and cursors go on, names that were used are used, open calls are settled.
  const before = await store.ledger({ order: 'newest', limit: 1 })
  expect(await applyOne(store, { kind: 'grant', subject: 'account:a2', name: 'credit', scale: 2, grantId: 'g1', units: 9, reason: 'again' })).toMatchObject({ granted: false })
  await applyOne(store, { kind: 'settle', callId: 'call-2', outcome: 'done', reason: 'done' })
  await applyOne(store, { kind: 'sweep', limit: 100, leasesKeptMs: 86_400_000 })
  const { ledger, faults } = await told(store)
  expect(faults).toEqual([])
  expect(ledger.at(-1)).toMatchObject({ subject: 'account:a2', kind: 'settle', cursor: (before[0]?.cursor ?? 0) + 1 })
  await store.close()
})

test.each([1, 7])('one that is cut off after %i pages goes on with the same command, and no store opens meanwhile', async (pages) => {
  let left = pages
  const cut = copied({
    progress() {
      left -= 1
      if (left === 0) throw new Error('cut off')
    },
  })
  await expect(cut).rejects.toThrow('the copy stopped: cut off; the same command goes on with it')
  await expect(database.open({ clock })).rejects.toThrow('a copy into this database was begun and is not whole')
  const outcome = await copied()
  expect(outcome).toMatchObject({ resumed: true, faults: [] })
  const store = await database.open({ clock })
  expect((await told(store)).ledger).toHaveLength((outcome.tables.find(({ table }) => table === 'ledger')?.done ?? 0))
  await store.close()
})

test('a source that has changed since is not gone on with; a database that holds something is left alone', async () => {
  await copied()
  await expect(copied()).rejects.toThrow('the database holds something already')

  await database.empty()
  const cut = copied({
    progress() {
      throw new Error('cut off')
    },
  })
  await expect(cut).rejects.toThrow('cut off')
  const store = createSqliteStore({ database: openSqliteDatabase(file), clock })
  await applyOne(store, { kind: 'grant', subject: 'account:a0', name: 'credit', scale: 2, grantId: 'g2', units: 5, reason: 'later' })
  await store.close()
  await expect(copied()).rejects.toThrow('the source has changed since')
  expect(await copied({ restart: true })).toMatchObject({ resumed: false, faults: [] })
})

test('the command copies, says what, and never shows the password', async () => {
  const run = async (env: { readonly [name: string]: string }, ...args: readonly string[]) => {
    const said = { out: '', err: '' }
    const code = await runCli(['store', 'copy', ...args], { stdout: (text) => void (said.out += text), stderr: (text) => void (said.err += text), readStdin: () => Promise.resolve(''), env: { NO_COLOR: '1', ...env }, cwd: '/', fetch: globalThis.fetch, isTerminal: false, onSignal: () => () => undefined, exit: () => undefined })
    return { code, ...said }
  }
  expect(await run({}, file)).toMatchObject({ code: 2, err: 'tollgate: say where to: DATABASE_URL, or --to postgres://user@host/database\n' })
  expect(await run({ DATABASE_URL: 'mysql://me:secret@db/x' }, file)).toMatchObject({ code: 2, err: expect.stringContaining('mysql://(secret)@db/x') })
  expect(await run({ DATABASE_URL: database.url }, '/nowhere.db')).toMatchObject({ code: 2, err: 'tollgate: there is no file /nowhere.db\n' })
  const down = await run({ DATABASE_URL: 'postgres://me:secret@127.0.0.1:1/x' }, file)
  expect([down.code, down.err.includes('secret'), down.err.includes('the database cannot be reached')]).toEqual([1, false, true])
  const done = await run({ DATABASE_URL: database.url }, file)
  expect([done.code, done.out]).toEqual([0, expect.stringMatching(/^Copied:\n {2}accounts and keys {6}\d+\n[\s\S]*The ledger adds up on both sides\. Next: store: \{ postgres:/)])
})
