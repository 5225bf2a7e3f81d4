/**
 * Opens the database file for the SQLite store: with Node's own SQLite where there is one (22.13 and later), otherwise with libsql. What is wrong
 * with a path is said here, with the path; the lock that makes us the only owner is taken here and held until the database is closed.
 */
import { closeSync, constants, openSync, rmSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, resolve } from 'node:path'
import { describeSqliteError, NEWEST_SQLITE_SCHEMA, prepareSqliteDatabase, type SqlDatabase } from 'tollgate/stores/sqlite'
import { codeOf } from './error-code.ts'

export type SqliteEngine = 'node' | 'libsql'

export interface SqliteDatabaseOptions {
  /** Default: `node` where it exists. */
  readonly engine?: SqliteEngine | undefined
  /** Told before the schema of a database that holds something is changed: the copy of it as it was lies in `copy` by then. */
  readonly migrating?: (change: Migration) => void
}

export interface Migration {
  readonly from: number
  readonly to: number
  readonly copy: string
}

type DatabaseConstructor = new (path: string) => SqlDatabase

/** Throws an Error whose message names the path and says what to do. */
export function openSqliteDatabase(path: string, options: SqliteDatabaseOptions = {}): SqlDatabase {
  const file = resolve(path)
  const Database = loadEngine(options.engine)
  let database: SqlDatabase | undefined
  try {
    assertPlace(file)
    // Made by us first, so that nobody else may read it: it holds key hashes and the request log.
    closeSync(openSync(file, constants.O_RDWR | constants.O_CREAT, 0o600))
    const opened = (database = new Database(file))
    // The store does this too; here the error can name the file.
    prepareSqliteDatabase(opened, { migrating: (from, to) => options.migrating?.({ from, to, copy: copyBeside(opened, file, from) }) })
    return database
  } catch (error) {
    database?.close()
    throw new Error(`${file}: ${describeOpenError(error)}`, { cause: error })
  }
}

/** As it was before its schema changed, beside it, under a name that is free: an older version of the program can be started on it again. */
function copyBeside(database: SqlDatabase, file: string, schema: number): string {
  for (let number = 1; ; number += 1) {
    const copy = `${file}.schema-${schema}${number === 1 ? '' : `.${number}`}`
    try {
      closeSync(openSync(copy, 'wx', 0o600))
    } catch (error) {
      if (codeOf(error) === 'EEXIST') continue
      throw new Error(`before its schema is changed it is copied to ${copy}, which cannot be written: ${describeOpenError(error)}`, { cause: error })
    }
    try {
      database.prepare('VACUUM INTO ?').run(copy)
      return copy
    } catch (error) {
      rmSync(copy, { force: true })
      throw new Error(`before its schema is changed it is copied to ${copy}, which failed: ${describeSqliteError(error)}`, { cause: error })
    }
  }
}

/** Of a file that is there, without changing it, and of this version. Throws as the opening does. */
export function sqliteSchemas(path: string): { readonly there: number; readonly newest: number } {
  const file = resolve(path)
  const Database = loadEngine(undefined)
  let database: SqlDatabase | undefined
  try {
    database = new Database(file)
    const row = database.prepare('PRAGMA user_version').get() as { readonly user_version: number } | undefined
    return { there: row?.user_version ?? 0, newest: NEWEST_SQLITE_SCHEMA }
  } catch (error) {
    throw new Error(`${file}: ${describeOpenError(error)}`, { cause: error })
  } finally {
    database?.close()
  }
}

export function defaultSqliteEngine(): SqliteEngine {
  return loadNodeSqlite() === undefined ? 'libsql' : 'node'
}

function assertPlace(file: string): void {
  const directory = dirname(file)
  if (!isDirectory(directory)) throw new Error(`there is no directory ${directory}; create it first`)
  if (isDirectory(file)) throw new Error('it is a directory; name a file in it')
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}

function describeOpenError(error: unknown): string {
  const code = codeOf(error)
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return 'it cannot be written; check the permissions of the file and its directory'
  if (code === 'ENOENT') return 'it cannot be created there; name a file in another directory'
  if (code === 'ENOSPC') return 'the disk is full'
  return describeSqliteError(error)
}

function loadEngine(engine: SqliteEngine | undefined): DatabaseConstructor {
  const own = engine === 'libsql' ? undefined : loadNodeSqlite()
  if (own !== undefined) return own
  if (engine === 'node') throw new Error(`this Node (${process.version}) has no SQLite of its own: 22.13 or later is needed`)
  return createRequire(import.meta.url)('libsql') as DatabaseConstructor
}

function loadNodeSqlite(): DatabaseConstructor | undefined {
  // Not in Node 20, so neither in its types.
  const { getBuiltinModule } = process as { readonly getBuiltinModule?: (id: string) => unknown }
  const emitWarning = process.emitWarning
  // Node announces its SQLite as experimental on stderr, each time. The store's tests run on it; an operator can do nothing about it.
  process.emitWarning = () => undefined
  try {
    const module = getBuiltinModule?.call(process, 'node:sqlite') as { readonly DatabaseSync: DatabaseConstructor } | undefined
    return module?.DatabaseSync
  } finally {
    process.emitWarning = emitWarning
  }
}
