/** A database of a size, written as the gateway would have written it over the years, but in one go. */
import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import { prepareSqliteDatabase, type SqlDatabase } from 'tollgate/stores/sqlite'

export const API = 'bench'
export const plans = ['free', 'pro'] as const
export const accountId = (at: number): string => `account_${at}`
export const secretOf = (at: number): string => `sk_bench_${at}`

const KEPT_MS = 86_400_000
/** Each so-manieth row. */
const REFUSED_EVERY = 100
const FAILS_EVERY = 1_000
const ACCOUNT = '$account'
/** As the gateway mints them: time, then chance; here of the number, so that they can be asked for. */
const ID = "printf('%012x%020x', at_ms, (value * 2654435761) % 4294967296)"
const SCOPE = "printf('%08x %d', (value * 2654435761) % 4294967296, value)"
const IS_REFUSED = `value % ${REFUSED_EVERY} = 3`
export const idOf = (at: number): string => `${(FILLED_MS + at).toString(16).padStart(12, '0')}${Number((BigInt(at) * 2_654_435_761n) % 4_294_967_296n).toString(16).padStart(20, '0')}`

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

/** How many of each. */
export interface Size {
  readonly accounts: number
  /** Done calls with idempotency keys. */
  readonly keys: number
  /** Of the request log. */
  readonly rows: number
}

export function fillDatabase(file: string, { accounts, keys, rows }: Size): void {
  const database = openDatabase(file)
  prepareSqliteDatabase(database)
  for (const sql of ['PRAGMA synchronous = OFF', 'PRAGMA cache_size = -1000000']) database.exec(sql)

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

  /** `select` says how a row is made of its number, `value`, and its instant, `at_ms`; in SQL alone ten million take minutes. */
  function writeInParts(count: number, select: string): void {
    const statement = database.prepare(`${select.replaceAll(ACCOUNT, `('account_' || (value % ${accounts}))`)} FROM (SELECT value, ${FILLED_MS} + value AS at_ms FROM generate_series(?, ?))`)
    for (let from = 0; from < count; from += ROWS_AT_ONCE) statement.run(from, Math.min(count, from + ROWS_AT_ONCE) - 1)
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
  writeInParts(keys, `INSERT INTO calls (id, scope, account, state, created_ms, due_ms, kept_until_ms, json)
    SELECT ${ID}, ${SCOPE}, ${ACCOUNT}, 'done', at_ms, NULL, ${Date.now() + KEPT_MS}, json_object('id', ${ID}, 'accountId', ${ACCOUNT}, 'state', 'done', 'createdAtMs', at_ms,
      'deadlineMs', at_ms + 60000, 'fence', 1, 'onExpiry', 'release', 'holds', json('[]'), 'claim', json_object('scope', ${SCOPE}, 'fingerprint', 'f'), 'ended', json_object('atMs', at_ms, 'keptUntilMs', ${Date.now() + KEPT_MS}))`)
  // As `formatRequest` writes them.
  writeInParts(rows, `INSERT INTO requests (request_id, at_ms, account, entry, client_request_id, json)
    SELECT ${ID}, at_ms, ${ACCOUNT}, iif(${IS_REFUSED}, 'rateLimited', iif(value % ${FAILS_EVERY} = 7, '', NULL)), iif(value % 10 = 0, 'client ' || value, NULL),
      '[1,300,"GET","/v1/reports/17","127.0.0.1",null,"${API}","GET /v1/reports/{id}",null,null,null,' ||
      iif(${IS_REFUSED}, '429', iif(value % ${FAILS_EVERY} = 7, '502', '200')) || ',0,1024,null,null,' ||
      iif(${IS_REFUSED}, '{"entry":"rateLimited","code":"RATE_LIMITED","reason":"rate.limited"}', 'null') || ',0,0,0]'`)
  for (const sql of ['PRAGMA journal_mode = DELETE', 'PRAGMA locking_mode = NORMAL', 'BEGIN IMMEDIATE; COMMIT']) database.exec(sql)
  database.close()
}
