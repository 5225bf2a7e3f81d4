import type { Clock } from 'tollgate/engine'
import type { Journal } from 'tollgate/journal'
import type { Log } from '../platform/log.ts'

const EVERY_MS = 600_000
/** So many at once: a commit that comes meanwhile waits for no more than these. */
export const ROWS_AT_ONCE = 200
/** And then at least as long as they took: half of the disk's time is for others. */
const PAUSE_LEAST_MS = 5

export interface PruningOptions {
  readonly store: Pick<Journal, 'pruneRequests'>
  readonly clock: Clock
  readonly log: Log
  /** Read each time: a reload may change it. */
  readonly keepMs: () => number
  /** Where several gateways share the store, one of them is enough. */
  readonly takesTurn?: () => boolean
}

/** Deletes old rows of the request log from time to time, in small slices. The returned function stops it. */
export function startRequestLogPruning({ store, clock, log, keepMs, takesTurn = () => true }: PruningOptions): () => void {
  let cancel: (() => void) | undefined
  let stopped = false

  async function slice(): Promise<void> {
    if (!takesTurn()) return later(EVERY_MS)
    const beganMs = clock.monotonicMs()
    try {
      const deleted = await store.pruneRequests(clock.wallMs() - keepMs(), ROWS_AT_ONCE)
      later(deleted < ROWS_AT_ONCE ? EVERY_MS : Math.max(PAUSE_LEAST_MS, clock.monotonicMs() - beganMs))
    } catch (error) {
      log.error('old rows of the request log could not be deleted', { error: String(error) })
      later(EVERY_MS)
    }
  }

  function later(delayMs: number): void {
    if (!stopped) cancel = clock.after(delayMs, () => void slice())
  }

  later(EVERY_MS)
  return () => {
    stopped = true
    cancel?.()
  }
}
