import type { Clock, MoneyEngine } from 'tollgate/engine'
import { applyOne } from 'tollgate/stores'
import type { Alerts } from '../platform/alerts.ts'

/** So many of each kind in one step, so that none holds up requests for long. */
const AT_ONCE = 500
const PAUSE_LEAST_MS = 1_000
/** What begins meanwhile may fall due sooner than what the last sweep saw. */
const PAUSE_MOST_MS = 5_000

export interface SweepingOptions {
  readonly store: MoneyEngine
  readonly clock: Clock
  readonly alert: Alerts['raise']
}

/**
 * Resolves what time alone ends: calls past their deadline, leases and grants past their expiry. Resolves once nothing is due; then goes on by itself
 * until the returned function has stopped it. What fails is said once, and tried again.
 */
export async function startSweeping({ store, clock, alert }: SweepingOptions): Promise<() => Promise<void>> {
  let cancel: (() => void) | undefined
  let stopped = false
  let failing = false

  /** Returns when something is due next, if that is known. */
  async function sweep(): Promise<number | undefined> {
    for (;;) {
      const nowMs = clock.wallMs()
      const { calls, leases, grants, nextDueMs } = await applyOne(store, { kind: 'sweep', limit: AT_ONCE })
      const isMore = calls + leases + grants > 0 || (nextDueMs !== undefined && nextDueMs <= nowMs)
      if (stopped || !isMore) return nextDueMs
    }
  }

  async function sweepThenPause(): Promise<void> {
    let pauseMs = PAUSE_MOST_MS
    try {
      const nextDueMs = await sweep()
      if (nextDueMs !== undefined) pauseMs = Math.min(Math.max(nextDueMs - clock.wallMs(), PAUSE_LEAST_MS), PAUSE_MOST_MS)
      failing = false
    } catch (error) {
      if (!failing) alert({ kind: 'store', message: `what fell due could not be resolved: ${error instanceof Error ? error.message : String(error)}` })
      failing = true
    }
    if (!stopped) cancel = clock.after(pauseMs, () => (sweeping = sweepThenPause()))
  }

  let sweeping = sweepThenPause()
  await sweeping
  return () => {
    stopped = true
    cancel?.()
    return sweeping
  }
}
