/**
 * The ends of a call that holds something: its money is charged or given back, its key gets its answer, its slots come free, in one durable step.
 *
 * Giving back may fail without harm: the deadline does it then. A charge that cannot be written down is an error, and its answer does not go out whole: whoever
 * gets an answer can rely on its having been settled.
 */
import type { StoredAnswer } from '../admission/call-record.ts'
import type { Clock } from '../admission/clock.ts'
import { applyOne, type Store } from '../admission/store.ts'
import type { Alert, CallInProgress, TrackedCall } from './call-in-progress.ts'
import type { CallEnd } from './call-end.ts'

export interface Settlement {
  /** Marks a call as sent, durably. False: it is over, or cannot be marked, and must not be sent. */
  dispatch(current: CallInProgress): Promise<boolean>
  /** Does nothing for a call that holds nothing. Rejects only if a charge cannot be written. */
  end(current: CallInProgress, end: CallEnd, answer?: StoredAnswer): Promise<void>
}

export function createSettlement(store: Store, clock: Clock, alert: Alert): Settlement {
  async function settle(tracked: TrackedCall, end: CallEnd, answer: StoredAnswer | undefined): Promise<void> {
    const { context, fence, recorded } = tracked
    const { id } = context
    const command = { kind: 'settle', callId: id, fence, nowMs: clock.wallMs(), ...end, ...(answer !== undefined && { answer }) } as const
    const { settled, shortUnits } = await applyOne(store, command)
    if (shortUnits > 0) alert('price', `${shortUnits} units more were asked than were held, and are not charged`, id)
    if (!settled && recorded && end.outcome === 'done') alert('price', 'the call was over before it was settled: its deadline is too short, or its service settled it otherwise', id)
  }

  return {
    async dispatch({ tracked }) {
      if (tracked === undefined || !tracked.recorded || tracked.dispatched) return true
      const { id } = tracked.context
      try {
        const { dispatched } = await applyOne(store, { kind: 'dispatch', callId: id, nowMs: clock.wallMs() })
        tracked.dispatched = dispatched
      } catch (error) {
        alert('store', error, id)
      }
      return tracked.dispatched
    },

    async end(current, end, answer) {
      const { tracked } = current
      if (tracked === undefined) return
      current.tracked = undefined
      // What was never sent was never done: it can only be given back.
      const legal: CallEnd = tracked.recorded && !tracked.dispatched ? { outcome: 'released', reason: end.reason } : end
      try {
        await settle(tracked, legal, answer)
      } catch (error) {
        alert('store', error, tracked.context.id)
        if (legal.outcome === 'done' && legal.chargeUnits !== 0 && tracked.recorded) throw error
      }
    },
  }
}
