/**
 * The headers of every refusal. One that the protocol needs, or that stands there already, would break the answer: each name is written once, in
 * whatever case. Only a header of an entry may stand in for one of the contract, and its challenge for `authenticate`.
 */
import { checkHeaderValue } from './check-entry.ts'
import { checkHeaderSlot } from './check-envelope.ts'
import type { ContractProblem } from './contract-error.ts'
import { resetUnits, type ContractDeclaration, type EntryDeclaration, type RateLimitHeadersDeclaration } from '../declare/declaration.ts'
import { headerSets, rateLimitHeaderNames } from '../values/rate-limit-headers.ts'
import { isToken } from '../write/header-value.ts'
import { challengeHeaders, ownedHeaders, reservedHeaders } from '../write/http-duties.ts'
import { parseMessage, placeholdersOf } from '../write/message.ts'
import { REQUEST_ID_HEADER } from '../values/request-id-header.ts'

type Report = (problem: ContractProblem) => void
type Entries = readonly (readonly [string, EntryDeclaration])[]

/** `entries` are those whose headers have the right shape. */
export function checkHeaders(declaration: Partial<ContractDeclaration>, entries: Entries, isIntact: (path: string) => boolean, report: Report): void {
  const { authenticate, headers = {}, rateLimitHeaders, requestId, decodeOnly, idempotencyKey } = declaration
  if (isIntact('authenticate') && authenticate !== undefined) checkHeaderValue(authenticate, 'authenticate', report)
  if (authenticate === undefined && decodeOnly !== true) checkChallenges(entries, report)

  const taken = new Map<string, string>(declaration.language === undefined ? [] : [['content-language', 'language']])
  if (isIntact('requestId')) {
    checkOnce(requestId?.header ?? REQUEST_ID_HEADER, 'requestId.header', taken, report)
    if (requestId?.prefix !== undefined) checkHeaderValue(requestId.prefix, 'requestId.prefix', report)
  }
  if (isIntact('rateLimitHeaders') && rateLimitHeaders !== undefined) {
    checkRateLimits(rateLimitHeaders, taken, report)
  }
  if (isIntact('idempotencyKey') && idempotencyKey !== undefined && !isToken(idempotencyKey)) {
    report({ path: 'idempotencyKey', value: idempotencyKey, problem: 'is not the name of a header', mend: 'write the name alone: Idempotency-Key' })
  }
  for (const [id, entry] of entries) {
    const names = Object.keys(entry.headers ?? {})
    checkNames(names, `entries.${id}.headers`, new Map(taken), report, ownedHeaders.get(entry.status))
    if (decodeOnly !== true) checkUpgrade(id, entry, report)
  }
  if (!isIntact('headers')) return
  checkNames(Object.keys(headers), 'headers', new Map([...taken, ...[...challengeHeaders.values()].map((name) => [name.toLowerCase(), 'authenticate'] as const)]), report)
  for (const [name, value] of Object.entries(headers)) {
    checkHeaderValue(value, `headers.${name}`, report)
    checkHeaderSlot(value, `headers.${name}`, entries, report)
  }
}

function checkRateLimits(declared: RateLimitHeadersDeclaration, taken: Map<string, string>, report: Report): void {
  if (typeof declared === 'string') for (const name of rateLimitHeaderNames(declared)) checkOnce(name, 'rateLimitHeaders', taken, report)
  const sets = headerSets(declared)
  for (const [at, set] of sets.entries()) {
    const path = Array.isArray(declared) ? `rateLimitHeaders[${at}]` : 'rateLimitHeaders'
    const names = (['limit', 'remaining', 'used', 'reset'] as const).flatMap((member) => (set[member] === undefined ? [] : [[member, set[member]] as const]))
    for (const [member, name] of names) checkOnce(name, `${path}.${member}`, taken, report)
    if (names.length === 0) report({ path, problem: 'names no header', mend: 'write remaining: X-RateLimit-Remaining' })
    if (set.reset !== undefined && set.resetUnit === undefined) report({ path: `${path}.resetUnit`, problem: 'is missing', mend: `say how ${set.reset} is written: one of ${resetUnits.join(', ')}` })
    if (set.reset === undefined && set.resetUnit !== undefined) report({ path: `${path}.resetUnit`, value: set.resetUnit, problem: 'has no reset whose unit it could be', mend: 'name that header: reset: X-RateLimit-Reset' })
    const first = sets.findIndex(({ of }) => of === set.of)
    if (first < at) report({ path: `${path}.of`, value: set.of, problem: `${set.of === undefined ? 'is missing, as it is' : 'stands already'} in rateLimitHeaders[${first}]`, mend: 'say what it limits, such as of: tokens' })
  }
}

/** It is this header, and nothing in it may be unknown. */
function isCertain(header: string, [name, value]: readonly [string, string]): boolean {
  return name.toLowerCase() === header.toLowerCase() && placeholdersOf(parseMessage(value, () => {})).length === 0
}

/** A challenge whose figures may be unknown falls back to `authenticate`, so it needs one. */
function checkChallenges(entries: Entries, report: Report): void {
  const unchallenged = entries.find(([, { status, headers = {} }]) => {
    const header = challengeHeaders.get(status)
    return header !== undefined && !Object.entries(headers).some((written) => isCertain(header, written))
  })
  if (unchallenged === undefined) return
  const [id, { status }] = unchallenged
  report({
    path: 'authenticate',
    problem: `is missing, but "${id}" has status ${status}`,
    mend: `name the challenge (RFC 9110 section ${status === 407 ? '11.7.1' : '11.6.1'}): ApiKey realm="my-api"`,
  })
}

/** Who is told that another protocol is needed must be told which. */
function checkUpgrade(id: string, { status, headers = {} }: EntryDeclaration, report: Report): void {
  if (status !== 426 || Object.entries(headers).some((written) => isCertain('upgrade', written))) return
  report({ path: `entries.${id}.headers.Upgrade`, problem: 'is missing, but a 426 says which protocol it wants (RFC 9110 section 15.5.22)', mend: 'name it: headers: { Upgrade: websocket }' })
}

/** `owned`: the reserved one that may stand there all the same. */
function checkNames(names: readonly string[], path: string, taken: Map<string, string>, report: Report, owned?: string): void {
  for (const name of names) checkOnce(name, `${path}.${name}`, taken, report, owned)
}

/** How what is reserved is said otherwise. */
const otherwise: ReadonlyMap<string, string> = new Map([
  ['retry-after', 'write retryAfterSeconds in the entry'],
  ['allow', 'only an entry with status 405 may have it'],
  ['upgrade', 'only an entry with status 426 may have it'],
])

/** A name that is free to be written; from here on it is taken. */
function checkOnce(name: string, path: string, taken: Map<string, string>, report: Report, owned?: string): void {
  const key = name.toLowerCase()
  const owner = taken.get(key)
  if (!isToken(name)) report({ path, value: name, problem: 'is not a header name', mend: 'use letters, digits and hyphens' })
  else if (reservedHeaders.has(key) && key !== owned?.toLowerCase()) report({ path, value: name, problem: 'is reserved: an answer needs it for itself', mend: otherwise.get(key) ?? 'leave it out, or choose another name' })
  else if (owner !== undefined) report({ path, value: name, problem: `is written by ${owner} already`, mend: 'leave one out, or choose another name' })
  else taken.set(key, path)
}
