/** Which entries of a contract may answer a probe. */
import type { Contract, Entry, Facts, ServerReason } from 'tollgate/contract'
import type { Expected } from './probe.ts'

/** Where the wire cannot tell entries apart, the one that is read speaks for the others. */
export function asRead(contract: Contract, entry: string): string {
  const { entries } = contract.loss
  return Object.hasOwn(entries, entry) ? (entries[entry] ?? entry) : entry
}

/** Those that are read as this one: it may have been any of them. */
export function alikeOnWire(contract: Contract, entry: Entry): readonly Entry[] {
  return [entry, ...[...contract.entries.values()].filter(({ id }) => id !== entry.id && asRead(contract, id) === entry.id)]
}

export function refusalBy(contract: Contract, entries: readonly string[], field?: string): Expected {
  return { kind: 'refusal', entries: [...new Set(entries.map((entry) => asRead(contract, entry)))], field }
}

/** The entry that the contract itself chooses, for what is known of the request. */
export function chosen(contract: Contract, reason: ServerReason, facts: Facts = {}): Expected {
  return refusalBy(contract, [contract.entryFor(reason, facts).id], facts.field)
}

/** Where more than one reason is right, or where nobody outside can know by which facts an entry is chosen: all that may speak for them. */
export function anyFor(contract: Contract, reasons: readonly ServerReason[]): Expected {
  const own = [...contract.entries.values()].filter(({ reason }) => (reasons as readonly string[]).includes(reason)).map(({ id }) => id)
  return refusalBy(contract, [...own, ...reasons.map((reason) => contract.entryFor(reason, {}).id)])
}
