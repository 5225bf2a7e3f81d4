/** Writes rows into a table, several with one statement: to run a statement costs as much as to write a row. */
import type { SqlDatabase, SqlStatement, SqlValue } from './sqlite-database.ts'

/** In the order in which they are given. */
export type WriteRows = (rows: readonly (readonly SqlValue[])[]) => void

/** Eight at a time are nearly as cheap as 32, and few groups leave many over. */
const ROWS_AT_ONCE = 8

/** `insert` ends with `VALUES`; `otherwise` is what follows the values. */
export function prepareRows(database: SqlDatabase, insert: string, columns: number, otherwise = ''): WriteRows {
  const write = prepareValues(database, insert, columns, otherwise)
  return (rows) => {
    // By hand: `flat` costs as much as the statements save.
    const values: SqlValue[] = []
    for (const row of rows) for (const value of row) values.push(value)
    write(values)
  }
}

/** The same, of the values of all rows, one after the other. */
export function prepareValues(database: SqlDatabase, insert: string, columns: number, otherwise = ''): (values: readonly SqlValue[]) => void {
  const row = `(${Array<string>(columns).fill('?').join(', ')})`
  const prepare = (count: number): SqlStatement => database.prepare(`${insert} ${Array<string>(count).fill(row).join(', ')} ${otherwise}`)
  const one = prepare(1)
  const several = prepare(ROWS_AT_ONCE)
  const step = ROWS_AT_ONCE * columns
  return (values) => {
    const whole = values.length - (values.length % step)
    for (let at = 0; at < whole; at += step) several.run(...values.slice(at, at + step))
    for (let at = whole; at < values.length; at += columns) one.run(...values.slice(at, at + columns))
  }
}
