/** Log rows on their way to the table: bounded, and found by searches as if they were there. */
import type { RequestRow } from '../admission/request-row.ts'
import type { RequestQuery } from '../admission/journal.ts'
import { matchesRequest, newestFirst, toRequestColumns } from './request-match.ts'
import type { PendingRequest, SqliteTables } from './sqlite-tables.ts'
import { toJsonText } from './stored-json.ts'

export interface PendingRequests {
  add(row: PendingRequest): void
  count(): number
  writeTo(tables: SqliteTables): void
  committed(): void
  /** Drops the oldest beyond the bound; returns how many. */
  trim(): number
  find(requestId: string): RequestRow | undefined
  /** Pending and stored rows together, newest first. */
  search(query: RequestQuery, tables: SqliteTables): RequestRow[]
}

export function toPendingRequest(row: RequestRow): PendingRequest {
  return { ...toRequestColumns(row), json: toJsonText(row, `the log row of ${row.requestId}`) }
}

export function createPendingRequests(max: number): PendingRequests {
  let rows: PendingRequest[] = []

  return {
    add: (row) => void rows.push(row),
    count: () => rows.length,
    writeTo(tables) {
      for (const row of rows) tables.insertRequest(row)
    },
    committed() {
      rows = []
    },
    trim: () => rows.splice(0, Math.max(0, rows.length - max)).length,
    find(requestId) {
      const found = rows.findLast((row) => row.requestId === requestId)
      return found === undefined ? undefined : toRow(found)
    },
    search(query, tables) {
      const { before } = query
      const at = before === undefined ? -1 : rows.findIndex(({ requestId }) => requestId === before.requestId)
      // Of the instant of a row that is stored already, what still waits was logged later, and so comes first.
      const isPast = ({ atMs }: PendingRequest, place: number): boolean => before === undefined || atMs < before.atMs || (atMs === before.atMs && place < at)
      const pending = rows.filter((row, place) => isPast(row, place) && matchesRequest(row, query)).map((columns) => ({ atMs: columns.atMs, row: toRow(columns) }))
      // Stored rows were logged before the pending ones.
      const all = [...tables.listRequests(query).toReversed(), ...pending]
      return newestFirst(all).slice(0, query.limit).map(({ row }) => row)
    },
  }
}

function toRow({ json }: PendingRequest): RequestRow {
  return JSON.parse(json) as RequestRow
}
