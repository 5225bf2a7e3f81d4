/** The request log: a part of the table for each day, so that old days are dropped and not deleted row by row. An id that says its instant leads to one part. */
import type { RequestQuery } from '../../../journal/journal.ts'
import { mintedAtMs } from '../../../journal/minted-at.ts'
import type { RequestRow } from '../../../journal/request-row.ts'
import { parseRequest } from '../../../journal/request-text.ts'
import { FAILURE_FROM } from '../../logged-row.ts'
import { searchQuery } from './search-query.ts'
import { toSqlFailure, type SqlConnection } from './sql-connection.ts'
import type { SqlLink } from './sql-link.ts'

const DAY_MS = 86_400_000
/** What the server says where no part of the table is for a day. */
export const NO_PART = '23514'
const COLUMNS = 'request_id, at_ms, account, client_request_id, json'

type Row = { readonly [column: string]: unknown }

export interface PostgresRequests {
  read(requestId: string): Promise<RequestRow | undefined>
  /** By what has a column; the rest is looked for in the rows. Newest first. */
  search(query: RequestQuery): Promise<readonly RequestRow[]>
  /** Days that are wholly before the instant go at once, whatever the limit. */
  prune(beforeMs: number, limit: number): Promise<number>
  /** Makes sure that rows of these instants have a part to be in, and those of the next day. */
  prepareDays(atMs: readonly number[]): Promise<void>
  /** Somebody else has dropped one. */
  forgetDays(): void
}

/** `alone`: for what no transaction may be about. */
export function createPostgresRequests(reader: SqlLink, lists: SqlLink, alone: SqlLink): PostgresRequests {
  const days = new Set<number>()

  async function loggedOf({ atMs, requestId }: NonNullable<RequestQuery['before']>): Promise<string> {
    const [row] = await reader.read({ name: 'tollgate_request_place', text: 'select logged from tollgate.requests where at_ms = $1 and request_id = $2', values: [atMs, requestId] })
    // Later than any row. A text: it is larger than what a number can say exactly.
    return row === undefined ? '9223372036854775807' : String(row['logged'])
  }

  async function makeDay(connection: SqlConnection, day: number): Promise<void> {
    const part = partOf(day)
    await inTransaction(alone, connection, [
      // Whoever else makes it is waited for here, and then has made it.
      `insert into tollgate.request_days (day) values (${day})`,
      // Attached and not created as a part: that would wait for all who write, and they for it.
      `create table ${part} (like tollgate.requests including defaults including indexes)`,
      `alter table tollgate.requests attach partition ${part} for values from (${day * DAY_MS}) to (${(day + 1) * DAY_MS})`,
    ]).catch((error: unknown) => {
      if (toSqlFailure(error)?.code !== '23505') throw error
    })
  }

  async function dropDay(connection: SqlConnection, day: number): Promise<void> {
    const part = partOf(day)
    // Without it, who reads or writes other days would have to wait for the drop, and it for them.
    await connection.query({ text: `alter table tollgate.requests detach partition ${part} concurrently` }).catch((error: unknown) => {
      if (toSqlFailure(error) === undefined) throw error
    })
    await inTransaction(alone, connection, [`drop table if exists ${part}`, `delete from tollgate.request_days where day = ${day}`])
    days.delete(day)
  }

  return {
    async read(requestId) {
      const atMs = mintedAtMs(requestId)
      const find = (name: string, more: string, values: readonly unknown[]) =>
        reader.read({ name, text: `select ${COLUMNS} from tollgate.requests where request_id = $1${more} order by at_ms desc limit 1`, values })
      const minted = atMs === undefined ? [] : await find('tollgate_request_at', ' and at_ms = $2', [requestId, atMs])
      const [row] = minted.length > 0 ? minted : await find('tollgate_request', '', [requestId])
      return row && toRow(row)
    },
    async search({ accountId, clientRequestId, entry, status, reason, beforeMs, sinceMs, before, limit }) {
      const rows = await lists.read(
        searchQuery(COLUMNS, 'requests', 'at_ms desc, logged desc', [
          ['account =', accountId],
          ['client_request_id =', clientRequestId],
          ['entry =', entry],
          ...(reason !== undefined || (status?.least ?? 0) >= FAILURE_FROM ? [['entry is not null'] as const] : []),
          ['at_ms <', beforeMs === Infinity ? undefined : beforeMs],
          ['at_ms >=', sinceMs],
          ['at_ms <=', before?.atMs],
          ['(at_ms, logged) <', before && [before.atMs, BigInt(await loggedOf(before))]],
        ], limit),
      )
      return rows.map(toRow)
    },
    async prune(beforeMs, limit) {
      const connection = await alone.connection()
      const known = await reader.read({ text: 'select day from tollgate.request_days where day < $1 order by day', values: [Math.floor(beforeMs / DAY_MS)] })
      let deleted = 0
      for (const row of known) {
        const day = Number(row['day'])
        const [counted] = await lists.read({ text: `select count(*) as count from (select 1 from ${partOf(day)} limit $1) as part`, values: [limit] })
        await dropDay(connection, day)
        deleted += Number(counted?.['count'] ?? 0)
        if (deleted >= limit) return deleted
      }
      const { rowCount } = await connection.query({
        text: `delete from tollgate.requests where (request_id, at_ms) in (select request_id, at_ms from tollgate.requests where at_ms < $1 order by at_ms, logged limit $2)`,
        values: [beforeMs, limit - deleted],
      })
      return deleted + (rowCount ?? 0)
    },
    async prepareDays(atMs) {
      const wanted = new Set(atMs.map((ms) => Math.floor(ms / DAY_MS)))
      const missing = [...wanted].filter((day) => !days.has(day))
      if (missing.length === 0) return
      const connection = await alone.connection()
      // The next one is there before its first row comes.
      for (const day of new Set(missing.flatMap((each) => [each, each + 1]))) {
        await makeDay(connection, day)
        days.add(day)
      }
    },
    forgetDays: () => days.clear(),
  }
}

const partOf = (day: number): string => `tollgate.requests_${day < 0 ? `before_${-day}` : day}`

async function inTransaction(link: SqlLink, connection: SqlConnection, statements: readonly string[]): Promise<void> {
  const outcomes = await link.within(connection, Promise.allSettled(['begin', ...statements, 'commit'].map((text) => connection.query({ text }))))
  const failed = outcomes.find((outcome) => outcome.status === 'rejected')
  if (failed !== undefined) throw failed.reason
}

function toRow(row: Row): RequestRow {
  const text = (name: string): string | undefined => (row[name] as string | null) ?? undefined
  return parseRequest({ requestId: row['request_id'] as string, atMs: Number(row['at_ms']), accountId: text('account'), clientRequestId: text('client_request_id') }, row['json'] as string)
}
