/** How a call that holds something ends, as far as its outcome says. Pure: nothing is settled here. */
import { parseMoney } from '../../contract/values/money.ts'
import type { UsedUnits } from '../../engine/calls/call-record.ts'
import type { UpstreamFailure } from '../call.ts'
import { headerValues } from '../headers.ts'
import { costsAsRefusal, costsByStatus, type Costing } from '../way-out/costing.ts'
import type { SaidEntry } from '../way-out/may-say.ts'
import { hasStatus, successes } from '../way-out/status-set.ts'
import type { IdempotencyOptions } from '../steps/step-options.ts'

/** What a service says of its price. */
const PRICE_HEADER = 'tollgate-price'

export type SaidPrice =
  | { readonly kind: 'none' }
  /** It follows through the call API. */
  | { readonly kind: 'later' }
  | { readonly kind: 'units'; readonly units: number }
  | { readonly kind: 'unreadable'; readonly text: string }

export function saidPrice(headers: readonly string[], scale: number): SaidPrice {
  const said = headerValues(headers, PRICE_HEADER)
  if (said.length === 0) return { kind: 'none' }
  const text = said.join(', ').trim()
  if (text === 'later') return { kind: 'later' }
  const units = parseMoney(text, scale)
  return units === undefined ? { kind: 'unreadable', text: text.slice(0, 64) } : { kind: 'units', units }
}

export type CallEnd =
  /** `chargeUnits` undefined: all that is held. */
  | { readonly outcome: 'done'; readonly chargeUnits?: number; readonly used?: UsedUnits; readonly reason: string }
  | { readonly outcome: 'released'; readonly reason: string }
  | { readonly outcome: 'unknown'; readonly used?: UsedUnits; readonly reason: string }

/** With what is known of that which it reserved; of what is released all is given back. */
export function withUsed(end: CallEnd, used: UsedUnits): CallEnd {
  return end.outcome === 'released' || Object.keys(used).length === 0 ? end : { ...end, used }
}

/** Whether money is taken by it. */
export function isCharge(end: CallEnd): boolean {
  return end.outcome === 'done' && end.chargeUnits !== 0
}

/** What an answer's status says. Which cost is its route's to declare. */
export interface AnswerHead {
  readonly status: number
  readonly costing: Costing
}

const costs = ({ status, costing }: AnswerHead): boolean => costsByStatus(costing, status)

/**
 * An answer that goes through to the caller. One that costs is charged what its service says; otherwise what the answer says was used, otherwise all that is held. A price
 * that is said is charged whatever the status.
 */
export function decideEndOfAnswer(head: AnswerHead, price: SaidPrice, usageUnits: number | undefined): CallEnd {
  switch (price.kind) {
    case 'later':
      return { outcome: 'unknown', reason: 'price later' }
    case 'units':
      return { outcome: 'done', chargeUnits: price.units, reason: 'price' }
    default:
      if (!costs(head)) return { outcome: 'released', reason: `status ${head.status}` }
      return usageUnits === undefined ? { outcome: 'done', reason: 'request' } : { outcome: 'done', chargeUnits: usageUnits, reason: 'usage' }
  }
}

/**
 * An answer that broke off after its head. What was delivered is charged where that can be told, or where it was not the service that ended it: the caller did not
 * want the rest, or might not have it; otherwise nobody knows what became of the work.
 */
export function decideEndOfBreak(head: AnswerHead, price: SaidPrice, deliveredUnits: number | undefined, failure: UpstreamFailure): CallEnd {
  const isOurs = failure.kind === 'client_gone' || failure.kind === 'withdrawn'
  const isSettled = isOurs || (costs(head) && (price.kind === 'units' || deliveredUnits !== undefined))
  return isSettled || price.kind === 'later' ? decideEndOfAnswer(head, price, deliveredUnits) : { outcome: 'unknown', reason: `broken: ${failure.kind}` }
}

/** No answer at all: released where the upstream cannot have acted on the request. */
export function decideEndOfFailure(failure: UpstreamFailure): CallEnd {
  const { kind } = failure
  const cannotHaveActed =
    kind === 'refused' || kind === 'request_body' || (kind === 'timeout' && failure.phase === 'connect') || (kind === 'client_gone' && failure.sent === false)
  return { outcome: cannotHaveActed ? 'released' : 'unknown', reason: `failed: ${kind}` }
}

/** What a service said no with, as the API's contract has it. */
export interface SaidRefusal extends SaidEntry {
  /** Said by the service, and not made by the gateway out of what it could not take for what it says. */
  readonly isSaid: boolean
}

/** Whether it costs where it says no price itself. */
export function costsUnsaid(said: SaidRefusal, costing: Costing): boolean {
  return said.isSaid && costsAsRefusal(costing, said)
}

/**
 * An upstream that refuses has done nothing, unless it says a price, or its route says that such refusals cost; one whose own deadline passed, or that says
 * that it still may act, has not said.
 */
export function decideEndOfRefusal(said: SaidRefusal, price: SaidPrice, costing: Costing, usageUnits: number | undefined): CallEnd {
  const reason = `refused: ${said.reason}`
  if (price.kind === 'later') return { outcome: 'unknown', reason }
  if (price.kind === 'units') return price.units === 0 ? { outcome: 'released', reason } : { outcome: 'done', chargeUnits: price.units, reason }
  if (costsUnsaid(said, costing)) return usageUnits === undefined ? { outcome: 'done', reason } : { outcome: 'done', chargeUnits: usageUnits, reason }
  return { outcome: said.reason === 'upstream.timeout' ? 'unknown' : 'released', reason }
}

/** Whether an answer of this status is kept for the key. */
export function isKept(status: number, { storeStatuses = successes }: IdempotencyOptions): boolean {
  return hasStatus(storeStatuses, status)
}
