/** The part of a SQLite library that the store uses: `node:sqlite` and `libsql` (and better-sqlite3) fit as they are. */

export type SqlValue = string | number | null

export interface SqlStatement {
  run(...values: SqlValue[]): { readonly changes: number | bigint }
  /** The first row, by column name; rows may carry more than the columns. Undefined if there is none. */
  get(...values: SqlValue[]): unknown
  all(...values: SqlValue[]): unknown[]
}

export interface SqlDatabase {
  exec(sql: string): unknown
  prepare(sql: string): SqlStatement
  close(): unknown
}
