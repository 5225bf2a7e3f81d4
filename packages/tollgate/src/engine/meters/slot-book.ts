/**
 * Concurrency slots: who is in flight. Kept in memory alone, by call: a restart frees them all, the end of a call frees its own, and one whose
 * call was forgotten comes free at the call's deadline.
 *
 * Slots have an owner, the gateway that works on their calls, and count as long as it gives a sign of life: a heartbeat for the others, and its own question
 * for itself, so that no pause of its own makes it forget what it has. Slots without an owner count until their deadline.
 */
import type { Admission, TakenLease } from '../calls/call-record.ts'

/** What one owner has of a meter. */
export interface OwnedSlots {
  readonly owner: string | undefined
  readonly quantity: number
}

/** What one call has. */
export interface CallSlots {
  /** Then they come free by themselves. */
  readonly deadlineMs: number
  readonly owner: string | undefined
  readonly taken: readonly TakenLease[]
  /** Those that have a name and took slots. */
  readonly admissions: readonly Admission[]
}

export interface SlotView {
  slotsOn(subject: string, name: string): readonly OwnedSlots[]
  slotsOf(callId: string): CallSlots | undefined
  /** Until when its last heartbeat lets the owner live; undefined: never heard of. */
  livesUntilMs(owner: string): number | undefined
}

export interface SlotBook extends SlotView {
  /** The returned function takes this back, if the call still has it. */
  take(callId: string, slots: CallSlots): () => void
  /** Moves the deadline of the call's slots on, never back. The returned function takes this back. */
  extend(callId: string, deadlineMs: number): () => void
  /** Frees all slots of the call. Freeing again does nothing. */
  free(callId: string): void
  beat(owner: string, untilMs: number): void
  /** Frees what is past its deadline, and forgets owners that have nothing and are gone. */
  freeOverdue(nowMs: number): void
}

/** How many are alive for who asks. */
export function slotsAlive(view: SlotView, { subject, name }: { readonly subject: string; readonly name: string }, nowMs: number, asker: string | undefined): number {
  let alive = 0
  for (const { owner, quantity } of view.slotsOn(subject, name)) {
    if (owner === undefined || owner === asker || (view.livesUntilMs(owner) ?? 0) > nowMs) alive += quantity
  }
  return alive
}

interface Holder {
  deadlineMs: number
  readonly owner: string | undefined
  readonly taken: TakenLease[]
  readonly admissions: Admission[]
}

const none: readonly OwnedSlots[] = []

export function createSlotBook(): SlotBook {
  const holders = new Map<string, Holder>()
  const counts = new Map<string, { readonly owner: string | undefined; quantity: number }[]>()
  const owners = new Map<string, number>()
  /** No deadline is earlier. */
  let earliestMs = Infinity

  const keyOf = (subject: string, name: string): string => `${name}\n${subject}`

  function count({ subject, name }: TakenLease, owner: string | undefined, change: number): void {
    const key = keyOf(subject, name)
    const owned = counts.get(key) ?? []
    const own = owned.find((each) => each.owner === owner)
    if (own === undefined) counts.set(key, [...owned, { owner, quantity: change }])
    else own.quantity += change
    if (own?.quantity !== 0) return
    const left = owned.filter(({ quantity }) => quantity > 0)
    if (left.length === 0) counts.delete(key)
    else counts.set(key, left)
  }

  function free(callId: string): void {
    const holder = holders.get(callId)
    for (const taken of holder?.taken ?? []) count(taken, holder?.owner, -taken.quantity)
    holders.delete(callId)
  }

  return {
    slotsOn: (subject, name) => counts.get(keyOf(subject, name)) ?? none,
    slotsOf(callId) {
      const holder = holders.get(callId)
      return holder === undefined || holder.taken.length === 0 ? undefined : holder
    },
    livesUntilMs: (owner) => owners.get(owner),
    take(callId, { deadlineMs, owner, taken, admissions }) {
      const holder = holders.get(callId) ?? { deadlineMs, owner, taken: [], admissions: [] }
      holders.set(callId, holder)
      holder.deadlineMs = deadlineMs
      holder.taken.push(...taken)
      holder.admissions.push(...admissions)
      for (const each of taken) count(each, holder.owner, each.quantity)
      earliestMs = Math.min(earliestMs, deadlineMs)
      return () => {
        for (const admission of admissions) holder.admissions.splice(holder.admissions.indexOf(admission), 1)
        for (const each of taken) {
          const at = holder.taken.indexOf(each)
          if (at === -1 || holders.get(callId) !== holder) continue
          holder.taken.splice(at, 1)
          count(each, holder.owner, -each.quantity)
        }
      }
    },
    extend(callId, deadlineMs) {
      const holder = holders.get(callId)
      if (holder === undefined) return () => undefined
      const formerMs = holder.deadlineMs
      holder.deadlineMs = Math.max(formerMs, deadlineMs)
      return () => {
        holder.deadlineMs = formerMs
        earliestMs = Math.min(earliestMs, formerMs)
      }
    },
    free,
    beat(owner, untilMs) {
      owners.set(owner, untilMs)
    },
    freeOverdue(nowMs) {
      if (nowMs < earliestMs) return
      earliestMs = Infinity
      const busy = new Set<string | undefined>()
      for (const [callId, { deadlineMs, owner }] of holders) {
        if (deadlineMs <= nowMs) free(callId)
        else {
          earliestMs = Math.min(earliestMs, deadlineMs)
          busy.add(owner)
        }
      }
      for (const [owner, untilMs] of owners) if (untilMs <= nowMs && !busy.has(owner)) owners.delete(owner)
    },
  }
}
