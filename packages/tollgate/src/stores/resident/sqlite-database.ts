/** The part of a SQLite library that the store uses: `node:sqlite` and `libsql` (and better-sqlite3) fit as they are. */

/** What a column holds here. */
export type SqlValue = string | number | null

/** A prepared statement of such a database. */
export interface SqlStatement {
  run(...values: SqlValue[]): { readonly changes: number | bigint }
  /** The first row, by column name; rows may carry more than the columns. Undefined if there is none. */
  get(...values: SqlValue[]): unknown
  all(...values: SqlValue[]): unknown[]
}

/** An open database, as `node:sqlite` (`DatabaseSync`), `libsql` and better-sqlite3 have it. */
export interface SqlDatabase {
  exec(sql: string): unknown
  prepare(sql: string): SqlStatement
  close(): unknown
}
