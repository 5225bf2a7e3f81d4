/** Log rows on their way to the table: bounded, and found by searches as if they were there. */
import type { RequestRow } from '../../journal/request-row.ts'
import type { RequestQuery } from '../../journal/journal.ts'
import { matchesRequest, newestFirst, toRequestColumns } from '../../journal/request-match.ts'
import { fromLoggedRow, LOGGED_VALUES, type LoggedRow, type LoggedValues } from '../logged-row.ts'

/** While the disk does not answer, so many times as many rows wait as while it fails. */
const WAITING_FACTOR = 10

export interface PendingRequests {
  add(row: LoggedRow): void
  count(): number
  /** All that wait; they wait on until `written`. */
  write(): { readonly rows: LoggedValues; readonly written: () => void }
  /** After a commit that failed: drops the oldest beyond the bound. */
  trim(): void
  /** How many were dropped since the last time it was asked. */
  takeDropped(): number
  find(requestId: string): RequestRow | undefined
  /** Together with what is stored, newest first. */
  search(query: RequestQuery, stored: readonly RequestRow[]): RequestRow[]
}

export function createPendingRequests(max: number): PendingRequests {
  /** What a commit is under way for, and what has come since. */
  let writing: LoggedValues = []
  let values: LoggedRow[number][] = []
  let dropped = 0

  /** In the order in which they were logged. */
  function* all(): Iterable<LoggedRow> {
    for (const list of [writing, values]) for (let at = 0; at < list.length; at += LOGGED_VALUES) yield list.slice(at, at + LOGGED_VALUES) as unknown as LoggedRow
  }

  function drop(rows: number): void {
    values.splice(0, rows * LOGGED_VALUES)
    dropped += rows
  }

  return {
    add([requestId, atMs, account, entry, clientRequestId, text]) {
      values.push(requestId, atMs, account, entry, clientRequestId, text)
      if (writing.length > 0 && values.length >= WAITING_FACTOR * max * LOGGED_VALUES) drop(max)
    },
    count: () => (writing.length + values.length) / LOGGED_VALUES,
    write() {
      writing = values
      values = []
      return { rows: writing, written: () => void (writing = []) }
    },
    trim() {
      values = [...writing, ...values]
      writing = []
      drop(Math.max(0, values.length / LOGGED_VALUES - max))
    },
    takeDropped() {
      const count = dropped
      dropped = 0
      return count
    },
    find(requestId) {
      const found = [...all()].findLast(([id]) => id === requestId)
      return found && fromLoggedRow(found)
    },
    search(query, stored) {
      const { before } = query
      const rows = [...all()]
      const at = before === undefined ? -1 : rows.findIndex(([requestId]) => requestId === before.requestId)
      // Of the instant of a row that is stored already, what still waits was logged later, and so comes first.
      const isPast = (atMs: number, place: number): boolean => before === undefined || atMs < before.atMs || (atMs === before.atMs && place < at)
      const pending = rows.filter((row, place) => isPast(row[1], place) && mayMatch(row, query)).map(fromLoggedRow).filter((row) => matchesRequest(toRequestColumns(row), query))
      // Stored rows were logged before the pending ones.
      return newestFirst([...stored.toReversed(), ...pending]).slice(0, query.limit)
    },
  }
}

/** By what stands beside the text: to parse all that waits for each search would take longer than the search. */
function mayMatch([, atMs, account, entry, clientRequestId]: LoggedRow, query: RequestQuery): boolean {
  return (
    (query.accountId === undefined || query.accountId === account) &&
    (query.clientRequestId === undefined || query.clientRequestId === clientRequestId) &&
    (query.entry === undefined || query.entry === entry) &&
    (query.beforeMs === undefined || atMs < query.beforeMs) &&
    (query.sinceMs === undefined || atMs >= query.sinceMs)
  )
}
