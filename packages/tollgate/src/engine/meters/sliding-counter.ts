/**
 * Counts in a window that slides: what was counted at instant t leaves at t + windowMs, and not before.
 *
 * The state is a list of runs, each an instant and how much was counted under it. With `log` the instant is the millisecond itself, and the
 * window is exact. With `buckets` it is rounded up to a grid of a sixtieth of the window, so that there are some sixty runs however large the
 * limit; rounded up it leaves late, never early: more than the limit is never admitted in any window, and up to a sixtieth may be refused that
 * had room. Both share one state, so a limit may pass from one to the other at any moment.
 *
 * If time goes back, new counts go under the last instant. A run that was given back stays at zero while it is the last, to remember it.
 */
import { addCount, isNumbers, type Counter } from './counter.ts'
import type { WindowMeter } from './meter.ts'
import type { StateCodec } from './subject-record.ts'

export interface SlidingState {
  readonly kind: 'sliding'
  readonly name: string
  readonly windowMs: number
  /** instant, count, instant, count, …; instants ascend. One flat array of numbers takes 16 bytes a run. */
  readonly runs: readonly number[]
}

/** Largest limit for which each instant is kept, where the meter does not say. */
const LOG_LIMIT_MAX = 128
const BUCKETS = 60
/** Refused attempts that a log keeps exactly, beyond its limit. More go on the grid, so that a flood does not grow the state. */
const SPARE_RUNS = 128

export const slidingCodec: StateCodec<SlidingState> = {
  kind: 'sliding',

  expiresAtMs: (state) => (state.runs.at(-2) ?? -Infinity) + state.windowMs,

  // Instants ascend, each before its count.
  countsAt: (state, atMs) => (state.runs.at(-2) ?? 0) <= atMs,

  // Instants after the first as differences: most are one to five digits then, instead of thirteen.
  toFields(state) {
    const numbers = [state.windowMs, ...state.runs]
    for (let at = numbers.length - 2; at > 1; at -= 2) numbers[at] = (numbers[at] ?? 0) - (numbers[at - 2] ?? 0)
    return numbers
  },

  fromFields(name, fields) {
    if (!isNumbers(fields)) return undefined
    const [windowMs, ...runs] = fields
    if (windowMs === undefined || windowMs <= 0 || runs.length % 2 !== 0) return undefined
    for (let at = 2; at < runs.length; at += 2) {
      if ((runs[at] ?? 0) <= 0) return undefined
      runs[at] = (runs[at] ?? 0) + (runs[at - 2] ?? 0)
    }
    return { kind: 'sliding', name, windowMs, runs }
  },

  // How many numbers its runs are, then these.
  packed: {
    shapeOf: ({ windowMs }) => windowMs,
    write({ runs }, numbers, at) {
      numbers[at] = runs.length
      for (let index = 0; index < runs.length; index += 1) numbers[at + 1 + index] = runs[index] ?? 0
      return at + 1 + runs.length
    },
    lengthAt: (numbers, at) => 1 + (numbers[at] ?? 0),
    read: (name, windowMs, numbers, at) => ({ kind: 'sliding', name, windowMs, runs: numbers.slice(at + 1, at + 1 + (numbers[at] ?? 0)) }),
    expiresAtMs(windowMs, numbers, at) {
      const count = numbers[at] ?? 0
      return count === 0 ? -Infinity : (numbers[at + count - 1] ?? 0) + windowMs
    },
  },
}

export const slidingCounter: Counter<WindowMeter, SlidingState> = {
  codec: slidingCodec,

  tally(state, take, nowMs) {
    const { windowMs } = take.meter
    const runs = state?.runs ?? []
    let used = 0
    let resetAtMs = nowMs
    for (let at = firstLive(runs, nowMs - windowMs); at < runs.length; at += 2) {
      const count = runs[at + 1] ?? 0
      if (used === 0 && count > 0) resetAtMs = (runs[at] ?? 0) + windowMs
      used = addCount(used, count)
    }
    return { used, resetAtMs }
  },

  add(state, take, nowMs) {
    const { meter } = take
    const old = state?.runs ?? []
    const from = firstLive(old, nowMs - meter.windowMs)
    const gridMs = isExact(meter, take.limit, old.length - from) ? 1 : Math.max(1, Math.floor(meter.windowMs / BUCKETS))
    const lastMs = from < old.length ? (old.at(-2) ?? -Infinity) : -Infinity
    const atMs = Math.max(lastMs, Math.ceil(nowMs / gridMs) * gridMs)
    const isNewRun = atMs > lastMs
    // Not pushed: an array that grows takes room for a dozen more.
    const runs = isNewRun ? old.slice(from).concat(atMs, take.cost) : old.slice(from)
    if (!isNewRun) runs[runs.length - 1] = addCount(runs.at(-1) ?? 0, take.cost)
    return { state: { kind: 'sliding', name: take.name, windowMs: meter.windowMs, runs }, atMs }
  },

  remove(state, receipt) {
    const at = state.runs.findIndex((value, index) => index % 2 === 0 && value === receipt.atMs)
    if (at === -1) return state
    const left = Math.max(0, (state.runs[at + 1] ?? 0) - receipt.cost)
    const keep = left > 0 || at === state.runs.length - 2
    return { ...state, runs: state.runs.toSpliced(at, 2, ...(keep ? [receipt.atMs, left] : [])) }
  },

  untilMs: (receipt) => receipt.atMs + receipt.meter.windowMs,

  fitsAtMs(state, take, nowMs) {
    const { windowMs } = take.meter
    const runs = state?.runs ?? []
    let excess = slidingCounter.tally(state, take, nowMs).used + take.cost - take.limit
    let fitsAtMs = nowMs
    for (let at = firstLive(runs, nowMs - windowMs); excess > 0 && at < runs.length; at += 2) {
      excess -= runs[at + 1] ?? 0
      fitsAtMs = (runs[at] ?? 0) + windowMs
    }
    return fitsAtMs
  },
}

function isExact(meter: WindowMeter, limit: number, numbers: number): boolean {
  const algorithm = meter.algorithm ?? (limit <= LOG_LIMIT_MAX ? 'log' : 'buckets')
  return algorithm === 'log' && numbers < 2 * (limit + SPARE_RUNS)
}

/** The index of the first run after the instant. */
function firstLive(runs: readonly number[], leftMs: number): number {
  let at = 0
  while (at < runs.length && (runs[at] ?? 0) <= leftMs) at += 2
  return at
}
