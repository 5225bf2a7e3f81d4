/**
 * What an algorithm knows to do with its own state. All functions are pure: a state is never changed, a new one is returned. A missing state
 * means that nothing is counted. Whether something is admitted is decided above, in the same way for every algorithm.
 */
import type { Meter, Receipt, Take } from './meter.ts'
import type { RecordState, StateCodec } from './subject-record.ts'

export interface Tally {
  readonly used: number
  /** When the window or period is over; now, if nothing is counted in a sliding window. */
  readonly resetAtMs: number
}

export interface Counter<M extends Meter, S extends RecordState = RecordState> {
  readonly codec: StateCodec<S>
  tally(state: S | undefined, take: Take<M>, nowMs: number): Tally
  /** Counts the cost, whatever the limit. `atMs` goes into the receipt. */
  add(state: S | undefined, take: Take<M>, nowMs: number): { readonly state: S; readonly atMs: number }
  /** The exact inverse while the window or period stands; otherwise the state as it is. Never below zero. */
  remove(state: S, receipt: Receipt): S
  /** When what was counted leaves the window, or its period ends: the first instant at which it counts no more. */
  untilMs(receipt: Receipt<M>): number
  /** When the cost fits under the limit if nothing else comes; `nowMs` or earlier if it fits already. The cost is not above the limit. */
  fitsAtMs(state: S | undefined, take: Take<M>, nowMs: number): number
}

/** Counts stay safe integers, however long refused attempts are counted. */
export function addCount(count: number, cost: number): number {
  return Math.min(count + cost, Number.MAX_SAFE_INTEGER)
}

/** Of a codec whose fields are numbers alone. */
export function isNumbers(fields: readonly (string | number)[]): fields is readonly number[] {
  return fields.every((field) => typeof field === 'number')
}
