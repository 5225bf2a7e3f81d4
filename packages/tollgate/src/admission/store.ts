/**
 * Where meters, accounts, keys and the request log live.
 *
 * A store takes commands in batches (group commit) and decides each command atomically, in order, with the same pure functions on every
 * store. `durable` commands are on disk before `apply` resolves; the others are decided at once and written with the next group.
 * A refused stage leaves every meter as it was, except meters that count attempts. If `apply` rejects, no durable command of the batch
 * took effect.
 *
 * Whatever moves money, durable leases or a claimed key is durable, asked for or not. Any command first resolves what has fallen due.
 */
import type { BalanceStatement } from './balance-statement.ts'
import type { CallContext, CallHold, CallRecord, CallState, ClaimResult, IdempotencyClaim, StoredAnswer } from './call-record.ts'
import type { Lease, LeaseState } from './lease.ts'
import type { LedgerRow } from './ledger.ts'
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

/** A document was written or deleted. */
export interface DocumentChange {
  readonly collection: string
  readonly id: string
}

export interface ChangePage {
  /** In the order of their commits. */
  readonly changes: readonly DocumentChange[]
  /** Where to go on. */
  readonly cursor: number
  /** False: changes before these are forgotten, and any document may be among them. */
  readonly complete: boolean
}

export interface AdmitCommand {
  readonly kind: 'admit'
  readonly takes: readonly Take[]
  readonly nowMs: number
  readonly durable?: boolean
  /** Who holds what the stage takes of balances and leases; without it a stage may take neither. */
  readonly call?: CallContext
  /** Mark the call dispatched in the same commit if it is admitted: the stage is the last step before the upstream. */
  readonly dispatch?: boolean
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

/** Claims an idempotency key. Becomes durable with the call's next durable command, at the latest with `dispatch`. */
export interface ClaimCommand {
  readonly kind: 'claim'
  readonly claim: IdempotencyClaim
  readonly call: CallContext
  readonly nowMs: number
  /** Take over a call whose outcome is unknown, under its hold: it goes on under this call's id, with the next fence. */
  readonly redispatch?: boolean
}
/** The call goes to the upstream. The same again has the same result. */
export interface DispatchCommand {
  readonly kind: 'dispatch'
  readonly callId: string
  readonly nowMs: number
}
/**
 * Moves the deadline of a call on, and with it the end of its key's lock and of its slots, for as long as somebody works on it. Never moves it back. Void
 * if the call is over, was taken over, or waits for nobody but its deadline.
 */
export interface ExtendCommand {
  readonly kind: 'extend'
  readonly callId: string
  /** Void if the call was taken over since. */
  readonly fence?: number
  readonly deadlineMs: number
  readonly nowMs: number
}
/** Ends a call. Its slots are free whatever becomes of the command. */
export interface SettleCommand {
  readonly kind: 'settle'
  readonly callId: string
  /** Void if the call was taken over since. */
  readonly fence?: number
  readonly nowMs: number
  readonly outcome: 'done' | 'released' | 'unknown'
  /** With `done`: at most what is held, more is cut to it and said. Undefined: all that is held. */
  readonly chargeUnits?: number
  /** Kept for the key, if the call has one. */
  readonly answer?: StoredAnswer
  readonly reason: string
  /** By hand, over the heads of gateway and service: what they say afterwards is void, even if it is the same. */
  readonly by?: 'operator'
  /** With `done`: where the deadline has given all back meanwhile, it is charged all the same, out of what is available by then. */
  readonly late?: LateCharge
  /** With `released`: leaves a record without key, so that the same again has the same answer. For who asks from outside, and may not hear it. */
  readonly remembered?: boolean
}
/** What the store has forgotten of a call whose deadline gave all back. */
export interface LateCharge {
  readonly call: CallContext
  /** Bound again with the charge; where another call has the key by now, nothing is charged. */
  readonly claim?: IdempotencyClaim
  /** What it held. */
  readonly holds: readonly Pick<CallHold, 'subject' | 'name' | 'scale' | 'units'>[]
}
/** Gives what a running call took of durable leases a life of its own, under an id of the service's. */
export interface BindLeaseCommand {
  readonly kind: 'bind-lease'
  readonly callId: string
  readonly api: string
  readonly id: string
  /** Undefined: until it is ended. */
  readonly expiresAtMs?: number
  readonly nowMs: number
}
export interface RenewLeaseCommand {
  readonly kind: 'renew-lease'
  readonly accountId: string
  readonly id: string
  readonly expiresAtMs?: number
  readonly nowMs: number
}
export interface EndLeaseCommand {
  readonly kind: 'end-lease'
  readonly accountId: string
  readonly id: string
  readonly as: 'released' | 'terminated'
  readonly nowMs: number
}
/** Puts money into a balance, once per `grantId`. */
export interface GrantCommand {
  readonly kind: 'grant'
  readonly subject: string
  readonly name: string
  readonly scale: number
  readonly grantId: string
  readonly units: number
  readonly expiresAtMs?: number
  readonly reason: string
  readonly nowMs: number
}
/** Takes money out of a balance at once, once per `debitId`: what is available, the grant that expires first before the others, never what is held. */
export interface DebitCommand {
  readonly kind: 'debit'
  readonly subject: string
  readonly name: string
  readonly scale: number
  readonly debitId: string
  readonly units: number
  readonly reason: string
  readonly nowMs: number
}
/**
 * Resolves what is due, earliest first: calls past their deadline, leases and grants past their expiry. Forgets what need not be kept any longer:
 * done calls, tombstones of leases, subjects in whose record nothing counts any more.
 */
export interface SweepCommand {
  readonly kind: 'sweep'
  readonly nowMs: number
  /** Of each kind at most so many. */
  readonly limit: number
  /** How long the tombstone of a lease stays after its end. Default: 30 days. */
  readonly leasesKeptMs?: number
}

export type Command =
  | AdmitCommand
  | UncountCommand
  | PutCommand
  | DeleteCommand
  | LogCommand
  | ClaimCommand
  | DispatchCommand
  | ExtendCommand
  | SettleCommand
  | BindLeaseCommand
  | RenewLeaseCommand
  | EndLeaseCommand
  | GrantCommand
  | DebitCommand
  | SweepCommand

export interface ResultOf {
  admit: StageDecision
  uncount: { readonly readings: readonly Reading[] }
  /** `written: false`: another version stands there; it is returned, and nothing changed. */
  put: { readonly written: boolean; readonly document: Document | undefined }
  delete: { readonly deleted: boolean }
  log: Record<never, never>
  claim: ClaimResult
  /** `dispatched: false`: the call is over, or was never known. */
  dispatch: { readonly dispatched: boolean }
  /** `extended: false`: void. */
  extend: { readonly extended: boolean }
  settle: Settlement
  /** `bound: false`: the call has nothing to give, or the id is taken; then `lease` is who has it. */
  'bind-lease': { readonly bound: boolean; readonly lease: Lease | undefined }
  /** `done: false`: the lease is over already in another way, or the account has none of this id. */
  'renew-lease': { readonly done: boolean; readonly lease: Lease | undefined }
  'end-lease': { readonly done: boolean; readonly lease: Lease | undefined }
  /** `granted: false`: this grant was made before, of `firstUnits`. */
  grant: { readonly granted: boolean; readonly firstUnits?: number; readonly reading: Reading }
  /** `debited: false`: this debit was made before, of `firstUnits`; without them, not so much is available. */
  debit: { readonly debited: boolean; readonly firstUnits?: number; readonly reading: Reading }
  /**
   * `nextDueMs`: what is to be resolved next, as far as is known; it may turn out to be settled by then. Not after the sweep's own instant where a
   * limit was reached: then more is to be done at once.
   */
  sweep: { readonly calls: number; readonly leases: number; readonly grants: number; readonly nextDueMs?: number }
}

export interface Settlement {
  /** False: void, since the call is over, was taken over, or was never known. The same settlement again is as true as the first. */
  readonly settled: boolean
  /** Charged by this or by what ended the call before. */
  readonly chargedUnits: number
  /** What was asked beyond the hold and not charged. */
  readonly shortUnits: number
  /** As it now stands; undefined when nothing is left of it. */
  readonly call: CallRecord | undefined
}
export type Result = ResultOf[Command['kind']]

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
  readonly before?: Pick<RequestRow, 'atMs' | 'requestId'>
  readonly limit: number
}

export interface CallQuery {
  readonly accountId?: string
  readonly state?: CallState
  /** Only calls with an idempotency key, or only without. */
  readonly keyed?: boolean
  /** Only calls created before this instant; newest first, of one instant by id downwards. */
  readonly beforeMs?: number
  /** Only what comes after this call in that order: the last of the page before, which need not exist any more. */
  readonly before?: Pick<CallRecord, 'createdAtMs' | 'id'>
  readonly limit: number
}

export interface LeaseQuery {
  readonly accountId: string
  readonly api?: string
  readonly state?: LeaseState
  /** Only what comes after this lease: the last of the page before. Newest first, of one instant by id, then by API, downwards. */
  readonly before?: Pick<Lease, 'createdAtMs' | 'id' | 'api'>
  readonly limit: number
}

export interface LedgerQuery {
  readonly subject?: string
  /** The balance meter. */
  readonly name?: string
  readonly callId?: string
  /** Only rows with a higher `seq`. */
  readonly afterSeq?: number
  /** Only rows with a lower `seq`. */
  readonly beforeSeq?: number
  /** By `seq`, upwards or downwards. Default: the oldest first. */
  readonly order?: 'oldest' | 'newest'
  readonly limit: number
}

export interface Store {
  /** Results in the order of the commands. */
  apply(commands: readonly Command[]): Promise<readonly Result[]>
  get(collection: string, id: string): Promise<Document | undefined>
  /** In order of id. */
  list(collection: string, options: { readonly parent?: string; readonly after?: string; readonly limit: number }): Promise<readonly Document[]>
  /**
   * What was written to documents after the cursor, whoever wrote it; without a cursor nothing, and where to begin. A full page may have more behind it. Never misses
   * a commit, whatever others commit meanwhile.
   */
  changes(after: number | undefined, limit: number): Promise<ChangePage>
  /** Current readings of the takes, changing nothing. */
  peek(takes: readonly Take[], nowMs: number): Promise<readonly Reading[]>
  request(requestId: string): Promise<RequestRow | undefined>
  requests(query: RequestQuery): Promise<readonly RequestRow[]>
  /** Deletes rows older than the instant, at most `limit`; returns how many. */
  pruneRequests(beforeMs: number, limit: number): Promise<number>
  /** Paid and keyed calls: while they live, then until their answer is no longer kept. Released calls are gone; the ledger knows them. */
  call(id: string): Promise<CallRecord | undefined>
  calls(query: CallQuery): Promise<readonly CallRecord[]>
  lease(api: string, id: string): Promise<Lease | undefined>
  leases(query: LeaseQuery): Promise<readonly Lease[]>
  ledger(query: LedgerQuery): Promise<readonly LedgerRow[]>
  /** The money of a subject at the instant; undefined if it never had any under this name. Its cost does not grow with the ledger. */
  balance(subject: string, name: string, nowMs: number): Promise<BalanceStatement | undefined>
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
