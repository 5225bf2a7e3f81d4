/** The part of a store that keeps small records by id: accounts, keys, switches, audit rows. */
import type { Engine } from '../engine/engine.ts'

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

/** Always durable. `expect`: the version that must stand there, 0 for none. */
export interface PutCommand {
  readonly kind: 'put'
  readonly collection: string
  readonly id: string
  readonly parent?: string
  readonly value: unknown
  readonly expect?: number
}
/** Always durable. */
export interface DeleteCommand {
  readonly kind: 'delete'
  readonly collection: string
  readonly id: string
}

/** What is asked of an engine that keeps documents. */
export type DocumentCommand = PutCommand | DeleteCommand

export interface DocumentResults {
  /** `written: false`: another version stands there; it is returned, and nothing changed. */
  put: { readonly written: boolean; readonly document: Document | undefined }
  delete: { readonly deleted: boolean }
}

/** A document was written or deleted. */
export interface DocumentChange {
  readonly collection: string
  readonly id: string
}

/** What was written to documents, a page at a time. */
export interface ChangePage {
  /** In the order of their commits. */
  readonly changes: readonly DocumentChange[]
  /** Where to go on. */
  readonly cursor: number
  /** False: changes before these are forgotten, and any document may be among them. */
  readonly complete: boolean
}

/** An engine that keeps documents. */
export interface Documents extends Engine<DocumentCommand> {
  get(collection: string, id: string): Promise<Document | undefined>
  /** In order of id. */
  list(collection: string, options: { readonly parent?: string | undefined; readonly after?: string | undefined; readonly limit: number }): Promise<readonly Document[]>
  /** Which parents there are, each once, in order: as many steps as there are parents, however many documents each has. */
  parents(collection: string, options: { readonly after?: string | undefined; readonly limit: number }): Promise<readonly string[]>
  /**
   * What was written to documents after the cursor, whoever wrote it; without a cursor nothing, and where to begin. A full page may have more behind it. Never misses
   * a commit, whatever others commit meanwhile.
   */
  changes(after: number | undefined, limit: number): Promise<ChangePage>
  /** Tells soon after documents were changed, by whoever, that there is something to ask for; it may fail to. The returned function ends it. Absent where the engine has no way to. */
  readonly watch?: ((listen: () => void) => () => void) | undefined
}

/** Applies one command and gives its own result type. */
export async function applyDocument<C extends DocumentCommand>(engine: Pick<Documents, 'apply'>, command: C): Promise<DocumentResults[C['kind']]> {
  const [result] = await engine.apply([command])
  return result as DocumentResults[C['kind']]
}
