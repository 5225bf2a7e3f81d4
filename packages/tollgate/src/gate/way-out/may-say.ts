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
  return !withheld.some((pattern) => matchesReason(pattern, reason)) || may.some((name) => name === entry || matchesReason(name as ReasonPattern, reason))
}

/**
 * What `may` can list: the entries of the contract, every reason, every family.
 *
 * @example
 * const isKnown = namesForMay(contract).includes('quota.*')
 */
export function namesForMay(contract: Contract): readonly string[] {
  return [...new Set([...contract.entries.keys(), ...serverReasons, ...reasonFamilies])]
}
