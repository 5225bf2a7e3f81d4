/** A stage under way: changes lie over the records as they were and touch them nowhere. */
import type { Movement } from '../money/balance.ts'
import type { CallCount, CallHold, CallRecord, TakenLease } from '../calls/call-record.ts'
import type { Lease } from '../calls/lease-record.ts'
import type { Meter, Receipt, StageDecision, Take } from './meter.ts'
import { withState, type RecordState, type SubjectRecord } from './subject-record.ts'

/** Where a decision finds the record of a subject; `emptyRecord` where there is none. */
export type RecordOf = (subject: string) => SubjectRecord

/** The record of a subject, before and after. */
export interface ChangedRecord {
  readonly subject: string
  readonly record: SubjectRecord
}

/** What a stage asks about besides the records. */
export interface StageContext {
  readonly accountId?: string | undefined
  /** The call as it stands, if it is known already. */
  readonly call?: CallRecord | undefined
  /** Slots in flight. */
  slotsAlive(subject: string, name: string): number
  /** Living leases of the account that will expire, the earliest first. Not all of them need be named. */
  expiringLeases(accountId: string): readonly Lease[]
}

export const noContext: StageContext = { slotsAlive: () => 0, expiringLeases: () => [] }

/** A movement of one subject's money. */
export interface BalanceMovement {
  readonly subject: string
  readonly name: string
  readonly scale: number
  readonly movement: Movement
}

/** What a stage took. */
export interface Taken {
  /** All that was counted, also the attempts of a refused stage: giving these back undoes the counting. */
  readonly counted: readonly Receipt[]
  readonly holds: readonly CallHold[]
  readonly callCounts: readonly CallCount[]
  /** What is counted until it is known what was used. */
  readonly reserved: readonly Receipt[]
  readonly leases: readonly TakenLease[]
  readonly slots: readonly TakenLease[]
  readonly movements: readonly BalanceMovement[]
}

/** A decision, what it changes, and what was taken, so that a store can take it back. */
export interface StageOutcome extends Taken {
  readonly decision: StageDecision
  readonly changed: readonly ChangedRecord[]
}

export interface StageDraft {
  readonly recordOf: RecordOf
  readonly context: StageContext
  readonly nowMs: number
  /** A list, since a stage has one to three subjects. */
  readonly changed: { readonly subject: string; record: SubjectRecord }[]
  readonly counted: Receipt[]
  readonly holds: CallHold[]
  readonly callCounts: CallCount[]
  readonly reserved: Receipt[]
  readonly leases: TakenLease[]
  readonly slots: TakenLease[]
  readonly movements: BalanceMovement[]
}

export function createStageDraft(recordOf: RecordOf, nowMs: number, context: StageContext): StageDraft {
  return { recordOf, context, nowMs, changed: [], counted: [], holds: [], callCounts: [], reserved: [], leases: [], slots: [], movements: [] }
}

export function recordIn(draft: StageDraft, subject: string): SubjectRecord {
  return draft.changed.find((candidate) => candidate.subject === subject)?.record ?? draft.recordOf(subject)
}

export function put(draft: StageDraft, subject: string, state: RecordState): void {
  const change = draft.changed.find((candidate) => candidate.subject === subject)
  if (change === undefined) draft.changed.push({ subject, record: withState(draft.recordOf(subject), state) })
  else change.record = withState(change.record, state)
}

/** Of so much, what a call that was taken over has not set aside already. By name alone: it may go on under another key of the account, and must not be paid twice. */
export function unitsMissing({ context: { call } }: StageDraft, { name, cost }: Take, has: (call: CallRecord) => readonly { readonly name: string; readonly units: number }[]): number {
  if (call === undefined || call.fence === 1) return cost
  const units = has(call).reduce((total, each) => (each.name === name ? total + each.units : total), 0)
  return Math.max(0, cost - units)
}

export interface TakeTally {
  readonly used: number
  readonly remaining: number
  readonly resetAtMs: number
}

/** How one kind of meter answers. Nothing here decides about other takes of the stage. */
export interface TakeRules<M extends Meter = Meter> {
  fits(draft: StageDraft, take: Take<M>): boolean
  /** Whether it asks for more than there will ever be, whatever the others do. */
  neverFits(take: Take<M>): boolean
  /** When the cost fits if nothing else comes; now, if it does already; undefined if never, or if nobody knows. */
  fitsAtMs(draft: StageDraft, take: Take<M>): number | undefined
  add(draft: StageDraft, take: Take<M>): void
  tally(draft: StageDraft, take: Take<M>): TakeTally
  /** What it does with a receipt; what is held for a call has none. */
  giveBack?(draft: StageDraft, receipt: Receipt<M>): void
  /** Until when what a receipt proves counts. */
  countsUntilMs?(receipt: Receipt<M>): number
}

/** A limit of zero admits nothing, not even what costs nothing. */
export function isNever(take: Take): boolean {
  return take.limit === 0 || take.cost > take.limit
}
