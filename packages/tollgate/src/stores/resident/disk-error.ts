/**
 * Why a disk failed, in words for an operator, and as the error that every store fails with. Of SQLite it says what the result code means; libraries report that
 * differently: `errcode: 13` (node:sqlite), `code: 'SQLITE_FULL'` (libsql, better-sqlite3).
 */
import { StoreUnavailableError } from '../../engine/store-error.ts'

const meanings: readonly { readonly number: number; readonly name: string; readonly meaning: string }[] = [
  { number: 5, name: 'BUSY', meaning: 'it is owned by another process; stop that one first' },
  { number: 6, name: 'LOCKED', meaning: 'it is locked by another use of the same connection' },
  { number: 8, name: 'READONLY', meaning: 'it cannot be written; check the permissions of the file and its directory' },
  { number: 10, name: 'IOERR', meaning: 'the disk reports an input/output error' },
  { number: 11, name: 'CORRUPT', meaning: 'it is damaged; restore a backup' },
  { number: 13, name: 'FULL', meaning: 'the disk is full' },
  { number: 14, name: 'CANTOPEN', meaning: 'it cannot be opened; check that the directory exists and may be written' },
  { number: 26, name: 'NOTADB', meaning: 'it is not a SQLite database' },
]

/**
 * One clause about the failure, fit to follow `the database …: `.
 *
 * @example
 * describeSqliteError(new Error('database is locked')) // => 'database is locked'
 */
export function describeSqliteError(error: unknown): string {
  const known = meanings.find(({ number, name }) => primaryCode(error) === number || primaryName(error) === name)
  return known?.meaning ?? (error instanceof Error ? error.message : String(error))
}

/** `what`: what cannot be done, fit to be followed by `: ` and the reason. */
export function toUnavailable(what: string, error: unknown): StoreUnavailableError {
  if (error instanceof StoreUnavailableError) return error
  return new StoreUnavailableError(`${what}: ${describeSqliteError(error)}`, { cause: error })
}

function property(error: unknown, name: string): unknown {
  return typeof error === 'object' && error !== null ? (error as { readonly [name: string]: unknown })[name] : undefined
}

/** Extended codes carry the primary one in their low byte. */
function primaryCode(error: unknown): number | undefined {
  const code = property(error, 'errcode')
  return typeof code === 'number' ? code & 0xff : undefined
}

function primaryName(error: unknown): string | undefined {
  return /^SQLITE_([A-Z]+)/.exec(String(property(error, 'code')))?.[1]
}
