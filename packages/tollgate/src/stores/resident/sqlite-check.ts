/** Whether the file holds together: a page that a disk has lost is read by nobody until its row is needed, and sums over the others add up. */
import { StoreUnavailableError } from '../../engine/store-error.ts'
import type { SqlDatabase } from './sqlite-database.ts'
import { describeSqliteError } from './disk-error.ts'

/** What is summed up, and whose gaps would not be seen. */
const summed = ['subjects', 'calls', 'leases', 'ledger', 'meta']
/** Documents are asked for one by one, and where one cannot be read its caller is refused; the request log is only told from. Both may be by far the largest. */
const all = [...summed, 'documents', 'requests']

/** At a start: the form of each page, which takes about a second for a gigabyte. Throws a StoreUnavailableError that names the first fault. */
export function assertWhole(database: SqlDatabase): void {
  for (const table of summed) {
    const [fault] = faultsOf(database, 'quick_check', table)
    if (fault !== undefined) {
      throw new StoreUnavailableError(`it is damaged (${fault}); restore a backup, or save what can be read with: sqlite3 FILE .recover | sqlite3 NEW`)
    }
  }
}

/** One table, and each of its indexes against it: a line for each fault. Nothing is written meanwhile, so the tables are asked for one by one: `next`. */
export function damageOf(database: SqlDatabase, table: string = all[0] ?? ''): { readonly faults: readonly string[]; readonly next: string | undefined } {
  return { faults: faultsOf(database, 'integrity_check', table), next: all[all.indexOf(table) + 1] }
}

function faultsOf(database: SqlDatabase, pragma: 'quick_check' | 'integrity_check', table: string): readonly string[] {
  let rows: readonly unknown[]
  try {
    rows = database.prepare(`PRAGMA ${pragma}(${table})`).all()
  } catch (error) {
    return [`table ${table}: ${describeSqliteError(error)}`]
  }
  const lines = rows.flatMap((row) => String((row as { readonly [column: string]: unknown })[pragma]).split('\n'))
  return lines.filter((line) => line !== 'ok' && line !== '' && !line.startsWith('***')).map((line) => `table ${table}: ${line}`)
}
