/**
 * Subjects' records in memory. What changed since it was last written stays until the disk has it, so that nothing is forgotten by eviction; what
 * the disk also has is bounded, and loaded again when needed.
 */
import { createBoundedCache } from '../../directory/bounded-cache.ts'
import type { ChangedRecord } from '../../engine/meters/stage.ts'
import { pruneRecord, recordDueMs } from '../../engine/meters/record-codec.ts'
import { emptyRecord, type SubjectRecord } from '../../engine/meters/subject-record.ts'
import type { DiskContents, RecordRow } from './disk.ts'
import { subjectDiskKey } from './disk-key.ts'
import { earliestOf } from './earliest.ts'
import type { FreshRows } from './fresh-rows.ts'
import { fromRecordText, toRecordRow } from '../record-text.ts'

export interface ResidentRecords {
  /** Throws a NotLoaded where only the disk knows. */
  get(subject: string): SubjectRecord
  has(subject: string): boolean
  put(changed: readonly ChangedRecord[]): void
  /** Keeps what was loaded, unless it has changed meanwhile. */
  keep(subject: string, text: string | undefined): void
  due(nowMs: number, limit: number): readonly string[]
  /** When the first of those falls due that wait to be written. */
  earliestMs(): number
  /** How many wait to be written. */
  waiting(): number
  /** Rows of all that wait, without what has expired; and what to call once the disk has them. */
  write(nowMs: number): { readonly rows: readonly RecordRow[]; readonly written: () => void }
}

export function createResidentRecords({ records: stored, hasAllRecords }: DiskContents, fresh: FreshRows, max: number): ResidentRecords {
  let hasAll = hasAllRecords
  /** Text, until somebody asks: most are never looked at. */
  const written = createBoundedCache<SubjectRecord | string>(max, () => (hasAll = false))
  const changed = new Map<string, SubjectRecord>()
  for (const [subject, record] of stored) written.set(subject, record)

  function get(subject: string): SubjectRecord {
    const known = changed.get(subject) ?? written.get(subject)
    if (known === undefined) return hasAll ? emptyRecord : fromRecordText(subject, fresh.get(subjectDiskKey(subject)))
    if (typeof known !== 'string') return known
    const record = fromRecordText(subject, known)
    written.set(subject, record)
    return record
  }

  return {
    get,
    has: (subject) => hasAll || changed.has(subject) || written.get(subject) !== undefined,
    put(records) {
      for (const { subject, record } of records) changed.set(subject, record)
    },
    keep(subject, text) {
      if (!changed.has(subject) && written.get(subject) === undefined) written.set(subject, text ?? emptyRecord)
    },
    due: (nowMs, limit) => [...new Set([...fresh.due.subjects, ...changed.keys()])].filter((subject) => (recordDueMs(get(subject)) ?? Infinity) <= nowMs).slice(0, limit),
    earliestMs: () => earliestOf(changed.values(), recordDueMs),
    waiting: () => changed.size,
    write(nowMs) {
      const going: ChangedRecord[] = []
      const rows: RecordRow[] = []
      changed.forEach((record, subject) => {
        const pruned = pruneRecord(record, nowMs)
        if (pruned !== record) changed.set(subject, pruned)
        going.push({ subject, record: pruned })
        rows.push(toRecordRow(subject, pruned))
      })
      return {
        rows,
        written() {
          for (const { subject, record } of going) {
            if (changed.get(subject) !== record) continue
            changed.delete(subject)
            written.set(subject, record)
            fresh.drop(subjectDiskKey(subject))
          }
        },
      }
    },
  }
}
