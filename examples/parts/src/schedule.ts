/** Trying again, on a declared schedule. */
import { pause } from './clock.ts'
import type { Clock } from './clock.ts'

/** Growing pauses, up to a longest one: `exponentialDelays(2_000, 2, 5, 30_000)` is 2, 4, 8, 16 and 30 seconds. */
export function exponentialDelays(firstMs: number, factor: number, count: number, capMs = Infinity): readonly number[] {
  return Array.from({ length: count }, (_, n) => Math.min(capMs, firstMs * factor ** n))
}

/**
 * Makes an attempt at once and one after each delay, until one says that it is `done`. Resolves to whether one did.
 * `attempt` learns how long it is until the next one, null for the last.
 */
export async function tryOnSchedule(clock: Clock, delaysMs: readonly number[], attempt: (nextInMs: number | null) => Promise<boolean>): Promise<boolean> {
  for (const delayMs of [...delaysMs, null]) {
    if (await attempt(delayMs)) return true
    if (delayMs !== null) await pause(clock, delayMs)
  }
  return false
}
