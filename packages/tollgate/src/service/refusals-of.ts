/** What a service may say no with, as a table that its contract makes: one function for each entry, which takes the details of that entry and no others. */
import type { Contract } from '../contract/declare/contract.ts'
import { factFaults } from '../contract/declare/fact-faults.ts'
import { gatewaysOwn } from '../contract/declare/gateways-own.ts'
import type { EntryId, SaidDetailsOf } from '../contract/declare/inferred.ts'
import { matchesReason, type ReasonPattern } from '../contract/declare/reason.ts'
import { RefusalError } from '../contract/declare/refusal-error.ts'
import { refusal, type ProblemAnswer } from './answer.ts'

/** What a service may say beyond what is its own. */
export interface RefusalsOptions<May extends string = string> {
  /** As `may` of the gateway's configuration: ids of entries, reasons and families of them (`quota.*`) that are the gateway's own otherwise. */
  readonly may?: readonly May[]
}

/** For whoever asks the service past the gateway, which leaves them out; without an `issue`, `detail` is that. */
interface Aside {
  readonly title?: string
  readonly detail?: string
}

type Reasons<C extends Contract, Id extends EntryId<C>> = C['declaration']['entries'][Id]['reason']

/** A pattern of reasons, as the text of a template: `quota.*` covers `quota.exhausted`. */
type Covers<Pattern extends string> = Pattern extends `${infer Family}.*` ? `${Family}.${string}` : Pattern

type MaySay<C extends Contract, May extends string> = {
  [Id in EntryId<C>]: Reasons<C, Id> extends Covers<(typeof gatewaysOwn)[number]> ? (Id extends May ? Id : Reasons<C, Id> extends Covers<May> ? Id : never) : Id
}[EntryId<C>]

/** By the ids of the entries. The answer has the entry's own status, for whoever asks the service past the gateway. */
export type Refusals<C extends Contract, May extends string = never> = {
  readonly [Id in MaySay<C, May>]: (...told: {} extends SaidDetailsOf<C, Id> ? [details?: SaidDetailsOf<C, Id> & Aside] : [details: SaidDetailsOf<C, Id> & Aside]) => ProblemAnswer
}

/**
 * The table of what a service may say no with: one function for each entry of its contract, which takes the details of that entry under the API's own
 * names. The compiler knows entries and details; as it runs, a `RefusalError` names the entry and the detail at fault. Where the table is exported, give
 * it its type: `Refusals<typeof shop>`.
 *
 * @example
 * import { nexalayer } from 'tollgate/catalog'
 * const no = refusalsOf(nexalayer)
 * no.productNotFound({ product_no: 'P-9' }).status // => 404
 * no.productNotFound({ product_no: 'P-9' }).body // => '{"product_no":"P-9","status":404,"entry":"productNotFound"}'
 */
export function refusalsOf<C extends Contract, const May extends EntryId<C> | ReasonPattern = never>(contract: C, options: RefusalsOptions<May> = {}): Refusals<C, May> {
  const may: readonly string[] = options.may ?? []
  // Without a prototype: no contract has an entry "constructor" unless it declares one.
  const table = Object.create(null) as { [id: string]: (details?: { readonly [name: string]: unknown } & Aside) => ProblemAnswer }
  for (const entry of contract.entries.values()) {
    const { id, reason, status } = entry
    const isGateways = gatewaysOwn.some((pattern) => matchesReason(pattern, reason)) && !may.some((name) => name === id || matchesReason(name as ReasonPattern, reason))
    table[id] = (details = {}) => {
      const { title: _, detail: __, ...own } = details
      const faults = isGateways ? [`${reason} is the gateway's own to say; if the service is to, list "${id}" under \`may\`, here and in the configuration`] : factFaults(entry, contract.detailsOf(id), own, 'detail')
      if (faults.length > 0) throw new RefusalError(contract.name, id, faults)
      return refusal(id, details, status)
    }
  }
  // One function for each entry, as the type says; what an entry's takes is held against it above.
  return table as unknown as Refusals<C, May>
}
