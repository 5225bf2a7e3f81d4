import type { Clock } from '../engine/clock.ts'

/** A clock for tests, with what a test does to it. */
export interface ManualClock extends Clock {
  /** Moves time on and runs what falls due, each at its own instant, in order; also what these start within the span. */
  advance(ms: number): void
  /** Timers that wait. */
  pending(): number
}

interface Timer {
  readonly dueMs: number
  readonly run: () => void
}

/**
 * A clock that stands still until a test moves it.
 *
 * @example
 * const clock = createManualClock(Date.UTC(2026, 0, 1))
 * let rung = 0
 * clock.after(60_000, () => (rung += 1))
 * clock.advance(59_999)
 * clock.advance(1)
 * rung // => 1
 */
export function createManualClock(startMs: number): ManualClock {
  const timers = new Set<Timer>()
  let nowMs = startMs

  function nextDue(untilMs: number): Timer | undefined {
    let next: Timer | undefined
    // A set keeps the order of insertion, so of two timers for one instant the older runs first.
    for (const timer of timers) if (timer.dueMs <= untilMs && (next === undefined || timer.dueMs < next.dueMs)) next = timer
    return next
  }

  return {
    wallMs: () => nowMs,
    monotonicMs: () => nowMs - startMs,
    after(delayMs, run) {
      const timer = { dueMs: nowMs + Math.max(0, delayMs), run }
      timers.add(timer)
      return () => void timers.delete(timer)
    },
    advance(ms) {
      if (!(ms >= 0)) throw new RangeError(`a clock cannot advance by ${ms} ms`)
      const untilMs = nowMs + ms
      for (let timer = nextDue(untilMs); timer !== undefined; timer = nextDue(untilMs)) {
        timers.delete(timer)
        nowMs = timer.dueMs
        timer.run()
      }
      nowMs = untilMs
    },
    pending: () => timers.size,
  }
}
