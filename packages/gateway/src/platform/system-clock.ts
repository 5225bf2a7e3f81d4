import type { Clock } from 'tollgate/engine'

/** The clock of a running gateway: it never goes back, and says how far it is ahead. */
export interface SystemClock extends Clock {
  /** From now on no earlier than this: what a store has already seen. */
  notBefore(wallMs: number): void
  /** How far the time that we go by is ahead of the machine's: what was once reached is not given up. */
  aheadMs(): number
  /** How far the machine's time has leapt forward since this was asked last, beyond what has passed; 0 if it has not. */
  takeLeapMs(): number
}

export interface TimeSources {
  readonly now: () => number
  readonly monotonicNow: () => number
}

/** Corrections of a second or two are what a time service does all day. */
const LEAP_MS = 10_000

/**
 * The system's time, never going back: when the system's own clock is set back, time goes on at the pace of the monotonic one until the system
 * has caught up.
 *
 * @example
 * const clock = createSystemClock()
 * const startedAtMs = clock.wallMs()
 */
export function createSystemClock({ now, monotonicNow }: TimeSources = { now: () => Date.now(), monotonicNow: () => performance.now() }): SystemClock {
  let systemMs = now()
  let wallMs = systemMs
  let readAtMs = monotonicNow()
  let leapMs = 0

  function read(): number {
    const nextMs = now()
    // Asked again within a millisecond, as by each call several times.
    if (nextMs === systemMs && wallMs === systemMs) return wallMs
    systemMs = nextMs
    const nowMs = monotonicNow()
    const expectedMs = wallMs + (nowMs - readAtMs)
    if (systemMs - expectedMs > LEAP_MS) leapMs += systemMs - expectedMs
    wallMs = Math.max(systemMs, expectedMs)
    readAtMs = nowMs
    return wallMs
  }

  return {
    notBefore(leastMs) {
      wallMs = Math.max(wallMs, leastMs)
    },
    wallMs: () => Math.floor(read()),
    aheadMs: () => Math.max(0, Math.round(read() - now())),
    takeLeapMs() {
      read()
      const taken = leapMs
      leapMs = 0
      return taken
    },
    monotonicMs: monotonicNow,
    after: afterOnMachine,
  }
}

/** For what is the machine's own, its sockets and files: they know nothing of a clock that is held or leaps, as a test's does. */
export function afterOnMachine(delayMs: number, run: () => void): () => void {
  const timer = setTimeout(run, delayMs)
  // Time alone keeps no process alive.
  timer.unref()
  return () => clearTimeout(timer)
}
