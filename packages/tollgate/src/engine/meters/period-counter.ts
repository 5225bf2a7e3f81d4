/**
 * Counts in fixed windows and in calendar periods: one number and the end of its period.
 *
 * Until that end the count stands. So an instant before the period (time went back) is counted in the period that is already open and can
 * not open an old one afresh.
 */
import { addCount, isNumbers, type Counter, type Tally } from './counter.ts'
import type { Meter, Take } from './meter.ts'
import type { StateCodec } from './subject-record.ts'

export interface PeriodState {
  readonly kind: 'period'
  readonly name: string
  readonly endMs: number
  readonly count: number
}

export const periodCodec: StateCodec<PeriodState> = {
  kind: 'period',
  expiresAtMs: (state) => state.endMs,
  countsAt: (state, _, periodEndsMs) => periodEndsMs.has(state.endMs),
  toFields: (state) => [state.endMs, state.count],
  fromFields(name, fields) {
    if (!isNumbers(fields)) return undefined
    const [endMs, count, ...rest] = fields
    return endMs === undefined || count === undefined || count < 0 || rest.length > 0 ? undefined : { kind: 'period', name, endMs, count }
  },
  packed: {
    shapeOf: () => 0,
    write({ endMs, count }, numbers, at) {
      numbers[at] = endMs
      numbers[at + 1] = count
      return at + 2
    },
    lengthAt: () => 2,
    read: (name, _, numbers, at) => ({ kind: 'period', name, endMs: numbers[at] ?? 0, count: numbers[at + 1] ?? 0 }),
    expiresAtMs: (_, numbers, at) => numbers[at] ?? 0,
  },
}

/** `endOf`: the end of the period, or of the fixed window, that the instant lies in. */
export function createPeriodCounter<M extends Meter>(endOf: (meter: M, nowMs: number) => number): Counter<M, PeriodState> {
  const tally = (state: PeriodState | undefined, { meter }: Take<M>, nowMs: number): Tally =>
    state !== undefined && nowMs < state.endMs ? { used: state.count, resetAtMs: state.endMs } : { used: 0, resetAtMs: endOf(meter, nowMs) }

  return {
    codec: periodCodec,
    tally,
    add(state, take, nowMs) {
      const { used, resetAtMs } = tally(state, take, nowMs)
      return { state: { kind: 'period', name: take.name, endMs: resetAtMs, count: addCount(used, take.cost) }, atMs: resetAtMs }
    },
    remove(state, receipt) {
      return state.endMs === receipt.atMs ? { ...state, count: Math.max(0, state.count - receipt.cost) } : state
    },
    untilMs: (receipt) => receipt.atMs,
    fitsAtMs(state, take, nowMs) {
      const { used, resetAtMs } = tally(state, take, nowMs)
      return used + take.cost <= take.limit ? nowMs : resetAtMs
    },
  }
}
