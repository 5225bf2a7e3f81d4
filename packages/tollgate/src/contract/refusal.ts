import type { Facts } from './facts.ts'
import type { Reason } from './reason.ts'

/** Who refused or failed. */
export type Source = 'client' | 'api' | 'upstream' | 'network'

/**
 * A refusal is a value: deciding never throws. `facts` may reach the caller; `cause` never does, it is for the operator's log.
 * Which entry of a contract speaks for it follows from `reason` and `facts`, unless `entry` names one (a service may).
 */
export interface Refusal {
  readonly reason: Reason
  readonly facts: Facts
  readonly source: Source
  readonly entry?: string
  /** The sentence of a service that has refused in the contract's own envelope, in place of the entry's. */
  readonly said?: string
  readonly cause?: unknown
}

export interface RefusalOptions {
  readonly source?: Source
  readonly entry?: string
  readonly said?: string
  readonly cause?: unknown
}

export function refuse(reason: Reason, facts: Facts = {}, options: RefusalOptions = {}): Refusal {
  return { source: 'api', ...options, reason, facts }
}
