/** Bytes → an error of the dialect with its meaning, or "not mine". Total: nothing that a server may send makes it throw. */
import { parseBoundedJson, toBoundedText } from './bounded-json.ts'
import { fromWire, type Detail } from '../declare/details.ts'
import type { Entry } from '../declare/contract.ts'
import { rulesWhere } from '../declare/entry-rules.ts'
import type { JsonValue } from '../declare/facts.ts'
import { isToken } from '../write/header-value.ts'
import { compact } from '../values/compact.ts'
import type { FoundSlots } from './found-slots.ts'
import { headerOf } from './header-of.ts'
import type { ListItem } from './read-list.ts'
import type { BodyCodec, ReadingParts } from './parts/reading-parts.ts'
import type { SuccessForm } from './success-form.ts'
import type { ReaderAnswer } from './reader.ts'
import type { FindReading, AnswerReading } from './reading.ts'
import type { ContractDeclaration } from '../declare/declaration.ts'
import { REQUEST_ID_HEADER } from '../values/request-id-header.ts'
import { mayTellWait, parseDelaySeconds, waitIn } from '../values/retry-after.ts'
import { meaningOfStatus } from './status-meaning.ts'
import type { ReadError, ReceivedAnswer, WireError } from '../declare/wire.ts'

export interface ReadPlan {
  readonly declaration: Pick<ContractDeclaration, 'requestId' | 'language' | 'waitInMessage'>
  readonly findReading: FindReading
  readonly success: Pick<SuccessForm, 'isSaidBy' | 'codes'> | undefined
  readonly parts: Pick<ReadingParts, 'lists' | 'recognitionOf' | 'parseDate' | 'toldWaitSeconds'>
  /** Undefined: bodies are JSON. */
  readonly codec: BodyCodec | undefined
  readonly details: ReadonlyMap<string, readonly Detail[]>
}

export interface ErrorReader {
  read(answer: ReceivedAnswer): ReadError | undefined
  readStreamEvent(event: { readonly event?: string; readonly data: string }): ReadError | undefined
  toReadError(reading: AnswerReading): ReadError
  /** Of data that is JSON by itself, without status and headers. */
  readMessage(find: FindReading, data: string | Uint8Array, event?: string): ReadError | undefined
}

type Headers = ReceivedAnswer['headers']

export function createErrorReader(plan: ReadPlan): ErrorReader {
  const { declaration, success, parts, findReading, codec } = plan
  const requestIdHeader = (declaration.requestId?.header ?? REQUEST_ID_HEADER).toLowerCase()

  function toReadError(reading: AnswerReading): ReadError {
    const { found, entry, answer } = reading
    const declared = entry === undefined ? [] : (plan.details.get(entry.id) ?? [])
    const details = detailsOf(declared, found, codec?.fromText ?? fromWire)
    const status = statusOf(reading)
    const { reason, ...rules } = entry ?? meaningOfStatus(answer.status)
    const waitHelps = detailFrom('waitHelps', declared, details)
    const { retry, action } = rulesWhere(waitHelps, rules)
    const { errors = [], succeeded = 0 } = reading.list ?? {}
    const issues = found.issues
    const message = found.message ?? ''
    return {
      entry: entry?.id,
      code: codeOf(reading),
      status,
      message,
      details,
      reason,
      // What succeeded would be done twice.
      retry: succeeded > 0 ? 'never' : retry,
      action,
      ...compact({
        language: declaration.language && headerOf(answer.headers, 'content-language'),
        fields: found.fields ?? (issues && parts.lists?.fieldsFrom(issues)),
        issues,
        errors: errors.length > 1 ? errors.map(({ index, ...item }) => ({ ...toReadError(toItemReading(item, answer)), index })) : undefined,
        succeeded: succeeded > 0 ? succeeded : undefined,
        timestamp: found.timestamp,
        docsUrl: found.docsUrl,
        requestId: found.requestId ?? headerOf(answer.headers, requestIdHeader),
        retryAfterSeconds: reading.retryAfterSeconds ?? retryAfterOf(answer.headers) ?? (entry !== undefined && mayTellWait(entry) ? waitIn(details, declared) : undefined) ?? waitInMessage(message, entry),
        waitHelps: waitHelps === false ? (false as const) : undefined,
        allow: status === 405 ? allowOf(answer.headers) : undefined,
      }),
    }
  }

  function waitInMessage(message: string, entry: Entry | undefined): number | undefined {
    const seconds = declaration.waitInMessage === true && (entry === undefined || mayTellWait(entry)) ? parts.toldWaitSeconds?.(message) : undefined
    return seconds === undefined ? undefined : Math.ceil(seconds)
  }

  /**
   * A date is measured against the sender's own clock: ours may be off by more than the wait. Without a `Date` it says nothing.
   * (NaN: a `Date` with a two-digit year, which nobody sends, is not worth a guess.)
   */
  function retryAfterOf(headers: Headers): number | undefined {
    const [value = '', date = ''] = [headerOf(headers, 'retry-after'), headerOf(headers, 'date')]
    const nowMs = parts.parseDate?.(date, Number.NaN)
    const atMs = nowMs === undefined ? undefined : parts.parseDate?.(value, nowMs)
    return parseDelaySeconds(value) ?? (atMs === undefined || nowMs === undefined ? undefined : Math.max(0, Math.ceil((atMs - nowMs) / 1_000)))
  }

  /** The headers speak of the whole answer. */
  function toItemReading({ found, entry }: Omit<ListItem, 'index'>, { status, event }: ReaderAnswer): AnswerReading {
    const issues = parts.lists?.issuesIn([{ found }]) ?? []
    return { found: issues.length === 0 ? found : { ...found, issues }, answer: { status: found.status ?? status, event, headers: {} }, entry, isNamed: true, retryAfterSeconds: undefined, list: undefined }
  }

  /** As the entry has it (`"10105"` is 10105), or as it was sent where it was read by a pattern. */
  function codeOf({ found, entry }: AnswerReading): string | number | undefined {
    if (entry === undefined || found.code === undefined) return entry?.code ?? found.code
    return String(found.code) !== String(entry.code) && parts.recognitionOf?.(entry).hasCodes === true ? found.code : entry.code
  }

  /** The status that the error stands for: an error inside a success has its entry's. */
  function statusOf({ found, entry, answer: { status } }: AnswerReading): number {
    if (entry !== undefined && (status === undefined || status < 400 || status === entry.sentAs)) return entry.status
    return status ?? found.status ?? 500
  }

  /** JSON even where the dialect's own body is text. */
  function readMessage(find: FindReading, data: string | Uint8Array, event?: string): ReadError | undefined {
    const text = toBoundedText(data)
    const reading = text === undefined ? undefined : find(parseBoundedJson(text), text, { status: undefined, headers: {}, event })
    return reading && toReadError(reading)
  }

  return {
    read(answer) {
      const text = toBoundedText(answer.body)
      if (text === undefined) return undefined
      const body = codec === undefined ? parseBoundedJson(text) : codec.toBody(text)
      if (success?.isSaidBy(body) === true) return undefined
      const reading = findReading(body, text, { status: answer.status, headers: answer.headers ?? {}, event: undefined })
      return reading === undefined || success?.codes.has(String(reading.found.code)) === true ? undefined : toReadError(reading)
    },
    readStreamEvent: ({ event, data }) => readMessage(findReading, data, event),
    toReadError,
    readMessage,
  }
}

/** What the answer says under the detail that carries this fact. */
function detailFrom(fact: string, declared: readonly Detail[], details: WireError['details']): JsonValue | undefined {
  const name = declared.find(({ from }) => from === fact)?.name
  return name !== undefined && Object.hasOwn(details, name) ? details[name] : undefined
}

/** Declared details in their type; undeclared ones as they came, for APIs grow. */
function detailsOf(declared: readonly Detail[], { details: raw = {}, named }: FoundSlots, read: typeof fromWire): WireError['details'] {
  const details: { [name: string]: JsonValue } = {}
  for (const detail of declared) {
    const isSpread = Object.hasOwn(raw, detail.name)
    const value = isSpread ? raw[detail.name] : named.get(detail.name)
    const asSent = value === undefined ? undefined : read(detail, value)
    // A slot of its own may stand in a text: `{details.delay}s`.
    const own = asSent === undefined && typeof value === 'string' && !isSpread ? fromSlot(detail, value) : asSent
    if (own !== undefined) details[detail.name] = own
  }
  const isDeclared = (name: string): boolean => declared.some((detail) => detail.name === name)
  for (const [name, value] of named) if (value !== null && !isDeclared(name)) details[name] = value
  for (const [name, value] of Object.entries(raw)) if (!isDeclared(name)) details[name] = value
  return details
}

function fromSlot(detail: Detail, text: string): JsonValue | undefined {
  return fromWire(detail, detail.type === 'strings' ? [text] : ((parseBoundedJson(text) ?? null) as JsonValue))
}

/** An empty `Allow` is legal: no method at all (RFC 9110 section 10.2.1). */
function allowOf(headers: Headers): readonly string[] | undefined {
  const value = Object.hasOwn(headers, 'allow') ? headers['allow'] : undefined
  return typeof value === 'string' ? value.split(',').map((method) => method.trim()).filter(isToken) : undefined
}
