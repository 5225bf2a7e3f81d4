/** Log rows on their way to the table: bounded, and found by searches as if they were there. */
import type { RequestRow } from '../../journal/request-row.ts'
import type { RequestQuery } from '../../journal/journal.ts'
import type { LoggedRow } from './disk.ts'
import { matchesRequest, newestFirst, toRequestColumns, type RequestColumns } from '../../journal/request-match.ts'
import { toJsonText } from '../../engine/assert-value.ts'

/** A log row on its way to the table. */
export interface PendingRequest extends RequestColumns {
  readonly json: string
}

/** While the disk does not answer, so many times as many rows wait as while it fails. */
const WAITING_FACTOR = 10

export interface PendingRequests {
  add(row: PendingRequest): void
  count(): number
  /** Rows of all that wait; they wait on until `written`. */
  write(): { readonly rows: readonly LoggedRow[]; readonly written: () => void }
  /** After a commit that failed: drops the oldest beyond the bound. */
  trim(): void
  /** How many were dropped since the last time it was asked. */
  takeDropped(): number
  find(requestId: string): RequestRow | undefined
  /** Together with what is stored, newest first. */
  search(query: RequestQuery, stored: readonly RequestRow[]): RequestRow[]
}

export function toPendingRequest(row: RequestRow): PendingRequest {
  return { ...toRequestColumns(row), json: toJsonText(row, `the log row of ${row.requestId}`) }
}

export function createPendingRequests(max: number): PendingRequests {
  let rows: PendingRequest[] = []
  /** How many, from the front, a commit is under way for. */
  let writing = 0
  let dropped = 0

  return {
    add(row) {
      rows.push(row)
      if (writing === 0 || rows.length < writing + WAITING_FACTOR * max) return
      dropped += rows.splice(writing, max).length
    },
    count: () => rows.length,
    write() {
      writing = rows.length
      return {
        rows: rows.map(({ requestId, atMs, account, api, entry, clientRequestId, json }) => [requestId, atMs, account, api, entry, clientRequestId, json]),
        written() {
          rows = rows.slice(writing)
          writing = 0
        },
      }
    },
    trim() {
      writing = 0
      dropped += rows.splice(0, Math.max(0, rows.length - max)).length
    },
    takeDropped() {
      const count = dropped
      dropped = 0
      return count
    },
    find(requestId) {
      const found = rows.findLast((row) => row.requestId === requestId)
      return found === undefined ? undefined : toRow(found)
    },
    search(query, stored) {
      const { before } = query
      const at = before === undefined ? -1 : rows.findIndex(({ requestId }) => requestId === before.requestId)
      // Of the instant of a row that is stored already, what still waits was logged later, and so comes first.
      const isPast = ({ atMs }: PendingRequest, place: number): boolean => before === undefined || atMs < before.atMs || (atMs === before.atMs && place < at)
      const pending = rows.filter((row, place) => isPast(row, place) && matchesRequest(row, query)).map(toRow)
      // Stored rows were logged before the pending ones.
      const all = [...stored.toReversed(), ...pending]
      return newestFirst(all).slice(0, query.limit)
    },
  }
}

function toRow({ json }: PendingRequest): RequestRow {
  return JSON.parse(json) as RequestRow
}
