/** An admission: the stage, and what it took noted with the call that holds it. */
import { dispatchCall, isLegal, openCall } from './call-machine.ts'
import type { Admission, CallTerms, CallRecord } from './call-record.ts'
import { expireLease } from './decide-lease.ts'
import { assertCallTerms, callOfContext } from './decide-claim.ts'
import type { Decision } from '../decision.ts'
import type { Draft } from '../draft.ts'
import { callKeys } from '../footprint.ts'
import { isHeld, kindOf } from '../kinds/kinds.ts'
import type { StageDecision, Take } from '../meters/meter.ts'
import type { Taken } from '../meters/stage-draft.ts'
import { slotsAlive } from '../meters/slot-book.ts'
import { assertTakes, decideStage, stageFootprint } from '../meters/stage.ts'
import type { AdmitCommand } from '../counters.ts'

export const admitDecision: Decision<AdmitCommand> = {
  assert({ takes, call, admission }) {
    assertTakes(takes)
    if (call !== undefined) assertCallTerms(call)
    else assertHolder(takes)
    if (admission !== undefined && call === undefined) throw new TypeError(`the admission ${admission} is of no call: only a call remembers what it was answered`)
  },
  footprint({ takes, call, owner }) {
    const keys = [...stageFootprint(takes)]
    if (call === undefined) return keys
    // Another command of the group may meet the slots that this one takes.
    if (owner !== undefined) keys.push({ of: 'owner', owner })
    if (takes.some(takesWhatExpires)) keys.push({ of: 'expiring-leases', accountId: call.accountId })
    return [...keys, ...callKeys(call.id)]
  },
  decide: decideAdmit,
}

function decideAdmit(draft: Draft, { takes, call: context, admission: asked, dispatch = false, owner }: AdmitCommand): StageDecision {
  const { nowMs, view } = draft
  const call = context && callOfContext(draft, context)
  const before = context === undefined || asked === undefined ? undefined : answeredBefore(draft, context.id, call, asked)
  if (before !== undefined) return before
  if (context !== undefined && takes.some(takesWhatExpires)) expireLeasesOf(draft, context.accountId)
  const outcome = decideStage(draft.record, takes, nowMs, { accountId: context?.accountId, call, slotsAlive: (subject, name) => slotsAlive(view, { subject, name }, nowMs, owner), expiringLeases: view.expiringLeases })
  const admission = asked !== undefined && outcome.decision.admitted ? { name: asked, decision: outcome.decision } : undefined
  draft.adopt(outcome, context && { id: context.id, deadlineMs: call?.deadlineMs ?? nowMs + context.holdMs, owner, admission })
  if (outcome.decision.admitted && context !== undefined) note(draft, { context, call, outcome, dispatch, admission })
  return outcome.decision
}

/** Of a call that holds slots alone, which have no record, the slots know. */
function answeredBefore({ view }: Draft, callId: string, call: CallRecord | undefined, name: string): StageDecision | undefined {
  const admissions = [...(call?.admissions ?? []), ...(view.slotsOf(callId)?.admissions ?? [])]
  return admissions.find((admission) => admission.name === name)?.decision
}

interface Noted {
  readonly context: CallTerms
  readonly call: CallRecord | undefined
  readonly outcome: Taken
  readonly dispatch: boolean
  readonly admission: Admission | undefined
}

function note(
  draft: Draft,
  { context, call, outcome, dispatch, admission }: Noted,
): void {
  const { holds, callCounts, reserved, leases, movements } = outcome
  const took = holds.length + callCounts.length + reserved.length + leases.length > 0
  if (!took && !(dispatch && call !== undefined)) return
  const opened = call ?? openCall(context, draft.nowMs)
  if (!isLegal(opened, 'dispatch')) throw new Error(`the call ${opened.id} is ${opened.state}: it takes nothing more`)
  const dispatched = dispatch ? dispatchCall(opened) : opened
  draft.putCall(
    took
      ? { ...dispatched, holds: added(opened.holds, holds), counts: added(opened.counts, callCounts), reserved: added(opened.reserved, reserved), admissions: added(opened.admissions, admission === undefined ? [] : [admission]), leases: added(opened.leases, leases) }
      : dispatched,
  )
  const cause = { reason: 'request', callId: context.id, keyId: context.keyId }
  for (const movement of movements) draft.writeDown(movement, cause)
}

/** Most calls have none, and their records say nothing of it. */
function added<T, F extends readonly T[] | undefined>(former: F, more: readonly T[]): F | readonly T[] {
  if (more.length === 0) return former
  return former === undefined || former.length === 0 ? more : former.concat(more)
}

function takesWhatExpires({ meter }: Take): boolean {
  return kindOf(meter).expires(meter)
}

/** What is held must have a holder, or nobody would ever give it back. */
function assertHolder(takes: readonly Take[]): void {
  const held = takes.find(isHeld)
  if (held !== undefined) throw new TypeError(`meter ${held.name}: a ${held.meter.kind} is taken for a call, and the command names none`)
}

/** A caller who was told when the next session ends comes then, and not after the next sweep. */
function expireLeasesOf(draft: Draft, accountId: string): void {
  for (const { api, id, expiresAtMs = Infinity } of draft.view.expiringLeases(accountId)) {
    const lease = expiresAtMs <= draft.nowMs ? draft.lease(api, id) : undefined
    if (lease?.state === 'active') expireLease(draft, lease)
  }
}
