/**
 * What counters still have of calls that have it no more, since they did not answer: put right as soon as they do. What is not comes free at the deadline of its call.
 *
 * Each is forgotten when it is answered, and not before: what fails is asked again, behind the others, so that one that never can be is in nobody's way.
 */
import type { Clock } from '../../engine/clock.ts'
import type { AdmitCommand, NamedAdmission, ReturningCounters } from '../../engine/counters.ts'
import type { Take } from '../../engine/meters/meter.ts'
import { applyOne } from '../../stores/store.ts'

export interface LeftThere {
  /** Slots that it takes are there, or may be. */
  tookSlots(command: AdmitCommand): void
  freed(callId: string): void
  /** The call is over, and nobody has heard of it there. One that has no slots there leaves nothing. */
  notFreed(callId: string): void
  /** Counted there, perhaps, and to be counted there no more. */
  toTakeBack(admission: NamedAdmission): void
  takenBack(admission: NamedAdmission): void
  /** They answer. */
  putRight(): Promise<void>
}

/** So many calls in hand are known to have slots there. */
const IN_HAND_MAX = 100_000
/** So much is put right. */
const LEFT_MAX = 10_000
const AT_ONCE = 100
const ASK_AGAIN_AFTER_MS = 1_000

/** `isSilent`: they do not answer. When they do, `putRight` is called. */
export function createLeftThere(counters: ReturningCounters, clock: Pick<Clock, 'after'>, isSilent: () => boolean): LeftThere {
  /** Of calls in hand: the names of the admissions. */
  const slots = new Map<string, readonly (string | undefined)[]>()
  const ended = new Set<string>()
  const owed = new Set<NamedAdmission>()
  let isAtIt = false
  let cancel: (() => void) | undefined

  function takenBack({ callId, admission }: NamedAdmission): void {
    const others = slots.get(callId)?.filter((name) => name !== admission) ?? []
    if (others.length === 0) slots.delete(callId)
    else slots.set(callId, others)
  }

  async function putRight(): Promise<void> {
    if (isAtIt || isSilent()) return
    isAtIt = true
    await each(owed, async (admission) => {
      await counters.takeBack(admission)
      takenBack(admission)
    })
    await each(ended, (callId) => applyOne(counters, { kind: 'free', callId }))
    isAtIt = false
    cancel?.()
    cancel = owed.size + ended.size === 0 ? undefined : clock.after(ASK_AGAIN_AFTER_MS, () => void putRight())
  }

  return {
    tookSlots({ call, takes, admission }) {
      if (call === undefined || !takes.some(takesSlots)) return
      const before = slots.get(call.id)
      if (before !== undefined || slots.size < IN_HAND_MAX) slots.set(call.id, [...(before ?? []), admission])
    },
    freed: (callId) => void slots.delete(callId),
    notFreed(callId) {
      if (slots.delete(callId) && ended.size < LEFT_MAX) ended.add(callId)
    },
    toTakeBack(admission) {
      if (owed.size < LEFT_MAX) owed.add(admission)
    },
    takenBack,
    putRight,
  }
}

/** Until some are not answered. */
async function each<T>(left: Set<T>, ask: (one: T) => Promise<unknown>): Promise<void> {
  const all = [...left]
  for (let at = 0; at < all.length; at += AT_ONCE) {
    const some = all.slice(at, at + AT_ONCE)
    const outcomes = await Promise.allSettled(some.map(ask))
    for (const one of some) left.delete(one)
    const failed = some.filter((_, of) => outcomes[of]?.status === 'rejected')
    for (const one of failed) left.add(one)
    if (failed.length > 0) return
  }
}

export function takesSlots({ meter, cost }: Take): boolean {
  return meter.kind === 'lease' && cost > 0
}
