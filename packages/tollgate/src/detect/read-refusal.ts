/**
 * Who refused, and why: of any answer, by its dialect where one is known, and otherwise by its words and its status.
 *
 * A contract that is given has the first word, but for what can only come from something in front of the API. Then the signs of the shipped dialects are asked, the
 * surest first; then the gateways and frameworks with their default answers. What no dialect knows is classified with caution. Total: any bytes give a value, in
 * bounded time.
 */
import { detailsIn } from '../contract/declare/details.ts'
import type { ListedError, ReadError, ReadRateLimit, ReceivedAnswer } from '../contract/declare/wire.ts'
import type { EntryDeclaration } from '../contract/declare/declaration.ts'
import type { Source } from '../contract/declare/refusal.ts'
import type { Dialect } from '../contract/read/dialect.ts'
import { headerOf } from '../contract/read/header-of.ts'
import { memberOf } from '../contract/read/value-at.ts'
import { fieldsFrom } from '../contract/values/issue-fields.ts'
import { parseTraceparent } from '../contract/values/traceparent.ts'
import * as dialects from '../catalog/dialects.ts'
import { adviceOf, clockOf } from './advice.ts'
import { frameworks, gateways, inFront, type AnsweredBy } from './answerers.ts'
import { waitInBody, waitInHeaders } from './asked-wait.ts'
import { parseChallenges } from './challenges.ts'
import { byHidden, byWords, classify, statusOfReason, type Said } from './classify.ts'
import { dialectSigns, eventSigns, type DialectSign } from './dialect-signs.ts'
import { readFoundBody, type FoundItem } from './found-body.ts'
import { requestIdIn } from './found-request-id.ts'
import { paymentOf, type PaymentChallenge } from './payment.ts'
import { toSeenAnswer, type SeenAnswer } from './seen-answer.ts'
import { readToldLimits } from './told-limits.ts'

/** How sure it is what was read: by the contract that was given, by a dialect that its form shows, or by status and words alone. */
export type Certainty = 'contract' | 'dialect' | 'status'

/** A refusal, whoever said it. */
export interface ReadRefusal extends ReadError {
  /** The dialect, or what answered in its place: `openai`, `nginx`, `express`. Undefined: nobody that is known. */
  readonly dialect: string | undefined
  readonly certainty: Certainty
  readonly answeredBy: AnsweredBy
  /** Who refused or failed. What stands in front of an API is the network. */
  readonly source: Source
  /** What the server asks to wait, from its answer on. */
  readonly retryAfterMs?: number
  /** The server's own word on whether to try again. It is in `retry` already. */
  readonly shouldRetry?: boolean
  readonly limits: readonly ReadRateLimit[]
  /** How it may be paid for. */
  readonly payment?: readonly PaymentChallenge[]
  /** Where the API says more about it. */
  readonly docs?: string
  /** Of `traceparent`. */
  readonly traceId?: string
}

/** What is known of who was asked. */
export interface ReadRefusalOptions {
  /** The contract or dialect of the API that was asked; of several the first that knows the answer. */
  readonly contract?: Dialect | readonly Dialect[] | undefined
  /** Epoch milliseconds, for answers without a `Date`. */
  readonly nowMs?: number | undefined
}

const shipped: ReadonlyMap<string, Dialect> = new Map(Object.values(dialects).map((dialect): readonly [string, Dialect] => [dialect.name, dialect]))

/**
 * Undefined: it is no refusal. Never throws.
 *
 * @example
 * const refusal = readRefusal({ status: 429, headers: {}, body: '{"error":{"message":"You exceeded your current quota.","code":"insufficient_quota"}}' })
 * refusal?.reason // => 'credit.insufficient'
 * refusal?.retry // => 'never'
 * readRefusal({ status: 502, headers: {}, body: '<html><center>nginx</center></html>' })?.dialect // => 'nginx'
 */
export function readRefusal(answer: ReceivedAnswer, options: ReadRefusalOptions = {}): ReadRefusal | undefined {
  const { status } = answer
  const headers = answer.headers ?? {}
  const seen = toSeenAnswer({ status, headers, body: answer.body })
  const found = findIn({ ...answer, headers }, seen, options)
  if (found === undefined && !(status >= 400)) return undefined
  return toRefusal(found ?? unknown, seen, { ...answer, headers }, options)
}

/**
 * The same of one event of a stream: an error in the middle of an answer that began as a success. Undefined: it is none.
 *
 * @example
 * readEvent({ event: 'error', data: '{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}' })?.status // => 529
 */
export function readEvent(event: { readonly event?: string | undefined; readonly data: string }, options: ReadRefusalOptions = {}): ReadRefusal | undefined {
  const given = event.event === undefined ? { data: event.data } : { event: event.event, data: event.data }
  const seen = toSeenAnswer({ status: undefined, headers: {}, body: event.data }, event.event)
  const read = (dialect: Dialect): ReadError | undefined => dialect.readStreamEvent(given)
  const found = inContract([options.contract ?? []].flat(), read) ?? bySign(eventSigns, seen, read)
  const isError = event.event === 'error' || (typeof seen.at('error') === 'object' && seen.at('error') !== null)
  return found === undefined && !isError ? undefined : toRefusal(found ?? unknown, seen, undefined, options)
}

interface Found {
  readonly name: string | undefined
  readonly dialect: Dialect | undefined
  readonly by: AnsweredBy
  readonly certainty: Certainty
  readonly error: ReadError | undefined
  readonly isCommon: boolean
}

const unsaid: Said = { status: undefined, code: undefined, message: undefined, retryAfterMs: undefined, isWaitExplicit: false, isLimitSpent: false }

const unknown: Found = { name: undefined, dialect: undefined, by: 'api', certainty: 'status', error: undefined, isCommon: false }

function findIn(answer: ReceivedAnswer, seen: SeenAnswer, { contract }: ReadRefusalOptions): Found | undefined {
  const { status } = answer
  const read = (dialect: Dialect): ReadError | undefined => dialect.read(answer)
  const front = status >= 400 ? [...inFront, ...gateways].find(({ is }) => is(seen)) : undefined
  const isEdge = seen.at('cloudflare_error') === true
  const given = isEdge || (front !== undefined && seen.json === undefined) ? undefined : inContract([contract ?? []].flat(), read)
  if (given?.error?.entry !== undefined) return given
  if (front !== undefined && front.name !== 'aws-api-gateway') return { ...unknown, name: front.name, by: front.by, certainty: 'dialect' }
  const signed = given ?? bySign(status >= 400 ? dialectSigns : dialectSigns.filter(({ below400 }) => below400 !== undefined), seen, read)
  // The form of an answer without any code is that of many: what has a name for it goes first. What only one API sends is that API's.
  const isOpen = signed === undefined || (isCodeless(signed.error) && signed.certainty !== 'contract' && signed.name !== 'shopify')
  const framework = status >= 400 && isOpen ? frameworks.find(({ is }) => is(seen)) : undefined
  if (framework !== undefined) return { ...unknown, name: framework.name, by: 'framework', certainty: 'dialect', error: signed?.error, isCommon: true }
  if (signed === undefined) return front && { ...unknown, name: front.name, by: front.by, certainty: 'dialect' }
  return isEdge ? { ...signed, by: 'cdn' } : front === undefined ? signed : { ...signed, name: front.name, by: front.by }
}

/** The first that knows the code, otherwise the first that knows the form. */
function inContract(contracts: readonly Dialect[], read: (dialect: Dialect) => ReadError | undefined): Found | undefined {
  const all = contracts.flatMap((dialect): readonly Found[] => {
    const error = read(dialect)
    return error === undefined ? [] : [{ name: dialect.name, dialect, by: 'api', certainty: 'contract', error, isCommon: false }]
  })
  return all.find(({ error }) => error?.entry !== undefined) ?? all[0]
}

function bySign(signs: readonly DialectSign[], seen: SeenAnswer, read: (dialect: Dialect) => ReadError | undefined): Found | undefined {
  for (const { name, readBy = [name], is, below400, isCommon = false } of signs) {
    if (!is(seen)) continue
    const readers = readBy.flatMap((each) => shipped.get(each) ?? [])
    const found = byReaders(readers, read)
    // The form alone says that it is an error where the status does; elsewhere it must be one that only errors have, or a dialect must say so.
    if (found === undefined && !(seen.status !== undefined && seen.status >= 400) && below400 !== 'sure') continue
    // Of several with one form the form alone names none of them.
    const dialect = found?.error.entry !== undefined || shipped.has(name) ? (found?.dialect ?? readers[0]) : undefined
    return { name: found?.error.entry === undefined ? name : found.dialect.name, dialect, by: 'api', certainty: isCommon ? 'status' : 'dialect', error: found?.error, isCommon }
  }
  return undefined
}

function isCodeless(error: ReadError | undefined): boolean {
  return error?.code === undefined || error.code === ''
}

/** Of several that know it the one that knows its very code, then any entry, then the form. Where it has no code the first says what it is. */
function byReaders(readers: readonly Dialect[], read: (dialect: Dialect) => ReadError | undefined): { readonly dialect: Dialect; readonly error: ReadError } | undefined {
  const all = readers.flatMap((dialect) => {
    const error = read(dialect)
    return error === undefined ? [] : [{ dialect, error }]
  })
  const [first] = all
  if (first?.error.entry !== undefined && isCodeless(first.error)) return first
  return all.find(({ error }) => error.entry !== undefined && !isCodeless(error)) ?? all.find(({ error }) => error.entry !== undefined) ?? all[0]
}

function toRefusal({ name, dialect, by, certainty, error, isCommon }: Found, seen: SeenAnswer, answer: ReceivedAnswer | undefined, { nowMs }: ReadRefusalOptions): ReadRefusal {
  const headers = answer?.headers ?? {}
  const body = readFoundBody(seen.json)
  const clockMs = clockOf(headers, nowMs)
  const entry = error?.entry === undefined ? undefined : entryIn(dialect, error.entry)
  const message = [error?.message, body.message, titleIn(seen)].find((text) => text !== undefined && text !== '') ?? ''
  const code = error?.code ?? body.code
  const limits = limitsIn(headers, seen, dialect, clockMs)
  const received = answer ?? { status: 0, headers: {}, body: seen.text }
  const told = exactWaitIn(entry, error) ?? (error?.retryAfterSeconds === undefined ? undefined : error.retryAfterSeconds * 1_000)
  const advice = adviceOf(received, { nowMs, message, limits })
  // What the dialect has understood is in whole seconds; where both mean the same, the finer figure counts.
  const asked = told === undefined || (advice.retryAfterMs !== undefined && Math.ceil(advice.retryAfterMs / 1_000) * 1_000 === told) ? advice : adviceOf(received, { nowMs, message, limits, retryAfterMs: told })
  const { retryAfterMs, shouldRetry } = asked
  const isWaitExplicit = (waitInHeaders(headers, clockMs) ?? waitInBody(seen.json, clockMs)) !== undefined
  const ownStatus = seen.status !== undefined && seen.status >= 400 ? seen.status : undefined
  // A stream has no status: what a dialect makes up for a code that it does not know says nothing.
  const isHidden = ownStatus === undefined && entry === undefined && byHidden({ ...unsaid, code, type: body.type }) !== undefined
  const said = { ...unsaid, status: isHidden ? undefined : (error?.status ?? ownStatus), dialect: name, code, type: body.type, message, retryAfterMs, isWaitExplicit, isLimitSpent: limits.some(({ remaining, resetAtMs }) => remaining === 0 && resetAtMs !== undefined) }
  const isOwn = error !== undefined && (entry !== undefined || (error.succeeded ?? 0) > 0) && !(isCommon && byWords(said) !== undefined)
  const meaning = isOwn && (certainty === 'contract' || !isCodeless(error)) ? error : byChallenge(headers, isOwn ? error : classify(said))
  const retry = retryOf(meaning, { isKnown: isOwn && entry !== undefined, certainty, status: seen.status, shouldRetry, isPaymentWait: seen.status === 402 && isWaitExplicit })
  // A dialect whose sentence stands in the items of a list has none left for its fields.
  const hasWords = error?.issues?.some(({ issue }) => issue !== undefined) === true
  const issues = hasWords || body.issues.length === 0 ? error?.issues : body.issues
  const trace = ['traceparent', 'traceresponse'].map((each) => parseTraceparent(headerOf(headers, each) ?? '')).find((each) => each !== undefined)
  return defined<ReadRefusal>({
    ...error,
    entry: error?.entry,
    code,
    status: (isHidden ? undefined : error?.status) ?? ownStatus ?? statusOfReason(meaning.reason) ?? seen.status ?? 500,
    message,
    details: error?.details ?? {},
    reason: meaning.reason,
    retry,
    action: meaning.action,
    fields: Object.values(error?.fields ?? {}).some((texts) => texts.length > 0) ? error?.fields : ((issues && fieldsFrom(issues)) ?? error?.fields),
    issues,
    errors: error?.errors ?? (body.items.length > 1 ? body.items.map(toListed) : undefined),
    requestId: error?.requestId ?? requestIdIn(headers, seen.json),
    dialect: name,
    certainty,
    answeredBy: by,
    source: entry?.source ?? (by === 'cdn' || by === 'proxy' ? 'network' : meaning.reason.startsWith('upstream.') ? 'upstream' : meaning.reason.startsWith('network.') ? 'network' : 'api'),
    retryAfterMs,
    shouldRetry,
    limits,
    payment: answer && paymentOf(answer),
    // A guess must not send anybody to the pages of another API.
    docs: body.docs ?? (certainty === 'status' ? undefined : dialect?.declaration.docs),
    traceId: trace?.traceId,
  })
}

/** A detail that is milliseconds is finer than the seconds of a header. */
function exactWaitIn(entry: EntryDeclaration | undefined, error: ReadError | undefined): number | undefined {
  const name = entry && detailsIn(entry).find(({ type, from }) => from === 'retryAfterMs' && (type === 'integer' || type === 'number'))?.name
  const value = name === undefined || error === undefined ? undefined : memberOf(error.details, name)
  return typeof value === 'number' && value >= 0 ? value : undefined
}

function toListed({ status, code, message }: FoundItem, index: number): ListedError {
  const meaning = classify({ status, code, message, retryAfterMs: undefined, isWaitExplicit: false, isLimitSpent: false })
  return { index, entry: undefined, code, status: status ?? 500, message, details: {}, ...meaning }
}

/** Members that may be missing are left out. */
function defined<T extends object>(members: { readonly [Name in keyof T]: T[Name] | undefined }): T {
  const kept = new Set(['entry', 'code', 'dialect'])
  return Object.fromEntries(Object.entries(members).filter(([name, value]) => value !== undefined || kept.has(name))) as T
}

function entryIn({ declaration }: Pick<Dialect, 'declaration'> = { declaration: { name: '', title: '', envelope: { error: null }, entries: {} } }, id: string): EntryDeclaration | undefined {
  return Object.hasOwn(declaration.entries, id) ? declaration.entries[id] : undefined
}

interface Weights {
  readonly isKnown: boolean
  readonly certainty: Certainty
  readonly status: number | undefined
  readonly shouldRetry: boolean | undefined
  readonly isPaymentWait: boolean
}

/** What is final whatever the server says of trying again: money and rights do not come back by themselves. */
const isFinal = /^(?:credit|quota|credential|permission|account|content)\b/

/** The server's own word weighs more than a table, but for a yes to what is final. A contract is exact: nothing but a no of the server changes it. */
function retryOf({ reason, retry }: Pick<ReadError, 'reason' | 'retry'>, { isKnown, certainty, shouldRetry, isPaymentWait }: Weights): ReadError['retry'] {
  if (shouldRetry === false) return 'never'
  if (certainty !== 'contract' && isPaymentWait) return 'wait'
  return retry === 'never' && shouldRetry === true && !(isKnown && certainty === 'contract') && !isFinal.test(reason) ? 'backoff' : retry
}

/** Bearer (RFC 6750 section 3.1): a token that has run out, and one with too few rights. */
function byChallenge(headers: ReceivedAnswer['headers'], meaning: Pick<ReadError, 'reason' | 'retry' | 'action'>): Pick<ReadError, 'reason' | 'retry' | 'action'> {
  if (meaning.reason !== 'credential.invalid' && meaning.reason !== 'permission.denied') return meaning
  const { params = {} } = parseChallenges(headerOf(headers, 'www-authenticate')).find(({ scheme }) => scheme === 'bearer') ?? {}
  if (params['error'] === 'insufficient_scope') return { reason: 'permission.denied', retry: 'never', action: 'request_access' }
  const isExpired = params['error'] === 'invalid_token' && /\bexpired\b/i.test(params['error_description'] ?? '')
  return isExpired ? { reason: 'token.expired', retry: 'refresh', action: 'refresh_credentials' } : meaning
}

/** Of the headers, and of those that a gateway repeats in its body. */
function limitsIn(headers: ReceivedAnswer['headers'], seen: SeenAnswer, dialect: Dialect | undefined, clockMs: number): readonly ReadRateLimit[] {
  const told = readToldLimits(headers, clockMs, dialect?.declaration.rateLimitHeaders)
  const repeated = seen.at('error', 'metadata', 'headers')
  if (told.length > 0 || typeof repeated !== 'object' || repeated === null) return told
  return readToldLimits(Object.fromEntries(Object.entries(repeated).slice(0, 64).flatMap(([name, value]) => (typeof value === 'string' || typeof value === 'number' ? [[name.toLowerCase(), String(value)] as const] : []))), clockMs)
}

const TITLE_CHARS_MAX = 200

/** What a page is called. */
function titleIn({ isHtml, text, json }: SeenAnswer): string | undefined {
  // Of several lines the first.
  if (!isHtml) return json === undefined && text.length > 0 && text.length <= TITLE_CHARS_MAX ? /^[^\p{Cc}[{<][^\p{Cc}]*(?=\s|$)/u.exec(text)?.[0].trim() : undefined
  const [, title] = /<(?:title|h1)[^>]{0,100}>([^<]{1,200})</i.exec(text) ?? []
  return title?.trim()
}
