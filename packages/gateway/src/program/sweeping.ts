import type { Clock, MoneyEngine } from 'tollgate/engine'
import { applyOne } from 'tollgate/stores'
import type { Alerts } from '../platform/alerts.ts'

/** So many of each kind in one step: a commit that comes meanwhile waits for no more than these. */
export const SWEPT_AT_ONCE = 200
/** And where there are more, then at least as long as they took: half of the time is for others. */
const SLICE_PAUSE_LEAST_MS = 5
const PAUSE_LEAST_MS = 1_000
/** What begins meanwhile may fall due sooner than what the last sweep saw. */
const PAUSE_MOST_MS = 5_000

export interface SweepingOptions {
  readonly store: MoneyEngine
  readonly clock: Clock
  readonly alert: Alerts['raise']
  /** The time by which the store dates what falls due, where that is not the machine's. */
  readonly storeMs?: (() => number) | undefined
  /** Where several gateways share the store, one of them is enough; the others sweep as rarely as may be, since the one may be gone. To sweep twice does no harm. */
  readonly takesTurn?: () => boolean
}

/**
 * Resolves what time alone ends: calls past their deadline, leases and grants past their expiry. Resolves after the first step; then goes on by itself, however much
 * is due, until the returned function has stopped it: nobody need wait for it, since a command resolves what is due of what it is about. What fails is said once, and
 * tried again.
 */
export async function startSweeping({ store, clock, alert, storeMs = clock.wallMs, takesTurn = () => true }: SweepingOptions): Promise<() => Promise<void>> {
  let cancel: (() => void) | undefined
  let stopped = false
  let failing = false

  async function sweepThenPause(): Promise<void> {
    let pauseMs = PAUSE_MOST_MS
    const beganMs = clock.monotonicMs()
    const dueByMs = storeMs()
    try {
      const { calls, leases, grants, nextDueMs } = await applyOne(store, { kind: 'sweep', limit: SWEPT_AT_ONCE })
      const isMore = calls + leases + grants > 0 || (nextDueMs !== undefined && nextDueMs <= dueByMs)
      if (isMore) pauseMs = Math.max(SLICE_PAUSE_LEAST_MS, clock.monotonicMs() - beganMs)
      else if (nextDueMs !== undefined && takesTurn()) pauseMs = Math.min(Math.max(nextDueMs - storeMs(), PAUSE_LEAST_MS), PAUSE_MOST_MS)
      failing = false
    } catch (error) {
      if (!failing) alert({ kind: 'store', message: `what fell due could not be resolved: ${error instanceof Error ? error.message : String(error)}` })
      failing = true
    } finally {
      later(pauseMs)
    }
  }

  function later(pauseMs: number): void {
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
