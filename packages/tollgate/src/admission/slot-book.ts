/**
 * Concurrency slots: who is in flight. Kept in memory alone, by call: a restart frees them all, the end of a call frees its own, and one whose
 * call was forgotten comes free at the call's deadline.
 */
import type { TakenLease } from './call-record.ts'

export interface SlotBook {
  alive(subject: string, name: string): number
  /** The returned function takes this back, if the call still has it. */
  take(callId: string, deadlineMs: number, taken: readonly TakenLease[]): () => void
  has(callId: string): boolean
  /** Moves the deadline of the call's slots on, never back. The returned function takes this back. */
  extend(callId: string, deadlineMs: number): () => void
  /** Frees all slots of the call. Freeing again does nothing. */
  free(callId: string): void
  /** Frees what is past its deadline. */
  freeOverdue(nowMs: number): void
}

interface Holder {
  deadlineMs: number
  readonly taken: TakenLease[]
}

export function createSlotBook(): SlotBook {
  const holders = new Map<string, Holder>()
  const counts = new Map<string, number>()
  /** No deadline is earlier. */
  let earliestMs = Infinity

  const keyOf = (subject: string, name: string): string => `${name}\n${subject}`

  function count({ subject, name }: TakenLease, change: number): void {
    const key = keyOf(subject, name)
    const alive = (counts.get(key) ?? 0) + change
    if (alive === 0) counts.delete(key)
    else counts.set(key, alive)
  }

  function free(callId: string): void {
    for (const taken of holders.get(callId)?.taken ?? []) count(taken, -taken.quantity)
    holders.delete(callId)
  }

  return {
    alive: (subject, name) => counts.get(keyOf(subject, name)) ?? 0,
    take(callId, deadlineMs, taken) {
      const holder = holders.get(callId) ?? { deadlineMs, taken: [] }
      holders.set(callId, holder)
      holder.deadlineMs = deadlineMs
      holder.taken.push(...taken)
      for (const each of taken) count(each, each.quantity)
      earliestMs = Math.min(earliestMs, deadlineMs)
      return () => {
        for (const each of taken) {
          const at = holder.taken.indexOf(each)
          if (at === -1 || holders.get(callId) !== holder) continue
          holder.taken.splice(at, 1)
          count(each, -each.quantity)
        }
      }
    },
    has: (callId) => holders.has(callId),
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
    freeOverdue(nowMs) {
      if (nowMs < earliestMs) return
      earliestMs = Infinity
      for (const [callId, { deadlineMs }] of holders) {
        if (deadlineMs <= nowMs) free(callId)
        else earliestMs = Math.min(earliestMs, deadlineMs)
      }
    },
  }
}
