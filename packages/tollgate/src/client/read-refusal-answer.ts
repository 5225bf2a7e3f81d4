/** What an answer says no with: read in the contracts that the client was given, otherwise by its status, and always with what the server advises. */
import type { EntryDeclaration } from '../contract/declare/declaration.ts'
import type { ReadError, ReceivedAnswer } from '../contract/declare/wire.ts'
import { BODY_BYTES_MAX, parseBoundedJson } from '../contract/read/bounded-json.ts'
import type { Dialect } from '../contract/read/dialect.ts'
import { meaningOfStatus } from '../contract/read/status-meaning.ts'
import { memberOf } from '../contract/read/value-at.ts'
import type { Advise } from './advise.ts'
import type { Failure } from './failure.ts'

/** An answer whose body has been read. */
export interface ReceivedText extends ReceivedAnswer {
  readonly body: string
}

/** Of a body the error keeps so many characters. */
const KEPT_CHARS_MAX = 65_536
/** A line of text that is longer is no sentence. */
const SENTENCE_CHARS_MAX = 300

/** Undefined: it is no refusal. `isRefreshable`: there is a way to get other credentials. */
export function toRefusal(advise: Advise, dialects: readonly Dialect[], answer: ReceivedText, nowMs: number, isRefreshable: boolean): Failure | undefined {
  const [dialect, read] = readIn(dialects, (each) => each.read(answer))
  return read === undefined && answer.status < 400 ? undefined : toReadFailure(advise, dialect, read, answer, nowMs, isRefreshable)
}

/** The same of an event within a stream: it has no headers, and its status is the one that it means. */
export function toStreamRefusal(advise: Advise, dialects: readonly Dialect[], event: { readonly event?: string; readonly data: string }, nowMs: number): Failure | undefined {
  const [dialect, read] = readIn(dialects, (each) => each.readStreamEvent(event))
  return read && toReadFailure(advise, dialect, read, { status: read.status, headers: {}, body: event.data }, nowMs, false)
}

function toReadFailure(advise: Advise, dialect: Dialect | undefined, read: ReadError | undefined, answer: ReceivedText, nowMs: number, isRefreshable: boolean): Failure {
  const { status, headers, body } = answer
  const entry = read?.entry === undefined ? undefined : dialect?.declaration.entries[read.entry]
  const { retryAfterMs, shouldRetry, limits } = advise(answer, { nowMs, declared: dialect?.declaration.rateLimitHeaders, message: read?.message, retryAfterMs: read?.retryAfterSeconds === undefined ? undefined : read.retryAfterSeconds * 1_000 })
  const isKnown = read?.entry !== undefined
  // A form that is known says no more of an unknown code than its status does; of a batch it says what succeeded.
  const { reason, retry, action } = read === undefined || (!isKnown && read.succeeded === undefined) ? byStatus(read?.status ?? status, answer, isRefreshable, retryAfterMs) : read
  return {
    init: {
      reason,
      retry,
      action,
      message: [read?.message, messageIn(body)].find((said) => said !== undefined && said !== '') ?? `The server answered ${status}.`,
      source: entry?.source ?? (reason.startsWith('upstream.') ? 'upstream' : 'api'),
      dialect: read === undefined ? undefined : dialect?.name,
      entry: read?.entry,
      code: read?.code,
      status: read?.status ?? status,
      details: read?.details,
      requestId: read?.requestId ?? headers['x-request-id'] ?? headers['request-id'],
      retryAfterMs,
      retryAtMs: retryAfterMs === undefined ? undefined : nowMs + retryAfterMs,
      limits,
      fields: read?.fields,
      issues: read?.issues,
      errors: read?.errors,
      succeeded: read?.succeeded,
      docs: read?.docsUrl ?? dialect?.declaration.docs,
      body: body.slice(0, KEPT_CHARS_MAX),
    },
    isKnown,
    isUndone: status === 429 || isNothingDone(reason, status, entry),
    shouldRetry,
    // A limit that tells no wait may be an overload by another name.
    cause: (reason === 'rate.limited' || reason === 'concurrency.limited') && retryAfterMs !== undefined ? 'throttled' : reason.endsWith('timeout') ? 'timeout' : 'failed',
    isStacked: false,
  }
}

/** The first that knows it; otherwise the first that knows its form. */
function readIn(dialects: readonly Dialect[], readBy: (dialect: Dialect) => ReadError | undefined): readonly [Dialect | undefined, ReadError | undefined] {
  let formed: readonly [Dialect, ReadError] | undefined
  for (const dialect of dialects) {
    const read = readBy(dialect)
    if (read?.entry !== undefined) return [dialect, read]
    if (read !== undefined) formed ??= [dialect, read]
  }
  return formed ?? [dialects[0], undefined]
}

type Meaning = ReturnType<typeof meaningOfStatus>

/** Not implemented, no room, no such media: these do not pass. */
const lasting = new Set([501, 505, 506, 507, 510, 511])
/** Refused for now where a wait is told, whatever else they mean: of payment, of secondary limits, of locks. */
const waitable = new Set([402, 403, 409, 423, 425])

/** What nobody has declared, on the side of caution. */
function byStatus(status: number, { headers, body }: ReceivedText, isRefreshable: boolean, retryAfterMs: number | undefined): Meaning {
  const meaning = meaningOfStatus(status)
  if (status === 429 && retryAfterMs === undefined && isAboutMoney(body)) return { reason: 'quota.exhausted', retry: 'never', action: 'pay_or_upgrade' }
  if (status === 401 && isRefreshable) return { reason: 'token.expired', retry: 'refresh', action: 'refresh_credentials' }
  if (lasting.has(status)) return { ...meaning, retry: 'never' }
  if (waitable.has(status) && headers['retry-after'] !== undefined) return { reason: 'rate.limited', retry: 'wait', action: 'wait' }
  return meaning
}

/** `insufficient_quota`, `DAILY_QUOTA_EXCEEDED`, `billing_hard_limit_reached`: a 429 that no wait mends. By its codes alone, since sentences speak of quotas that come back in a minute. */
function isAboutMoney(body: string): boolean {
  const json = parseBoundedJson(body)
  const error = memberOf(json, 'error')
  const codes = [memberOf(error, 'code'), memberOf(error, 'type'), error, memberOf(json, 'code'), memberOf(json, 'type')]
  return codes.some((code) => typeof code === 'string' && /^(?=\S{1,100}$).*(?:quota|insufficient|billing|credit|balance|spend)/i.test(code))
}

/** An entry that stands for failures, too, may have been sent when something was done already. */
const failures = new Set(['upstream.*', 'upstream.failed', 'upstream.timeout', 'internal'])

function isNothingDone(reason: string, status: number, entry: EntryDeclaration | undefined): boolean {
  if (reason === 'rate.limited' || reason === 'concurrency.limited' || reason === 'token.expired' || reason === 'idempotency.in_progress') return true
  if (status !== 503 || entry === undefined) return false
  return (reason === 'capacity.overloaded' || reason === 'service.maintenance' || reason === 'upstream.unavailable') && entry.alsoFor?.some((each) => failures.has(each)) !== true
}

function messageIn(body: string): string | undefined {
  const json = parseBoundedJson(body)
  const error = memberOf(json, 'error')
  return [memberOf(error, 'message'), error, memberOf(json, 'message'), memberOf(json, 'detail'), memberOf(json, 'title'), json === undefined ? sentenceIn(body) : undefined].find((each) => typeof each === 'string' && each !== '') as string | undefined
}

/** Servers without a form of errors say it in a line of plain text. */
function sentenceIn(body: string): string | undefined {
  return body.length <= SENTENCE_CHARS_MAX && !/[<{]/.test(body) ? body.trim() : undefined
}

export function toHeaders(response: Pick<Response, 'headers'>): { readonly [name: string]: string } {
  const headers: { [name: string]: string } = Object.create(null) as {}
  response.headers.forEach((value, name) => {
    headers[name] = value
  })
  return headers
}

/** Whether an answer of this dialect below 400 may be a refusal all the same, so that its body must be looked at. */
export function mayRefuseBelow400({ declaration: { alwaysStatus = 400, envelope, entries } }: Dialect): boolean {
  return alwaysStatus < 400 || envelope.success !== undefined || Object.values(entries).some(({ sentAs = 400, read }) => sentAs < 400 || readsBelow400(read))
}

function readsBelow400(read: EntryDeclaration['read']): boolean {
  if (typeof read !== 'object' || Array.isArray(read)) return false
  return [(read as { readonly status?: unknown }).status].flat().some((status) => (typeof status === 'number' ? status < 400 : status === '2xx' || status === '3xx'))
}

/** Of answers below 400, what may hold a refusal. */
const MAY_HOLD = /^$|json|xml|text\/(?:plain|html|javascript)|x-www-form-urlencoded/i

/** Whether an answer below 400 is worth a look. */
export function mayHoldRefusal({ headers, body }: Response): boolean {
  return body !== null && MAY_HOLD.test(headers.get('content-type') ?? '') && Number(headers.get('content-length') ?? 0) <= BODY_BYTES_MAX
}
