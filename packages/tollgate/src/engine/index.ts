// Seams
export { attempt, whenKnown, type Awaitable } from './awaitable.ts'
export type { Clock } from './clock.ts'
export type {
  BalanceMeter,
  CalendarPeriod,
  CountingMeter,
  Counts,
  LeaseMeter,
  Meter,
  MeterOf,
  QuotaMeter,
  Reading,
  Receipt,
  Renewal,
  SpendMeter,
  StageDecision,
  Take,
  WindowMeter,
} from './meters/meter.ts'
export type { OwnLimit, OwnLimits } from './meters/own-limit.ts'
export type { BalanceStatement, GrantStatement } from './money/balance-statement.ts'
export type { Allowance } from './money/renewal.ts'
export { heldMoney } from './calls/call-machine.ts'
export { openStates } from './calls/call-record.ts'
export type { Admission, CallTerms, CallCount, CallHold, CallRecord, CallState, ClaimResult, EndedBy, IdempotencyClaim, KeyClaim, StoredAnswer, TakenLease, UsedUnits } from './calls/call-record.ts'
export type { Lease, LeaseState } from './calls/lease-record.ts'
export type { LedgerEntry, LedgerRow, MovementKind, NamedMovement } from './money/ledger.ts'
export type { AdmitCommand, BeatCommand, CounterCommand, Counters, ExtendCommand, FreeCommand, NamedAdmission, ReturningCounters, UncountCommand } from './counters.ts'
export type {
  BindLeaseCommand,
  CallQuery,
  ClaimCommand,
  DebitCommand,
  DispatchCommand,
  EndLeaseCommand,
  GrantCommand,
  LeaseQuery,
  LedgerQuery,
  MoneyEngine,
  MoneyCommand,
  RenewLeaseCommand,
  SettleCommand,
  Settlement,
  SweepCommand,
} from './money-commands.ts'
export { StoreUnavailableError, type Applied } from './store-error.ts'
export { CallOverdueError } from './calls/decide-claim.ts'
export { pagesOf } from './pages.ts'

// Who may call
export { formatSubject, parseSubject } from './subject.ts'
export type { Subject } from './subject.ts'

// Does the money add up?
export { checkLedger, createLedgerCheck } from './money/ledger-check.ts'
export type { LedgerCheck } from './money/ledger-check.ts'
export type { SpendCounter } from './money/ledger-spend-check.ts'
export type { Violation, ViolationKind } from './money/ledger-violation.ts'

// Deciding, for whoever writes a store
export { assertStateCommand, decideCommand } from './decide-command.ts'
export type { CommandOutcome } from './decide-command.ts'
export type { StateCommand, StateResults } from './decision.ts'
export { peekStage, readBalance } from './read-state.ts'
export { callDueMs, isWeighty, leaseDueMs } from './state.ts'
export type { Changes, StateView } from './state.ts'
export { assertTakes, decideStage, giveBack, readStage } from './meters/stage.ts'
export type { ChangedRecord, RecordOf, StageOutcome } from './meters/stage.ts'
export { decodeRecord, encodeRecord, pruneRecord, recordDueMs, recordExpiresAtMs } from './meters/record-codec.ts'
export { namedMovement } from './money/ledger.ts'
export { emptyRecord } from './meters/subject-record.ts'
export type { SubjectRecord } from './meters/subject-record.ts'

// Deciding over what was loaded, for a store whose truth lies elsewhere
export { footprintOf } from './decide-command.ts'
export { furtherFootprint } from './footprint.ts'
export type { DueThings, Finding, FootprintKey } from './footprint.ts'
export { stageFootprint } from './meters/stage.ts'
export { grantsFootprint } from './read-state.ts'
export { decideBatch, loadView } from './load-view.ts'
export type { FindKeys } from './load-view.ts'
export { LoadedView } from './loaded-view.ts'
export { NotLoadedError } from './loaded-parts.ts'
export { GroupChanges } from './group-changes.ts'
export type { ChangedLease } from './group-changes.ts'
export type { CallSlots, OwnedSlots } from './meters/slot-book.ts'

// Kinds of meters
export { countsMoney, countsUntilMs, isDurable, isHeld, kindOf, kinds } from './kinds/kinds.ts'
export type { KindRefusal, MeterClass, MeterKind, RefusedTake } from './kinds/meter-kind.ts'
export { fromLocalMs, isTimeZone } from './meters/time-zone.ts'
export { weekdays } from './meters/meter.ts'
