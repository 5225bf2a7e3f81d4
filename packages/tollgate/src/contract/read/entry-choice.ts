/** Which entry speaks: from the reason when refusing, from the wire when reading. */
import type { Entry } from '../declare/contract.ts'
import type { Facts, JsonValue } from '../declare/facts.ts'
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

/** What the wire says of an entry. */
export interface EntryEvidence {
  readonly code: string | number | undefined
  /** Undefined where the status says nothing: mid-stream, or in a dialect that always answers with one status. */
  readonly status: number | undefined
  readonly family: string | undefined
  /** Attributes and details by name. */
  value(name: string): JsonValue | undefined
}

export interface WireEntryChoice {
  (evidence: EntryEvidence): Entry | undefined
}

/**
 * The code decides, whatever else the wire says: `"10105"` is 10105. Where it leaves several, family, status and attributes narrow the choice as far
 * as they can, and the primary of the rest is read, otherwise the first. Without a code family, status and attributes must all fit, and an entry is only
 * believed if its family never shows codes, or if it is sent without one, or an attribute names it.
 */
export function createWireEntryChoice(entries: readonly Entry[], showsCode: (family: string | undefined) => boolean): WireEntryChoice {
  const byCode = new Map<string, Entry[]>()
  for (const entry of entries) byCode.set(String(entry.code), [...(byCode.get(String(entry.code)) ?? []), entry])
  return (evidence) => {
    if (evidence.code !== undefined) {
      let left: readonly Entry[] = byCode.get(String(evidence.code)) ?? []
      left = narrow(left, (entry) => entry.family === evidence.family)
      left = narrow(left, (entry) => evidence.status === undefined || entry.status === evidence.status)
      return bestByAttributes(narrow(left, (entry) => countAttributes(entry, evidence) >= 0), evidence)
    }
    const ofFamily = entries.filter((entry) => entry.family === evidence.family)
    const codeless = showsCode(evidence.family) ? ofFamily.filter(({ code }) => code === '') : ofFamily
    const mustBeNamed = codeless.length === 0
    const left = (mustBeNamed ? ofFamily : codeless).filter(
      (entry) =>
        (evidence.status === undefined || entry.status === evidence.status) &&
        countAttributes(entry, evidence) >= (mustBeNamed ? 1 : 0),
    )
    return bestByAttributes(left, evidence)
  }
}

/** The entries that fit, or all of them when none does. */
function narrow(entries: readonly Entry[], fits: (entry: Entry) => boolean): readonly Entry[] {
  if (entries.length < 2) return entries
  const fitting = entries.filter(fits)
  return fitting.length === 0 ? entries : fitting
}

function bestByAttributes(entries: readonly Entry[], evidence: EntryEvidence): Entry | undefined {
  if (entries.length < 2) return entries[0]
  const most = Math.max(...entries.map((entry) => countAttributes(entry, evidence)))
  const best = entries.filter((entry) => countAttributes(entry, evidence) === most)
  return best.find((entry) => entry.primary === true) ?? best[0]
}

/** How many attributes stand on the wire as declared; −1 when one contradicts. */
function countAttributes(entry: Entry, evidence: EntryEvidence): number {
  let matching = 0
  for (const [name, expected] of Object.entries(entry.attributes ?? {})) {
    const value = evidence.value(name)
    if (value === undefined) continue
    if (value !== expected) return -1
    matching++
  }
  return matching
}
