/** The time of one store: that of its clock, but never earlier than what it has seen. */
import type { Clock } from '../../engine/clock.ts'

export interface PassingTime {
  /** Now, without having been seen. */
  readMs(): number
  /** Now, and no earlier from here on. */
  passMs(): number
  /** The latest that was seen. */
  highWaterMs(): number
}

export function createPassingTime(clock: Pick<Clock, 'wallMs'>, seenMs: number): PassingTime {
  let highWaterMs = seenMs
  const readMs = (): number => Math.max(highWaterMs, clock.wallMs())
  return { readMs, passMs: () => (highWaterMs = readMs()), highWaterMs: () => highWaterMs }
}
