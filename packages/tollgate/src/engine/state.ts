/**
 * What a decision may read of a store, and what it changes there. Decisions are pure: the store puts all changes of a decision in place or none, and can
 * take them back until they are on disk.
 */
import type { CallRecord } from './calls/call-record.ts'
import type { Lease } from './calls/lease-record.ts'
import type { LedgerEntry, NamedMovement } from './money/ledger.ts'
import type { Receipt } from './meters/meter.ts'
import type { CallSlots, SlotView } from './meters/slot-book.ts'
import type { ChangedRecord } from './meters/stage-draft.ts'
import type { SubjectRecord } from './meters/subject-record.ts'

/** What decisions read. A store is one, over its memory or over what it has loaded. */
export interface StateView extends SlotView {
  record(subject: string): SubjectRecord
  call(id: string): CallRecord | undefined
  callOfScope(scope: string): CallRecord | undefined
  lease(api: string, id: string): Lease | undefined
  leaseOfAccount(accountId: string, id: string): Lease | undefined
  /** Living leases of the account that will expire, the earliest first. Not all of them need be named. */
  expiringLeases(accountId: string): readonly Lease[]
  /** The row of the ledger by which this grant or debit was made. */
  namedRow(movement: NamedMovement): LedgerEntry | undefined

  /** For a sweep. What is due, the earliest first, at most so many of each: living calls, living leases, subjects with expired grants. */
  dueCalls(nowMs: number, limit: number): readonly CallRecord[]
  dueLeases(nowMs: number, limit: number): readonly Lease[]
  dueSubjects(nowMs: number, limit: number): readonly string[]
  /** Ids of done calls that need not be kept any longer. */
  forgettableCalls(nowMs: number, limit: number): readonly string[]
  /** Tombstones of leases that ended by the instant, the oldest first. */
  endedLeases(byMs: number, limit: number): readonly Lease[]
}

/** What a decision changes, as values that a store puts in place and writes. */
export interface Changes {
  readonly records: readonly ChangedRecord[]
  /** The balances and lease counts that have changed. */
  readonly touched: readonly { readonly subject: string; readonly name: string }[]
  /** A receipt for each count that was added. */
  readonly counted: readonly Receipt[]
  /** Calls by id, in the order in which they are to be written. Undefined stands for a call that is removed. */
  readonly calls: ReadonlyMap<string, CallRecord | undefined>
  readonly leases: readonly Lease[]
  /** Tombstones of leases that are removed. */
  readonly goneLeases: readonly Lease[]
  readonly ledger: readonly LedgerEntry[]
  readonly slotsTaken: ({ readonly callId: string } & CallSlots) | undefined
  /** Slots of calls whose deadline has moved, with the new deadline. */
  readonly slotsExtended: { readonly callId: string; readonly deadlineMs: number } | undefined
  /** A heartbeat. */
  readonly beat: { readonly owner: string; readonly untilMs: number } | undefined
  /** Calls whose slots come free. */
  readonly ended: readonly string[]
}

export const noChanges: Changes = { records: [], touched: [], counted: [], calls: new Map(), leases: [], goneLeases: [], ledger: [], slotsTaken: undefined, slotsExtended: undefined, beat: undefined, ended: [] }

/**
 * Whether a change must not be lost.
 *
 * @example
 * function mustBeDurable(changes: Changes): boolean {
 *   return isWeighty(changes)
 * }
 */
export function isWeighty({ touched, calls, leases, goneLeases, ledger }: Changes): boolean {
  return touched.length > 0 || calls.size > 0 || leases.length > 0 || goneLeases.length > 0 || ledger.length > 0
}

/**
 * The instant at which a call is to be resolved: by it a store finds what is due. Undefined: it is done.
 *
 * @example
 * const isDue = (call: CallRecord, nowMs: number) => (callDueMs(call) ?? Infinity) <= nowMs
 */
export function callDueMs(call: CallRecord): number | undefined {
  return call.state === 'done' ? undefined : call.deadlineMs
}

/**
 * The instant at which a lease expires, if it lives and nobody renews it: by it a store finds what is due.
 *
 * @example
 * const isDue = (lease: Lease, nowMs: number) => (leaseDueMs(lease) ?? Infinity) <= nowMs
 */
export function leaseDueMs(lease: Lease): number | undefined {
  return lease.state === 'active' ? lease.expiresAtMs : undefined
}
