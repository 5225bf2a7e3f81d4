/** By what the request log is searched. One meaning for every store. */
import type { RequestRow } from './request-row.ts'
import type { RequestQuery } from './journal.ts'

/** What is searched for, taken out of the row. `null`: the request had none. */
export interface RequestColumns {
  readonly requestId: string
  readonly atMs: number
  readonly account: string | null
  readonly api: string | null
  readonly entry: string | null
  readonly clientRequestId: string | null
  readonly route: string | null
  readonly reason: string | null
  readonly status: number
}

/**
 * Takes out of a row what it is searched by.
 *
 * @example
 * const columnsOf = (row: RequestRow) => toRequestColumns(row)
 */
export function toRequestColumns(row: RequestRow): RequestColumns {
  return {
    requestId: row.requestId,
    atMs: row.atMs,
    account: row.accountId ?? null,
    api: row.api ?? null,
    entry: row.refusal?.entry ?? null,
    clientRequestId: row.clientRequestId ?? null,
    route: row.route ?? null,
    reason: row.refusal?.reason ?? null,
    status: row.status,
  }
}

/**
 * Whether a row is among those that are asked for, whatever the page: that is a place in the order and no property of the row.
 *
 * @example
 * const found = (rows: readonly RequestRow[], query: RequestQuery) => rows.filter((row) => matchesRequest(toRequestColumns(row), query))
 */
export function matchesRequest(columns: RequestColumns, query: RequestQuery): boolean {
  return (
    (query.accountId === undefined || query.accountId === columns.account) &&
    (query.api === undefined || query.api === columns.api) &&
    (query.entry === undefined || query.entry === columns.entry) &&
    (query.clientRequestId === undefined || query.clientRequestId === columns.clientRequestId) &&
    (query.beforeMs === undefined || columns.atMs < query.beforeMs) &&
    (query.sinceMs === undefined || columns.atMs >= query.sinceMs) &&
    (query.route === undefined || query.route === columns.route) &&
    (query.reason === undefined || isOfReason(columns.reason, query.reason)) &&
    (query.status === undefined || (columns.status >= query.status.least && columns.status <= query.status.most))
  )
}

function isOfReason(reason: string | null, asked: string): boolean {
  return asked.endsWith('.*') ? reason?.startsWith(asked.slice(0, -1)) === true : reason === asked
}

/**
 * Newest first; of one instant, the one that was logged last. `rows` are in the order in which they were logged.
 *
 * @example
 * newestFirst([{ atMs: 1 }, { atMs: 2 }]) // => [{ atMs: 2 }, { atMs: 1 }]
 */
export function newestFirst<T extends { readonly atMs: number }>(rows: readonly T[]): T[] {
  return rows.toReversed().toSorted((a, b) => b.atMs - a.atMs)
}
