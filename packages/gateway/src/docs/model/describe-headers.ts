/** The headers of an example, each with what it says. */
import type { Contract, ContractDeclaration, Entry, Facts, ShownLimit } from 'tollgate/contract'
import { headerSets } from 'tollgate/contract'
import type { DescribedHeader } from './described-contract.ts'
import { headerWords } from './words/fact-words.ts'

const MINUTE_MS = 60_000

/** Before anybody is known nothing is counted. */
const UNKNOWN_CALLER = /^(?:credential|token|account|route|method|capacity|service)\./

/** The limits that the rate headers of an example tell. */
export function exampleLimits({ declaration: { rateLimitHeaders } }: Contract, { reason }: Entry, { limit: told, resetAtMs, windowMs = MINUTE_MS }: Facts): readonly ShownLimit[] | undefined {
  if (rateLimitHeaders === undefined || UNKNOWN_CALLER.test(reason)) return undefined
  const isReached = /^(?:rate|quota)\./.test(reason)
  const limit = isReached && typeof told === 'number' ? told : 60
  const reset: Pick<ShownLimit, 'resetAtMs'> = isReached && typeof resetAtMs === 'number' ? { resetAtMs } : {}
  return headerSets(rateLimitHeaders).map(({ of }) => ({ name: of ?? 'requests', of, limit, used: isReached ? limit : 18, remaining: isReached ? 0 : limit - 18, windowMs, ...reset }))
}

export function describeHeaders(contract: Contract, entry: Entry, flat: readonly string[]): readonly DescribedHeader[] {
  const meanings = ownMeanings(contract.declaration, contract.requestIdHeader)
  return pairsOf(flat).map(([name, value]) => ({ name, value, meaning: meanings.get(name.toLowerCase()) ?? headerWords(name) ?? (isOf(entry, name) ? 'A header of this refusal alone.' : '') }))
}

/** The rate headers as every answer has them. */
export function describeRateHeaders(contract: Contract, nowMs: number): readonly DescribedHeader[] {
  const sets = headerSets(contract.declaration.rateLimitHeaders)
  const limits = sets.map(({ of }): ShownLimit => ({ name: of ?? 'requests', of, limit: 60, used: 18, remaining: 42, resetAtMs: nowMs + MINUTE_MS / 2, windowMs: MINUTE_MS }))
  const meanings = ownMeanings(contract.declaration, contract.requestIdHeader)
  return pairsOf(contract.rateLimitHeaders(limits, nowMs)).map(([name, value]) => ({ name, value, meaning: meanings.get(name.toLowerCase()) ?? headerWords(name) ?? '' }))
}

export function pairsOf(flat: readonly string[]): readonly (readonly [name: string, value: string])[] {
  return flat.flatMap((name, at) => (at % 2 === 0 ? [[name, flat[at + 1] ?? ''] as const] : []))
}

function isOf({ headers = {} }: Entry, name: string): boolean {
  return Object.keys(headers).some((each) => each.toLowerCase() === name.toLowerCase())
}

const resetWords: { readonly [unit: string]: string } = {
  unix: 'as seconds since 1970 (a Unix timestamp)',
  'unix-ms': 'as milliseconds since 1970',
  seconds: 'in seconds from now',
  ms: 'in milliseconds from now',
  duration: 'as a duration from now, such as 6m0s',
  date: 'as a date of HTTP',
  timestamp: 'as RFC 3339 writes it',
}

/** By name, in lower case: what the contract itself says of them. */
function ownMeanings({ rateLimitHeaders, headers = {} }: ContractDeclaration, requestIdHeader: string): ReadonlyMap<string, string> {
  const meanings = new Map([[requestIdHeader.toLowerCase(), 'The id of this request, for support.']])
  for (const [name, value] of Object.entries(headers)) meanings.set(name.toLowerCase(), `On every refusal: \`${value}\`.`)
  for (const { of, limit, used, remaining, reset, resetUnit } of headerSets(rateLimitHeaders)) {
    const what = of ?? 'requests'
    if (limit !== undefined) meanings.set(limit.toLowerCase(), `How many ${what} a window takes at most.`)
    if (used !== undefined) meanings.set(used.toLowerCase(), `How many ${what} of the window are used.`)
    if (remaining !== undefined) meanings.set(remaining.toLowerCase(), `How many ${what} are left in the window.`)
    if (reset !== undefined) meanings.set(reset.toLowerCase(), `When the window is reset, ${resetWords[resetUnit ?? ''] ?? ''}.`)
  }
  return meanings
}
