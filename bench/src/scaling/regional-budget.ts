/**
 * One budget of an account that several regions spend. Each region has a part of it, taken from the account's home in advance; what is asked of the home costs a round trip between
 * regions. Nobody can spend what was not given, so the budget is never passed; what may happen is that a region refuses while another still has some.
 */
import { createRandom } from '../soak/random.ts'

export type BudgetWay =
  /** Each call asks the home. */
  | { readonly kind: 'home' }
  /** Each region has its fixed part. */
  | { readonly kind: 'fixed' }
  /** A region takes this share of what is left at the home when its part is used up; before it refuses, others are asked to give back what they hold. */
  | { readonly kind: 'lent'; readonly share: number; readonly recalls: boolean }

export interface BudgetOptions {
  readonly way: BudgetWay
  readonly regions: number
  readonly budget: number
  /** Of all regions, by chance more than the budget. */
  readonly calls: number
  readonly seed: number
}

export interface BudgetResult {
  readonly admitted: number
  /** Refused though somewhere was budget left. */
  readonly refusedTooEarly: number
  /** Of a thousand admitted calls so many waited for another region. */
  readonly remotePerThousand: number
}

/** The first region is the home. */
export function simulateBudget({ way, regions, budget, calls, seed }: BudgetOptions): BudgetResult {
  const random = createRandom(seed)
  const part = Math.floor(budget / regions)
  let home = way.kind === 'fixed' ? budget - part * regions : budget
  const held = Array.from({ length: regions }, () => (way.kind === 'fixed' ? part : 0))
  const weights = Array.from({ length: regions }, () => 1)
  let [admitted, refusedTooEarly, remote, waited] = [0, 0, 0, 0]

  for (let call = 0; call < calls; call += 1) {
    // Where calls come from drifts, as days go around the world.
    if (call % 100 === 0) for (let at = 0; at < regions; at += 1) weights[at] = Math.min(20, Math.max(0.05, (weights[at] ?? 1) * Math.exp((random() - 0.5) * 1.2)))
    const region = choose(weights, random)
    const asked = remote
    if (take(region)) {
      admitted += 1
      waited += remote - asked
    } else if (home + held.reduce((sum, each) => sum + each, 0) > 0) refusedTooEarly += 1
  }
  return { admitted, refusedTooEarly, remotePerThousand: (waited / admitted) * 1_000 }

  function take(region: number): boolean {
    if (way.kind === 'home' || (region === 0 && way.kind === 'lent')) {
      if (region !== 0) remote += 1
      return spendAtHome() || (way.kind === 'lent' && way.recalls && recall() && spendAtHome())
    }
    if ((held[region] ?? 0) > 0) return spend(region)
    if (way.kind === 'fixed') return false
    remote += 1
    if (home === 0 && way.recalls) recall()
    const lent = Math.min(home, Math.max(1, Math.floor(home * way.share)))
    home -= lent
    held[region] = lent
    return lent > 0 && spend(region)
  }

  function spend(region: number): boolean {
    held[region] = (held[region] ?? 0) - 1
    return true
  }

  function spendAtHome(): boolean {
    if (home === 0) return false
    home -= 1
    return true
  }

  /** All give back what they hold: one round trip, to all at once. */
  function recall(): boolean {
    const back = held.reduce((sum, each) => sum + each, 0)
    if (back === 0) return false
    remote += 1
    held.fill(0)
    home += back
    return true
  }
}

function choose(weights: readonly number[], random: () => number): number {
  let left = random() * weights.reduce((sum, weight) => sum + weight, 0)
  for (const [at, weight] of weights.entries()) {
    left -= weight
    if (left < 0) return at
  }
  return weights.length - 1
}
