/** What time it is at the server, between its answers. Never later than it is there: what is decided here is dated between its question and its answer. */
import type { Clock } from '../../../engine/clock.ts'

export interface ServerTime {
  /** Undefined before the first answer, and after one that said that this was wrong. */
  nowMs(): number | undefined
  /** As the last answer said: of the nodes of a cluster one may be behind the other. */
  latestMs(): number
  /** The latest of all answers. */
  highWaterMs(): number
  heard(serverMs: number): void
  forget(): void
}

export function createServerTime(clock: Pick<Clock, 'wallMs'> | undefined): ServerTime {
  /** The server's time less that of this process, of the answer that came fastest. */
  let aheadMs: number | undefined
  let latestMs = clock?.wallMs() ?? 0
  let highWaterMs = 0
  return {
    nowMs: () => clock?.wallMs() ?? (aheadMs === undefined ? undefined : Math.floor(performance.now() + aheadMs)),
    latestMs: () => clock?.wallMs() ?? latestMs,
    highWaterMs: () => highWaterMs,
    heard(serverMs) {
      latestMs = serverMs
      highWaterMs = Math.max(highWaterMs, serverMs)
      aheadMs = Math.max(aheadMs ?? -Infinity, serverMs - performance.now())
    },
    forget() {
      aheadMs = undefined
    },
  }
}
