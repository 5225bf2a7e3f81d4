/**
 * Keeps the holds of running calls alive. While this process works on a call, the call's deadline is moved on as soon as half of its time has passed.
 * A process that dies stops moving deadlines, so its calls end by themselves. A process that lives never loses the hold of a long answer.
 *
 * One timer serves all calls. It wakes when the first deadline may be near, and looks. Where the store fails, the extension is tried again. Where the
 * store says that the call is over, the call is no longer kept, and holds nothing that could fall due where somebody has settled it.
 */
import type { Clock } from '../../engine/clock.ts'
import type { MoneyEngine } from '../../engine/money-commands.ts'
import { applyOne } from '../../stores/store.ts'
import type { Alert, TrackedCall } from './call-in-progress.ts'

export interface Keeping {
  keep(tracked: TrackedCall): void
  /** The call has come to its end, or is about to. */
  letGo(tracked: TrackedCall): void
}

/** A call with less than this share of its hold left is extended along with those that are due. After a failure the next try comes after the same time. */
const SLACK = 1 / 16
/** At most so many are extended in one step, so that no step holds up requests for long. */
const AT_ONCE = 500
/** Timers wait for 24 days at most. */
const WAIT_MS_MAX = 86_400_000

export function createKeeping(store: MoneyEngine, clock: Clock, alert: Alert): Keeping {
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
    const { context, fence, recorded } = tracked
    const { holdMs } = context
    try {
      const { extended } = await applyOne(store, { kind: 'extend', callId: context.id, recorded, fence, holdMs })
      if (extended) tracked.heldUntilMs = nowMs + holdMs
      else {
        const isOver = await isSettled(context.id)
        inHand.delete(tracked)
        if (isOver) tracked.heldUntilMs = Infinity
      }
    } catch (error) {
      if (!inHand.has(tracked)) return
      alert('store', error, context.id)
      keepUntil(tracked, nowMs + holdMs * SLACK)
    }
  }

  /** By its service or an operator: its answer is never too late. */
  async function isSettled(callId: string): Promise<boolean> {
    const call = await store.call(callId)
    if (call !== undefined) return call.state === 'done' && call.ended?.by !== 'deadline'
    // A record may be forgotten; how its money moved stays in the ledger.
    const [last] = await store.ledger({ callId, order: 'newest', limit: 1 })
    return last?.kind === 'settle' || last?.kind === 'spend' || (last?.kind === 'release' && last.reason !== 'deadline' && last.reason !== 'redispatch')
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
