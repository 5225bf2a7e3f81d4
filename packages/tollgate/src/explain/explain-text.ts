/**
 * What any pasted text means: who refused, why, whether and when it may be tried again. What the paste does not have (a status, the headers) is said, for with it one would
 * know more.
 */
import type { Action, RetryRule } from '../contract/declare/declaration.ts'
import type { Reason } from '../contract/declare/reason.ts'
import type { Source } from '../contract/declare/refusal.ts'
import type { Dialect } from '../contract/read/dialect.ts'
import { parseBoundedJson } from '../contract/read/bounded-json.ts'
import { valueAt } from '../contract/read/value-at.ts'
import * as dialects from '../catalog/dialects.ts'
import { readEvent, readRefusal, type ReadRefusal } from '../detect/read-refusal.ts'
import type { PastedAnswer, PastedFailure, PastedForm, PastedRequest } from './pasted-answer.ts'
import { readPasted } from './read-pasted.ts'

/** What is known beside the text. */
export interface ExplainOptions {
  /** The contract or dialect of the API that was asked; of several the first that knows the answer. */
  readonly contract?: Dialect | readonly Dialect[] | undefined
  /** The status of a body that is pasted alone. */
  readonly status?: number | undefined
  /** Of the request, where the paste does not say it. */
  readonly method?: string | undefined
  /** Epoch milliseconds. */
  readonly nowMs?: number | undefined
}

/** Whether a request may be sent twice: nothing was done · by its method or its key · not · nobody has said which request it was. */
export type Repeatable = 'undone' | 'safe' | 'unsafe' | 'unknown'

/** Whether a program may try again, and when. */
export interface AgainAdvice {
  readonly rule: RetryRule
  /** What the server asks to wait, from its answer on. */
  readonly afterMs: number | undefined
  /** The same as an instant, where it is known when it answered. Epoch milliseconds. */
  readonly atMs: number | undefined
  readonly repeatable: Repeatable
  /** The server's own word, for or against. */
  readonly advised: boolean | undefined
}

/** One refusal, or one failure without an answer. */
export interface Explanation {
  readonly form: PastedForm
  readonly reason: Reason
  readonly action: Action
  readonly source: Source
  readonly again: AgainAdvice
  /** What was read of the answer; undefined where none came. */
  readonly refusal: ReadRefusal | undefined
  /** Of a failure without an answer: `ECONNREFUSED`. */
  readonly networkCode: string | undefined
  readonly request: PastedRequest | undefined
  /** What was not pasted, and would have told more. */
  readonly lacks: readonly ('status' | 'headers' | 'request')[]
}

/** What is made of one answer that a text tells of. */
export type Explained =
  | { readonly kind: 'explained'; readonly explanation: Explanation }
  /** An answer that refuses nothing. */
  | { readonly kind: 'no-refusal'; readonly status: number | undefined }

/**
 * One for each answer that the text tells of; empty where it tells of none. Never throws.
 *
 * @example
 * const [found] = explainText("openai.RateLimitError: Error code: 429 - {'error': {'message': 'You exceeded your current quota.', 'code': 'insufficient_quota'}}")
 * found?.kind === 'explained' ? [found.explanation.reason, found.explanation.again.rule] : [] // => ['credit.insufficient', 'never']
 */
export function explainText(text: string, options: ExplainOptions = {}): readonly Explained[] {
  const explained = readPasted(text).map((pasted): Explained => {
    if (pasted.kind === 'failure') return { kind: 'explained', explanation: explainFailure(pasted.failure, options) }
    const { answer } = pasted
    const refusal = refusalIn(answer, options)
    return refusal === undefined ? { kind: 'no-refusal', status: answer.status ?? options.status } : { kind: 'explained', explanation: explainRefusal(refusal, answer, options) }
  })
  // Of many answers, those that refuse; of none that does, one that does not.
  const refused = explained.filter(({ kind }) => kind === 'explained')
  return refused.length > 0 ? refused : explained.slice(0, 1)
}

/** Without a status each is tried that an error may have: the one counts with which a dialect knows the code. */
function refusalIn(pasted: PastedAnswer, { contract, nowMs, status: given }: ExplainOptions): ReadRefusal | undefined {
  const { headers, body, event } = pasted
  const known = { contract, nowMs: pasted.atMs ?? nowMs }
  const status = pasted.status ?? given
  if (status !== undefined) return readRefusal({ status, headers: withType(headers, body), body }, known)
  if (pasted.form === 'events') return readEvent({ event, data: body }, known)
  const tried = statusesFor(body, contract).flatMap((each) => readRefusal({ status: each, headers: withType(headers, body), body }, known) ?? [])
  // Which status it had is not known, so that what only follows from it says nothing.
  const sure = tried.filter(({ entry, certainty }) => entry !== undefined && certainty !== 'status')
  const hasWords = (read: ReadRefusal): boolean => read.reason !== 'internal' && read.reason !== 'unknown'
  const first = sure.find(({ certainty }) => certainty === 'contract') ?? sure[0]
  const own = first && ownStatus(first, contract)
  return (own === undefined ? first : readRefusal({ status: own, headers: withType(headers, body), body }, known)) ?? readEvent({ data: body }, known) ?? bySentence(body, known) ?? (pasted.form === 'text' ? undefined : tried.find((read) => read.code !== undefined && read.code !== '' && hasWords(read)))
}

const shipped: readonly Dialect[] = Object.values(dialects)

/** The status with which its dialect sends this error. */
function ownStatus({ dialect: name, entry }: ReadRefusal, contract: ExplainOptions['contract']): number | undefined {
  const dialect = [...[contract ?? []].flat(), ...shipped].find((each) => each.name === name)
  const declared = entry === undefined ? undefined : dialect?.declaration.entries[entry]
  return declared && (declared.sentAs ?? dialect?.declaration.alwaysStatus ?? declared.status)
}

/** A sentence says something where two statuses that mean different things do not change what is made of it. */
function bySentence(body: string, known: Pick<ExplainOptions, 'contract' | 'nowMs'>): ReadRefusal | undefined {
  const [asClient, asServer] = [400, 500].map((status) => readRefusal({ status, headers: withType({}, body), body }, known))
  return asClient?.reason === asServer?.reason ? asClient : undefined
}

const usualStatuses = [400, 401, 402, 403, 404, 405, 409, 413, 422, 429, 500, 502, 503, 504, 529, 200]

function statusesFor(body: string, contract: ExplainOptions['contract']): readonly number[] {
  const json = parseBoundedJson(body)
  const said = [['status'], ['statusCode'], ['error', 'status'], ['error', 'code'], ['code'], ['meta', 'status']].map((path) => Number(valueAt(json, path))).filter((each) => Number.isInteger(each) && each >= 400 && each <= 599)
  const declared = [contract ?? []].flat().flatMap(({ declaration }) => Object.values(declaration.entries).map(({ status, sentAs }) => sentAs ?? declaration.alwaysStatus ?? status))
  return [...new Set([...said, ...declared, ...usualStatuses])]
}

/** A body that was pasted alone says by its looks what it is. */
function withType(headers: PastedAnswer['headers'], body: string): PastedAnswer['headers'] {
  if (headers['content-type'] !== undefined) return headers
  const type = /^\s*[{[]/.test(body) ? 'application/json' : /^\s*<(?:!doctype|html)/i.test(body) ? 'text/html' : /^\s*</.test(body) ? 'application/xml' : undefined
  return type === undefined ? headers : { ...headers, 'content-type': type }
}

function explainRefusal(refusal: ReadRefusal, pasted: PastedAnswer, { nowMs, status, method }: ExplainOptions): Explanation {
  const { reason, action, source, retry, retryAfterMs, shouldRetry } = refusal
  const request = pasted.request ?? (method === undefined ? undefined : { method, url: undefined, hasKey: undefined })
  const answeredMs = pasted.atMs ?? nowMs
  return {
    form: pasted.form,
    reason,
    action,
    source,
    again: {
      rule: retry,
      afterMs: retryAfterMs,
      atMs: retryAfterMs === undefined || answeredMs === undefined ? undefined : answeredMs + retryAfterMs,
      repeatable: isUndone(refusal) ? 'undone' : repeatableBy(request),
      advised: shouldRetry,
    },
    refusal,
    networkCode: undefined,
    request,
    lacks: [...((pasted.status ?? status) === undefined && pasted.form !== 'events' ? (['status'] as const) : []), ...(pasted.hasHeaders || pasted.form === 'events' ? [] : (['headers'] as const)), ...(request === undefined ? (['request'] as const) : [])],
  }
}

function explainFailure({ form, networkCode, isTimeout, isUnsent, isLasting }: PastedFailure, { method }: ExplainOptions): Explanation {
  const request = method === undefined ? undefined : { method, url: undefined, hasKey: undefined }
  return {
    form,
    reason: isTimeout ? 'network.timeout' : 'network.failed',
    action: isLasting ? 'fix_request' : 'wait',
    source: 'network',
    again: { rule: isLasting ? 'never' : 'backoff', afterMs: undefined, atMs: undefined, repeatable: isUnsent ? 'undone' : repeatableBy(request), advised: undefined },
    refusal: undefined,
    networkCode,
    request,
    lacks: request === undefined ? ['request'] : [],
  }
}

/** Refused before the work began: by a credential, a rule, a limit. */
function isUndone({ reason, status }: ReadRefusal): boolean {
  return status === 429 || /^(?:credential|token|permission|account|request|field|route|method|rate|concurrency|quota|credit|session|idempotency|content)\b/.test(reason)
}

/** RFC 9110 section 9.2.2: these may be repeated. */
const idempotentMethods = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'TRACE'])

function repeatableBy(request: PastedRequest | undefined): Repeatable {
  if (request?.method === undefined) return 'unknown'
  if (idempotentMethods.has(request.method.toUpperCase()) || request.hasKey === true) return 'safe'
  return request.hasKey === false ? 'unsafe' : 'unknown'
}
