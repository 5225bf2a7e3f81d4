/**
 * Calls in hand. As long as this process works on a call, what it holds does not fall due: its deadline is set anew when half of what it may hold has
 * passed. So a process that dies ends its calls within that time of its last sign of life, and one that lives never loses the hold of a long answer.
 *
 * One timer serves them all, and calls that end before cost none: it wakes where the first may be due, and finds out. What the store does not take
 * is tried again; what it calls void is over, and no longer kept.
 */
import type { Clock } from '../admission/clock.ts'
import type { Money } from '../admission/money.ts'
import { applyOne } from '../admission/store.ts'
import type { Alert, TrackedCall } from './call-in-progress.ts'

export interface Keeping {
  keep(tracked: TrackedCall): void
  /** It has come to an end, or is about to. */
  letGo(tracked: TrackedCall): void
}

/** This part of its hold before it is due a call goes along with others, and so long after a failure it is tried again. */
const SLACK = 1 / 16
/** More do not go along, so that none of them holds up requests for long. */
const AT_ONCE = 500
/** Timers wait for 24 days at most. */
const WAIT_MS_MAX = 86_400_000

export function createKeeping(store: Money, clock: Clock, alert: Alert): Keeping {
  /** When each is to be extended, epoch ms. */
  const inHand = new Map<TrackedCall, number>()
  let wakesAtMs = Infinity
  let cancel: (() => void) | undefined

  function wakeAt(dueMs: number): void {
    if (dueMs >= wakesAtMs) return
    cancel?.()
    wakesAtMs = dueMs
    cancel = clock.after(Math.min(dueMs - clock.wallMs(), WAIT_MS_MAX), wake)
  }

  function wake(): void {
    wakesAtMs = Infinity
    const nowMs = clock.wallMs()
    let nextMs = Infinity
    let sent = 0
    for (const [tracked, dueMs] of inHand) {
      if (sent < AT_ONCE && dueMs - tracked.context.holdMs * SLACK <= nowMs) {
        sent += 1
        inHand.set(tracked, nowMs + tracked.context.holdMs / 2)
        void extend(tracked, nowMs)
      }
      nextMs = Math.min(nextMs, inHand.get(tracked) ?? Infinity)
    }
    wakeAt(nextMs)
  }

  async function extend(tracked: TrackedCall, nowMs: number): Promise<void> {
    const { context, fence } = tracked
    const { holdMs } = context
    try {
      const { extended } = await applyOne(store, { kind: 'extend', callId: context.id, fence, holdMs })
      if (extended) tracked.heldUntilMs = nowMs + holdMs
      else inHand.delete(tracked)
    } catch (error) {
      if (!inHand.has(tracked)) return
      alert('store', error, context.id)
      keepUntil(tracked, nowMs + holdMs * SLACK)
    }
  }

  function keepUntil(tracked: TrackedCall, dueMs: number): void {
    inHand.set(tracked, dueMs)
    wakeAt(dueMs)
  }

  return {
    keep: (tracked) => keepUntil(tracked, tracked.heldUntilMs - tracked.context.holdMs / 2),
    letGo: (tracked) => void inHand.delete(tracked),
  }
}
