import type { Clock } from 'tollgate/engine'

/** A timer that fires so much later was kept waiting by this process itself. */
const LATE_MS = 10

/**
 * One deadline that moves on with each sign of life. Moving it later costs no timer: the one that waits looks, when it is due, whether
 * it still is. A stream of a thousand chunks sets a handful of timers, a short request exactly one.
 *
 * Where the process stood still for a while (a busy machine, a paused one), timers fall due before what has come meanwhile is read. Nobody who was in time is
 * given up for that: the deadline looks once more, a turn later.
 */
export class Deadline {
  readonly #clock: Clock
  readonly #passed: () => void
  #dueMs = 0
  #timerDueMs = 0
  #looksAgain = false
  #cancel: (() => void) | undefined

  constructor(clock: Clock, passed: () => void) {
    this.#clock = clock
    this.#passed = passed
  }

  /** Due so long from now, whatever was set before. */
  set(afterMs: number): void {
    this.#dueMs = this.#clock.monotonicMs() + afterMs
    this.#looksAgain = false
    if (this.#cancel !== undefined && this.#timerDueMs <= this.#dueMs) return
    this.#cancel?.()
    this.#wait(afterMs)
  }

  clear(): void {
    this.#cancel?.()
    this.#cancel = undefined
  }

  #wait(afterMs: number): void {
    this.#timerDueMs = this.#dueMs
    this.#cancel = this.#clock.after(afterMs, () => {
      this.#cancel = undefined
      const leftMs = this.#dueMs - this.#clock.monotonicMs()
      // Timers may fire a fraction early.
      if (leftMs > 1) return this.#wait(leftMs)
      if (leftMs > -LATE_MS || this.#looksAgain) return this.#passed()
      this.#looksAgain = true
      this.#wait(1)
    })
  }
}
