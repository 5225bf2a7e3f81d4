/** The part of a store that remembers what happened: the request log. */
import type { Engine } from '../engine/engine.ts'
import type { RequestRow } from './request-row.ts'

/** A request has ended, which it does once. Written with the next group, unless the same batch holds what must be durable. */
export interface LogCommand {
  readonly kind: 'log'
  readonly row: RequestRow
}

export interface JournalResults {
  log: Record<never, never>
}

/** Which rows of the request log are asked for; what is left out does not narrow. */
export interface RequestQuery {
  readonly accountId?: string
  readonly clientRequestId?: string
  readonly api?: string
  readonly entry?: string
  /** As the log names it: its name, otherwise `POST /v1/messages`. */
  readonly route?: string
  /** Of the refusal: `rate.limited`, or all of a family: `rate.*`. */
  readonly reason?: string
  /** Both included. */
  readonly status?: { readonly least: number; readonly most: number }
  /** Only rows of this instant or later. */
  readonly sinceMs?: number
  /** Only rows before this instant; newest first, of one instant the one that was logged last. */
  readonly beforeMs?: number
  /** Only what comes after this request in that order: the last of the page before. */
  readonly before?: Pick<RequestRow, 'atMs' | 'requestId'> | undefined
  readonly limit: number
}

/** An engine that keeps the request log. */
export interface Journal extends Engine<LogCommand> {
  request(requestId: string): Promise<RequestRow | undefined>
  requests(query: RequestQuery): Promise<readonly RequestRow[]>
  /** Deletes rows older than the instant, at most `limit`; returns how many. */
  pruneRequests(beforeMs: number, limit: number): Promise<number>
}
