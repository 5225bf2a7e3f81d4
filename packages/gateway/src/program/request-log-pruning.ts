import type { Clock } from 'tollgate/engine'
import type { Journal } from 'tollgate/journal'
import type { Log } from '../platform/log.ts'

const EVERY_MS = 600_000
/** So many at once, so that no deletion holds up requests for long. */
const ROWS_AT_ONCE = 1_000

export interface PruningOptions {
  readonly store: Journal
  readonly clock: Clock
  readonly log: Log
  /** Read each time: a reload may change it. */
  readonly keepMs: () => number
}

/** Deletes old rows of the request log from time to time. The returned function stops it. */
export function startRequestLogPruning({ store, clock, log, keepMs }: PruningOptions): () => void {
  let cancel: (() => void) | undefined
  let stopped = false

  async function prune(): Promise<void> {
    const beforeMs = clock.wallMs() - keepMs()
    let deleted = ROWS_AT_ONCE
    while (deleted === ROWS_AT_ONCE) deleted = stopped ? 0 : await store.pruneRequests(beforeMs, ROWS_AT_ONCE)
  }

  function plan(): void {
    if (stopped) return
    cancel = clock.after(EVERY_MS, () => {
      prune()
        .catch((error: unknown) => log.error('old rows of the request log could not be deleted', { error: String(error) }))
        .finally(plan)
    })
  }

  plan()
  return () => {
    stopped = true
    cancel?.()
  }
}
