/** A refusal → the error in wire form: details converted, message filled in, wait decided. */
import type { Entry } from '../declare/contract.ts'
import { toWire, type Detail } from '../declare/details.ts'
import type { Facts, JsonValue } from '../declare/facts.ts'
import { isExactMoney, toMajorUnits } from '../values/money.ts'
import { allowedBy } from './http-duties.ts'
import { chooseLanguage } from '../values/accept-language.ts'
import type { Lookup, MessageWriter } from './message.ts'
import { toFields } from '../read/found-slots.ts'
import type { Refusal } from '../declare/refusal.ts'
import { decideRetryAfterSeconds, mayTellWait, waitIn } from '../values/retry-after.ts'
import { formatTimestamp } from '../values/timestamp.ts'
import type { AnswerContext, WireError, WireIssue } from '../declare/wire.ts'
import { echoOf } from '../values/echo.ts'
import { issuesOf, reasonOfIssue, type arrangedBy } from '../declare/issues.ts'
import { fieldsFrom } from '../values/issue-fields.ts'
import { worstOf } from '../read/read-list.ts'
import type { EachOf } from './template.ts'

/** What rendering needs of an entry, prepared at definition. */
export interface RenderPlan {
  readonly entry: Entry
  readonly details: readonly Detail[]
  /** In the language of the contract. */
  readonly message: MessageWriter
  readonly language: string | undefined
  /** Undefined where the entry has one language. */
  readonly translations: Translations | undefined
  /** Whether a service's own sentence may stand in place of the message. */
  readonly maySay: (sentence: string) => boolean
  /** Whether a service's own code may stand in place of the entry's. Undefined: none may. */
  readonly takesCode: ((code: string | number) => boolean) | undefined
  /** Whether a detail or the message shows the wait. */
  readonly tellsWait: boolean
  /** The details that show it. */
  readonly waits: readonly Detail[]
  /** Whether its envelope has a place for them. */
  readonly showsTimestamp: boolean
  readonly showsDocsUrl: boolean
  readonly showsFields: boolean
  /** What it says again of the request. */
  readonly echoes: readonly string[]
  /** Where its envelope has a list: what an item of it shows of an issue, and the plan that renders an item. */
  readonly list: ListPlan | undefined
}

/** By tag, in lower case. */
export type Translations = ReadonlyMap<string, { readonly language: string; readonly write: (lookup: Lookup) => string | undefined }>

export interface ListPlan {
  readonly of: EachOf
  readonly shown: (issue: WireIssue) => WireIssue
  /** Of the details of an error: others stand beside the list. */
  readonly shownDetails: (details: WireError['details']) => WireError['details']
  /** Which of them stand there, and in what order. */
  readonly arranged: ReturnType<typeof arrangedBy>
}

/** The plan for a refusal: each error of a list may have an entry of its own. */
export type PlanFor = (refusal: Refusal) => RenderPlan

export function renderError(plan: RenderPlan, { facts: given, said, code: sent }: Pick<Refusal, 'facts' | 'said' | 'code'>, context: AnswerContext): WireError {
  const { entry } = plan
  const code = sent !== undefined && plan.takesCode?.(sent) === true ? sent : entry.code
  const retryAfterSeconds = decideRetryAfterSeconds(entry, withOwnWait(plan.waits, given), context.nowMs)
  // Body and header must tell the same wait, also where it is the entry's own, or the service said it under the wire name.
  const facts = retryAfterSeconds === undefined || !plan.tellsWait ? given : withWait(plan.waits, given, exactWaitOf(given, retryAfterSeconds))
  const details: { [name: string]: JsonValue } = {}
  for (const detail of plan.details) {
    const value = toWire(detail, facts, entry.attributes)
    if (value !== undefined) details[detail.name] = value
  }
  const error: Writable<WireError> = {
    entry: entry.id,
    code,
    status: entry.status,
    message: '',
    details,
    requestId: context.requestId,
  }
  if (said !== undefined && plan.maySay(said)) error.message = said
  else say(error, plan, figures(plan, facts, details, { code, requestId: context.requestId }), context)
  // Assigned one by one: spreading each optional member costs more than all the rest.
  const fields = plan.showsFields ? fieldsOf(facts) : undefined
  if (fields !== undefined) error.fields = fields
  if (plan.list !== undefined) addIssues(error, plan.list.arranged(issuesOf(facts).map(plan.list.shown), (issue) => issue))
  const timestamp = plan.showsTimestamp ? formatTimestamp(context.nowMs) : undefined
  if (timestamp !== undefined) error.timestamp = timestamp
  if (plan.showsDocsUrl && entry.docsUrl !== undefined) error.docsUrl = entry.docsUrl
  const echo = echoOf(plan.echoes, context.request)
  if (echo !== undefined) error.echo = echo
  if (retryAfterSeconds !== undefined) error.retryAfterSeconds = retryAfterSeconds
  if (facts.waitHelps === false) error.waitHelps = false
  if (entry.status === 405) error.allow = methodsOf(facts.allow, entry)
  return error
}

/** In the language that is asked for, if the entry has it and can say something in it. */
function say(error: Writable<WireError>, { message, language, translations }: RenderPlan, lookup: Lookup, { acceptLanguage }: AnswerContext): void {
  const chosen = translations && chooseLanguage(translations, acceptLanguage)
  const translated = chosen?.write(lookup)
  error.message = translated ?? message(lookup)
  if (language !== undefined) error.language = translated === undefined ? language : chosen?.language
}

/** Where a dialect lists errors and there are several: each as the entry says it that speaks for its issue, and the worst of them before all. */
export function renderErrors(error: WireError, { list }: RenderPlan, refusal: Refusal, context: AnswerContext, planFor: PlanFor): WireError {
  const issues = list?.of === 'errors' ? list.arranged(issuesOf(refusal.facts), list.shown) : []
  if (issues.length < 2) return error
  const items = issues.map((issue) => {
    const { fields: _fields, issues: _issues, field: _field, issue: _issue, rule: _rule, ...others } = refusal.facts
    const { said: _said, code: _code, ...unsaid } = refusal
    const alone: Refusal = { ...unsaid, reason: reasonOfIssue(issue, refusal.reason), facts: { ...others, ...issue } }
    const plan = planFor(alone)
    const { entry: id, code, status, message, language, details, issues: shown } = renderError(plan, alone, context)
    return { entry: plan.entry, error: { entry: id, code, status, message, language, details, issues: shown } satisfies WireError }
  })
  const worst = worstOf(items)?.error
  return { ...error, ...worst, issues: error.issues ?? worst?.issues, errors: items.map((item) => ({ ...item.error, details: list?.shownDetails(item.error.details) ?? {} })) }
}

function addIssues(error: Writable<WireError>, issues: readonly WireIssue[]): void {
  const told = issues.filter((issue) => Object.keys(issue).length > 0)
  if (told.length === 0) return
  error.issues = told
  const fields = fieldsFrom(told)
  if (fields !== undefined) error.fields = fields
}

/** What an error that was read may lack for its duties: body and header name the same request, and a 429 or 503 tells a wait unless none helps. */
export function completeError({ entry, details: declared, echoes }: RenderPlan, error: WireError, context: AnswerContext): WireError {
  const requestId = error.requestId ?? context.requestId
  const told = mayTellWait(entry) ? waitIn(error.details, declared) : undefined
  const retryAfterSeconds = error.retryAfterSeconds ?? told ?? decideRetryAfterSeconds(entry, error.waitHelps === false ? { waitHelps: false } : {}, context.nowMs)
  const echo = error.echo ?? echoOf(echoes, context.request)
  // What was rendered here lacks nothing, and a copy costs more than all the rest.
  const isComplete = error.requestId === requestId && error.echo === echo && error.retryAfterSeconds === retryAfterSeconds
  return isComplete ? error : { ...error, requestId, echo, retryAfterSeconds }
}

type Writable<T> = { -readonly [K in keyof T]: T[K] }

/** The wait as a service says it in the terms of the wire: `retry_after: 7` for `seconds from retryAfterMs`. */
function withOwnWait(waits: readonly Detail[], facts: Facts): Facts {
  for (const { name, type } of waits) {
    const value = Object.hasOwn(facts, name) ? facts[name] : undefined
    if (typeof value === 'number' && value >= 0) return { ...facts, retryAfterMs: type === 'seconds' ? value * 1000 : value }
  }
  return facts
}

/** In milliseconds it is said exactly, where the seconds are the same wait rounded up. */
function exactWaitOf({ retryAfterMs }: Facts, retryAfterSeconds: number): number {
  const wholeMs = retryAfterSeconds * 1000
  return typeof retryAfterMs === 'number' && Number.isSafeInteger(retryAfterMs) && retryAfterMs > wholeMs - 1000 && retryAfterMs < wholeMs ? retryAfterMs : wholeMs
}

/** The same wait for everything that shows one. */
function withWait(waits: readonly Detail[], facts: Facts, retryAfterMs: number): Facts {
  const all: { [name: string]: Facts[string] } = { ...facts, retryAfterMs }
  for (const { name } of waits) if (name !== 'retryAfterMs') delete all[name]
  return all
}

/** A service may say what it likes under this name. What nobody says, the entry may have as a header of its own. */
function methodsOf(allow: unknown, entry: Entry): readonly string[] {
  return Array.isArray(allow) ? allow.filter((method) => typeof method === 'string') : allowedBy(entry)
}

/** Many issues at once (`fields`), or the one field at fault. */
function fieldsOf(facts: Facts): WireError['fields'] {
  if (facts.fields !== undefined) return toFields(facts.fields)
  return fieldsFrom(issuesOf(facts))
}

/** Figures of the message: details as the body shows them, then constants, then facts; amounts from the exact money behind them. */
function figures({ entry, details: declared }: RenderPlan, facts: Facts, details: WireError['details'], { code, requestId }: { readonly code: string | number; readonly requestId: string }): Lookup {
  return (name, money) => {
    if (money) {
      const from = declared.find((detail) => detail.name === name)?.from
      const amount = [own(facts, name), from === undefined ? undefined : own(facts, from)].find(isExactMoney)
      // A service may say the figure itself: then the sentence says what the body shows.
      if (amount !== undefined && (!Object.hasOwn(details, name) || details[name] === toMajorUnits(amount))) return amount
    }
    const value = own(details, name) ?? own(entry.attributes, name) ?? own(facts, name)
    if (value !== undefined) return value
    return name === 'code' ? code : name === 'status' ? entry.status : name === 'requestId' ? requestId : undefined
  }
}

function own<Value>(record: { readonly [name: string]: Value } | undefined, name: string): Value | undefined {
  return record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined
}
