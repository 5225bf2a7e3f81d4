/** The statements of the request log, prepared once. Nothing here opens a transaction. */
import type { RequestQuery } from '../../journal/journal.ts'
import { mintedAtMs } from '../../journal/minted-at.ts'
import type { RequestRow } from '../../journal/request-row.ts'
import { parseRequest } from '../../journal/request-text.ts'
import { FAILURE_FROM, LOGGED_VALUES, type LoggedValues } from '../logged-row.ts'
import type { SqlDatabase } from './sqlite-database.ts'
import { prepareValues } from './sqlite-rows.ts'
import { searchRows } from './sqlite-search.ts'

export interface SqliteRequests {
  insert(values: LoggedValues): void
  /** Of several under one id the one that was logged last. */
  read(requestId: string): RequestRow | undefined
  /** Newest first. */
  list(query: RequestQuery): RequestRow[]
  prune(beforeMs: number, limit: number): number
}

interface StoredRow {
  readonly request_id: string
  readonly at_ms: number
  readonly account: string | null
  readonly client_request_id: string | null
  readonly json: string
}

const COLUMNS = 'request_id, at_ms, account, client_request_id, json'

/**
 * The index of ids is one of many parts, each for as many rows as are in one part of the table (`requests_by_id` in the schema): ids come in no order, and in a
 * whole index each row would change a page of its own. Who looks for one asks part by part.
 */
const READ = `
  WITH RECURSIVE parts (part) AS (
    SELECT max(seq) >> 14 FROM requests UNION ALL SELECT part - 1 FROM parts WHERE part > (SELECT min(seq) >> 14 FROM requests)
  )
  SELECT ${COLUMNS} FROM parts CROSS JOIN requests INDEXED BY requests_by_id
    ON seq >> 14 = part AND substr(request_id, -8) = substr(?, -8) AND request_id = ?
    ORDER BY seq DESC LIMIT 1`

/** Later than any row: what still waits to be written was logged after all that is. */
const LAST_SEQ = Number.MAX_SAFE_INTEGER

export function createSqliteRequests(database: SqlDatabase): SqliteRequests {
  const sql = {
    read: database.prepare(READ),
    readAt: database.prepare(`SELECT ${COLUMNS} FROM requests WHERE at_ms = ? AND request_id = ? ORDER BY seq DESC LIMIT 1`),
    seqOf: database.prepare('SELECT seq FROM requests WHERE at_ms = ? AND request_id = ? ORDER BY seq DESC LIMIT 1'),
    prune: database.prepare('DELETE FROM requests WHERE seq IN (SELECT seq FROM requests WHERE at_ms < ? ORDER BY at_ms LIMIT ?)'),
  }

  function seqOf({ atMs, requestId }: NonNullable<RequestQuery['before']>): number {
    return (sql.seqOf.get(atMs, requestId) as { readonly seq: number } | undefined)?.seq ?? LAST_SEQ
  }

  return {
    insert: prepareValues(database, 'INSERT INTO requests (request_id, at_ms, account, entry, client_request_id, json) VALUES', LOGGED_VALUES),
    read(requestId) {
      const atMs = mintedAtMs(requestId)
      const row = (atMs === undefined ? undefined : sql.readAt.get(atMs, requestId)) ?? sql.read.get(requestId, requestId)
      return row === undefined || row === null ? undefined : toRow(row as StoredRow)
    },
    /** By what has a column, and what went well is left out where only failures are meant; the rest is looked for in the rows. */
    list: ({ accountId, clientRequestId, entry, status, reason, beforeMs, sinceMs, before, limit }) =>
      searchRows<StoredRow>(database, COLUMNS, 'requests', 'at_ms DESC, seq DESC', [
        ['account = ?', accountId],
        ['client_request_id = ?', clientRequestId],
        ['entry = ?', entry],
        ...(reason !== undefined || (status?.least ?? 0) >= FAILURE_FROM ? [['entry IS NOT NULL'] as const] : []),
        ['at_ms < ?', beforeMs],
        ['at_ms >= ?', sinceMs],
        ['at_ms <= ?', before?.atMs],
        ['(at_ms < ? OR seq < ?)', before && [before.atMs, seqOf(before)]],
      ], limit).map(toRow),
    prune: (beforeMs, limit) => Number(sql.prune.run(beforeMs, limit).changes),
  }
}

function toRow({ request_id: requestId, at_ms: atMs, account, client_request_id: clientRequestId, json }: StoredRow): RequestRow {
  return parseRequest({ requestId, atMs, accountId: account ?? undefined, clientRequestId: clientRequestId ?? undefined }, json)
}
