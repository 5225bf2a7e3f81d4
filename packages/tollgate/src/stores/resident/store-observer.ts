import type { LedgerEntry } from '../../engine/money/ledger.ts'

/** Told of what a store does, for figures. Must not throw. */
export interface StoreObserver {
  /** Money that has moved for good: on disk, where the store has one. */
  moved(entries: readonly LedgerEntry[]): void
  /** A transaction, with how long it took; where commands of several callers are written in one, how many. */
  committed(commit: { readonly durationMs: number; readonly failed: boolean; readonly commands?: number | undefined }): void
}
