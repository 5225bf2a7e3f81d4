/** Which entry speaks for a reason. What an answer says is found in `wire-entry-choice.ts`. */
import type { Entry } from '../declare/contract.ts'
import type { Facts } from '../declare/facts.ts'
import { matchesReason, serverReasons, type Reason, type ServerReason } from '../declare/reason.ts'

/**
 * The entries that may answer a reason, best first: those that have it as their own, those that name it in `alsoFor`, those whose wildcard covers it.
 * Within each, refined entries (`when`) come before the plain ones; otherwise the declared order holds.
 */
export function entriesForReason(entries: readonly Entry[], reason: ServerReason): readonly Entry[] {
  const own = entries.filter((entry) => entry.reason === reason)
  const named = entries.filter((entry) => entry.reason !== reason && entry.alsoFor?.includes(reason) === true)
  const covering = entries.filter(
    (entry) => !own.includes(entry) && !named.includes(entry) && entry.alsoFor?.some((pattern) => matchesReason(pattern, reason)) === true,
  )
  return [own, named, covering].flatMap((tier) => [...tier.filter((entry) => entry.when !== undefined), ...tier.filter((entry) => entry.when === undefined)])
}

/** Total for a checked contract. A reason that only callers have, and a dialect that is only read, fall back to `internal`, then to the first entry. */
export function createEntryChoice(entries: readonly Entry[], first: Entry): (reason: Reason, facts: Facts) => Entry {
  const chains = new Map<Reason, readonly Entry[]>(serverReasons.map((reason) => [reason, entriesForReason(entries, reason)]))
  const choose = (reason: Reason, facts: Facts): Entry | undefined => chains.get(reason)?.find((entry) => isRefinedTo(entry, facts))
  return (reason, facts) => choose(reason, facts) ?? choose('internal', facts) ?? first
}

function isRefinedTo({ when }: Entry, facts: Facts): boolean {
  if (when === undefined) return true
  for (const name in when) {
    const wanted = when[name]
    const fact = Object.hasOwn(facts, name) ? facts[name] : undefined
    if (Array.isArray(wanted) ? !wanted.includes(fact) : fact !== wanted) return false
  }
  return true
}
