/** Rows of the request log as one statement takes them. */
import { LOGGED_VALUES, type LoggedRow, type LoggedValues } from '../../logged-row.ts'

/** Of several under one id and instant the last: a statement writes a row once. */
export function toLoggedValues(rows: readonly LoggedRow[]): LoggedValues {
  return [...new Map(rows.map((row) => [`${row[1]} ${row[0]}`, row])).values()].flat()
}

export function toLoggedRows(values: LoggedValues): readonly LoggedRow[] {
  return Array.from({ length: values.length / LOGGED_VALUES }, (_, at) => values.slice(at * LOGGED_VALUES, (at + 1) * LOGGED_VALUES) as unknown as LoggedRow)
}
