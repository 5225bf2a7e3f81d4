/** `read(write(x))` held against `x`, up to the loss that the contract states. */
import type { Contract, Entry } from '../contract/declare/contract.ts'
import { rulesWhere } from '../contract/declare/entry-rules.ts'
import { toReceivedHeaders } from '../contract/read/received-headers.ts'
import type { AnswerContext, Loss, ReadError, WireError } from '../contract/declare/wire.ts'
import { bodyFormatOf } from '../contract/write/body-format.ts'
import { toXmlText } from '../contract/write/xml.ts'

/**
 * What came back otherwise than it went out, in words; empty when the round trip holds. `sent` is an error that the contract has rendered.
 *
 * @example
 * const context = { requestId: 'r1', nowMs: 0 }
 * const lost = findRoundTripDifferences(contract, contract.render(contract.refuse('rateLimited'), context), context)
 */
export function findRoundTripDifferences(contract: Contract, sent: WireError, context: AnswerContext): readonly string[] {
  const { status, headers, body } = contract.write(sent, context)
  const read = contract.read({ status, headers: toReceivedHeaders(headers), body })
  return read === undefined ? [`not recognised: ${body}`] : findDifferences(contract, sent, read)
}

/**
 * What was read otherwise than it was sent, in words; empty when nothing was lost but what the contract states (`Contract.loss`).
 *
 * @example
 * // `loss`: of the end of a WebSocket that of `contract.loss.webSocket`.
 * const sent = contract.render(contract.refuse('rateLimited'), { requestId: 'r1', nowMs: 0 })
 * const read = contract.read({ status: 429, headers: {}, body: '{}' })
 * const lost = read === undefined ? ['not recognised'] : findDifferences(contract, sent, read)
 */
export function findDifferences(contract: Contract, sent: WireError, read: ReadError, loss: Loss = contract.loss): readonly string[] {
  if (read.entry === undefined && loss.members.includes('entry')) return []
  const id = sent.entry === undefined ? undefined : Object.hasOwn(loss.entries, sent.entry) ? loss.entries[sent.entry] : sent.entry
  const entry = id === undefined ? undefined : contract.entries.get(id)
  const isMisread = id !== sent.entry
  const { errors: listed, ...single } = bodyFormatOf(contract.declaration.envelope.contentType) === 'xml' ? (inXml(sent) as WireError) : sent
  const expected: Partial<ReadError> = {
    ...single,
    entry: id,
    ...meaningOf(sent, entry),
  }
  const differing = isSame(listed?.map(itemOf), read.errors?.map(itemOf)) || loss.members.includes('errors') ? [] : [`errors: sent ${JSON.stringify(listed)}, read ${JSON.stringify(read.errors)}`]
  return [...differing, ...compared.flatMap((member) => {
    const isLost = loss.members.some((lost) => lost === member) || (isMisread && (member === 'details' || member === 'allow'))
    if (isLost || isSame(expected[member], read[member])) return []
    return [`${member}: sent ${JSON.stringify(expected[member])}, read ${JSON.stringify(read[member])}`]
  })]

  function itemOf({ entry: own, message, details, issues }: WireError): unknown {
    const entryRead = own !== undefined && Object.hasOwn(loss.entries, own) ? loss.entries[own] : own
    return [entryRead, loss.members.includes('message') ? '' : message, loss.members.includes('details') ? {} : details, issues]
  }
}

/** What is meant by an error that is read as this entry. */
function meaningOf(sent: WireError, entry: Entry | undefined): Partial<ReadError> {
  return entry === undefined ? {} : { status: entry.status, reason: entry.reason, ...rulesWhere(saidIn(sent, entry, 'waitHelps'), entry) }
}

/** Under the detail that carries this fact. */
function saidIn({ details }: WireError, entry: Entry, fact: string): unknown {
  const name = Object.keys(entry.details ?? {}).find((each) => entry.details?.[each]?.endsWith(` from ${fact}`))
  return name !== undefined && Object.hasOwn(details, name) ? details[name] : undefined
}

/** What XML can hold of it: no control characters, and of details no list without items. */
function inXml(value: unknown, isDetails = false): unknown {
  if (typeof value === 'string') return toXmlText(value)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item) => inXml(item))
  const members = Object.entries(value).filter(([, member]) => !isDetails || !Array.isArray(member) || member.length > 0)
  return Object.fromEntries(members.map(([name, member]) => [toXmlText(name), inXml(member, name === 'details')]))
}

const compared = [
  'entry', 'code', 'status', 'message', 'language', 'details', 'fields', 'issues', 'requestId', 'timestamp', 'docsUrl', 'retryAfterSeconds', 'allow', 'reason', 'retry', 'action',
] as const

function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || Array.isArray(a) !== Array.isArray(b)) return false
  const left = new Map<string, unknown>(Object.entries(a))
  const right = new Map<string, unknown>(Object.entries(b))
  return left.size === right.size && [...left].every(([key, value]) => right.has(key) && isSame(value, right.get(key)))
}
