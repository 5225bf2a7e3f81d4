/** A search by some of several conditions. Searches are rare and of many forms: planned as they come. */
import type { SqlQuery } from './sql-connection.ts'

type Value = string | number | bigint
/** `place`: of the value in the statement; a list of values is a row: `(a, b) <`. One with a value that is undefined is not asked. */
export type SearchCondition = readonly [sql: string] | readonly [sql: string, value: Value | readonly Value[] | undefined]

export function searchQuery(columns: string, table: string, order: string, conditions: readonly SearchCondition[], limit: number): SqlQuery {
  const values: Value[] = []
  const place = (value: Value): string => {
    values.push(value)
    return `$${values.length}${typeof value === 'string' ? '::text' : '::bigint'}`
  }
  const asked = conditions.flatMap(([sql, ...given]) => {
    if (given.length === 0) return [sql]
    const [value] = given
    if (value === undefined) return []
    return [`${sql} ${typeof value === 'object' ? `(${value.map(place).join(', ')})` : place(value)}`]
  })
  const where = asked.length === 0 ? '' : ` where ${asked.join(' and ')}`
  return { text: `select ${columns} from tollgate.${table}${where} order by ${order} limit ${place(limit)}`, values }
}
