/**
 * How long a caller's body is waited for: not for long between two chunks, on average not for less than its rate, and not for ever. What counts is the time in
 * which the caller could send: while the service does not take what has come, it waits for nobody.
 */
import type { Clock } from 'tollgate/engine'
import type { BodyPace } from 'tollgate/gate'
import type { FrontLimits } from './limits.ts'

/** Before the rate counts: a body of some bytes may wait for its caller's network. */
const GRACE_MS = 20_000

export class BodyPatience {
  readonly #clock: Clock
  readonly #idleMs: number
  readonly #withinMs: number
  readonly #bytesPerSecondMin: number
  #waitedMs = 0
  #sinceMs: number | undefined

  constructor(limits: FrontLimits, clock: Clock, { withinMs = limits.bodyMs, bytesPerSecondMin = limits.bodyBytesPerSecondMin }: BodyPace = {}) {
    this.#clock = clock
    this.#idleMs = limits.bodyIdleMs
    this.#withinMs = withinMs
    this.#bytesPerSecondMin = bytesPerSecondMin
  }

  /** How long the caller's next byte is waited for, when so many have come; 0 or less once its time is over. */
  forMs(bytes: number): number {
    const nowMs = this.#clock.monotonicMs()
    this.#waitedMs += nowMs - (this.#sinceMs ?? nowMs)
    this.#sinceMs = nowMs
    const earnedMs = this.#bytesPerSecondMin === 0 ? Infinity : GRACE_MS + (bytes / this.#bytesPerSecondMin) * 1_000
    return Math.min(this.#idleMs, Math.min(this.#withinMs, earnedMs) - this.#waitedMs)
  }

  /** The next step is the service's. */
  rest(): void {
    const nowMs = this.#clock.monotonicMs()
    this.#waitedMs += nowMs - (this.#sinceMs ?? nowMs)
    this.#sinceMs = undefined
  }
}
