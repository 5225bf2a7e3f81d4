/** Durations in plain numbers: how many there were up to each bound, how many in all, and their sum. */

/** Seconds: from what the gateway needs by itself to what a model may take. */
export const DURATION_BUCKETS: readonly number[] = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]

export class DurationTally {
  count = 0
  sumSeconds = 0
  /** Of each bucket alone. What is longer than the last bound is in none. */
  readonly #counts = DURATION_BUCKETS.map(() => 0)

  add(seconds: number): void {
    this.count += 1
    this.sumSeconds += seconds
    let at = 0
    while (at < DURATION_BUCKETS.length && seconds > (DURATION_BUCKETS[at] ?? 0)) at += 1
    if (at < DURATION_BUCKETS.length) this.#counts[at] = (this.#counts[at] ?? 0) + 1
  }

  /** Bounds, each with how many were not longer. */
  upTo(): readonly (readonly [bound: number, count: number])[] {
    let sum = 0
    return DURATION_BUCKETS.map((bound, at) => [bound, (sum += this.#counts[at] ?? 0)])
  }
}
