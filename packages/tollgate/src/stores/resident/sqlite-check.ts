/** Whether the file holds together: a page that a disk has lost is read by nobody until its row is needed, and sums over the others add up. */
import { StoreUnavailableError } from '../../engine/store-error.ts'
import type { SqlDatabase } from './sqlite-database.ts'
import { describeSqliteError } from './disk-error.ts'

/** What is summed up, and whose gaps would not be seen. */
export const summedTables = ['subjects', 'calls', 'leases', 'ledger', 'meta'] as const
/** Documents are asked for one by one, and where one cannot be read its caller is refused; the request log is only told from. Both may be by far the largest. */
const all = [...summedTables, 'documents', 'requests']

/** Up to this size a file is looked through before it is used, in less than a tenth of a second; a larger one while it is (`sqlite-walk.ts`). */
export const CHECKED_BYTES_MAX = 67_108_864

/** What to do about a file that is damaged. */
export const DAMAGE_MEND = 'restore a backup, or save what can be read with: sqlite3 FILE .recover | sqlite3 NEW'

/** At a start: the form of each page, unless the file is larger than so much. Throws a StoreUnavailableError that names the first fault. */
export function assertWhole(database: SqlDatabase, bytesMax: number): void {
  if (pragma(database, 'page_count') * pragma(database, 'page_size') > bytesMax) return
  for (const table of summedTables) {
    const [fault] = faultsOf(database, 'quick_check', table)
    if (fault !== undefined) {
      throw new StoreUnavailableError(`it is damaged (${fault}); ${DAMAGE_MEND}`)
    }
  }
}

/** One table, and each of its indexes against it: a line for each fault. Nothing is written meanwhile, so the tables are asked for one by one: `next`. */
export function damageOf(database: SqlDatabase, table: string = all[0] ?? ''): { readonly faults: readonly string[]; readonly next: string | undefined } {
  return { faults: faultsOf(database, 'integrity_check', table), next: all[all.indexOf(table) + 1] }
}

function pragma(database: SqlDatabase, name: 'page_count' | 'page_size'): number {
  return Number((database.prepare(`PRAGMA ${name}`).get() as { readonly [column: string]: unknown })[name])
}

function faultsOf(database: SqlDatabase, check: 'quick_check' | 'integrity_check', table: string): readonly string[] {
  let rows: readonly unknown[]
  try {
    rows = database.prepare(`PRAGMA ${check}(${table})`).all()
  } catch (error) {
    return [`table ${table}: ${describeSqliteError(error)}`]
  }
  const lines = rows.flatMap((row) => String((row as { readonly [column: string]: unknown })[check]).split('\n'))
  return lines.filter((line) => line !== 'ok' && line !== '' && !line.startsWith('***')).map((line) => `table ${table}: ${line}`)
}
