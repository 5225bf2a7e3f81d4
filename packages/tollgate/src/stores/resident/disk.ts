/**
 * What a resident store asks of what lies behind its memory. The store decides; a disk keeps rows and finds them again, in this thread or another one.
 *
 * A disk does what it is asked in the order in which it was asked, and tells in that order: an answer that was asked for before a write knows nothing of it,
 * one that was asked for after it knows all. A write is one transaction, all of it or nothing, and is told once it would outlive a crash; the store
 * asks for the next one after that. What was not told may be lost with the process.
 *
 * Outcomes are told, never thrown: at once, or later. Rows go over as they lie in the tables, so that no thread does the work of another.
 */
import type { LedgerRow } from '../../engine/money/ledger.ts'
import type { StoreUnavailableError } from '../../engine/store-error.ts'
import type { DeleteCommand, Document, PutCommand } from '../../directory/documents.ts'
import type { RequestQuery } from '../../journal/journal.ts'
import type { CallQuery, LeaseQuery, LedgerQuery } from '../../engine/money-commands.ts'
import type { ResultOf } from '../store.ts'
import type { RequestRow } from '../../journal/request-row.ts'
import type { LoggedValues } from '../logged-row.ts'
import type { CallRecord } from '../../engine/calls/call-record.ts'
import type { Lease } from '../../engine/calls/lease-record.ts'

/** See the top of this file. */
export interface Disk {
  write(group: DiskGroup, told: (outcome: DiskOutcome<readonly DocumentResult[]>) => void): void
  ask<Q extends DiskQuestion>(question: Q, told: (outcome: DiskOutcome<DiskAnswers[Q['kind']]>) => void): void
  /** Lets go of everything; nothing is asked afterwards. `displaced`: the names are another database's by now, whose files stay as they are. */
  close(displaced: boolean, told: () => void): void
}

/** What became of a write or a question. */
export type DiskOutcome<T> = { readonly kind: 'done'; readonly value: T } | { readonly kind: 'failed'; readonly error: StoreUnavailableError }

/** One transaction. A row takes the place of what is there under its key. */
export interface DiskGroup {
  /** The highest time that the store has seen; undefined: what is written already. */
  readonly highWaterMs: number | undefined
  readonly records: readonly RecordRow[]
  /** Those that go, then the others, in this order: one may have had the scope of another. */
  readonly goneCalls: readonly string[]
  readonly calls: readonly CallRow[]
  readonly goneLeases: readonly (readonly [api: string, id: string])[]
  readonly leases: readonly LeaseRow[]
  readonly movements: readonly MovementRow[]
  readonly requests: LoggedValues
  /** Decided where they lie, in this order. */
  readonly documents: readonly (PutCommand | DeleteCommand)[]
  /** Delete the expired among the next so many subjects, by this instant. */
  readonly sweep: { readonly subjects: number; readonly nowMs: number } | undefined
}

/** In the order of the documents of the group. */
export type DocumentResult = ResultOf['put'] | ResultOf['delete']

/** `record` undefined: nothing is left of it. `dueMs`: when the first of its grants expires. */
export type RecordRow = readonly [subject: string, record: string | undefined, expiresMs: number, dueMs: number | null]
/** `dueMs`: of what lives. `keptUntilMs`: of what is done. */
export type CallRow = readonly [id: string, scope: string | null, account: string, state: string, createdMs: number, dueMs: number | null, keptUntilMs: number | null, json: string]
export type LeaseRow = readonly [api: string, id: string, account: string, state: string, createdMs: number, dueMs: number | null, endedMs: number | null, json: string]
/** `json`: a `LedgerEntry`. The disk gives it the next number of its subject and a place in the order of commits. */
export type MovementRow = readonly [subject: string, name: string, callId: string | null, grantId: string | null, debitId: string | null, json: string]

export type CallName = readonly [id: string, scope: string | null]

/** What a store asks its disk for. */
export type DiskQuestion =
  /** What a store begins with. */
  | { readonly kind: 'open'; readonly recordsMax: number; readonly livingMax: number; readonly namesMax: number }
  /** What decisions are about to read. */
  | { readonly kind: 'load'; readonly wanted: Wanted }
  /** What a sweep resolves and forgets. */
  | { readonly kind: 'due'; readonly nowMs: number; readonly endedByMs: number; readonly limit: number }
  /** Names of calls, of so many in the order in which they came, after one of their places; 0: from the first. */
  | { readonly kind: 'call-names'; readonly after: number; readonly limit: number }
  | { readonly kind: 'document'; readonly collection: string; readonly id: string }
  | { readonly kind: 'documents'; readonly collection: string; readonly page: DocumentPage }
  | { readonly kind: 'parents'; readonly collection: string; readonly page: Omit<DocumentPage, 'parent'> }
  | { readonly kind: 'request'; readonly id: string }
  | { readonly kind: 'requests'; readonly query: RequestQuery }
  | { readonly kind: 'prune'; readonly beforeMs: number; readonly limit: number }
  | { readonly kind: 'calls'; readonly query: CallQuery }
  | { readonly kind: 'leases'; readonly query: LeaseQuery }
  | { readonly kind: 'ledger'; readonly query: LedgerQuery }
  | { readonly kind: 'checkpoint' }
  | { readonly kind: 'backup'; readonly path: string }
  /** What is damaged in one table; `next` is the table to ask for then. */
  | { readonly kind: 'damage'; readonly table: string | undefined }
  /** Reads on in what is summed up, so many entries; undefined: from the first. */
  | { readonly kind: 'walk'; readonly from: WalkPlace | undefined; readonly limit: number }
  | { readonly kind: 'renew-log' }

/** To each kind of question. */
export interface DiskAnswers {
  open: DiskContents
  load: Loaded
  due: DueRows
  /** `hashes`: of the keys of ids and scopes, as `name-filter.ts` has them. `last`: the place to go on after; undefined: that was all. */
  'call-names': { readonly hashes: Int32Array; readonly last: number | undefined }
  document: Document | undefined
  documents: readonly Document[]
  parents: readonly string[]
  request: RequestRow | undefined
  /** Newest first. */
  requests: readonly RequestRow[]
  prune: number
  calls: readonly CallRecord[]
  leases: readonly Lease[]
  ledger: readonly LedgerRow[]
  checkpoint: void
  backup: void
  damage: { readonly faults: readonly string[]; readonly next: string | undefined }
  walk: WalkSlice
  'renew-log': void
}

export interface DocumentPage {
  readonly parent?: string | undefined
  readonly after?: string | undefined
  readonly limit: number
}

export interface Wanted {
  readonly subjects: readonly string[]
  readonly calls: readonly string[]
  readonly scopes: readonly string[]
  readonly leases: readonly (readonly [api: string, id: string])[]
  readonly accountLeases: readonly (readonly [accountId: string, id: string])[]
  readonly movements: readonly (readonly [kind: 'grant' | 'debit', subject: string, name: string, id: string])[]
}

/** JSON of what was wanted, in that order; undefined: there is none. */
export type Loaded = { readonly [K in keyof Wanted]: readonly (string | undefined)[] }

/** Up to where it was read: which of the trees of tables and indexes, and after which of its entries. */
export interface WalkPlace {
  readonly tree: number
  readonly after: readonly (string | number | null)[] | undefined
}

/** What a slice of that reading found. */
export interface WalkSlice {
  /** In words. The rest of that tree is passed over. */
  readonly fault: string | undefined
  /** Undefined: that was all. */
  readonly next: WalkPlace | undefined
}

/** What is due, and what need not be kept any longer: of each kind so many as were asked for, the earliest first. */
export interface DueRows {
  readonly calls: readonly string[]
  readonly leases: readonly (readonly [api: string, id: string])[]
  /** With grants that have expired. */
  readonly subjects: readonly string[]
  /** Done calls. */
  readonly forgettable: readonly string[]
  /** Tombstones of leases. */
  readonly ended: readonly Lease[]
  /** When the first of what is not due yet will be; infinite where nothing will. */
  readonly nextMs: number
}

/** What a store begins with: of each kind as many as it may keep. What else there is it loads when it is asked for. */
export interface DiskContents {
  readonly highWaterMs: number
  readonly records: readonly (readonly [subject: string, record: string])[]
  /** False: there are more subjects than `records` has. */
  readonly hasAllRecords: boolean
  /** JSON of calls and leases that live. */
  readonly calls: readonly string[]
  readonly leases: readonly string[]
  /** Ids and scopes of all calls; undefined: more than were asked for. */
  readonly callNames: readonly CallName[] | undefined
}
