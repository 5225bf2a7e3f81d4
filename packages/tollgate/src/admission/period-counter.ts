/**
 * Counts in fixed windows and in calendar periods: one number and the end of its period.
 *
 * Until that end the count stands. So an instant before the period (time went back) is counted in the period that is already open and can
 * not open an old one afresh.
 */
import { quotaEndMs, windowEndMs } from './calendar.ts'
import { addCount, type Counter } from './counter.ts'
import type { CountingMeter } from './meter.ts'

export interface PeriodState {
  readonly kind: 'period'
  readonly name: string
  readonly endMs: number
  readonly count: number
}

/** The end of the period, or of the fixed window, that the instant lies in. */
export function periodEndMs(meter: CountingMeter, nowMs: number): number {
  return meter.kind === 'quota' ? quotaEndMs(meter, nowMs) : windowEndMs(meter.windowMs, nowMs)
}

export const periodCounter: Counter<PeriodState> = {
  kind: 'period',

  tally(state, take, nowMs) {
    return state !== undefined && nowMs < state.endMs
      ? { used: state.count, resetAtMs: state.endMs }
      : { used: 0, resetAtMs: periodEndMs(take.meter, nowMs) }
  },

  add(state, take, nowMs) {
    const { used, resetAtMs } = periodCounter.tally(state, take, nowMs)
    return { state: { kind: 'period', name: take.name, endMs: resetAtMs, count: addCount(used, take.cost) }, atMs: resetAtMs }
  },

  remove(state, receipt) {
    return state.endMs === receipt.atMs ? { ...state, count: Math.max(0, state.count - receipt.cost) } : state
  },

  fitsAtMs(state, take, nowMs) {
    const { used, resetAtMs } = periodCounter.tally(state, take, nowMs)
    return used + take.cost <= take.limit ? nowMs : resetAtMs
  },

  expiresAtMs: (state) => state.endMs,

  toNumbers: (state) => [state.endMs, state.count],

  fromNumbers(name, [endMs, count, ...rest]) {
    return endMs === undefined || count === undefined || count < 0 || rest.length > 0 ? undefined : { kind: 'period', name, endMs, count }
  },
}
