/**
 * Ends a call that holds something: its money is charged or given back, its key gets its answer, its slots come free. All of it is one durable step.
 *
 * Where the deadline would give back all the same, a failure to give back does no harm: it is tried again until then. Any other ending that
 * cannot be written down is an error, and the answer does not go out whole:
 * whoever gets an answer can rely on its having been settled.
 */
import type { StoredAnswer } from '../../engine/calls/call-record.ts'
import type { Awaitable } from '../../engine/awaitable.ts'
import type { Clock } from '../../engine/clock.ts'
import type { Counters } from '../../engine/counters.ts'
import { refuse, type Refusal } from '../../contract/declare/refusal.ts'
import type { SettleCommand, MoneyEngine } from '../../engine/money-commands.ts'
import { kindOf } from '../../engine/kinds/kinds.ts'
import { formatMoney } from '../../contract/values/money.ts'
import { applyNamed } from '../../stores/store.ts'
import type { Alert, CallInProgress, TrackedCall } from './call-in-progress.ts'
import { isCharge, type CallEnd } from './call-end.ts'
import { createKeeping } from './keeping.ts'
import { createOwedEndings } from './owed-endings.ts'

/** The answer came after its hold was over, and its key is not its own any more: another call has it by now, or may have it next. What that one is answered is the key's answer. */
export class AnswerOverdueError extends Error {
  override readonly name = 'AnswerOverdueError'
}

/** What a caller is told instead of an answer whose settlement was rejected. */
export function refusalOfUnsettled(error: unknown): Refusal {
  return error instanceof AnswerOverdueError ? refuse('upstream.timeout', {}, { source: 'upstream', cause: error }) : refuse('internal', {}, { cause: error })
}

export interface CallSettlement {
  /**
   * Marks a call as sent, durably. False: it is over, or cannot be marked, and must not be sent. Also where it is marked and its deadline has passed: a process that stood
   * still, or had too much to do, would send what another gateway has sent by now.
   */
  dispatch(current: CallInProgress): Promise<boolean>
  /** The call is in hand from now on until its end: what it holds does not fall due meanwhile. */
  keep(current: CallInProgress): void
  /** Does nothing for a call that holds nothing. Rejects only where the ending cannot be written and the deadline would end the call in another way, or with an AnswerOverdueError. */
  end(current: CallInProgress, end: CallEnd, answer?: StoredAnswer): Awaitable<void>
  /** Whether the deadline gave the money back before there was an answer to pay for. */
  isOverdue(current: CallInProgress): boolean
}

/** Units as decimal money. All that one call holds has the same scale. */
function decimalOf({ holds, counts }: TrackedCall): (units: number) => string {
  const [count] = counts
  const scale = holds[0]?.scale ?? (count && kindOf(count.meter).scaleOf(count.meter)) ?? 0
  return (units) => formatMoney({ units, scale }, Math.min(2, scale))
}

export interface SettlementOptions {
  readonly money: MoneyEngine
  /** Where slots are freed that nothing else ends. */
  readonly counters: Pick<Counters, 'apply'>
  readonly clock: Clock
  readonly alert: Alert
}

export function createSettlement({ money: store, counters, clock, alert }: SettlementOptions): CallSettlement {
  const keeping = createKeeping(store, clock, alert)
  const owed = createOwedEndings({ money: store, counters, clock })

  async function settle(tracked: TrackedCall, command: SettleCommand, end: CallEnd): Promise<void> {
    const { recorded, context: { id } } = tracked
    const { settled, shortUnits } = await applyNamed(store, command)
    // An answer that costs nothing is kept for its key all the same, or the key would be run again after it was answered.
    const isOwed = isCharge(end) || (end.outcome === 'done' && tracked.claim !== undefined)
    if (!settled && isOwed && (await wasGivenBack(tracked))) return chargeLate(tracked, command)
    if (!settled && end.outcome === 'unknown' && command.answer !== undefined && tracked.claim !== undefined && (await wasGivenBack(tracked))) throw overdue('its price was to come later')
    if (shortUnits > 0) alert('price', `${decimalOf(tracked)(shortUnits)} more was asked than was held, and is not charged`, id)
    if (!settled && recorded && end.outcome === 'done') alert('price', 'the call was over before it was settled: its hold could not be kept up, or its service or an operator settled it otherwise', id)
  }

  async function endTracked(tracked: TrackedCall, end: CallEnd, answer: StoredAnswer | undefined): Promise<void> {
    // A call that was never sent was never done, so its money can only be given back.
    const legal: CallEnd = tracked.recorded && !tracked.dispatched ? { outcome: 'released', reason: end.reason } : end
    const command: SettleCommand = { kind: 'settle', callId: tracked.context.id, recorded: tracked.recorded, fence: tracked.fence, ...legal, answer }
    try {
      await settle(tracked, command, legal)
    } catch (error) {
      if (error instanceof AnswerOverdueError) {
        alert('price', error.message, tracked.context.id)
        throw error
      }
      alert('store', error, tracked.context.id)
      const atDeadline: CallEnd['outcome'] = tracked.dispatched && tracked.context.onExpiry === 'charge' ? 'done' : 'released'
      // What its key does not keep would be run again after it was answered.
      const isKept = tracked.claim !== undefined && (legal.outcome === 'done' || (legal.outcome === 'unknown' && answer !== undefined))
      const isLost = tracked.recorded && (isCharge(legal) || isKept || (legal.outcome !== 'unknown' && atDeadline === 'done'))
      const mostMs = clock.wallMs() + tracked.context.holdMs
      // Nobody was given what is to be charged: its slots alone are owed.
      owed.add(isLost && legal.outcome === 'done' ? { kind: 'free', callId: command.callId } : command, () => Math.min(mostMs, tracked.heldUntilMs))
      if (isLost) throw error
    }
  }

  /** Whether its deadline ended the call, and not a service or an operator; or the store has lost it, as a standby may that was behind when it took over. */
  async function wasGivenBack({ context: { id }, holds, claim, counts }: TrackedCall): Promise<boolean> {
    if (holds.length + counts.length === 0 && claim === undefined) return false
    const [last] = await store.ledger({ callId: id, order: 'newest', limit: 1 })
    if (last !== undefined) return last.kind === 'release' && last.reason === 'deadline'
    // What was only counted, or claimed, is in no ledger before it is charged; who has given it back is remembered.
    return (await store.call(id)) === undefined
  }

  /** The process stood still for longer than the hold, or the store. The answer is there, so its cost is still charged. */
  async function chargeLate(tracked: TrackedCall, command: SettleCommand): Promise<void> {
    const { context, claim, holds, counts } = tracked
    const late = { call: context, holds, counts, claim }
    const { settled, chargedUnits, shortUnits } = await applyNamed(store, { ...command, late })
    const decimal = decimalOf(tracked)
    const short = shortUnits > 0 ? `; ${decimal(shortUnits)} more was not there` : ''
    const done = chargedUnits + shortUnits > 0 ? `${decimal(chargedUnits)} was charged afterwards${short}` : 'it costs nothing, and its answer was kept afterwards'
    if (!settled) throw overdue('another call has its idempotency key by now')
    alert('price', `the hold was over before the answer, and was given back: ${done}`, context.id)
  }

  function overdue(why: string): AnswerOverdueError {
    return new AnswerOverdueError(`the hold was over before the answer, and was given back: nothing is charged, and it is not passed on, since ${why}`)
  }

  const isOverdue = ({ tracked }: CallInProgress): boolean => tracked?.recorded === true && tracked.context.onExpiry === 'release' && tracked.heldUntilMs <= clock.wallMs()

  return {
    async dispatch(current) {
      const { tracked } = current
      if (tracked === undefined || !tracked.recorded || tracked.dispatched) return !isOverdue(current)
      // What was not marked before is given back at its deadline, whatever `onExpiry` says.
      if (tracked.heldUntilMs <= clock.wallMs()) return false
      const { id } = tracked.context
      try {
        const { dispatched } = await applyNamed(store, { kind: 'dispatch', callId: id, recorded: true })
        tracked.dispatched = dispatched
      } catch (error) {
        alert('store', error, id)
      }
      return tracked.dispatched && !isOverdue(current)
    },

    keep({ tracked }) {
      if (tracked !== undefined) keeping.keep(tracked)
    },

    end(current, end, answer) {
      const { tracked } = current
      if (tracked === undefined) return undefined
      current.tracked = undefined
      keeping.letGo(tracked)
      return endTracked(tracked, end, answer)
    },

    isOverdue,
  }
}
