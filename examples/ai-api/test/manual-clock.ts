import type { Clock } from '../src/clock.ts'

export interface ManualClock extends Clock {
  /** Runs what falls due, each at its own instant, in order. */
  advance(ms: number): void
  /** Timers that wait. */
  pending(): number
}

export function createManualClock(startMs: number): ManualClock {
  const timers = new Set<{ readonly dueMs: number; readonly run: () => void }>()
  let nowMs = startMs
  return {
    wallMs: () => nowMs,
    after(delayMs, run) {
      const timer = { dueMs: nowMs + delayMs, run }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    advance(ms) {
      const untilMs = nowMs + ms
      for (;;) {
        const next = [...timers].filter(({ dueMs }) => dueMs <= untilMs).toSorted((one, other) => one.dueMs - other.dueMs)[0]
        if (next === undefined) break
        timers.delete(next)
        nowMs = next.dueMs
        next.run()
      }
      nowMs = untilMs
    },
    pending: () => timers.size,
  }
}
