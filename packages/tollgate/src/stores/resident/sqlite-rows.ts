/** Writes rows into a table, several with one statement: to run a statement costs as much as to write a row. */
import type { SqlDatabase, SqlStatement, SqlValue } from './sqlite-database.ts'

/** In the order in which they are given. */
export type WriteRows = (rows: readonly (readonly SqlValue[])[]) => void

/** Eight at a time are nearly as cheap as 32, and few groups leave many over. */
const ROWS_AT_ONCE = 8

/** `insert` ends with `VALUES`; `otherwise` is what follows the values. */
export function prepareRows(database: SqlDatabase, insert: string, columns: number, otherwise = ''): WriteRows {
  const row = `(${Array<string>(columns).fill('?').join(', ')})`
  const prepare = (count: number): SqlStatement => database.prepare(`${insert} ${Array<string>(count).fill(row).join(', ')} ${otherwise}`)
  const one = prepare(1)
  const several = prepare(ROWS_AT_ONCE)
  return (rows) => {
    const whole = rows.length - (rows.length % ROWS_AT_ONCE)
    for (let at = 0; at < whole; at += ROWS_AT_ONCE) several.run(...valuesOf(rows, at, at + ROWS_AT_ONCE))
    for (let at = whole; at < rows.length; at += 1) one.run(...(rows[at] ?? []))
  }
}

/** By hand: `flat` costs as much as the statements save. */
function valuesOf(rows: readonly (readonly SqlValue[])[], from: number, to: number): SqlValue[] {
  const values: SqlValue[] = []
  for (let at = from; at < to; at += 1) for (const value of rows[at] ?? []) values.push(value)
  return values
}
