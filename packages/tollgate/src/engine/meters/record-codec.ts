/** A subject's record as a store keeps it, and for how long: each state by the codec of its kind. */
import { kinds } from '../kinds/kinds.ts'
import type { RecordState, StateCodec, SubjectRecord } from './subject-record.ts'

const RECORD_VERSION = 1

/** By the kind of the state. A map: `constructor` is no kind. */
const codecs: ReadonlyMap<unknown, StateCodec> = new Map(Object.values(kinds).flatMap(({ states }) => states.map((codec) => [codec.kind, codec])))

/**
 * Without the states that say nothing any more. The same record if all still do.
 *
 * @example
 * pruneRecord(emptyRecord, Date.now()) // => []
 */
export function pruneRecord(record: SubjectRecord, nowMs: number): SubjectRecord {
  for (const state of record) if (!isLive(state, nowMs)) return record.filter((each) => isLive(each, nowMs))
  return record
}

function isLive(state: RecordState, nowMs: number): boolean {
  return codecOf(state).expiresAtMs(state) > nowMs
}

/**
 * From when on the whole record says nothing any more, and a store may forget it.
 *
 * @example
 * recordExpiresAtMs(emptyRecord) // => 0
 */
export function recordExpiresAtMs(record: SubjectRecord): number {
  let latest = 0
  for (const state of record) latest = Math.max(latest, codecOf(state).expiresAtMs(state))
  return latest
}

/**
 * When time alone changes the first of its states, if it does: a grant that expires. By it a store finds what is due.
 *
 * @example
 * recordDueMs(emptyRecord) // => undefined
 */
export function recordDueMs(record: SubjectRecord): number | undefined {
  let earliest = Infinity
  for (const state of record) earliest = Math.min(earliest, codecOf(state).dueMs?.(state) ?? Infinity)
  return earliest === Infinity ? undefined : earliest
}

/** Without what counts for a later time than the instant. */
export function recordAt(record: SubjectRecord, atMs: number, periodEndsMs: ReadonlySet<number>): SubjectRecord {
  return record.filter((state) => codecOf(state).countsAt?.(state, atMs, periodEndsMs) !== false)
}

/**
 * Compact JSON: `[1, ["daily", "period", 1785024000000, 3], ["credit", "balance", 2, 0, "grant_1", 500, -1, 800, 300], …]`.
 *
 * @example
 * const text: string = encodeRecord(emptyRecord)
 */
export function encodeRecord(record: SubjectRecord): string {
  // By pieces: one list of lists, of which each is spread into another, costs as much as to write them.
  let text = `[${RECORD_VERSION}`
  for (const state of record) {
    const fields = JSON.stringify(codecOf(state).toFields(state))
    text += `,[${JSON.stringify(state.name)},"${state.kind}"${fields === '[]' ? ']' : `,${fields.slice(1)}`}`
  }
  return `${text}]`
}

/**
 * Undefined when the text is no record of this version: the store then fails closed rather than forget what was counted.
 *
 * @example
 * decodeRecord(encodeRecord(emptyRecord)) // => []
 * decodeRecord('damaged') // => undefined
 */
export function decodeRecord(text: string): SubjectRecord | undefined {
  const json = parseJson(text)
  if (!Array.isArray(json) || json[0] !== RECORD_VERSION) return undefined
  const states = json.slice(1).map(decodeState)
  return states.every((state) => state !== undefined) ? states : undefined
}

function decodeState(json: unknown): RecordState | undefined {
  if (!Array.isArray(json)) return undefined
  const [name, kind, ...fields] = json as readonly unknown[]
  return typeof name === 'string' && fields.every(isField) ? codecs.get(kind)?.fromFields(name, fields) : undefined
}

export function codecOf({ kind, name }: RecordState): StateCodec {
  const codec = codecs.get(kind)
  if (codec === undefined) throw new TypeError(`the state of ${name} is of no known kind: ${kind}`)
  return codec
}

function isField(field: unknown): field is string | number {
  return typeof field === 'string' || Number.isSafeInteger(field)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
