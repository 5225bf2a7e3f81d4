/** What to do after an event, as the agent reports it: one failure may be chance, three in a row are not. */
import type { EventType } from './operation-request.ts'

export type Recommendation = 'ok' | 'consider_rotate' | 'rotate_now' | 'pause'

const ROTATE_AFTER_FAILURES = 3

export function countFailures(event: EventType, failuresInARow: number): number {
  if (event === 'success') return 0
  return event === 'custom' ? failuresInARow : failuresInARow + 1
}

/** `failuresInARow` includes this event. A fixed address cannot be rotated, only spared. */
export function recommend(event: EventType, failuresInARow: number, type: 'dynamic' | 'static'): Recommendation {
  if (event === 'rate_limit') return 'pause'
  if (failuresInARow === 0) return 'ok'
  if (type === 'static') return failuresInARow < ROTATE_AFTER_FAILURES ? 'ok' : 'pause'
  return failuresInARow < ROTATE_AFTER_FAILURES ? 'consider_rotate' : 'rotate_now'
}
