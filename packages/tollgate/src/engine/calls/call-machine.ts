/** How a call moves from state to state. Money and stores are not known here. */
import type { CallTerms, CallHold, CallRecord, CallState, ClaimResult, EndedBy, IdempotencyClaim, KeyClaim, StoredAnswer } from './call-record.ts'

type Move = 'dispatch' | 'extend' | 'done' | 'released' | 'unknown' | 'take_over'

const legal: { readonly [state in CallState]: readonly Move[] } = {
  claimed: ['dispatch', 'extend', 'released'],
  dispatched: ['extend', 'done', 'released', 'unknown'],
  unknown: ['done', 'released', 'take_over'],
  done: [],
}

/** How long a done call without a key is kept, and a released one that is remembered: the same settlement, asked again, has the same answer. */
const UNKEYED_KEPT_MS = 86_400_000

export function isLegal(call: CallRecord, move: Move): boolean {
  return legal[call.state].includes(move)
}

/** With a place for all that it may come to have: to a copy that first gets one more member, the runtime gives a table of its own. */
export function openCall({ id, accountId, keyId, holdMs, onExpiry }: CallTerms, nowMs: number): CallRecord {
  return {
    id, accountId, keyId, deadlineMs: nowMs + holdMs, onExpiry, state: 'claimed', fence: 1, claim: undefined, holds: none, counts: undefined, reserved: undefined, countedScale: undefined,
    leases: none, admissions: undefined, bound: undefined, chargedUnits: 0, answer: undefined, createdAtMs: nowMs, ended: undefined,
  }
}

const none: readonly never[] = []

/** The key's claim, dated. */
export function bindKey({ scope, fingerprint, keptMs }: KeyClaim, nowMs: number): IdempotencyClaim {
  return { scope, fingerprint, keptUntilMs: nowMs + keptMs }
}

/** The new request goes on under the id of the call before, with its hold. */
export function takeOver(call: CallRecord, context: CallTerms, claim: KeyClaim, nowMs: number): CallRecord {
  const { holds, counts, reserved, leases, bound, answer } = call
  return { ...openCall(context, nowMs), fence: call.fence + 1, claim: bindKey(claim, nowMs), holds, counts, reserved, leases, bound, answer }
}

/**
 * What a claim of a key finds. `free`: the key has no call, or only one whose answer is no longer kept, which must be removed. `take_over`: the key has
 * a call of unknown outcome, and the claim may go on under its hold.
 */
export function decideClaim(
  call: CallRecord | undefined,
  { claim, redispatch = false, nowMs }: { readonly claim: KeyClaim; readonly redispatch?: boolean | undefined; readonly nowMs: number },
): Exclude<ClaimResult, { outcome: 'claimed' }> | { readonly outcome: 'free' } | { readonly outcome: 'take_over'; readonly call: CallRecord } {
  if (call === undefined || (call.ended !== undefined && call.ended.keptUntilMs <= nowMs)) return { outcome: 'free' }
  if (call.claim?.fingerprint !== claim.fingerprint) return { outcome: 'mismatch', call }
  switch (call.state) {
    case 'claimed':
    case 'dispatched':
      return { outcome: 'in_progress', call, retryAtMs: call.deadlineMs }
    case 'unknown':
      return { outcome: redispatch ? 'take_over' : 'unknown', call }
    case 'done':
      return call.answer === undefined ? { outcome: 'unknown', call } : { outcome: 'replay', answer: call.answer, call }
  }
}

export function dispatchCall(call: CallRecord): CallRecord {
  return { ...call, state: 'dispatched' }
}

/** Whether the call may have reached the upstream, in this run or in one before it. Then a release before the dispatch does not prove that nothing was done. */
export function mayHaveRun(call: CallRecord): boolean {
  return call.state !== 'claimed' || call.fence > 1
}

/**
 * What the call may cost at most, in whole units: what is held of balances, otherwise what is counted of it. Undefined: no money.
 *
 * @example
 * heldMoney({ holds: [{ units: 60, scale: 2 }] }) // { units: 60, scale: 2 }
 */
export function heldMoney({ holds, counts = [] }: Pick<CallRecord, 'counts'> & { readonly holds: readonly Pick<CallHold, 'units' | 'scale'>[] }): { readonly units: number; readonly scale: number } | undefined {
  const [hold] = holds
  if (hold !== undefined) return { units: holds.reduce((total, { units }) => total + units, 0), scale: hold.scale }
  const [count] = counts
  // Every meter counts the same price, in as many parts as the call was taken over.
  return count && { units: counts.reduce((total, { name, cost }) => (name === count.name ? total + cost : total), 0), scale: count.scale }
}

/** Only calls with a key keep an answer. */
export function suspendCall(call: CallRecord, answer: StoredAnswer | undefined): CallRecord {
  return { ...call, state: 'unknown', answer: (call.claim && answer) ?? call.answer }
}

/** A key keeps its last answer only. A call without a key keeps none. */
export function finishCall(
  call: CallRecord,
  end: { readonly chargedUnits: number; readonly shortUnits: number; readonly answer: StoredAnswer | undefined; readonly by: EndedBy; readonly nowMs: number },
): CallRecord {
  const { id, accountId, keyId, deadlineMs, onExpiry, fence, claim, createdAtMs, holds, counts = [] } = call
  return {
    id,
    accountId,
    keyId,
    deadlineMs,
    onExpiry,
    state: 'done',
    fence,
    claim,
    holds: none,
    counts: undefined,
    reserved: undefined,
    countedScale: holds.length === 0 ? counts[0]?.scale : undefined,
    leases: none,
    admissions: undefined,
    bound: undefined,
    chargedUnits: end.chargedUnits,
    answer: claim && end.answer,
    createdAtMs,
    ended: { atMs: end.nowMs, by: end.by, shortUnits: end.shortUnits > 0 ? end.shortUnits : undefined, keptUntilMs: claim?.keptUntilMs ?? end.nowMs + UNKEYED_KEPT_MS },
  }
}
