/**
 * Bytes → an error of the dialect, or "not mine". Total: nothing that a server may send makes it throw.
 *
 * Below 400 and in the middle of a stream most bodies are successes, so there an error is only believed on evidence: a constant of the envelope
 * (`ok: false`), an object of its own for the error, a declared success form that does not fit, or a dialect that answers so by design.
 */
import { parseBoundedJson, toBoundedText } from './bounded-json.ts'
import type { Entry } from './contract.ts'
import type { ContractDeclaration } from './declaration.ts'
import { fromWire, type Detail } from './details.ts'
import { createWireEntryChoice, type EntryEvidence } from './entry-choice.ts'
import type { JsonValue } from './facts.ts'
import { isToken } from './header-value.ts'
import { isTextType } from './http-duties.ts'
import { toFoundSlots, type Reader, type ReaderAnswer } from './reader.ts'
import { collect, hasAllLiterals, needsCode, readTemplate, type FoundSlots } from './read-template.ts'
import { REQUEST_ID_HEADER } from './request-id.ts'
import { mayTellWait, parseRetryAfter } from './retry-after.ts'
import { meaningOfStatus } from './status-meaning.ts'
import { isStreamErrorName } from './stream-frame.ts'
import { parseSlot, slotsOf, type Slot, type TemplateNode } from './template.ts'
import { parseHttpDate } from './http-date.ts'
import type { ReadError, ReceivedAnswer, WireError } from './wire.ts'

/** An envelope template with the family it belongs to; undefined is the default one. */
export interface FamilyTemplate {
  readonly family: string | undefined
  readonly node: TemplateNode
}

export interface ReadPlan {
  readonly declaration: ContractDeclaration
  readonly entries: ReadonlyMap<string, Entry>
  readonly details: ReadonlyMap<string, readonly Detail[]>
  readonly templates: readonly FamilyTemplate[]
  readonly success: TemplateNode | undefined
  readonly stream: TemplateNode | undefined
  readonly reader: Reader | undefined
}

type Headers = ReceivedAnswer['headers']

/** What one answer says, before it is known which entry says it. */
interface Reading {
  readonly found: FoundSlots
  readonly family: string | undefined
  readonly answer: ReaderAnswer
  /** Set where the reader is sure of the entry or the wait. */
  readonly entry?: string | undefined
  readonly retryAfterSeconds?: number | undefined
}

export interface ErrorReader {
  read(answer: ReceivedAnswer): ReadError | undefined
  readStreamEvent(event: { readonly event?: string; readonly data: string }): ReadError | undefined
}

export function createErrorReader(plan: ReadPlan): ErrorReader {
  const { declaration, templates } = plan
  const allEntries = [...plan.entries.values()]
  const headerSlots = findHeaderSlots(declaration)
  const hasCodes = [...templates.flatMap(({ node }) => [...slotsOf(node)]), ...headerSlots.map(({ slot }) => slot)].some((slot) => slot.kind === 'code')
  const chooseEntry = createWireEntryChoice(allEntries, hasCodes)
  const isText = isTextType(declaration.envelope.contentType)
  const streamTemplates = plan.stream === undefined ? templates : [{ family: undefined, node: plan.stream }, ...templates]

  function read(answer: ReceivedAnswer): ReadError | undefined {
    const text = toBoundedText(answer.body)
    if (text === undefined) return undefined
    const from = { status: answer.status, headers: answer.headers, event: undefined }
    const body = isText ? text : parseBoundedJson(text)
    if (plan.success !== undefined && hasAllLiterals(plan.success, body)) return undefined
    const reading = readIrregular(body ?? text, from) ?? readTemplates(templates, body, from)
    return reading === undefined ? undefined : toReadError(reading)
  }

  function readStreamEvent({ event, data }: { readonly event?: string; readonly data: string }): ReadError | undefined {
    const text = toBoundedText(data)
    if (text === undefined) return undefined
    const body = parseBoundedJson(text)
    const from = { status: undefined, headers: {}, event }
    const reading = readIrregular(body ?? text, from) ?? (isExpected(event) ? readTemplates(streamTemplates, body, from) : undefined)
    return reading === undefined ? undefined : toReadError(reading)
  }

  function isExpected(event: string | undefined): boolean {
    const { stream } = declaration.envelope
    return stream === undefined || isStreamErrorName(stream, event)
  }

  /** The contract's own reader has the first word. What it throws is its own affair and means "not mine". */
  function readIrregular(body: unknown, answer: ReaderAnswer): Reading | undefined {
    if (plan.reader === undefined) return undefined
    try {
      const result = plan.reader(body, answer)
      if (result === undefined) return undefined
      const { entry, retryAfterSeconds } = result
      const found = toFoundSlots(result)
      const { status } = found
      return { found, family: undefined, answer: status === undefined ? answer : { ...answer, status }, entry, retryAfterSeconds }
    } catch {
      return undefined
    }
  }

  /** Of the templates that fit, the one that most of the body speaks for; of equals the one whose entries know the code. */
  function readTemplates(candidates: readonly FamilyTemplate[], body: unknown, answer: ReaderAnswer): Reading | undefined {
    let best: { reading: Reading; score: number } | undefined
    for (const { family, node } of candidates) {
      const found = body === undefined ? undefined : readTemplate(node, body)
      if (found === undefined) continue
      for (const { name, slot } of headerSlots) {
        const value = header(answer.headers, name)
        if (value !== undefined && found.code === undefined) collect(slot, value, found, 0)
      }
      if (found.code === undefined ? needsCode(node) || !saysSomething(found) : false) continue
      const reading = { found, family, answer }
      const known = allEntries.some((entry) => entry.family === family && String(entry.code) === String(found.code))
      const score = found.literals * 4 + (found.message === undefined ? 0 : 2) + (known ? 1 : 0)
      if (best === undefined || score > best.score) best = { reading, score }
    }
    return best !== undefined && isBelievable(best.reading) ? best.reading : undefined
  }

  /** See the opening comment. */
  function isBelievable({ found, answer: { status, event } }: Reading): boolean {
    if (status !== undefined && (status >= 400 || status === declaration.alwaysStatus)) return true
    if (found.literals > 0 || found.nested) return true
    if (status === undefined && event !== undefined && event === declaration.envelope.stream?.event) return true
    if (status === undefined) return plan.stream !== undefined && entryOf({ found, status, family: undefined }) !== undefined
    return plan.success !== undefined || allEntries.some((entry) => entry.status === status && String(entry.code) === String(found.code))
  }

  function entryOf({ found, status, family }: { found: FoundSlots; status: number | undefined; family: string | undefined }): Entry | undefined {
    const evidence: EntryEvidence = {
      code: found.code,
      status: status === declaration.alwaysStatus ? undefined : status,
      family,
      value: (name) => found.attributes.get(name) ?? own(found.details, name) ?? found.named.get(name),
    }
    return chooseEntry(evidence)
  }

  function toReadError(reading: Reading): ReadError {
    const { found, family, answer } = reading
    const named = reading.entry === undefined ? undefined : plan.entries.get(reading.entry)
    const entry = named ?? entryOf({ found, status: answer.status, family })
    const status = statusOf(entry, reading)
    const details = detailsOf(entry === undefined ? [] : (plan.details.get(entry.id) ?? []), found)
    const requestId = found.requestId ?? header(answer.headers, (declaration.requestId?.header ?? REQUEST_ID_HEADER).toLowerCase())
    const retryAfterSeconds = reading.retryAfterSeconds ?? retryAfterOf(answer.headers) ?? waitInDetails(entry, details)
    const allow = status === 405 ? allowOf(answer.headers) : undefined
    const { reason, retry, action } = entry ?? meaningOfStatus(answer.status)
    return {
      entry: entry?.id,
      code: entry?.code ?? found.code,
      status,
      message: found.message ?? '',
      details,
      ...(found.fields === undefined ? undefined : { fields: found.fields }),
      ...(requestId === undefined ? undefined : { requestId }),
      ...(found.timestamp === undefined ? undefined : { timestamp: found.timestamp }),
      ...(retryAfterSeconds === undefined ? undefined : { retryAfterSeconds }),
      ...(allow === undefined ? undefined : { allow }),
      reason,
      retry,
      action,
    }
  }

  /** The status that the error stands for: an error inside a success has its entry's. */
  function statusOf(entry: Entry | undefined, { found, answer: { status } }: Reading): number {
    if (entry !== undefined && (status === undefined || status < 400 || status === declaration.alwaysStatus)) return entry.status
    return status ?? found.status ?? 500
  }

  /** A wait that the body tells where the header is missing; browsers often cannot see it. */
  function waitInDetails(entry: Entry | undefined, details: WireError['details']): number | undefined {
    if (entry === undefined || !mayTellWait(entry)) return undefined
    const detail = plan.details.get(entry.id)?.find(({ type, from }) => type === 'seconds' && from === 'retryAfterMs')
    const seconds = detail === undefined ? undefined : own(details, detail.name)
    return typeof seconds === 'number' ? seconds : undefined
  }

  return { read, readStreamEvent }
}

/** Whether a body without a code says anything of an error at all. */
function saysSomething(found: FoundSlots): boolean {
  return found.literals > 0 || (found.message !== undefined && found.message !== '') || (found.fields !== undefined && Object.keys(found.fields).length > 0)
}

/** Declared details in their type; undeclared ones as they came, for APIs grow. */
function detailsOf(declared: readonly Detail[], { details: raw = {}, named }: FoundSlots): WireError['details'] {
  const details: { [name: string]: JsonValue } = {}
  for (const detail of declared) {
    const value = Object.hasOwn(raw, detail.name) ? raw[detail.name] : named.get(detail.name)
    const read = value === undefined ? undefined : fromWire(detail, value)
    if (read !== undefined) details[detail.name] = read
  }
  const isDeclared = (name: string): boolean => declared.some((detail) => detail.name === name)
  for (const [name, value] of named) if (value !== null && !isDeclared(name)) details[name] = value
  for (const [name, value] of Object.entries(raw)) if (!isDeclared(name)) details[name] = value
  return details
}

function own<Value>(record: { readonly [name: string]: Value } | undefined, name: string): Value | undefined {
  return record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined
}

function header(headers: Headers, name: string): string | undefined {
  const value = own(headers, name)
  return typeof value === 'string' && value !== '' ? value : undefined
}

function retryAfterOf(headers: Headers): number | undefined {
  const date = header(headers, 'date')
  // Without the sender's clock a date says nothing: ours may be off by more than the wait. (NaN: a Date with a two-digit year is not worth guessing.)
  return parseRetryAfter(header(headers, 'retry-after'), date === undefined ? undefined : parseHttpDate(date, Number.NaN))
}

function allowOf(headers: Headers): readonly string[] | undefined {
  return own(headers, 'allow')
    ?.split(',')
    .map((method) => method.trim())
    .filter(isToken)
}

function findHeaderSlots({ headers = {} }: ContractDeclaration): readonly { readonly name: string; readonly slot: Slot }[] {
  return Object.entries(headers).flatMap(([name, value]) => {
    const slot = value.startsWith('$$') ? undefined : parseSlot(value)
    return slot === undefined ? [] : [{ name: name.toLowerCase(), slot }]
  })
}
