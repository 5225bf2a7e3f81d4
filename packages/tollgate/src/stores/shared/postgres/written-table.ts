/**
 * Rows on their way into a table, as one JSON text: arrays for each column take several times as long to write. What is JSON itself lies there as it is (`embedded`), and not as a text
 * within a text; the server keeps it as it was written.
 */
import type { SqlQuery } from './sql-connection.ts'

export interface WrittenShape<T> {
  readonly name: string
  /** `json`: what `embedded` gives; its text is kept. Never a JSON string. */
  readonly columns: { readonly [column: string]: 'text' | 'text[]' | 'bigint' | 'integer' | 'json' }
  /** So many of the first columns say which row it is. */
  readonly keys: number
  /** An object of JSON by the names of the columns; null and what is left out are the same. */
  toJson(row: T): string
  /** What an insert does about a row that is there already; default: it fails. */
  readonly otherwise?: string
}

export interface WrittenTable<T> {
  insert(rows: readonly T[]): SqlQuery
  /** Of rows that are locked. */
  update(rows: readonly T[]): SqlQuery
}

export function createWrittenTable<T>({ name, columns, keys, toJson, otherwise = '' }: WrittenShape<T>): WrittenTable<T> {
  const names = Object.keys(columns)
  const recordset = `json_to_recordset($1::json) as d(${Object.entries(columns).map((column) => column.join(' ')).join(', ')})`
  const values = Object.entries(columns).map(([column, type]) => (type === 'json' ? embeddedText(`d.${column}`) : `d.${column}`))
  const changes = names.map((column, at) => `${column} = ${values[at]}`).slice(keys)
  const insert = `insert into tollgate.${name} (${names.join(', ')}) select ${values.join(', ')} from ${recordset} ${otherwise}`
  const update = `update tollgate.${name} t set ${changes.join(', ')} from ${recordset} where ${names.slice(0, keys).map((column) => `t.${column} = d.${column}`).join(' and ')}`
  const textOf = (rows: readonly T[]): string => `[${rows.map(toJson).join(',')}]`
  return {
    insert: (rows) => ({ name: `tollgate_insert_${name}`, text: insert, values: [textOf(rows)] }),
    update: (rows) => ({ name: `tollgate_update_${name}`, text: update, values: [textOf(rows)] }),
  }
}

/** JSON within JSON. The server reads all of it, and refuses the escapes of characters that it has not: where there are some, it is a text within a text after all. */
export function embedded(json: string): string {
  return json.includes(String.raw`\u0000`) || json.includes(String.raw`\ud`) ? JSON.stringify(json) : json
}

/** An expression of SQL. */
export function embeddedText(column: string): string {
  return `case json_typeof(${column}) when 'string' then ${column} #>> '{}' else ${column}::text end`
}
