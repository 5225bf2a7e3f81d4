/** What an error that was read in some contract means in that of the API: as it is where both are one, translated where the upstream speaks another. */
import { compact } from '../../contract/values/compact.ts'
import type { Contract } from '../../contract/declare/contract.ts'
import { recognitionOf } from '../../contract/read/recognition.ts'
import type { Detail } from '../../contract/declare/details.ts'
import type { Facts, FactValue, JsonValue } from '../../contract/declare/facts.ts'
import { matchesReason, type Reason, type ReasonPattern } from '../../contract/declare/reason.ts'
import { refuse, type Refusal } from '../../contract/declare/refusal.ts'
import type { ReadError } from '../../contract/declare/wire.ts'

/** A sentence that is longer is cut: the log keeps it, and nobody reads more. */
const SAID_CHARS_MAX = 1_000

/** In the API's own envelope: its entry, sentence and figures. What the entry does not declare stays behind. */
export function ownRefusal(contract: Contract, read: ReadError & { readonly entry: string }, answered: number, wait: Facts): Refusal {
  const facts: { [name: string]: FactValue | undefined } = { ...sharedFacts(read), ...wait }
  for (const { name } of contract.detailsOf(read.entry)) {
    const value = Object.hasOwn(read.details, name) ? read.details[name] : undefined
    if (value !== undefined) facts[name] = value
  }
  const said = sentence(read.message)
  const entry = contract.entries.get(read.entry)
  const isAsDeclared = entry === undefined || recognitionOf(entry).fitOfStatus(answered) > 0
  return refuse(read.reason, facts, {
    entry: read.entry,
    said,
    // Its own, or one that the entry is read by.
    code: read.code,
    cause: isAsDeclared ? undefined : `the service answered ${answered}, where the contract has ${entry.status}`,
  })
}

/** In another dialect: what happened, under the names of facts. What the provider says of a request is the caller's to read, the rest is not. */
export function foreignRefusal(speaks: Contract, read: ReadError & { readonly entry: string }, answered: number, wait: Facts): Refusal {
  const reason = reasonBehind(read.reason)
  const facts: { [name: string]: FactValue | undefined } = { ...sharedFacts(read), ...wait }
  for (const detail of speaks.detailsOf(read.entry)) {
    const value = Object.hasOwn(read.details, detail.name) ? toFact(detail, read.details[detail.name]) : undefined
    if (value !== undefined) facts[detail.from ?? detail.name] = value
  }
  const said = sentence(read.message)
  const isAboutRequest = aboutRequests.some((pattern) => matchesReason(pattern, reason))
  if (isAboutRequest && said !== undefined && !Object.hasOwn(facts, 'issue')) facts['issue'] = said
  return refuse(reason, facts, {
    source: isAboutRequest ? 'api' : 'upstream',
    cause: `${speaks.name} answered ${answered} ${read.code === undefined || read.code === '' ? read.entry : read.code}`,
  })
}

const aboutRequests: readonly ReasonPattern[] = ['request.*', 'field.*', 'content.*', 'resource.*', 'route.*', 'method.*', 'session.*']

/** A provider's own trouble is an upstream's for who asks us. */
function reasonBehind(reason: Reason): Reason {
  if (reason === 'internal') return 'upstream.failed'
  return reason === 'capacity.overloaded' || reason === 'service.maintenance' ? 'upstream.unavailable' : reason
}

function sharedFacts({ fields, issues, allow }: ReadError): Facts {
  return compact({ issues, fields: issues === undefined ? fields : undefined, allow })
}

/** A sentence to pass on: bounded, and no stack trace, which some frameworks put in its place. */
export function sentence(message: string): string | undefined {
  if (message.trim() === '' || /\n\s*at |Traceback \(most recent call/.test(message)) return undefined
  return message.length <= SAID_CHARS_MAX ? message : `${message.slice(0, SAID_CHARS_MAX).replace(/[\uD800-\uDBFF]$/, '')}…`
}

/** Back from wire form, for a contract whose details have other types. */
function toFact({ type, from }: Detail, value: JsonValue | undefined): FactValue | undefined {
  if (value === null) return undefined
  if (type === 'digits') return typeof value === 'string' && Number.isSafeInteger(Number(value)) ? Number(value) : value
  if (from?.endsWith('Ms') !== true) return value
  if (type === 'timestamp') return typeof value === 'string' && Number.isFinite(Date.parse(value)) ? Date.parse(value) : undefined
  return (type === 'seconds' || type === 'unix') && typeof value === 'number' ? value * 1_000 : value
}
