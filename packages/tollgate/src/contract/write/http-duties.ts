/**
 * The headers of a refusal. The duties of HTTP hold whatever the dialect says: a 401 and a 407 carry their challenge (RFC 9110 sections 15.5.2, 15.5.8), a 405
 * its `Allow` (15.5.6), a 426 the protocol that it wants in `Upgrade` (15.5.22), a 429 and a 503 `Retry-After` unless no wait helps; no error is cached (404, 405, 410 would be by default, 15.1); the request id is the one of the body.
 * They follow the entry's own status even where the dialect always answers with one. `Content-Length` is the business of what writes the bytes.
 */
import type { Entry } from '../declare/contract.ts'
import type { ContractDeclaration } from '../declare/declaration.ts'
import type { Detail } from '../declare/details.ts'
import { languagesOf } from '../declare/messages.ts'
import { bodyFormatOf } from './body-format.ts'
import { isToken, toHeaderPiece, toHeaderValue } from './header-value.ts'
import { fill, parseMessage, type MessageTemplate } from './message.ts'
import { formatRateLimitHeaders } from '../values/rate-limit-headers.ts'
import { toRetryAfterSeconds } from '../values/retry-after.ts'
import { REQUEST_ID_HEADER } from '../values/request-id-header.ts'
import { parseHeader } from './slot-text.ts'
import type { AnswerContext, WireError } from '../declare/wire.ts'
import { compileWriter, type BodyWriter } from './write-template.ts'

/** Headers that no declaration may name, in lower case: what we write by ourselves, and what frames or connects an answer. */
export const reservedHeaders: ReadonlySet<string> = new Set([
  'allow', 'cache-control', 'connection', 'content-encoding', 'content-length', 'content-type', 'date', 'keep-alive', 'retry-after', 'set-cookie',
  'trailer', 'transfer-encoding', 'upgrade',
])

/** Of these the one that an entry of this status may name: what it wants instead, and what is allowed where the refusal itself does not know. */
export const ownedHeaders: ReadonlyMap<number, string> = new Map([
  [405, 'Allow'],
  [426, 'Upgrade'],
])

/** The header in which a status has its challenge (RFC 9110 sections 11.6.1, 11.7.1). */
export const challengeHeaders: ReadonlyMap<number, string> = new Map([
  [401, 'WWW-Authenticate'],
  [407, 'Proxy-Authenticate'],
])

/** A flat list: name, value, name, value. */
export type HeadersWriter = (error: WireError, context: AnswerContext) => string[]

interface DynamicHeader {
  readonly name: string
  /** Undefined or empty: the header is left out. */
  readonly write: (error: WireError) => string | undefined
}

export function compileHeaders(declaration: ContractDeclaration, entry: Entry, details: readonly Detail[]): HeadersWriter {
  const constant = ['Content-Type', toContentType(declaration.envelope.contentType), 'Cache-Control', 'no-store']
  const ownNames = new Set(Object.keys(entry.headers ?? {}).map((name) => name.toLowerCase()))
  const challengeHeader = challengeHeaders.get(entry.status)
  const challenge = challengeHeader === undefined ? undefined : challengeOf(declaration.authenticate, entry)
  if (challengeHeader !== undefined && challenge !== undefined && !ownNames.has(challengeHeader.toLowerCase())) constant.push(challengeHeader, challenge)
  const dynamic: DynamicHeader[] = []
  for (const [name, value] of Object.entries(declaration.headers ?? {})) {
    if (!ownNames.has(name.toLowerCase())) dynamic.push({ name, write: compileContractHeader(value, entry, details) })
  }
  const allowed = allowedBy(entry)
  for (const [name, value] of Object.entries(entry.headers ?? {})) {
    if (isAllow(name)) continue
    const write = compileEntryHeader(parseMessage(value, () => {}), entry)
    // A challenge whose figure is unknown gives way to the one of the contract: a 401 without any would be no HTTP.
    dynamic.push({ name, write: name.toLowerCase() === challengeHeader?.toLowerCase() ? (error) => write(error) ?? challenge : write })
  }
  const requestIdHeader = declaration.requestId?.header ?? REQUEST_ID_HEADER
  const { rateLimitHeaders, language } = declaration
  if (language !== undefined) dynamic.push({ name: 'Content-Language', write: (error) => error.language })
  if (languagesOf(declaration).length > 1) varyByLanguage(constant, dynamic)
  return (error, context) => {
    const headers = [...constant, requestIdHeader, toHeaderValue(error.requestId ?? context.requestId)]
    if (error.retryAfterSeconds !== undefined) headers.push('Retry-After', String(toRetryAfterSeconds(error.retryAfterSeconds * 1000)))
    if (entry.status === 405) headers.push('Allow', (error.allow ?? allowed).filter(isToken).join(', '))
    for (const { name, write } of dynamic) {
      const value = write(error)
      if (value !== undefined && value !== '') headers.push(name, toHeaderValue(value))
    }
    if (rateLimitHeaders !== undefined && context.limits !== undefined) headers.push(...formatRateLimitHeaders(rateLimitHeaders, context.limits, context.nowMs))
    return headers
  }
}

function isAllow(name: string): boolean {
  return name.toLowerCase() === 'allow'
}

/** The methods that an entry names itself, for where a refusal does not know them. */
export function allowedBy({ headers = {} }: Entry): readonly string[] {
  const value = Object.entries(headers).find(([name]) => isAllow(name))?.[1] ?? ''
  return value.split(',').map((method) => method.trim()).filter(isToken)
}

/** What the request asks for decides (RFC 9110 section 12.5.5), beside whatever else does. */
function varyByLanguage(constant: string[], dynamic: DynamicHeader[]): void {
  const at = dynamic.findIndex(({ name }) => name.toLowerCase() === 'vary')
  const own = dynamic[at]
  if (own === undefined) constant.push('Vary', 'Accept-Language')
  else dynamic[at] = { ...own, write: (error) => [own.write(error) ?? '', 'Accept-Language'].filter((value) => value !== '').join(', ') }
}

/** What a success of ours carries: its type, the request id, the rate headers. */
export function successHeaders({ envelope, requestId, rateLimitHeaders }: ContractDeclaration, { requestId: id, limits, nowMs }: AnswerContext): readonly string[] {
  const headers = ['Content-Type', toContentType(plainTypeOf(envelope.contentType)), requestId?.header ?? REQUEST_ID_HEADER, toHeaderValue(id)]
  return rateLimitHeaders === undefined || limits === undefined ? headers : headers.concat(formatRateLimitHeaders(rateLimitHeaders, limits, nowMs))
}

/** A success is no problem. */
function plainTypeOf(declared: string | undefined): string | undefined {
  if (declared?.includes('problem') !== true) return declared
  return bodyFormatOf(declared) === 'xml' ? 'application/xml' : undefined
}

/** JSON has no charset parameter (RFC 8259 section 11); text needs one, also where it is XML (RFC 7303 section 4.2). */
function toContentType(declared = 'application/json'): string {
  return bodyFormatOf(declared) !== 'json' && /^text\//i.test(declared) && !/charset\s*=/i.test(declared) ? `${declared}; charset=utf-8` : declared
}

/** Empty where one of its slots is: the header is then left out. */
function compileContractHeader(value: string, entry: Entry, details: readonly Detail[]): BodyWriter {
  const pieces = parseHeader(value).map((part): string | BodyWriter => (typeof part === 'string' ? part : compileWriter({ kind: 'text', parts: [part] }, entry, details)))
  return (error) => {
    const texts = pieces.map((piece) => (typeof piece === 'string' ? piece : piece(error)))
    return texts.includes('') ? '' : texts.join('')
  }
}

/** One Bearer challenge and no other (RFC 9110 section 11.6.1), with or without parameters. */
const BEARER_ALONE = /^Bearer(?: \w+="[^"]*"(?:, ?\w+="[^"]*")*)?$/i

/**
 * A credential was sent and does not serve: RFC 6750 section 3.1 has a Bearer challenge say so. Where a contract offers several schemes, it cannot be
 * known whose credential that was.
 */
function challengeOf(authenticate: string | undefined, { reason }: Entry): string | undefined {
  const wasSent = reason === 'token.expired' || (reason.startsWith('credential.') && reason !== 'credential.missing')
  if (authenticate === undefined || !wasSent || !BEARER_ALONE.test(authenticate) || authenticate.includes('error=')) return authenticate
  return `${authenticate}${authenticate.includes('=') ? ',' : ''} error="invalid_token"`
}

/** The figures of a header come from the error's details and the entry's constants; `waitHelps`, which is said only where it is false, is the error's own. */
function compileEntryHeader(template: MessageTemplate, entry: Entry): (error: WireError) => string | undefined {
  const { attributes = {} } = entry
  return (error) =>
    fill(template, (name) => {
      const value = Object.hasOwn(error.details, name) ? error.details[name] : Object.hasOwn(attributes, name) ? attributes[name] : name === 'waitHelps' ? error.waitHelps : undefined
      return typeof value === 'string' ? toHeaderPiece(value) : value
    })
}
