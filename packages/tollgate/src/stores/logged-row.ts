/** A row of the request log on its way to the disk: what it is searched by, and the rest as a text. Many of them are one list of values: to hand over a list for each costs more. */
import type { RequestRow } from '../journal/request-row.ts'
import { assertInteger } from '../engine/assert-value.ts'
import { formatRequest, parseRequest } from '../journal/request-text.ts'

/** `entry`: of its refusal; empty where there was none and its status says a failure, null where all went well. */
export type LoggedRow = readonly [requestId: string, atMs: number, account: string | null, entry: string | null, clientRequestId: string | null, text: string]
/** The values of several, one after the other. */
export type LoggedValues = readonly LoggedRow[number][]

export const LOGGED_VALUES = 6
/** The least status of a failure: from there on such rows can be found without all others. */
export const FAILURE_FROM = 400

/** Throws a TypeError for what JSON or the table cannot hold: a row that cannot be written would keep all others from being written. */
export function toLoggedRow(row: RequestRow): LoggedRow {
  assertInteger(row.atMs, `atMs of ${row.requestId}`)
  return [row.requestId, row.atMs, row.accountId ?? null, row.refusal?.entry ?? (row.status >= FAILURE_FROM ? '' : null), row.clientRequestId ?? null, formatRequest(row)]
}

export function fromLoggedRow([requestId, atMs, account, , clientRequestId, text]: LoggedRow): RequestRow {
  return parseRequest({ requestId, atMs, accountId: account ?? undefined, clientRequestId: clientRequestId ?? undefined }, text)
}
