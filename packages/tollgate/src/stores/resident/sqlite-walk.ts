/**
 * The tables that are summed up, read from end to end in slices: each row, and each entry of their indexes. What SQLite finds by its own check of a table is found
 * here too, but for pages that two trees share; and besides, rows that are no JSON any more. That check is one statement, and all wait for it; a slice is
 * a few milliseconds.
 */
import type { WalkPlace, WalkSlice } from './disk.ts'
import { describeSqliteError } from './disk-error.ts'
import { summedTables } from './sqlite-check.ts'
import type { SqlDatabase, SqlStatement, SqlValue } from './sqlite-database.ts'

interface Tree {
  readonly table: string
  /** Of the key of an entry: `k0`, `k1`, and so on. */
  readonly columns: readonly string[]
  /** Entries from the first on. */
  readonly first: SqlStatement
  /** After an entry; several may have the same key, and then their rows tell them apart. */
  readonly sameKey: SqlStatement | undefined
  readonly laterKey: SqlStatement
}

type Row = { readonly [column: string]: SqlValue | undefined }

/** The trees are asked for once, and so are their statements. */
export function createWalk(database: SqlDatabase): (place: WalkPlace | undefined, limit: number) => WalkSlice {
  let trees: readonly Tree[] | undefined

  return ({ tree: at, after } = { tree: 0, after: undefined }, limit) => {
    const tree = (trees ??= summedTables.flatMap((table) => treesOf(database, table)))[at]
    if (tree === undefined) return { fault: undefined, next: undefined }
    const next = trees[at + 1] === undefined ? undefined : { tree: at + 1, after: undefined }
    try {
      const rows = read(tree, after, limit)
      if (rows.some(({ whole }) => whole === 0)) return { fault: `table ${tree.table}: a row is no JSON`, next }
      const last = rows.at(-1)
      return { fault: undefined, next: last === undefined || rows.length < limit ? next : { tree: at, after: tree.columns.map((column) => last[column] ?? null) } }
    } catch (error) {
      return { fault: `table ${tree.table}: ${describeSqliteError(error)}`, next }
    }
  }
}

function read({ first, sameKey, laterKey }: Tree, after: readonly SqlValue[] | undefined, limit: number): readonly Row[] {
  if (after === undefined) return first.all(limit) as Row[]
  if (sameKey === undefined) return laterKey.all(...after, limit) as Row[]
  const same = sameKey.all(...after, limit) as Row[]
  return same.length === limit ? same : same.concat(laterKey.all(...after.slice(0, -1), limit - same.length) as Row[])
}

function treesOf(database: SqlDatabase, table: string): readonly Tree[] {
  const columns = (database.prepare(`PRAGMA table_info(${table})`).all() as { readonly name: string }[]).map(({ name }) => name)
  const json = columns.find((name) => name === 'json' || name === 'record')
  const whole = json === undefined ? '' : `, json_valid(${json}) AS whole`
  const indexes = database.prepare(`PRAGMA index_list(${table})`).all() as { readonly name: string; readonly origin: string }[]
  const ofIndexes = indexes.map(({ name, origin }) => {
    const parts = database.prepare(`PRAGMA index_xinfo(${name})`).all() as { readonly name: string | null; readonly cid: number; readonly key: number }[]
    const isTable = origin === 'pk'
    const key = parts.flatMap((part) => (part.name !== null && (part.key === 1 || !isTable) ? [part.name] : []))
    // Those of primary and unique keys have no text.
    const written = database.prepare('SELECT sql FROM sqlite_schema WHERE name = ?').get(name) as { readonly sql: string | null } | undefined
    const [, condition] = written?.sql?.split(/ WHERE /i) ?? []
    const from = isTable ? table : `${table} INDEXED BY ${name}`
    return treeOf(database, table, { key, hasRow: parts.some(({ cid }) => cid === -1), also: isTable ? whole : '', from, condition })
  })
  const isOfRows = !indexes.some(({ origin }) => origin === 'pk')
  return isOfRows ? [treeOf(database, table, { key: ['rowid'], hasRow: false, also: whole, from: table, condition: undefined }), ...ofIndexes] : ofIndexes
}

interface TreeForm {
  readonly key: readonly string[]
  /** Besides the key each entry has the number of its row. */
  readonly hasRow: boolean
  readonly also: string
  readonly from: string
  readonly condition: string | undefined
}

function treeOf(database: SqlDatabase, table: string, { key, hasRow, also, from, condition }: TreeForm): Tree {
  const order = hasRow ? [...key, 'rowid'] : key
  const select = (...conditions: readonly (string | undefined)[]): SqlStatement => {
    const asked = conditions.filter((text) => text !== undefined)
    // Named, so that a row number that is also a column of its own comes once, and in its place.
    const named = order.map((column, at) => `${column} AS k${at}`).join(', ')
    return database.prepare(`SELECT ${named}${also} FROM ${from} ${asked.length === 0 ? '' : `WHERE ${asked.join(' AND ')}`} ORDER BY ${order.join(', ')} LIMIT ?`)
  }
  return {
    table,
    columns: order.map((_, at) => `k${at}`),
    first: select(condition),
    sameKey: hasRow ? select(condition, ...key.map((column) => `${column} = ?`), 'rowid > ?') : undefined,
    laterKey: select(condition, `(${key.join(', ')}) > (${key.map(() => '?').join(', ')})`),
  }
}
