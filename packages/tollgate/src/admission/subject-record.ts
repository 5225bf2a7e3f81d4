/**
 * All counters of one subject, kept together: one look-up and one row, however many meters an account has.
 *
 * A meter whose kind changed under its name (a window that became a quota) starts afresh: the configuration refuses such a change without a
 * named migration, so a state of another kind can only be a leftover.
 */
import { balanceFromFields, balanceToFields, nextExpiryMs, type BalanceState } from './balance.ts'
import { leaseFromFields, type LeaseState } from './lease-counter.ts'
import { counterFor, counterOf, counterOfKind, isStateKind, type MeterState } from './meter-state.ts'
import type { CountingMeter } from './meter.ts'

export type RecordState = MeterState | BalanceState | LeaseState
export type SubjectRecord = readonly RecordState[]

export const emptyRecord: SubjectRecord = []

const RECORD_VERSION = 1

/** The state of a meter that counts, if there is one of its kind. Throws where money or leases are kept under its name. */
export function stateOf(record: SubjectRecord, name: string, meter: CountingMeter): MeterState | undefined {
  const state = find(record, name)
  if (state === undefined) return undefined
  if (state.kind === 'balance' || state.kind === 'lease') throw new Error(`${name} is a ${state.kind}, and cannot be counted as a ${meter.kind}`)
  return state.kind === counterFor(meter).kind ? state : undefined
}

export function balanceOf(record: SubjectRecord, name: string): BalanceState | undefined {
  const state = find(record, name)
  return state?.kind === 'balance' ? state : undefined
}

export function leaseStateOf(record: SubjectRecord, name: string): LeaseState | undefined {
  const state = find(record, name)
  return state?.kind === 'lease' ? state : undefined
}

function find(record: SubjectRecord, name: string): RecordState | undefined {
  return record.find((candidate) => candidate.name === name)
}

/** A new record with this state in the place of the one of the same name. */
export function withState(record: SubjectRecord, state: RecordState): SubjectRecord {
  const at = record.findIndex((candidate) => candidate.name === state.name)
  // Not spread: an array that grows takes room for a dozen more.
  return at === -1 ? record.concat([state]) : record.with(at, state)
}

export function withoutState(record: SubjectRecord, name: string): SubjectRecord {
  return record.filter((state) => state.name !== name)
}

/** Without the states that say nothing any more. The same record if all still do. */
export function pruneRecord(record: SubjectRecord, nowMs: number): SubjectRecord {
  const isLive = (state: RecordState): boolean => expiresAtMs(state) > nowMs
  return record.every(isLive) ? record : record.filter(isLive)
}

/** From when on the whole record says nothing any more. */
export function recordExpiresAtMs(record: SubjectRecord): number {
  return record.reduce((latest, state) => Math.max(latest, expiresAtMs(state)), 0)
}

/** When the first of its grants expires, if one does. */
export function recordDueMs(record: SubjectRecord): number | undefined {
  const dueMs = record.reduce((earliest, state) => (state.kind === 'balance' ? Math.min(earliest, nextExpiryMs(state)) : earliest), Infinity)
  return dueMs === Infinity ? undefined : dueMs
}

/** Money and what is alive never expire of themselves; an account that is spent keeps the sums of what it had. */
function expiresAtMs(state: RecordState): number {
  if (state.kind === 'balance') return state.grantedUnits === 0 ? 0 : Number.MAX_SAFE_INTEGER
  if (state.kind === 'lease') return state.alive === 0 ? 0 : Number.MAX_SAFE_INTEGER
  return counterOf(state).expiresAtMs(state)
}

/** Compact JSON: `[1, ["daily", "period", 1785024000000, 3], ["credit", "balance", 2, 0, "grant_1", 500, -1, 800, 300], …]`. */
export function encodeRecord(record: SubjectRecord): string {
  return JSON.stringify([RECORD_VERSION, ...record.map((state) => [state.name, state.kind, ...toFields(state)])])
}

function toFields(state: RecordState): readonly (string | number)[] {
  if (state.kind === 'balance') return balanceToFields(state)
  return state.kind === 'lease' ? [state.alive] : counterOf(state).toNumbers(state)
}

/** Undefined when the text is no record of this version: the store then fails closed rather than forget what was counted. */
export function decodeRecord(text: string): SubjectRecord | undefined {
  const json = parseJson(text)
  if (!Array.isArray(json) || json[0] !== RECORD_VERSION) return undefined
  const states = json.slice(1).map(decodeState)
  return states.every((state) => state !== undefined) ? states : undefined
}

function decodeState(json: unknown): RecordState | undefined {
  if (!Array.isArray(json)) return undefined
  const [name, kind, ...fields] = json as readonly unknown[]
  if (typeof name !== 'string' || !fields.every(isField)) return undefined
  if (kind === 'balance') return balanceFromFields(name, fields)
  if (kind === 'lease') return leaseFromFields(name, fields)
  return isStateKind(kind) && fields.every((field) => typeof field === 'number') ? counterOfKind(kind).fromNumbers(name, fields) : undefined
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
