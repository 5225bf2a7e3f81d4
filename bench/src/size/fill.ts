/** A database of a size, written as the gateway would have written it over the years, but in one go. */
import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import { prepareSqliteDatabase, type SqlDatabase } from 'tollgate/stores/sqlite'

export const API = 'bench'
export const plans = ['free', 'pro'] as const
export const accountId = (at: number): string => `account_${at}`
export const secretOf = (at: number): string => `sk_bench_${at}`

/** In one transaction. */
const ROWS_AT_ONCE = 50_000
/** Log rows and done calls before this instant are old. */
export const FILLED_MS = Date.UTC(2026, 10, 1)

export function sha256Hex(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

export function openDatabase(file: string): SqlDatabase {
  return new (createRequire(import.meta.url)('libsql') as new (path: string) => SqlDatabase)(file)
}

export function fillDatabase(file: string, { accounts, rows }: { readonly accounts: number; readonly rows: number }): void {
  const database = openDatabase(file)
  prepareSqliteDatabase(database)
  database.exec('PRAGMA synchronous = OFF')

  function write(sql: string, values: Iterable<readonly (string | number | null)[]>): void {
    const statement = database.prepare(sql)
    let open = 0
    for (const row of values) {
      if (open === 0) database.exec('BEGIN')
      statement.run(...row)
      open += 1
      if (open < ROWS_AT_ONCE) continue
      database.exec('COMMIT')
      open = 0
    }
    if (open > 0) database.exec('COMMIT')
  }

  // In the order of their keys: that is how a table without row ids is written fastest.
  const document = 'INSERT INTO documents (collection, id, parent, version, json) VALUES (?, ?, ?, 1, ?)'
  const numbers = Array.from({ length: accounts }, (_, at) => at)
  const byId = numbers.map((at) => [accountId(at), at] as const).toSorted(([one], [other]) => (one < other ? -1 : 1))
  write(document, (function* () {
    for (const [id, at] of byId) {
      const plan = plans[at % plans.length] ?? ''
      yield ['accounts', id, JSON.stringify([API, plan]), JSON.stringify({ id, api: API, name: `Account ${at}`, status: 'active', plan, createdAtMs: FILLED_MS })]
    }
  })())
  const byHash = numbers.map((at) => [sha256Hex(secretOf(at)), at] as const).toSorted(([one], [other]) => (one < other ? -1 : 1))
  write(document, (function* () {
    for (const [hash, at] of byHash) yield ['keys', hash, accountId(at), JSON.stringify({ id: `key_${at}`, api: API, accountId: accountId(at), hash, hint: 'sk_b', status: 'active', scopes: [], createdAtMs: FILLED_MS })]
  })())
  write('INSERT INTO requests (request_id, at_ms, account, api, entry, client_request_id, json) VALUES (?, ?, ?, ?, NULL, NULL, ?)', (function* () {
    for (let at = 0; at < rows; at += 1) {
      const row = { requestId: `r${at}`, atMs: FILLED_MS + at, durationMs: 3, method: 'GET', path: '/v1/reports/17', remoteAddress: '127.0.0.1', api: API, accountId: accountId(at % accounts), status: 200, meters: [], upstream: [], timings: {}, bytesIn: 0, bytesOut: 1_024 }
      yield [row.requestId, row.atMs, row.accountId, API, JSON.stringify(row)]
    }
  })())
  write("INSERT INTO calls (id, scope, account, state, created_ms, due_ms, kept_until_ms, json) VALUES (?, ?, ?, 'done', ?, NULL, ?, ?)", (function* () {
    for (let at = 0; at < rows; at += 1) {
      const scope = `scope ${at}`
      const keptUntilMs = Date.now() + 86_400_000
      const call = { id: `call_${at}`, accountId: accountId(at % accounts), state: 'done', createdAtMs: FILLED_MS, deadlineMs: FILLED_MS + 60_000, fence: 1, onExpiry: 'release', holds: [], claim: { scope, fingerprint: 'f' }, ended: { atMs: FILLED_MS, keptUntilMs } }
      yield [call.id, scope, call.accountId, FILLED_MS, keptUntilMs, JSON.stringify(call)]
    }
  })())
  for (const sql of ['PRAGMA journal_mode = DELETE', 'PRAGMA locking_mode = NORMAL', 'BEGIN IMMEDIATE; COMMIT']) database.exec(sql)
  database.close()
}
