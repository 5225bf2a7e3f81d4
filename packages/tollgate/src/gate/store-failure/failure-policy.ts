/**
 * What becomes of a call while the store does not answer, declared for each class of what is asked of it. Pure: nothing is asked or counted here.
 *
 * `refuse`: nobody is let in. `allowLocally`: counted in this gateway alone, up to its share of the limit. `allow`: let in, and not counted at all.
 */
import type { MeterClass } from '../../engine/kinds/meter-kind.ts'
import { kindOf } from '../../engine/kinds/kinds.ts'
import type { Take } from '../../engine/meters/meter.ts'

/** What becomes of a call that the store cannot be asked about. */
export type OnStoreFailure = 'refuse' | 'allowLocally' | 'allow'

/**
 * By class of meters. Money has no share that could be kept locally: two gateways would spend the same. Idempotency keys are of its class.
 *
 * @example
 * const policy: StoreFailurePolicy = { money: 'refuse', quotas: 'refuse', slots: 'allowLocally', windows: 'allowLocally', patienceMs: 1_000, gateways: () => 4 }
 */
export interface StoreFailurePolicy {
  /** Balances, spending, sessions, stock, idempotency keys. `allow`: such calls cost nothing meanwhile, and a key is kept by this gateway alone. */
  readonly money: 'refuse' | 'allow'
  readonly quotas: OnStoreFailure
  readonly slots: OnStoreFailure
  readonly windows: OnStoreFailure
  /** How long a count is waited for before it counts as not answered. Money is waited for as long as the store takes. */
  readonly patienceMs: number
  /** How many gateways share the limits, this one among them: each has so much of them. */
  readonly gateways: () => number
}

/** What a stage comes to without the store. */
export type FailureDecision =
  /** `because`: the first class that is not let pass. */
  | { readonly kind: 'refuse'; readonly because: MeterClass }
  /** `counted`: with this gateway's share as their limit. The others are let pass. */
  | { readonly kind: 'goOn'; readonly counted: readonly Take[] }

/**
 * Decides a stage that the store has not answered: refused as a whole where one of its meters must be, since a stage takes all or nothing.
 *
 * @example
 * const take = { subject: 'account:acme', name: 'burst', meter: { kind: 'window', windowMs: 60_000 }, limit: 20, cost: 1 } as const
 * decideOnFailure([take], { money: 'refuse', quotas: 'refuse', slots: 'refuse', windows: 'allowLocally', patienceMs: 1_000, gateways: () => 4 })
 * // => { kind: 'goOn', counted: [{ ...take, limit: 5 }] }
 */
export function decideOnFailure(takes: readonly Take[], policy: StoreFailurePolicy): FailureDecision {
  const counted: Take[] = []
  for (const take of takes) {
    const of = classOf(take)
    const onFailure = policy[of]
    if (onFailure === 'refuse') return { kind: 'refuse', because: of }
    if (onFailure === 'allowLocally') counted.push({ ...take, limit: shareOf(take, policy.gateways()) })
  }
  return { kind: 'goOn', counted }
}

/** Whether a failure would refuse none of them: asked of each admission, before anything fails. */
export function goesOn(takes: readonly Take[], policy: StoreFailurePolicy): boolean {
  return takes.every((take) => policy[classOf(take)] !== 'refuse')
}

/** Whether the whole policy is to refuse: then nothing need stand around a store. */
export function refusesAll({ money, quotas, slots, windows }: StoreFailurePolicy): boolean {
  return [money, quotas, slots, windows].every((each) => each === 'refuse')
}

export function classOf({ meter }: Pick<Take, 'meter'>): MeterClass {
  return kindOf(meter).classOf(meter)
}

/** In words, for these classes. */
export function describePolicy(policy: StoreFailurePolicy, classes: readonly MeterClass[]): string {
  const parts = [
    ['allowLocally', `counted by this gateway alone, up to 1/${policy.gateways()} of each limit`],
    ['allow', 'not counted'],
    ['refuse', 'refused'],
  ] as const
  return parts
    .flatMap(([onFailure, words]) => {
      const named = classes.filter((each) => policy[each] === onFailure)
      return named.length === 0 ? [] : [`${named.join(' and ')} ${named.join() === 'money' ? 'is' : 'are'} ${words}`]
    })
    .join(', ')
}

/**
 * An equal part, rounded down, so that all together admit no more than the limit. One call that fits into the whole limit fits into a share too: otherwise large calls
 * would be refused for as long as the failure lasts.
 */
function shareOf({ limit, cost }: Take, gateways: number): number {
  return Math.max(Math.floor(limit / Math.max(1, gateways)), Math.min(limit, Math.max(1, cost)))
}
