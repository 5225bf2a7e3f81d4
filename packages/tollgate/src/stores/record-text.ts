/** The record of a subject as text, as it lies on a disk. */
import { decodeRecord, encodeRecord, recordDueMs, recordExpiresAtMs } from '../engine/meters/record-codec.ts'
import { emptyRecord, type SubjectRecord } from '../engine/meters/subject-record.ts'
import { StoreUnavailableError } from '../engine/store-error.ts'
import type { RecordRow } from './resident/disk.ts'

/** Throws a StoreUnavailableError where the text is none: what was counted is not forgotten. */
export function fromRecordText(subject: string, text: string | undefined): SubjectRecord {
  if (text === undefined) return emptyRecord
  const record = decodeRecord(text)
  if (record === undefined) throw new StoreUnavailableError(`the counters of ${subject} cannot be read: the row is damaged`)
  return record
}

export function toRecordRow(subject: string, record: SubjectRecord): RecordRow {
  if (record.length === 0) return [subject, undefined, 0, null]
  return [subject, encodeRecord(record), recordExpiresAtMs(record), recordDueMs(record) ?? null]
}
