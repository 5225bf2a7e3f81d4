// Seams
export type { Clock } from './clock.ts'
export type { Counts, Meter, QuotaMeter, Reading, Receipt, StageDecision, Take, WindowMeter } from './meter.ts'
export type { RequestRow, UpstreamAttempt } from './request-row.ts'
export { applyOne } from './store.ts'
export type {
  AdmitCommand,
  Command,
  DeleteCommand,
  Document,
  LogCommand,
  PutCommand,
  RequestQuery,
  Result,
  ResultOf,
  Store,
  UncountCommand,
} from './store.ts'
export { StoreUnavailableError } from './store-error.ts'

// Who may call
export type { Account, AccountStatus, ApiKey, KeyStatus } from './account.ts'
export { createApiKey, formatKeyHint, looksMinted, mintKey, parseKey } from './api-key.ts'
export type { ApiKeyOptions, MintOptions, ParsedKey } from './api-key.ts'
export { createDirectory } from './directory.ts'
export type { AuditRow, Directory, DirectoryOptions, FoundKey, PageOptions, PutOptions, PutOutcome, Switches } from './directory.ts'

// Counting, for whoever writes a store
export { assertTakes, decideStage, giveBack, readStage } from './stage.ts'
export type { ChangedRecord, RecordOf, StageOutcome } from './stage.ts'
export { decodeRecord, emptyRecord, encodeRecord, pruneRecord } from './subject-record.ts'
export type { SubjectRecord } from './subject-record.ts'
export { createBoundedCache } from './bounded-cache.ts'
export type { BoundedCache } from './bounded-cache.ts'
