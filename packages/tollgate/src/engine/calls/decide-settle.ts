/** The settlement of a call: by the gateway, its service or an operator, in time, again or late. */
import { assertAmount, toJsonText } from '../assert-value.ts'
import { callInTime, callOfScopeInTime, correctReserved, finish, heldUnitsOf, perBalance, release } from './call-ends.ts'
import { bindKey, decideClaim, finishCall, isLegal, openCall, suspendCall } from './call-machine.ts'
import type { CallRecord, StoredAnswer } from './call-record.ts'
import type { Decision } from '../decision.ts'
import type { Draft } from '../draft.ts'
import { callKeys, subjectKey } from '../footprint.ts'
import { assertTakes, decideStage, readStage } from '../meters/stage.ts'
import { availableUnits, balanceOf, endHold, holdUnits, scaledBalance, type BalanceChange, type BalanceState } from '../money/balance.ts'
import { afterRenewal, renewBalance } from '../money/renewal.ts'
import type { LateCharge, SettleCommand, Settlement } from '../money-commands.ts'

export const settleDecision: Decision<SettleCommand> = {
  assert({ callId, chargeUnits, used = {}, answer, late }) {
    for (const [name, units] of Object.entries(used)) assertAmount(units, 0, `what ${callId} used of ${name}`)
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
  const { callId, fence, outcome, chargeUnits, used = {}, answer, reason, by = 'settlement', remembered } = command
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
      return { settled: true, chargedUnits, shortUnits, call: finish(draft, correctReserved(draft, call, used), { chargedUnits, shortUnits, answer, by, reason }) }
    }
    case 'unknown': {
      const suspended = suspendCall(correctReserved(draft, call, used), answer)
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
  for (const hold of perBalance(holds)) {
    const { subject, name, scale, allowance } = hold
    const there = renewBalance(scaledBalance(balanceOf(draft.record(subject), name), subject, name, scale), allowance, nowMs).state
    const units = Math.min(left, hold.units, availableUnits(there, nowMs))
    if (units === 0) continue
    left -= units
    const chargeAgain = (state: BalanceState): BalanceChange =>
      afterRenewal(state, allowance, nowMs, (renewed) => {
        const held = holdUnits(renewed, units, nowMs)
        const charged = endHold(held.state, held.parts, units, nowMs)
        return { state: charged.state, movements: [...held.movements, ...charged.movements] }
      })
    draft.changeBalance(hold, chargeAgain, { reason: `late: ${reason}`, callId: context.id, keyId: context.keyId })
  }
  const chargedUnits = holds.length === 0 ? roomUnits : roomUnits - left
  const shortUnits = askedUnits - chargedUnits
  const again = decideStage(draft.record, counts.map((count) => ({ ...count, cost: chargedUnits })), nowMs)
  draft.changeCounts(again.changed, counts)
  for (const count of again.callCounts) draft.writeDownSpent(count, count.cost, { reason: `late: ${reason}`, callId: context.id, keyId: context.keyId })
  const opened = { ...openCall(context, nowMs), claim: claim && bindKey(claim, nowMs), counts: holds.length === 0 ? again.callCounts : undefined }
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
