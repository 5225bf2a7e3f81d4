/**
 * All counters of one subject, kept together: one look-up and one row, however many meters an account has.
 *
 * A meter whose kind changed under its name (a window that became a quota) starts afresh: the configuration refuses such a change without a
 * named migration, so a state of another kind can only be a leftover.
 */
import { counterFor, counterOf, counterOfKind, isStateKind, type MeterState } from './meter-state.ts'
import type { Meter } from './meter.ts'

export type SubjectRecord = readonly MeterState[]

export const emptyRecord: SubjectRecord = []

const RECORD_VERSION = 1

/** The state of a meter, if there is one of its kind. */
export function stateOf(record: SubjectRecord, name: string, meter: Meter): MeterState | undefined {
  const state = record.find((candidate) => candidate.name === name)
  return state?.kind === counterFor(meter).kind ? state : undefined
}

/** A new record with this state in the place of the one of the same name. */
export function withState(record: SubjectRecord, state: MeterState): SubjectRecord {
  const at = record.findIndex((candidate) => candidate.name === state.name)
  // Not spread: an array that grows takes room for a dozen more.
  return at === -1 ? record.concat([state]) : record.with(at, state)
}

/** Without the states that say nothing any more. The same record if all still do. */
export function pruneRecord(record: SubjectRecord, nowMs: number): SubjectRecord {
  const isLive = (state: MeterState): boolean => counterOf(state).expiresAtMs(state) > nowMs
  return record.every(isLive) ? record : record.filter(isLive)
}

/** From when on the whole record says nothing any more. */
export function recordExpiresAtMs(record: SubjectRecord): number {
  return record.reduce((latest, state) => Math.max(latest, counterOf(state).expiresAtMs(state)), 0)
}

/** Compact JSON: `[1, ["daily", "period", 1785024000000, 3], …]`. */
export function encodeRecord(record: SubjectRecord): string {
  return JSON.stringify([RECORD_VERSION, ...record.map((state) => [state.name, state.kind, ...counterOf(state).toNumbers(state)])])
}

/** Undefined when the text is no record of this version: the store then fails closed rather than forget what was counted. */
export function decodeRecord(text: string): SubjectRecord | undefined {
  const json = parseJson(text)
  if (!Array.isArray(json) || json[0] !== RECORD_VERSION) return undefined
  const states = json.slice(1).map(decodeState)
  return states.every((state) => state !== undefined) ? states : undefined
}

function decodeState(json: unknown): MeterState | undefined {
  if (!Array.isArray(json)) return undefined
  const [name, kind, ...numbers] = json as readonly unknown[]
  if (typeof name !== 'string' || !isStateKind(kind) || !numbers.every((number) => Number.isSafeInteger(number))) return undefined
  return counterOfKind(kind).fromNumbers(name, numbers as readonly number[])
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
