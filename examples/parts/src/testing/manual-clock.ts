import type { Clock } from '../clock.ts'

export interface ManualClock extends Clock {
  /** Runs what falls due, each at its own instant, in order. */
  advance(ms: number): void
  /** Timers that wait. */
  pending(): number
  /** How long until the next of them; undefined if there is none. */
  nextInMs(): number | undefined
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
    nextInMs: () => (timers.size === 0 ? undefined : Math.min(...[...timers].map(({ dueMs }) => dueMs)) - nowMs),
  }
}

/** Lets everything run that waits for nothing but its turn. */
export async function flush(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
}
