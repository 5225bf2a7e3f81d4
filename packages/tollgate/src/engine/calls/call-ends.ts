/** The ends of a call: its money, its leases, its slots and its record, changed together. */
import { availableUnits, balanceOf, endHold, holdUnits, type BalanceChange, type BalanceState } from '../money/balance.ts'
import { bindKey, decideClaim, finishCall, heldMoney, isLegal, mayHaveRun, openCall, suspendCall } from './call-machine.ts'
import type { CallRecord, EndedBy, StoredAnswer } from './call-record.ts'
import { assertAmount, toJsonText } from '../assert-value.ts'
import type { Decision } from '../decision.ts'
import type { Draft } from '../draft.ts'
import { callKeys, subjectKey } from '../footprint.ts'
import type { LateCharge, SettleCommand, Settlement } from '../money-commands.ts'
import { assertTakes, decideStage, giveBack, readStage } from '../meters/stage.ts'

export const settle: Decision<SettleCommand> = {
  assert({ callId, chargeUnits, answer, late }) {
    if (chargeUnits !== undefined) assertAmount(chargeUnits, 0, `chargeUnits of ${callId}`)
    toJsonText(answer ?? null, `the answer of ${callId}`)
    if (late === undefined) return
    assertAmount(late.call.holdMs, 1, `holdMs of ${late.call.id}`)
    assertTakes(late.counts ?? [])
    for (const { units } of late.holds) assertAmount(units, 1, `units that ${callId} held`)
  },
  footprint({ callId, late }) {
    if (late === undefined) return callKeys(callId)
    const { claim, holds, counts = [] } = late
    return [...callKeys(callId), ...[...holds, ...counts].map(subjectKey), ...(claim === undefined ? [] : [{ of: 'scope', scope: claim.scope } as const])]
  },
  decide: decideSettle,
}

function decideSettle(draft: Draft, command: SettleCommand): Settlement {
  const { callId, fence, outcome, chargeUnits, answer, reason, by = 'settlement', remembered } = command
  draft.freeSlots(callId)
  const call = callInTime(draft, callId)
  const late = call === undefined ? chargeLate(draft, command) : undefined
  if (late !== undefined) return late
  // A call that took slots alone has no record, and nothing else to end.
  if (call === undefined) return { settled: draft.hasSlots(callId), chargedUnits: 0, shortUnits: chargeUnits ?? 0, call }
  if (fence !== undefined && fence < call.fence) return { settled: false, chargedUnits: call.chargedUnits, shortUnits: 0, call }
  if (!isLegal(call, outcome)) return repeat(outcome === 'released' ? call : withLateAnswer(draft, call, answer), command)
  switch (outcome) {
    case 'done': {
      const heldUnits = heldUnitsOf(call)
      const chargedUnits = Math.min(chargeUnits ?? heldUnits, heldUnits)
      const shortUnits = Math.max(0, (chargeUnits ?? 0) - heldUnits)
      return { settled: true, chargedUnits, shortUnits, call: finish(draft, call, { chargedUnits, shortUnits, answer, by, reason }) }
    }
    case 'unknown': {
      const suspended = suspendCall(call, answer)
      draft.putCall(suspended)
      return { settled: true, chargedUnits: 0, shortUnits: 0, call: suspended }
    }
    case 'released':
      return { settled: true, chargedUnits: 0, shortUnits: 0, call: release(draft, call, { reason, remembered }) }
  }
}

/** Holds again and settles in one, as far as there is something. Undefined: not asked for, or the key is another call's by now. */
function chargeLate(draft: Draft, { outcome, chargeUnits, answer, reason, late }: SettleCommand): Settlement | undefined {
  if (outcome !== 'done' || late === undefined) return undefined
  const { call: context, claim, holds, counts = [] } = late
  const { nowMs } = draft
  const holder = claim && callOfScopeInTime(draft, claim.scope)
  if (claim !== undefined && decideClaim(holder, { claim, nowMs }).outcome !== 'free') return undefined
  if (holder !== undefined) draft.removeCall(holder.id)
  const askedUnits = chargeUnits ?? lateUnits(late)
  // What its limits no longer leave is not charged: they are promises, too.
  const roomUnits = Math.min(askedUnits, ...readStage(draft.record, counts, nowMs).map(({ remaining }, at) => Math.min(remaining, counts[at]?.cost ?? 0)))
  let left = roomUnits
  for (const hold of holds) {
    const units = Math.min(left, hold.units, availableUnits(balanceOf(draft.record(hold.subject), hold.name), nowMs))
    if (units === 0) continue
    left -= units
    const chargeAgain = (state: BalanceState): BalanceChange => {
      const held = holdUnits(state, units, nowMs)
      const charged = endHold(held.state, held.parts, units, nowMs)
      return { state: charged.state, movements: [...held.movements, ...charged.movements] }
    }
    draft.changeBalance(hold, chargeAgain, { reason: `late: ${reason}`, callId: context.id, keyId: context.keyId })
  }
  const chargedUnits = holds.length === 0 ? roomUnits : roomUnits - left
  const shortUnits = askedUnits - chargedUnits
  const again = decideStage(draft.record, counts.map((count) => ({ ...count, cost: chargedUnits })), nowMs)
  draft.changeCounts(again.changed, counts)
  for (const count of again.callCounts) draft.writeDownSpent(count, count.cost, { reason: `late: ${reason}`, callId: context.id, keyId: context.keyId })
  const opened = { ...openCall(context, nowMs), ...(claim !== undefined && { claim: bindKey(claim, nowMs) }), ...(holds.length === 0 && { counts: again.callCounts }) }
  const call = finishCall(opened, { chargedUnits, shortUnits, answer, by: 'settlement', nowMs })
  draft.putCall(call)
  return { settled: true, chargedUnits, shortUnits, call }
}

function lateUnits({ holds, counts = [] }: LateCharge): number {
  return holds.length === 0 ? (counts[0]?.cost ?? 0) : holds.reduce((total, { units }) => total + units, 0)
}

/** A service may settle its call before its answer has gone out. The answer, when it comes, still belongs to the key. */
function withLateAnswer(draft: Draft, call: CallRecord, answer: StoredAnswer | undefined): CallRecord {
  if (answer === undefined || call.state !== 'done' || call.claim === undefined || call.answer !== undefined) return call
  const answered = { ...call, answer }
  draft.putCall(answered)
  return answered
}

/** The same end again is as true as the first; another is void. An end by the deadline was nobody's settlement, and one by an operator is only theirs. */
function repeat(call: CallRecord, { outcome, chargeUnits, by }: SettleCommand): Settlement {
  const { chargedUnits, state, ended } = call
  const shortUnits = ended?.shortUnits ?? 0
  if (!isSameEnd()) return { settled: false, chargedUnits, shortUnits: 0, call }
  return { settled: true, chargedUnits, shortUnits: chargeUnits === undefined ? 0 : shortUnits, call }

  function isSameEnd(): boolean {
    if (outcome === 'released') return ended?.by === 'release'
    if (outcome === 'unknown') return state === 'unknown'
    return ended?.by === (by ?? 'settlement') && (chargeUnits === undefined || chargeUnits === chargedUnits + shortUnits)
  }
}

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

function finish(
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
function release(draft: Draft, call: CallRecord, { reason, remembered = false }: { readonly reason: string; readonly remembered: boolean | undefined }): CallRecord | undefined {
  if (call.state === 'claimed' && mayHaveRun(call)) {
    const suspended = suspendCall(call, undefined)
    draft.putCall(suspended)
    return suspended
  }
  if (!remembered) {
    giveAllBack(draft, call, reason)
    return undefined
  }
  // Its key is free at once, as that of any call that is released.
  const { claim: _, ...keyless } = call
  return finish(draft, keyless, { chargedUnits: 0, shortUnits: 0, answer: undefined, by: 'release', reason })
}

function giveAllBack(draft: Draft, call: CallRecord, reason: string): void {
  endHolds(draft, call, 0, reason)
  endCounts(draft, call, 0, reason)
  draft.endLeases(call.leases)
  draft.removeCall(call.id)
}

/** Charges the holds in their order until the charge is covered, and releases the rest. */
function endHolds(draft: Draft, { id, keyId, holds }: CallRecord, chargeUnits: number, reason: string): void {
  let left = chargeUnits
  for (const hold of holds) {
    const charge = Math.min(left, hold.units)
    left -= charge
    draft.changeBalance(hold, (state) => endHold(state, hold.parts, charge, draft.nowMs), { reason, callId: id, keyId })
  }
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

function heldUnitsOf(call: CallRecord): number {
  return heldMoney(call)?.units ?? 0
}
