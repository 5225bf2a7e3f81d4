/** What routes read the columns of tables as. One column has one meaning, since its cells are turned into whole units when the table is read. */
import type { Path } from '../read/config-problem.ts'
import type { Report } from '../read/report.ts'

export type ColumnMeaning =
  /** Decimals, in the unit of this balance. */
  | { readonly kind: 'money'; readonly balance: string; readonly scale: number }
  /** Whole numbers. */
  | { readonly kind: 'count' }
  /** Whole numbers, or null for no limit. */
  | { readonly kind: 'limit' }

export interface ColumnUse {
  readonly meaning: ColumnMeaning
  /** Where it was asked for first. */
  readonly path: Path
}

export interface ColumnUses {
  add(table: string, column: string, meaning: ColumnMeaning, path: Path): void
  /** By column. */
  of(table: string): ReadonlyMap<string, ColumnUse>
}

export function createColumnUses(report: Report): ColumnUses {
  const tables = new Map<string, Map<string, ColumnUse>>()
  return {
    add(table, column, meaning, path) {
      const uses = tables.get(table) ?? new Map<string, ColumnUse>()
      tables.set(table, uses)
      const use = uses.get(column)
      const both = use === undefined ? meaning : joined(use.meaning, meaning)
      if (both === undefined) report(path, `the column "${column}" of "${table}" is ${inWords(use?.meaning)} elsewhere and would be ${inWords(meaning)} here; give each a column of its own`)
      else uses.set(column, { meaning: both, path: use?.path ?? path })
    },
    of: (table) => tables.get(table) ?? new Map(),
  }
}

/** What is a count in one place and a limit in another must be a number in each row. */
function joined(one: ColumnMeaning, other: ColumnMeaning): ColumnMeaning | undefined {
  if (one.kind === 'money' || other.kind === 'money') return one.kind === 'money' && other.kind === 'money' && one.scale === other.scale ? one : undefined
  return one.kind === 'limit' ? other : one
}

function inWords(meaning: ColumnMeaning | undefined): string {
  switch (meaning?.kind) {
    case 'money':
      return `a price in "${meaning.balance}" (scale ${meaning.scale})`
    case 'limit':
      return 'a limit'
    default:
      return 'a count'
  }
}
