/** Back to an earlier time, by the word of an operator: the only way to lower what a store has seen. */
import { recordAt } from '../../engine/meters/record-codec.ts'
import { fromRecordText, toRecordRow } from '../record-text.ts'
import type { SqlDatabase } from './sqlite-database.ts'
import { toUnavailable } from './disk-error.ts'
import { rollback } from './sqlite-schema.ts'
import type { SqliteTables } from './sqlite-tables.ts'

const SUBJECTS = 500

/** To which time the store goes back. */
export interface SetBack {
  readonly toMs: number
  /** When the periods end that the instant lies in, of every meter that there is: counts of another period are of a later one. */
  readonly periodEndsMs: ReadonlySet<number>
}

/**
 * Lowers the highest time that the store has seen, and forgets the counts of windows and periods after it, which would stand until then. Money, leases, keys and calls
 * keep their own instants. Throws a StoreUnavailableError, and changes nothing then.
 */
export function setTimeBack(database: SqlDatabase, tables: SqliteTables, back: SetBack): void {
  const { toMs } = back
  if (tables.readHighWaterMs() <= toMs) return
  try {
    database.exec('BEGIN IMMEDIATE')
    const page = database.prepare('SELECT subject FROM subjects WHERE subject > ? ORDER BY subject LIMIT ?')
    for (let after = ''; ; ) {
      const subjects = (page.all(after, SUBJECTS) as { readonly subject: string }[]).map(({ subject }) => subject)
      for (const subject of subjects) {
        const record = fromRecordText(subject, tables.record(subject))
        const kept = recordAt(record, toMs, back.periodEndsMs)
        if (kept.length < record.length) tables.writeRecords([toRecordRow(subject, kept)])
      }
      after = subjects.at(-1) ?? after
      if (subjects.length < SUBJECTS) break
    }
    tables.writeHighWaterMs(toMs)
    database.exec('COMMIT')
  } catch (error) {
    rollback(database)
    throw toUnavailable('the time of the database cannot be set back', error)
  }
}
