/** A Postgres database of a size, written as gateways would have written it over ten days, but in statements of many rows. */
import { connectPostgres, createSystemClock } from '@tollgate/gateway'
import { applyOne } from 'tollgate/stores'
import { createPostgresStore } from 'tollgate/stores/postgres'
import { API, FILLED_MS, plans, type Size } from '../../size/fill.ts'
import { createPool } from '../create-pool.ts'
import { beginAccount } from './begin-account.ts'

const DAY_MS = 86_400_000
const DAYS = 10
const ROWS_AT_ONCE = 100_000
/** Each so-manieth row. */
const REFUSED_EVERY = 100
const SCATTER = '(n::bigint * 2654435761 % 4294967296)'
/** As the gateway mints them: time, then chance; here of the number, so that they can be asked for. */
const ID = `lpad(to_hex(at_ms), 12, '0') || lpad(to_hex(${SCATTER}), 20, '0')`
const ACCOUNT = (accounts: number): string => `'account_' || n % ${accounts}`

/** Of the row or call of this number, among so many. */
export function instantOf(at: number, of: number): number {
  return FILLED_MS + at * stepOf(of)
}

export function mintedIdOf(at: number, of: number): string {
  return `${instantOf(at, of).toString(16).padStart(12, '0')}${Number((BigInt(at) * 2_654_435_761n) % 4_294_967_296n).toString(16).padStart(20, '0')}`
}

function stepOf(count: number): number {
  return Math.max(1, Math.floor((DAYS * DAY_MS) / count))
}

export async function fillPostgres(url: string, { accounts, keys, rows }: Size): Promise<void> {
  const record = await prepare(url)
  const pool = createPool(url, 1)
  const write = async (count: number, insert: string): Promise<void> => {
    for (let from = 0; from < count; from += ROWS_AT_ONCE) await pool.query(insert.replace('$numbers', `generate_series(${from}, ${Math.min(count, from + ROWS_AT_ONCE) - 1}) n`))
  }
  const timed = (count: number): string => `(select n, (${FILLED_MS}::bigint + n::bigint * ${stepOf(count)}) as at_ms from $numbers) d`
  await pool.query('set synchronous_commit = off')
  await write(accounts, `insert into tollgate.documents (collection, id, parent, version, json)
    select 'accounts', 'account_' || n, jsonb_build_array('${API}', (array['${plans.join("','")}'])[n % ${plans.length} + 1])::text, 1,
      json_build_object('id', 'account_' || n, 'api', '${API}', 'name', 'Account ' || n, 'status', 'active', 'plan', (array['${plans.join("','")}'])[n % ${plans.length} + 1], 'createdAtMs', ${FILLED_MS}::bigint)::text from $numbers`)
  await pool.query("update tollgate.documents set parent = replace(parent, ', ', ',') where collection = 'accounts'")
  const hash = "encode(sha256(('sk_bench_' || n)::bytea), 'hex')"
  await write(accounts, `insert into tollgate.documents (collection, id, parent, version, json)
    select 'keys', ${hash}, 'account_' || n, 1,
      json_build_object('id', 'key_' || n, 'api', '${API}', 'accountId', 'account_' || n, 'hash', ${hash}, 'hint', 'sk_b', 'status', 'active', 'scopes', '[]'::json, 'createdAtMs', ${FILLED_MS}::bigint)::text from $numbers`)
  await write(accounts, `insert into tollgate.subjects (subject, record, number, due_ms, expires_ms) select 'account:account_' || n, '${record.replaceAll("'", "''")}', 1, null, null from $numbers on conflict do nothing`)
  const keptMs = Date.now() + DAY_MS
  await write(keys, `insert into tollgate.calls (id, scope, account, subjects, state, created_ms, due_ms, kept_until_ms, json)
    select ${ID}, lpad(to_hex(${SCATTER}), 8, '0') || ' ' || n, ${ACCOUNT(accounts)}, '{}', 'done', at_ms, null, ${keptMs},
      json_build_object('id', ${ID}, 'accountId', ${ACCOUNT(accounts)}, 'state', 'done', 'createdAtMs', at_ms, 'deadlineMs', at_ms + 60000, 'fence', 1, 'onExpiry', 'release', 'holds', '[]'::json,
        'claim', json_build_object('scope', lpad(to_hex(${SCATTER}), 8, '0') || ' ' || n, 'fingerprint', 'f'), 'ended', json_build_object('atMs', at_ms, 'keptUntilMs', ${keptMs}::bigint))::text from ${timed(keys)}`)
  await write(rows, `insert into tollgate.requests (request_id, at_ms, logged, account, entry, client_request_id, json)
    select ${ID}, at_ms, at_ms * 1000000 + n % 1000, ${ACCOUNT(accounts)}, case when n % ${REFUSED_EVERY} = 3 then 'rateLimited' end, case when n % 10 = 0 then 'client ' || n end,
      '[1,300,"GET","/v1/reports/17","127.0.0.1",null,"${API}","GET /v1/reports/{id}",null,null,null,' || case when n % ${REFUSED_EVERY} = 3 then '429' else '200' end || ',0,1024,null,null,' ||
      case when n % ${REFUSED_EVERY} = 3 then '{"entry":"rateLimited","code":"RATE_LIMITED","reason":"rate.limited"}' else 'null' end || ',0,0,0]' from ${timed(rows)}`)
  await pool.query('vacuum analyze')
  await pool.end()
}

/** The tables, the days of the log, and what a record of an account with four meters and a balance looks like. */
async function prepare(url: string): Promise<string> {
  const store = await createPostgresStore({ connect: connectPostgres({ url: url }), clock: createSystemClock() })
  const subject = await beginAccount(store)
  for (let day = 0; day <= DAYS; day += 1) await applyOne(store, { kind: 'log', row: { requestId: `day ${day}`, atMs: FILLED_MS + day * DAY_MS, durationMs: 1, method: 'GET', path: '/x', remoteAddress: '', api: API, status: 200, meters: [], upstream: [], timings: {}, bytesIn: 0, bytesOut: 0 } })
  await store.close()
  const pool = createPool(url, 1)
  const { rows } = await pool.query<{ readonly record: string }>('select record from tollgate.subjects where subject = $1', [subject])
  await pool.end()
  const [found] = rows
  if (found === undefined) throw new Error('the record of an account was not found')
  return found.record
}

export async function bytesOfDatabase(url: string): Promise<number> {
  const pool = createPool(url, 1)
  const { rows } = await pool.query<{ readonly bytes: string }>('select pg_database_size(current_database()) as bytes')
  await pool.end()
  return Number(rows[0]?.bytes)
}
