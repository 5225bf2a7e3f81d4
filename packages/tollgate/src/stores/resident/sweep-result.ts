import type { Command, Result } from '../store.ts'

/** A sweep says when the next one has something to do: at once, where it stopped at its limit. */
export function withNextDue(result: Result, { kind }: Command, dueMsOf: () => number): Result {
  if (kind !== 'sweep') return result
  const nextDueMs = Math.min(dueMsOf(), 'nextDueMs' in result ? (result.nextDueMs ?? Infinity) : Infinity)
  return nextDueMs === Infinity ? result : { ...result, nextDueMs }
}
