import type { Command, Result, ResultOf } from './store.ts'

/** A sweep says when the next one has something to do: at once, where it stopped at its limit. `dueMsOf`: when the first thing in the store falls due. */
export function withNextDue(result: Result, { kind }: Command, dueMsOf: () => number): Result {
  if (kind !== 'sweep') return result
  const swept = result as ResultOf['sweep']
  const nextDueMs = Math.min(dueMsOf(), swept.nextDueMs ?? Infinity)
  return nextDueMs === Infinity ? swept : { ...swept, nextDueMs }
}
