/** Which algorithm keeps which counting meter. A new one is its own file, a member of the union and a line in the table. */
import type { Counter } from './counter.ts'
import type { CountingMeter } from './meter.ts'
import { periodCounter, type PeriodState } from './period-counter.ts'
import { slidingCounter, type SlidingState } from './sliding-counter.ts'

export type MeterState = PeriodState | SlidingState

const counters: { readonly [K in MeterState['kind']]: Counter<MeterState> } = {
  period: periodCounter,
  sliding: slidingCounter,
}

export function counterFor(meter: CountingMeter): Counter<MeterState> {
  return meter.kind === 'quota' || meter.algorithm === 'fixed' ? counters.period : counters.sliding
}

export function counterOf(state: MeterState): Counter<MeterState> {
  return counters[state.kind]
}

export function isStateKind(kind: unknown): kind is MeterState['kind'] {
  return typeof kind === 'string' && Object.hasOwn(counters, kind)
}

export function counterOfKind(kind: MeterState['kind']): Counter<MeterState> {
  return counters[kind]
}
