/** What a group of commands asks of the engine that has the truth: it loads what they name and keeps others away from it, and then writes what was decided. */
import type { Document } from '../../directory/documents.ts'
import type { GroupChanges } from '../../engine/group-changes.ts'
import type { FindKeys } from '../../engine/load-view.ts'
import { StoreUnavailableError } from '../../engine/store-error.ts'
import type { LoggedValues } from '../logged-row.ts'

/** A document by its place. */
export type DocumentName = Pick<Document, 'collection' | 'id'>

/** A document as it is to be written; `json` undefined: it is deleted. */
export interface WrittenDocument extends DocumentName {
  readonly parent: string | undefined
  readonly version: number
  readonly json: string | undefined
}

/** All that a group writes. */
export interface GroupWrites {
  readonly changed: GroupChanges
  /** As they stand after the last write of each. */
  readonly documents: readonly WrittenDocument[]
  /** In the order of the writes: one line for each. */
  readonly feed: readonly DocumentName[]
  readonly logged: LoggedValues
  /** Somebody has asked for what is written to outlive the server. */
  readonly durable: boolean
}

/** One transaction. It throws `DecideAnew` where others were in its way, and a StoreUnavailableError that says what is known of its outcome. */
export interface GroupTransaction {
  /** Nobody else changes what was found until the end. */
  readonly find: FindKeys
  /** Of those that it was begun with, as soon as anything was found. */
  document(name: DocumentName): Document | undefined
  /** When all that was found stood so. */
  nowMs(): number
  /** All of it or nothing, on its way to the disk or there. */
  commit(writes: GroupWrites): Promise<void>
  /** Lets go of what was found: nothing has changed. */
  end(): void
}

/** Another writer was in the way, and nothing has happened: what was decided is decided once more. */
export class DecideAnew extends Error {
  override readonly name = 'DecideAnew'
  /** The connection was lost before anything was written. */
  readonly isLost: boolean

  constructor(message: string, { isLost = false, ...options }: ErrorOptions & { readonly isLost?: boolean } = {}) {
    super(message, options)
    this.isLost = isLost
  }
}

/** The engine refuses what a group asks, and nothing has happened: of several batches one may ask what cannot be done, and the others not. */
export class GroupRefused extends StoreUnavailableError {}
