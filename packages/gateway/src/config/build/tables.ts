/** The tables of an API, their cells turned into what routes read them as: prices into whole units of a balance, counts into numbers. */
import type { JsonValue } from 'tollgate/contract'
import type { Row, Table } from 'tollgate/gate'
import type { ApiShape } from '../shape/api-shape.ts'
import type { ColumnMeaning, ColumnUse, ColumnUses } from './column-uses.ts'
import { decimalText, toUnits } from '../read/decimal.ts'
import type { Files } from '../read/files.ts'
import { suggestion } from '../read/suggestion.ts'
import { formatPath, quote, type Path } from '../read/config-problem.ts'
import type { Report } from '../read/report.ts'
import { didYouMean, readTable, type TableRow, type TableRows } from './table-rows.ts'
import type { Work } from './work.ts'

const ROWS_IN_ONE_GO = 200

/** Built after the routes: only they say what a column is. */
export function* buildTables(tables: ApiShape['tables'], path: Path, uses: ColumnUses, files: Files, report: Report): Work<{ readonly [table: string]: Table }> {
  const built: [string, Table][] = []
  for (const [name, shape] of Object.entries(tables)) {
    const read = readTable(shape, [...path, name], files, report)
    built.push([name, read === undefined ? {} : yield* buildTable(name, read, uses.of(name), report)])
  }
  return Object.fromEntries(built)
}

function* buildTable(name: string, table: TableRows, uses: ReadonlyMap<string, ColumnUse>, report: Report): Work<Table> {
  const { rows, isWhole } = table
  if (rows.length === 0) {
    const [use] = uses.values()
    if (isWhole && use !== undefined) report(use.path, `the table "${name}" has no rows`)
    return {}
  }
  const known = new Set(uses.size === 0 ? [] : rows.flatMap(({ cells }) => Object.keys(cells)))
  const [missing, present] = partition([...uses], ([column]) => !known.has(column))
  for (const [column, { path }] of missing) report(path, `no row of "${name}" has a column "${column}"${suggestion(column, [...known])}`)
  const built: [string, Row][] = []
  for (const row of rows) {
    built.push([row.id, { ...(row.cells as Row), ...Object.fromEntries(present.map(([column, use]) => [column, cellOf(row, column, use, table)])) }])
    if (built.length % ROWS_IN_ONE_GO === 0) yield
  }
  return Object.fromEntries(built)
}

function partition<T>(items: readonly T[], isFirst: (item: T) => boolean): readonly [readonly T[], readonly T[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))]
}

function cellOf({ id, cells, at }: TableRow, column: string, { meaning, path }: ColumnUse, { fault, written }: TableRows): JsonValue {
  if (!Object.hasOwn(cells, column)) {
    fault(at, `the row ${quote(id)} has no ${column}, which ${formatPath(path)} reads${didYouMean(column, cells)}`)
    return null
  }
  const read = readCell(cells[column], meaning)
  if (read.ok) return read.value
  fault([...at, column], `${written([...at, column])} in the row ${quote(id)} ${read.fault}`)
  return null
}

type CellRead = { readonly ok: true; readonly value: number | null } | { readonly ok: false; readonly fault: string }

function readCell(cell: unknown, meaning: ColumnMeaning): CellRead {
  if (meaning.kind === 'money') return readPrice(cell, meaning)
  if (meaning.kind === 'limit' && cell === null) return { ok: true, value: null }
  const count = typeof cell === 'string' && /^\d{1,16}$/.test(cell) ? Number(cell) : cell
  if (typeof count === 'number' && Number.isSafeInteger(count) && count >= 0) return { ok: true, value: count }
  return { ok: false, fault: meaning.kind === 'limit' ? 'must be a whole number from 0, or null for no limit' : 'must be a whole number from 0' }
}

function readPrice(cell: unknown, { scale, balance }: Extract<ColumnMeaning, { kind: 'money' }>): CellRead {
  const decimal = decimalText(cell)
  if (decimal === undefined) return { ok: false, fault: 'must be a decimal from 0, such as 0.25 or "0.25"' }
  const units = toUnits(decimal, scale, `"${balance}"`)
  return units.ok ? { ok: true, value: units.units } : units
}
