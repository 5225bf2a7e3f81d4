/** Rows in aligned columns. */
import { printable, type Colours } from './colours.ts'

export interface Column<Row> {
  readonly title: string
  readonly value: (row: Row) => string | number | undefined
  /** Numbers read better right-aligned. */
  readonly right?: boolean
}

export function formatTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[], colours: Colours): string {
  const cells = rows.map((row) => columns.map(({ value }) => printable(String(value(row) ?? '')).replaceAll('\n', ' ')))
  const widths = columns.map(({ title }, at) => Math.max(title.length, ...cells.map((line) => (line[at] ?? '').length)))
  const align = (line: readonly string[]) =>
    line
      .map((cell, at) => (columns[at]?.right === true ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0)))
      .join('  ')
      .trimEnd()
  return [colours.dim(align(columns.map(({ title }) => title))), ...cells.map(align)].map((line) => `${line}\n`).join('')
}
