/**
 * Where meters, accounts, keys and the request log live.
 *
 * A store takes commands in batches (group commit) and decides each command atomically, in order, with the same pure functions on every
 * store. `durable` commands are on disk before `apply` resolves; the others are decided at once and written with the next group.
 * A refused stage leaves every meter as it was, except meters that count attempts. If `apply` rejects, no durable command of the batch
 * took effect.
 */
import type { Receipt, Reading, StageDecision, Take } from './meter.ts'
import type { RequestRow } from './request-row.ts'

/** A small record by id: accounts, keys, switches, audit rows. `parent` groups them (keys of an account). */
export interface Document {
  readonly collection: string
  readonly id: string
  readonly parent?: string
  /** JSON. */
  readonly value: unknown
  /** Starts at 1, grows by 1 with each write. */
  readonly version: number
}

export interface AdmitCommand {
  readonly kind: 'admit'
  readonly takes: readonly Take[]
  readonly nowMs: number
  readonly durable?: boolean
}
export interface UncountCommand {
  readonly kind: 'uncount'
  readonly receipts: readonly Receipt[]
  readonly nowMs: number
}
/** Always durable. `expect`: the version that must stand there, 0 for none. */
export interface PutCommand {
  readonly kind: 'put'
  readonly collection: string
  readonly id: string
  readonly parent?: string
  readonly value: unknown
  readonly expect?: number
}
export interface DeleteCommand {
  readonly kind: 'delete'
  readonly collection: string
  readonly id: string
}
export interface LogCommand {
  readonly kind: 'log'
  readonly row: RequestRow
}

export type Command = AdmitCommand | UncountCommand | PutCommand | DeleteCommand | LogCommand

export interface ResultOf {
  admit: StageDecision
  uncount: { readonly readings: readonly Reading[] }
  /** `written: false`: another version stands there; it is returned, and nothing changed. */
  put: { readonly written: boolean; readonly document: Document | undefined }
  delete: { readonly deleted: boolean }
  log: Record<never, never>
}
export type Result = ResultOf[Command['kind']]

export interface RequestQuery {
  readonly accountId?: string
  readonly clientRequestId?: string
  readonly api?: string
  readonly entry?: string
  /** Only rows before this instant; newest first. */
  readonly beforeMs?: number
  readonly limit: number
}

export interface Store {
  /** Results in the order of the commands. */
  apply(commands: readonly Command[]): Promise<readonly Result[]>
  get(collection: string, id: string): Promise<Document | undefined>
  /** In order of id. */
  list(collection: string, options: { readonly parent?: string; readonly after?: string; readonly limit: number }): Promise<readonly Document[]>
  /** Current readings of the takes, changing nothing. */
  peek(takes: readonly Take[], nowMs: number): Promise<readonly Reading[]>
  request(requestId: string): Promise<RequestRow | undefined>
  requests(query: RequestQuery): Promise<readonly RequestRow[]>
  /** Deletes rows older than the instant, at most `limit`; returns how many. */
  pruneRequests(beforeMs: number, limit: number): Promise<number>
  /** The highest wall time that the store has seen, epoch ms; 0 when new. */
  highWaterMs(): number
  /** Writes what is pending, then lets go of everything. */
  close(): Promise<void>
}

/** Applies one command and gives its own result type. */
export async function applyOne<C extends Command>(store: Pick<Store, 'apply'>, command: C): Promise<ResultOf[C['kind']]> {
  const [result] = await store.apply([command])
  return result as ResultOf[C['kind']]
}
