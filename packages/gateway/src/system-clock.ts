import type { Clock } from 'tollgate/admission'

export interface SystemClock extends Clock {
  /** From now on no earlier than this: what a store has already seen. */
  notBefore(wallMs: number): void
}

/**
 * The system's time, never going back: when the system's own clock is set back, time goes on at the pace of the monotonic one until the system
 * has caught up.
 */
export function createSystemClock(): SystemClock {
  let wallMs = Date.now()
  let readAtMs = performance.now()
  return {
    notBefore(leastMs) {
      wallMs = Math.max(wallMs, leastMs)
    },
    wallMs() {
      const nowMs = performance.now()
      wallMs = Math.max(Date.now(), wallMs + (nowMs - readAtMs))
      readAtMs = nowMs
      return Math.floor(wallMs)
    },
    monotonicMs: () => performance.now(),
    after(delayMs, run) {
      const timer = setTimeout(run, delayMs)
      // Time alone keeps no process alive.
      timer.unref()
      return () => clearTimeout(timer)
    },
  }
}
