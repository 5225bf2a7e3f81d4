/**
 * Subjects' records over a table. What changed since the last commit stays here until it is written, so that nothing is forgotten by eviction;
 * what the table also has is bounded and read again when needed.
 */
import { createBoundedCache } from '../admission/bounded-cache.ts'
import type { ChangedRecord } from '../admission/stage.ts'
import { pruneRecord } from '../admission/record-codec.ts'
import type { SubjectRecord } from '../admission/subject-record.ts'

export interface RecordCache {
  get(subject: string): SubjectRecord
  put(changed: readonly ChangedRecord[]): void
  /** How many wait to be written. */
  waiting(): number
  /** Hands all that wait to the table, without what has expired. They wait on until `committed`. */
  writeTo(write: (subject: string, record: SubjectRecord) => void, nowMs: number): void
  committed(): void
}

export function createRecordCache(options: { readonly max: number; readonly read: (subject: string) => SubjectRecord }): RecordCache {
  const written = createBoundedCache<SubjectRecord>(options.max)
  const changed = new Map<string, SubjectRecord>()

  return {
    get(subject) {
      const known = changed.get(subject) ?? written.get(subject)
      if (known !== undefined) return known
      const record = options.read(subject)
      written.set(subject, record)
      return record
    },
    put(records) {
      for (const { subject, record } of records) changed.set(subject, record)
    },
    waiting: () => changed.size,
    writeTo(write, nowMs) {
      for (const [subject, record] of changed) {
        const pruned = pruneRecord(record, nowMs)
        if (pruned !== record) changed.set(subject, pruned)
        write(subject, pruned)
      }
    },
    committed() {
      for (const [subject, record] of changed) written.set(subject, record)
      changed.clear()
    },
  }
}
