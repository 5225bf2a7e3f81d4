/** Claims, dispatches and extensions: a keyed or paid call until its end. */
import { balanceOf, passOn } from '../money/balance.ts'
import { bindKey, decideClaim, dispatchCall, isLegal, openCall, takeOver } from './call-machine.ts'
import type { CallTerms, CallRecord, ClaimResult } from './call-record.ts'
import { assertAmount } from '../assert-value.ts'
import type { Decision } from '../decision.ts'
import type { Draft } from '../draft.ts'
import { callKeys } from '../footprint.ts'
import { callInTime, callOfScopeInTime, giveAllBack } from './call-ends.ts'
import type { ExtendCommand } from '../counters.ts'
import type { ClaimCommand, DispatchCommand } from '../money-commands.ts'

/** The call is past its deadline: what it had has been given back, and its key may be another's by now. */
export class CallOverdueError extends Error {
  override readonly name = 'CallOverdueError'
}

/** The call as it stands, which a call that has begun must do. */
export function callOfContext(draft: Draft, { id, begun }: CallTerms): CallRecord | undefined {
  const call = callInTime(draft, id)
  if (call === undefined && begun === true && !draft.hasSlots(id)) throw new CallOverdueError(`the call ${id} is past its deadline`)
  return call
}

export function assertCallTerms({ id, holdMs }: CallTerms): void {
  assertAmount(holdMs, 1, `holdMs of ${id}`)
}

export const claimDecision: Decision<ClaimCommand> = {
  assert({ call, claim: { keptMs } }) {
    assertCallTerms(call)
    assertAmount(keptMs, 0, 'keptMs of the claim')
  },
  footprint: ({ call, claim: { scope } }) => [...callKeys(call.id), { of: 'scope', scope }],
  decide: decideClaimOf,
}

function decideClaimOf(draft: Draft, { call: context, claim: key, redispatch }: ClaimCommand): ClaimResult {
  const { nowMs } = draft
  const own = callOfContext(draft, context)
  const holder = callOfScopeInTime(draft, key.scope)
  if (holder?.id === context.id && holder.state === 'claimed') return { outcome: 'claimed', fence: holder.fence }
  const met = decideClaim(holder, { claim: key, nowMs, redispatch })
  switch (met.outcome) {
    case 'free': {
      if (holder !== undefined) draft.removeCall(holder.id)
      const opened = own ?? openCall(context, nowMs)
      assertUnclaimed(opened)
      draft.putCall({ ...opened, claim: bindKey(key, nowMs) })
      return { outcome: 'claimed', fence: opened.fence }
    }
    case 'take_over': {
      if (own !== undefined) {
        assertUnclaimed(own)
        // What it took on its way here is held once, by what it takes over.
        giveAllBack(draft, own, 'redispatch')
      }
      const taken = takeOver(met.call, context, key, nowMs)
      draft.removeCall(met.call.id)
      draft.putCall(taken)
      passHoldsOn(draft, met.call, taken)
      return { outcome: 'claimed', fence: taken.fence }
    }
    default:
      return met
  }
}

/** One call, one key: a second one would lose what the call has under the first. */
function assertUnclaimed({ id, state, claim: key }: CallRecord): void {
  if (state !== 'claimed' || key !== undefined) throw new Error(`the call ${id} is ${state} and claims nothing more`)
}

/** In the ledger the hold ends for one call and begins for the other; no money moves in between. */
function passHoldsOn(draft: Draft, from: CallRecord, to: CallRecord): void {
  for (const { subject, name, scale, units } of from.holds) {
    const state = balanceOf(draft.record(subject), name)
    if (state === undefined) throw new Error(`the balance ${name} of ${subject} is gone, with a hold of ${from.id} on it`)
    const { release, hold } = passOn(state, units)
    draft.writeDown({ subject, name, scale, movement: release }, { reason: 'redispatch', callId: from.id, keyId: from.keyId })
    draft.writeDown({ subject, name, scale, movement: hold }, { reason: 'redispatch', callId: to.id, keyId: to.keyId })
  }
}

/** A call that took slots alone has no record; it may go as long as it has them. */
export const dispatchDecision: Decision<DispatchCommand> = {
  assert: () => undefined,
  footprint: ({ callId }) => callKeys(callId),
  decide(draft, { callId }) {
    const call = callInTime(draft, callId)
    if (call === undefined) return { dispatched: draft.hasSlots(callId) }
    if (!isLegal(call, 'dispatch')) return { dispatched: call.state === 'dispatched' }
    draft.putCall(dispatchCall(call))
    return { dispatched: true }
  },
}

/** A call that took slots alone has no record; it goes on as long as it has them. */
export const extendDecision: Decision<ExtendCommand> = {
  assert: ({ callId, holdMs }) => assertAmount(holdMs, 1, `holdMs of ${callId}`),
  footprint: ({ callId }) => callKeys(callId),
  decide(draft, { callId, fence, holdMs }) {
    const deadlineMs = draft.nowMs + holdMs
    const call = callInTime(draft, callId)
    if (call === undefined ? !draft.hasSlots(callId) : !isLegal(call, 'extend') || (fence !== undefined && fence < call.fence)) return { extended: false }
    draft.extendSlots(callId, deadlineMs)
    if (call !== undefined && deadlineMs > call.deadlineMs) draft.putCall({ ...call, deadlineMs })
    return { extended: true }
  },
}
