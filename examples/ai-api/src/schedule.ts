/** Trying again, on a declared schedule. */
import { pause } from './clock.ts'
import type { Clock } from './clock.ts'

/** Growing pauses: `exponentialDelays(5_000, 5, 3)` is 5, 25 and 125 seconds. */
export function exponentialDelays(firstMs: number, factor: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, n) => firstMs * factor ** n)
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
