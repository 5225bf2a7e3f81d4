/** A search by some of several conditions. Searches are rare and of many forms: prepared as they come. */
import type { SqlDatabase, SqlValue } from './sqlite-database.ts'

/** One with a value that is undefined is not asked. */
export type Condition = readonly [sql: string] | readonly [sql: string, value: SqlValue | readonly SqlValue[] | undefined]

export function searchRows<R>(database: SqlDatabase, columns: string, table: string, order: string, conditions: readonly Condition[], limit: number): R[] {
  const asked = conditions.filter((condition) => condition.length === 1 || condition[1] !== undefined)
  const where = asked.length === 0 ? '' : `WHERE ${asked.map(([text]) => text).join(' AND ')}`
  const values = asked.flatMap(([, value]) => value ?? [])
  return database.prepare(`SELECT ${columns} FROM ${table} ${where} ORDER BY ${order} LIMIT ?`).all(...values, limit) as R[]
}
