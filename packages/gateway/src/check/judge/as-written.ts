/** A refusal against what the contract's own encoder writes for what was read of it: status, headers, body. */
import { bodyFormatOf, hasTwins, valueAt, type WireError } from 'tollgate/contract'
import { receivedHeaders } from '../probe-exchange.ts'
import { jsonOf } from '../probe-request.ts'
import { faultOf, noteOf, shown, type AnswerFault } from './answer-fault.ts'
import { jsonDifferences, typeName, type JsonDifference } from './json-differences.ts'
import type { RefusedAnswer, RefusalRule } from './judge-context.ts'

/** JudgedAnswer by rules of their own, or by nobody: what two servers never have alike. */
const otherRules = new Set(['content-type', 'cache-control', 'www-authenticate', 'proxy-authenticate', 'allow', 'retry-after', 'vary'])

export const asWritten: RefusalRule = (refused, { contract }) => {
  const { exchange, read, entry, headers, text } = refused
  const sent = exchange.request.body.kind === 'text' ? jsonOf(exchange.request.body.text) : undefined
  const requestId = read.requestId ?? contract.mintRequestId(new Uint8Array(16))
  const acceptLanguage = exchange.request.headers.find(([name]) => name.toLowerCase() === 'accept-language')?.[1]
  const written = contract.write(read as WireError, { requestId, nowMs: exchange.receivedAtMs, request: (path) => valueAt(sent, path.split('.')), acceptLanguage })
  const expectedHeaders = receivedHeaders({ ...exchange.answer, headers: written.headers })
  const idHeader = contract.requestIdHeader.toLowerCase()
  return [
    ...(exchange.answer.status === entry.sentAs ? [] : [faultOf('status', 'status', `${entry.id} is sent with ${entry.sentAs}, not with ${exchange.answer.status}`)]),
    ...Object.entries(expectedHeaders).flatMap(([name, value]) => (otherRules.has(name) || name === idHeader ? [] : headerFault(name, value, headers[name]))),
    ...(headers['vary'] === undefined && expectedHeaders['vary'] !== undefined ? [faultOf('header', 'vary', `Vary is missing; it is ${expectedHeaders['vary']}`)] : []),
    ...bodyFaults(refused, written.body, text, contract.declaration.envelope.contentType),
  ]
}

function headerFault(name: string, expected: string, found: string | undefined): readonly AnswerFault[] {
  if (found === undefined) return [faultOf('header', name, `${name} is missing; the contract writes ${shown(expected)}`)]
  return found === expected ? [] : [faultOf('header', name, `${name} is ${shown(found)}; the contract writes ${shown(expected)}`)]
}

function bodyFaults({ entry }: RefusedAnswer, expected: string, found: string, contentType: string | undefined): readonly AnswerFault[] {
  if (expected === found) return []
  if (bodyFormatOf(contentType) !== 'json') return [faultOf('body', 'the body', `the contract writes ${shown(expected)}, and this is ${shown(found)}`)]
  const body = jsonOf(found)
  if (hasTwins(found, body)) return [faultOf('content-bytes', 'the body', 'a member stands in it twice')]
  const differences = jsonDifferences(jsonOf(expected), body)
  if (differences.length === 0) return [noteOf('body', 'the body', 'the same JSON, in another order or with other spaces than the contract writes it')]
  return differences.map((each) => faultOf('body', each.path, words(each, entry.details)))
}

function words({ path, kind, expected, found }: JsonDifference, details: { readonly [name: string]: string } = {}): string {
  const detail = path.split('.').at(-1) ?? ''
  const declared = Object.hasOwn(details, detail) ? `; the detail "${detail}" is declared as ${details[detail]}` : ''
  if (kind === 'missing') return `${path} is missing, where the contract writes ${shown(expected)}`
  if (kind === 'more') return `${path} is ${shown(found)}, and the contract writes no such member here${declared}`
  if (kind === 'type') return `${path} is ${typeName(found)} (${shown(found)}), where the contract writes ${typeName(expected)} (${shown(expected)})${declared}`
  return `${path} is ${shown(found)}, where the contract writes ${shown(expected)}`
}

/** What the entry promises, whatever was said: a detail without "?". With "|null" it is there and may be null. */
export const promisedDetails: RefusalRule = ({ read, entry }, { contract }) => {
  const lost = contract.loss.members.includes('details')
  return lost
    ? []
    : contract.detailsOf(entry.id).flatMap(({ name, type, whenUnknown }) =>
        whenUnknown !== 'absent' && !Object.hasOwn(read.details, name) ? [faultOf('details', name, `the detail "${name}" (${type}) is missing, or is no ${type}; ${entry.id} promises it`)] : [],
      )
}

