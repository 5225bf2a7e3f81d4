/** Records as they were last seen, each with the name that whoever wrote it gave it: by that the server knows whether it is still the same. */
import { decodeRecord } from '../../../engine/meters/record-codec.ts'
import { emptyRecord, type SubjectRecord } from '../../../engine/meters/subject-record.ts'
import { StoreUnavailableError } from '../../../engine/store-error.ts'

export interface KnownRecord {
  /** Empty where there is none. */
  readonly name: string
  readonly record: SubjectRecord
}

export interface KnownRecords {
  get(subject: string): KnownRecord | undefined
  set(subject: string, known: KnownRecord): void
  delete(subject: string): void
}

/** Of every name, so that the server can look at it alone. */
export const NAME_LENGTH = 26

/** Names that nobody else gives, nor this process twice: by whom, and the number of it. */
export function createRecordNames(): () => string {
  const me = crypto.randomUUID().replaceAll('-', '').slice(0, 16)
  let names = 0
  return () => `${me}.${(names += 1).toString(36).padStart(NAME_LENGTH - me.length - 1, '0')}`
}

/** A record of four meters takes some 500 bytes. */
const KNOWN_MAX = 10_000

/** Those that were seen longest ago are forgotten first. */
export function createKnownRecords(): KnownRecords {
  const known = new Map<string, KnownRecord>()
  return {
    get: (subject) => known.get(subject),
    set(subject, seen) {
      known.delete(subject)
      known.set(subject, seen)
      if (known.size <= KNOWN_MAX) return
      const [oldest] = known.keys()
      if (oldest !== undefined) known.delete(oldest)
    },
    delete: (subject) => void known.delete(subject),
  }
}

/** Throws where it cannot be read: then nobody is admitted. */
export function toKnownRecord(text: string, key: string): KnownRecord {
  if (text === '') return { name: '', record: emptyRecord }
  const record = text[NAME_LENGTH] === ' ' ? decodeRecord(text.slice(NAME_LENGTH + 1)) : undefined
  if (record === undefined) throw unreadable(key)
  return { name: text.slice(0, NAME_LENGTH), record }
}

export function unreadable(key: string): StoreUnavailableError {
  return new StoreUnavailableError(`what the counters' server keeps under ${key} cannot be read: nothing is admitted there until it is deleted`)
}
