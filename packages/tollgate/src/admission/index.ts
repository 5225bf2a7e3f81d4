// Seams
export type { Clock } from './clock.ts'
export type {
  BalanceMeter,
  CountingMeter,
  Counts,
  LeaseMeter,
  Meter,
  MeterOf,
  QuotaMeter,
  Reading,
  Receipt,
  SpendMeter,
  StageDecision,
  Take,
  WindowMeter,
} from './meter.ts'
export type { BalanceStatement, GrantStatement } from './balance-statement.ts'
export { heldMoney } from './call-machine.ts'
export { openStates } from './call-record.ts'
export type { CallContext, CallCount, CallHold, CallRecord, CallState, ClaimResult, EndedBy, IdempotencyClaim, KeyClaim, StoredAnswer, TakenLease } from './call-record.ts'
export type { Lease, LeaseState } from './lease.ts'
export type { LedgerEntry, LedgerRow, MovementKind, NamedMovement } from './ledger.ts'
export type { RequestRow, UpstreamAttempt } from './request-row.ts'
export { applyOne } from './store.ts'
export type { AdmitCommand, BeatCommand, CounterCommand, Counters, ExtendCommand, FreeCommand, UncountCommand } from './counters.ts'
export type { ChangePage, DeleteCommand, Document, DocumentChange, DocumentCommand, Documents, PutCommand } from './documents.ts'
export type { Journal, LogCommand, RequestQuery } from './journal.ts'
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
  Money,
  MoneyCommand,
  RenewLeaseCommand,
  SettleCommand,
  Settlement,
  SweepCommand,
} from './money.ts'
export type { Command, Result, ResultOf, Store } from './store.ts'
export { StoreUnavailableError } from './store-error.ts'
export { CallOverdueError } from './decide-claim.ts'
export { pagesOf } from './pages.ts'

// Who may call
export type { Account, AccountStatus, ApiKey, KeyStatus } from './account.ts'
export { createApiKey, formatKeyHint, identityOf, looksMinted, mintKey, parseKey } from './api-key.ts'
export type { ApiKeyOptions, MintOptions, ParsedKey } from './api-key.ts'
export { formatSubject, parseSubject } from './subject.ts'
export type { Subject } from './subject.ts'
export { createDirectory } from './directory.ts'
export { createCachedRows } from './cached-rows.ts'
export type { CachedRows, CachedRowsOptions } from './cached-rows.ts'
export { createChangeFeed } from './change-feed.ts'
export type { ChangeFeed } from './change-feed.ts'
export type { AuditRow, Directory, DirectoryOptions, FoundKey, PageOptions, PutOptions, PutOutcome, Switches } from './directory.ts'

// Does the money add up?
export { checkLedger, createLedgerCheck } from './ledger-check.ts'
export type { LedgerCheck } from './ledger-check.ts'
export type { Violation, ViolationKind } from './ledger-violation.ts'

// Deciding, for whoever writes a store
export { decideCommand, peekStage, readBalance } from './decide-command.ts'
export type { CommandOutcome, StateCommand } from './decide-command.ts'
export { isWeighty } from './state.ts'
export type { Changes, StateView } from './state.ts'
export { assertTakes, decideStage, giveBack, readStage } from './stage.ts'
export type { ChangedRecord, RecordOf, StageOutcome } from './stage.ts'
export { decodeRecord, encodeRecord, pruneRecord } from './record-codec.ts'
export { emptyRecord } from './subject-record.ts'
export type { SubjectRecord } from './subject-record.ts'
export { createBoundedCache } from './bounded-cache.ts'
export type { BoundedCache } from './bounded-cache.ts'

// Kinds of meters
export { kindOf, kinds } from './kinds/kinds.ts'
export type { KindRefusal, MeterKind, RefusedTake } from './kinds/meter-kind.ts'
export { fromLocalMs, isTimeZone } from './time-zone.ts'
