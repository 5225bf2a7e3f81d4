/** The rows of a table as they are written: in place, or in a file as a list with a key column or a map by id. */
import { valueAt } from 'tollgate/contract'
import type { Files } from '../read/files.ts'
import { isGroup } from '../read/group.ts'
import { nearestName } from 'tollgate/contract'
import { quote, type Path } from '../read/config-problem.ts'
import type { Report } from '../read/report.ts'
import type { TableShape } from '../shape/table-shape.ts'

/** One slip in a column makes as many problems as there are rows. */
const FAULTS_MAX = 10

export interface TableRow {
  readonly id: string
  readonly cells: { readonly [column: string]: unknown }
  /** Where it stands in its file or in the configuration. */
  readonly at: Path
}

export interface TableRows {
  readonly rows: readonly TableRow[]
  /** Reports at the place, in the file that it is in. */
  readonly fault: TableFault
  /** What was written there: in the configuration itself, placeholders are quoted unfilled. */
  written(at: Path): string
  /** What could not be read is known already: nothing is to be called missing. */
  readonly isWhole: boolean
}

type TableFault = (at: Path, message: string) => void

/** Undefined when there is nothing to read; the report says why. */
export function readTable({ file, key, rows }: TableShape, path: Path, files: Files, report: Report): TableRows | undefined {
  if (file === undefined) return { ...fromMap(rows ?? {}, [...path, 'rows'], limited(report)), written: report.written }
  const read = files.read(file)
  if (!read.ok) return void report([...path, 'file'], read.message)
  const { data, locate } = read.source
  const fault = limited((at, message) => report(at, message, { file, ...locate(at) }))
  const written = (at: Path): string => quote(valueAt(data, at))
  if (Array.isArray(data)) {
    if (key !== undefined) return { ...fromList(data, key, fault), written }
    return void report([...path, 'key'], `is missing: ${file} is a list; name the column that holds the id${keyHint(data)}`)
  }
  if (!isGroup(data)) return void report([...path, 'file'], `${file} holds no rows; it must be a list of rows, or a map from id to row`)
  if (key === undefined) return { ...fromMap(data, [], fault), written }
  return void report([...path, 'key'], `belongs to a list; ${file} is a map from id to row, so take it away`)
}

function limited(report: TableFault): TableFault {
  let left = FAULTS_MAX
  return (at, message) => {
    if (left > 0) report(at, message)
    left -= 1
  }
}

/** The first column of the first row is most often the one. */
function keyHint([first]: readonly unknown[]): string {
  const [column] = isGroup(first) ? Object.keys(first) : []
  return column === undefined ? '' : `, such as key: ${column}`
}

function fromMap(data: { readonly [id: string]: unknown }, at: Path, fault: TableFault): Omit<TableRows, 'written'> {
  const rows: TableRow[] = []
  for (const [id, cells] of Object.entries(data)) {
    if (isGroup(cells)) rows.push({ id, cells, at: [...at, id] })
    else fault([...at, id], `must be a row, a group of columns, not ${quote(cells)}`)
  }
  return { rows, fault, isWhole: rows.length === Object.keys(data).length }
}

function fromList(data: readonly unknown[], key: string, fault: TableFault): Omit<TableRows, 'written'> {
  const rows: TableRow[] = []
  const places = new Map<string, number>()
  for (const [index, cells] of data.entries()) {
    if (!isGroup(cells)) {
      fault([index], `must be a row, a group of columns, not ${quote(cells)}`)
      continue
    }
    const written = Object.hasOwn(cells, key) ? cells[key] : undefined
    const id = typeof written === 'number' ? String(written) : written
    const first = typeof id === 'string' ? places.get(id) : undefined
    if (written === undefined) fault([index], `has no ${key}, which is its key${didYouMean(key, cells)}`)
    else if (typeof id !== 'string' || id === '') fault([index, key], `${quote(written)} cannot be the key of a row; it must be a text or a number`)
    else if (first !== undefined) fault([index, key], `${quote(written)} is the key of row [${first}] too; each row needs its own`)
    else {
      places.set(id, index)
      rows.push({ id, cells, at: [index] })
    }
  }
  return { rows, fault, isWhole: rows.length === data.length }
}

export function didYouMean(column: string, cells: TableRow['cells']): string {
  const nearest = nearestName(column, Object.keys(cells))
  return nearest === undefined ? '' : `; did you mean its ${nearest}?`
}
