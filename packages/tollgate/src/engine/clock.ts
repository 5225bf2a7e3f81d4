/**
 * Time comes in from outside. Waits and durations use `monotonicMs`; windows, quotas and expiry use `wallMs`.
 *
 * @example
 * let latestMs = 0
 * const clock: Clock = {
 *   wallMs: () => (latestMs = Math.max(latestMs, Date.now())),
 *   monotonicMs: () => performance.now(),
 *   after(delayMs, run) {
 *     const timer = setTimeout(run, delayMs)
 *     return () => clearTimeout(timer)
 *   },
 * }
 */
export interface Clock {
  /** Epoch milliseconds, an integer. Never goes back within one process. */
  wallMs(): number
  /** Milliseconds from an arbitrary start; may have fractions. */
  monotonicMs(): number
  /** Calls `run` once after `delayMs`; the returned function cancels. */
  after(delayMs: number, run: () => void): () => void
}
