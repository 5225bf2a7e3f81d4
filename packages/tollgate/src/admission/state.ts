/**
 * What a store holds of subjects, calls, leases and money, as decisions see it; and what a decision changes. Decisions are pure: a store puts
 * the changes in place, all or none, and can take them back while they are not on disk.
 */
import type { CallRecord } from './call-record.ts'
import type { Lease } from './lease.ts'
import type { LedgerEntry, NamedMovement } from './ledger.ts'
import type { Receipt } from './meter.ts'
import type { CallSlots, SlotView } from './slot-book.ts'
import type { ChangedRecord } from './stage-draft.ts'
import type { SubjectRecord } from './subject-record.ts'

/** What decisions read. A store is one, over its memory or over what it has loaded. */
export interface StateView extends SlotView {
  record(subject: string): SubjectRecord
  call(id: string): CallRecord | undefined
  callOfScope(scope: string): CallRecord | undefined
  lease(api: string, id: string): Lease | undefined
  leaseOfAccount(accountId: string, id: string): Lease | undefined
  /** Some of the account's living leases that expire, the earliest first. */
  expiringLeases(accountId: string): readonly Lease[]
  /** The row of the ledger that made the grant or debit. */
  namedRow(movement: NamedMovement): LedgerEntry | undefined

  /** For a sweep. The earliest that are due, at most so many: living calls, living leases, subjects with grants that expired. */
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
  /** Balances and lease counts among these records that are not what they were. */
  readonly touched: readonly { readonly subject: string; readonly name: string }[]
  /** What the records count more than before. */
  readonly counted: readonly Receipt[]
  /** By id, in the order in which they are to be written; undefined: removed. */
  readonly calls: ReadonlyMap<string, CallRecord | undefined>
  readonly leases: readonly Lease[]
  /** Tombstones that go. */
  readonly goneLeases: readonly Lease[]
  readonly ledger: readonly LedgerEntry[]
  readonly slotsTaken: ({ readonly callId: string; readonly deadlineMs: number } & CallSlots) | undefined
  /** Slots whose call goes on until then, if it has any. */
  readonly slotsExtended: { readonly callId: string; readonly deadlineMs: number } | undefined
  /** A heartbeat. */
  readonly beat: { readonly owner: string; readonly untilMs: number } | undefined
  /** Calls whose slots are free. */
  readonly ended: readonly string[]
}

export const noChanges: Changes = { records: [], touched: [], counted: [], calls: new Map(), leases: [], goneLeases: [], ledger: [], slotsTaken: undefined, slotsExtended: undefined, beat: undefined, ended: [] }

/**
 * Whether anything changed that must not be lost.
 *
 * @example
 * function mustBeDurable(changes: Changes): boolean {
 *   return isWeighty(changes)
 * }
 */
export function isWeighty({ touched, calls, leases, goneLeases, ledger }: Changes): boolean {
  return touched.length > 0 || calls.size > 0 || leases.length > 0 || goneLeases.length > 0 || ledger.length > 0
}

/** When a call is to be resolved. */
export function callDueMs(call: CallRecord): number | undefined {
  return call.state === 'done' ? undefined : call.deadlineMs
}

export function leaseDueMs(lease: Lease): number | undefined {
  return lease.state === 'active' ? lease.expiresAtMs : undefined
}
