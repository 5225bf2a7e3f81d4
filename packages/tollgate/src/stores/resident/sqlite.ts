/** Everything in one SQLite file, owned by one process: a resident store, with the database behind it in this thread. `createResidentStore` takes one in another. */
import type { DiskContents } from './disk.ts'
import { createResidentStore, openingQuestion, type ResidentStore, type ResidentStoreOptions } from './resident-store.ts'
import type { SqlDatabase } from './sqlite-database.ts'
import { createSqliteDisk } from './sqlite-disk.ts'
import type { SetBack } from './sqlite-time.ts'

export type { SqlDatabase, SqlStatement, SqlValue } from './sqlite-database.ts'
export type { Disk, DiskAnswers, DiskContents, DiskGroup, DiskOutcome, DiskQuestion, WalkPlace, WalkSlice } from './disk.ts'
export type { StoreObserver } from './store-observer.ts'
export type { SetBack } from './sqlite-time.ts'
export { DAMAGE_MEND } from './sqlite-check.ts'
export { createResidentStore, openingQuestion, type ResidentStore, type ResidentStoreOptions } from './resident-store.ts'
export { createRemoteDisk, serveDisk, type DiskReply, type DiskRequest, type RemoteDisk } from './disk-port.ts'
export { createSqliteDisk } from './sqlite-disk.ts'
export { describeSqliteError } from './disk-error.ts'
export { closeDatabase as closeSqliteDatabase, NEWEST_SQLITE_SCHEMA, prepareDatabase as prepareSqliteDatabase } from './sqlite-schema.ts'

/** What a store over SQLite is made from. Durations are milliseconds. */
export interface SqliteStoreOptions extends ResidentStoreOptions {
  /** Open, and used by nobody else. The store closes it. */
  readonly database: SqlDatabase
  /** Forgets that a later time than this was ever seen. */
  readonly setBack?: SetBack | undefined
}

/** A store in one SQLite file, with what only a file has. */
export type SqliteStore = ResidentStore

/**
 * A store in one SQLite file, which one process owns. Money, calls, sessions, accounts and keys are on disk before `apply` resolves; counts and log rows
 * follow within `flushMs`. If the disk fails, what must be durable rejects with a `StoreUnavailableError`. Throws one if the database cannot be ours, or is
 * damaged. The database is written in this thread: while it is, nothing else goes on; `createResidentStore` takes one in another.
 *
 * @example
 * // `database`: new DatabaseSync('tollgate.db') of node:sqlite, or new Database('tollgate.db') of libsql
 * function open(database: SqlDatabase, clock: SqliteStoreOptions['clock']): SqliteStore {
 *   return createSqliteStore({ database, clock })
 * }
 */
export function createSqliteStore({ database, setBack, ...options }: SqliteStoreOptions): SqliteStore {
  const disk = createSqliteDisk(database, setBack)
  let contents: DiskContents | undefined
  disk.ask(openingQuestion(options.recordsMax), (outcome) => {
    if (outcome.kind === 'failed') throw outcome.error
    contents = outcome.value
  })
  if (contents === undefined) throw new Error('a disk in this thread tells at once')
  return createResidentStore(disk, contents, options)
}
