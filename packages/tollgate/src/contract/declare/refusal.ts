import type { Facts } from './facts.ts'
import type { Reason } from './reason.ts'

export const sources = ['api', 'upstream', 'client', 'network'] as const
/** Who refused or failed. */
export type Source = (typeof sources)[number]

/**
 * A refusal is a value: deciding never throws. `facts` may reach the caller; `cause` never does, it is for the operator's log.
 * Which entry of a contract speaks for it follows from `reason` and `facts`, unless `entry` names one (a service may).
 */
export interface Refusal {
  /** Tells it from what is found, answered or let through where it was not refused. */
  readonly kind: 'refused'
  readonly reason: Reason
  readonly facts: Facts
  readonly source: Source
  readonly entry?: string | undefined
  /** The sentence of a service that has refused in the contract's own envelope, in place of the entry's. */
  readonly said?: string | undefined
  /** The code of such a service, where the entry is read by others than its own. */
  readonly code?: string | number | undefined
  readonly cause?: unknown
}

/** What a refusal may say beside its facts. The `cause` goes to the log and never to a caller. */
export interface RefusalOptions {
  readonly source?: Source
  readonly entry?: string | undefined
  readonly said?: string | undefined
  readonly code?: string | number | undefined
  readonly cause?: unknown
}

/**
 * A refusal by its reason: the contract chooses the entry that speaks for it. `Contract.refuse` names the entry, and has its facts checked. The source is
 * `api` unless it is said.
 *
 * @example
 * const { entry, reason, facts } = refuse('rate.limited', { limit: 5, used: 5, retryAfterMs: 1_500 }, { source: 'client', cause: 'for the log alone' })
 * facts.retryAfterMs // => 1_500
 */
export function refuse(reason: Reason, facts: Facts = {}, options: RefusalOptions = {}): Refusal {
  const { source = 'api', entry, said, code, cause } = options
  return { kind: 'refused', reason, facts, source, entry, said, code, cause }
}
