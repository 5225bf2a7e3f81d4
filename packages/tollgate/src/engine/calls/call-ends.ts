/** The ends of a call: its money, its leases, its slots and its record, changed together. */
import { finishCall, heldMoney, mayHaveRun, suspendCall } from './call-machine.ts'
import type { CallHold, CallRecord, EndedBy, StoredAnswer, UsedUnits } from './call-record.ts'
import type { Draft } from '../draft.ts'
import { countMore, giveBack } from '../meters/stage.ts'
import { endHold } from '../money/balance.ts'

/** The call, after what its deadline did to it if that has passed. */
export function callInTime(draft: Draft, callId: string): CallRecord | undefined {
  const call = draft.call(callId)
  if (call === undefined || call.state === 'done' || call.deadlineMs > draft.nowMs) return call
  resolveAtDeadline(draft, call)
  return draft.call(callId)
}

export function callOfScopeInTime(draft: Draft, scope: string): CallRecord | undefined {
  const call = draft.callOfScope(scope)
  return call && callInTime(draft, call.id)
}

/** What never ran is released; what may have run ends as it was declared. */
export function resolveAtDeadline(draft: Draft, call: CallRecord): void {
  draft.freeSlots(call.id)
  if (mayHaveRun(call) && call.onExpiry === 'charge') {
    finish(draft, call, { chargedUnits: heldUnitsOf(call), shortUnits: 0, answer: call.answer, by: 'deadline', reason: 'deadline' })
  } else {
    giveAllBack(draft, call, 'deadline')
  }
}

export function finish(
  draft: Draft,
  call: CallRecord,
  end: { readonly chargedUnits: number; readonly shortUnits: number; readonly answer: StoredAnswer | undefined; readonly by: EndedBy; readonly reason: string },
): CallRecord {
  endHolds(draft, call, end.chargedUnits, end.reason)
  endCounts(draft, call, end.chargedUnits, end.reason)
  draft.endLeases(call.leases)
  const done = finishCall(call, { ...end, nowMs: draft.nowMs })
  draft.putCall(done)
  return done
}

/** A call that took over an unknown outcome and was not dispatched leaves the outcome as unknown as it was. */
export function release(draft: Draft, call: CallRecord, { reason, remembered = false }: { readonly reason: string; readonly remembered: boolean | undefined }): CallRecord | undefined {
  if (call.state === 'claimed' && mayHaveRun(call)) {
    const suspended = suspendCall(call, undefined)
    draft.putCall(suspended)
    return suspended
  }
  if (!remembered) {
    giveAllBack(draft, call, reason)
    return undefined
  }
  giveReservedBack(draft, call)
  // Its key is free at once, as that of any call that is released.
  const { claim: _, ...keyless } = call
  return finish(draft, keyless, { chargedUnits: 0, shortUnits: 0, answer: undefined, by: 'release', reason })
}

export function giveAllBack(draft: Draft, call: CallRecord, reason: string): void {
  endHolds(draft, call, 0, reason)
  endCounts(draft, call, 0, reason)
  giveReservedBack(draft, call)
  draft.endLeases(call.leases)
  draft.removeCall(call.id)
}

function giveReservedBack(draft: Draft, { reserved = [] }: CallRecord): void {
  draft.changeCounts(giveBack(draft.record, reserved, draft.nowMs).changed, reserved)
}

/** Charges the holds in their order until the charge is covered, and releases the rest. */
function endHolds(draft: Draft, { id, keyId, holds }: CallRecord, chargeUnits: number, reason: string): void {
  let left = chargeUnits
  for (const hold of perBalance(holds)) {
    const charge = Math.min(left, hold.units)
    left -= charge
    draft.changeBalance(hold, (state) => endHold(state, hold.parts, charge, draft.nowMs), { reason, callId: id, keyId })
  }
}

/** A call may take of a balance in several stages, or more than the run that it took over: it is settled once all the same, out of what was taken first. */
export function perBalance<H extends Pick<CallHold, 'subject' | 'name' | 'units'> & Partial<Pick<CallHold, 'parts'>>>(holds: readonly H[]): readonly H[] {
  if (holds.length < 2) return holds
  const merged = new Map<string, H>()
  for (const hold of holds) {
    const at = JSON.stringify([hold.subject, hold.name])
    const former = merged.get(at)
    merged.set(at, { ...hold, units: (former?.units ?? 0) + hold.units, parts: [...(former?.parts ?? []), ...(hold.parts ?? [])] })
  }
  return [...merged.values()]
}

/** Each meter keeps the charge, out of what it counted first; the rest is given back where it was counted. */
function endCounts(draft: Draft, { id, keyId, counts = [] }: CallRecord, chargeUnits: number, reason: string): void {
  if (counts.length === 0) return
  const left = new Map<string, number>()
  const back = counts.flatMap((count) => {
    const due = left.get(count.name) ?? chargeUnits
    const kept = Math.min(due, count.cost)
    left.set(count.name, due - kept)
    if (kept > 0) draft.writeDownSpent(count, kept, { reason, callId: id, keyId })
    return kept === count.cost ? [] : [{ ...count, cost: count.cost - kept }]
  })
  draft.changeCounts(giveBack(draft.record, back, draft.nowMs).changed, back)
}

/**
 * What was used takes the place of what was reserved: less is given back where it was counted, more is counted now, also above the limit. What `used` does not
 * name stays reserved.
 */
export function correctReserved(draft: Draft, call: CallRecord, used: UsedUnits): CallRecord {
  const known = call.reserved?.filter(({ name }) => Object.hasOwn(used, name)) ?? []
  if (known.length === 0) return call
  const left = new Map(Object.entries(used))
  const back = known.flatMap((receipt) => {
    const due = left.get(receipt.name) ?? 0
    const kept = Math.min(due, receipt.cost)
    left.set(receipt.name, due - kept)
    return kept === receipt.cost ? [] : [{ ...receipt, cost: receipt.cost - kept }]
  })
  draft.changeCounts(giveBack(draft.record, back, draft.nowMs).changed, back)
  const more = known.flatMap((receipt, at) => (known.findLastIndex(({ name }) => name === receipt.name) === at ? [{ ...receipt, cost: left.get(receipt.name) ?? 0 }] : [])).filter(({ cost }) => cost > 0)
  draft.changeCounts(countMore(draft.record, more, draft.nowMs), more)
  const corrected = { ...call, reserved: call.reserved?.filter((receipt) => !known.includes(receipt)) }
  draft.putCall(corrected)
  return corrected
}

export function heldUnitsOf(call: CallRecord): number {
  return heldMoney(call)?.units ?? 0
}
