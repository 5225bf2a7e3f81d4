/**
 * Which refusals a service may make its own: all but the gateway's, and those where the API or the route lists them. A dialect of others knows our account
 * and not the caller's, so there its rights count too.
 */
import type { Contract } from '../../contract/declare/contract.ts'
import { gatewaysOwn } from '../../contract/declare/gateways-own.ts'
import { matchesReason, reasonFamilies, serverReasons, type Reason, type ReasonPattern } from '../../contract/declare/reason.ts'

const ofOurAccount: readonly ReasonPattern[] = ['permission.*', 'account.*']

export interface SaidEntry {
  readonly reason: Reason
  /** The id of the API's entry. */
  readonly entry: string
}

/** `may`: ids of entries, reasons, and families of them (`quota.*`). */
export function maySay({ reason, entry }: SaidEntry, may: readonly string[], isForeign: boolean): boolean {
  const withheld = isForeign ? [...gatewaysOwn, ...ofOurAccount] : gatewaysOwn
  return !withheld.some((pattern) => matchesReason(pattern, reason)) || isNamed({ reason, entry }, may)
}

/** Whether one of these is its entry, its reason, or the family of that. */
export function isNamed({ reason, entry }: SaidEntry, names: readonly string[]): boolean {
  return names.some((name) => name === entry || matchesReason(name as ReasonPattern, reason))
}

/**
 * By what refusals can be named, in `may` and in `chargeOn`: the entries of the contract, every reason, every family.
 *
 * @example
 * const isKnown = namesOfRefusals(contract).includes('quota.*')
 */
export function namesOfRefusals(contract: Contract): readonly string[] {
  return [...new Set([...contract.entries.keys(), ...serverReasons, ...reasonFamilies])]
}

/**
 * Whether a service can refuse with anything of this name.
 *
 * @example
 * const isTheGateways = !isSayable(contract, 'quota.*', [], false)
 */
export function isSayable(contract: Contract, name: string, may: readonly string[], isForeign: boolean): boolean {
  const ofReasons = serverReasons.map((reason): SaidEntry => ({ reason, entry: contract.entryFor(reason, {}).id }))
  const ofEntries = [...contract.entries.values()].map(({ id, reason }): SaidEntry => ({ reason, entry: id }))
  return [...ofReasons, ...ofEntries].some((said) => isNamed(said, [name]) && maySay(said, may, isForeign))
}
