/** A refusal → the error in wire form: details converted, message filled in, wait decided. */
import type { Entry } from './contract.ts'
import { toWire, type Detail } from './details.ts'
import type { Facts, JsonValue } from './facts.ts'
import { isExactMoney } from './money.ts'
import type { Lookup, MessageWriter } from './message.ts'
import { toFields } from './read-template.ts'
import { decideRetryAfterSeconds } from './retry-after.ts'
import { formatTimestamp } from './timestamp.ts'
import type { AnswerContext, WireError } from './wire.ts'

/** What rendering needs of an entry, prepared at definition. */
export interface RenderPlan {
  readonly entry: Entry
  readonly details: readonly Detail[]
  readonly message: MessageWriter
  /** Whether a detail or the message shows the wait. */
  readonly tellsWait: boolean
  /** Whether its envelope has a place for them. */
  readonly showsTimestamp: boolean
  readonly showsFields: boolean
}

export function renderError(plan: RenderPlan, given: Facts, context: AnswerContext): WireError {
  const { entry } = plan
  const retryAfterSeconds = decideRetryAfterSeconds(entry, given, context.nowMs)
  // Body and header must tell the same wait, also where it is the entry's own.
  const facts = retryAfterSeconds === undefined || !plan.tellsWait ? given : { ...given, retryAfterMs: retryAfterSeconds * 1000 }
  const details: { [name: string]: JsonValue } = {}
  for (const detail of plan.details) {
    const value = toWire(detail, facts, entry.attributes)
    if (value !== undefined) details[detail.name] = value
  }
  const error: Writable<WireError> = {
    entry: entry.id,
    code: entry.code,
    status: entry.status,
    message: plan.message(figures(plan, facts, details, context)),
    details,
    requestId: context.requestId,
  }
  // Assigned one by one: spreading each optional member costs more than all the rest.
  const fields = plan.showsFields ? fieldsOf(facts) : undefined
  if (fields !== undefined) error.fields = fields
  const timestamp = plan.showsTimestamp ? formatTimestamp(context.nowMs) : undefined
  if (timestamp !== undefined) error.timestamp = timestamp
  if (retryAfterSeconds !== undefined) error.retryAfterSeconds = retryAfterSeconds
  if (entry.status === 405) error.allow = methodsOf(facts.allow)
  return error
}

type Writable<T> = { -readonly [K in keyof T]: T[K] }

/** A service may say what it likes under this name. */
function methodsOf(allow: unknown): readonly string[] {
  return Array.isArray(allow) ? allow.filter((method) => typeof method === 'string') : []
}

/** Many issues at once (`fields`), or the one field at fault. */
function fieldsOf(facts: Facts): WireError['fields'] {
  if (facts.fields !== undefined) return toFields(facts.fields)
  return typeof facts.field === 'string' ? toFields({ [facts.field]: facts.issue ?? [] }) : undefined
}

/** Figures of the message: details as the body shows them, then constants, then facts; amounts from the exact money behind them. */
function figures({ entry, details: declared }: RenderPlan, facts: Facts, details: WireError['details'], context: AnswerContext): Lookup {
  return (name, money) => {
    if (money) {
      const from = declared.find((detail) => detail.name === name)?.from
      const amount = [own(facts, name), from === undefined ? undefined : own(facts, from)].find(isExactMoney)
      if (amount !== undefined) return amount
    }
    const value = own(details, name) ?? own(entry.attributes, name) ?? own(facts, name)
    if (value !== undefined) return value
    return name === 'code' ? entry.code : name === 'status' ? entry.status : name === 'requestId' ? context.requestId : undefined
  }
}

function own<Value>(record: { readonly [name: string]: Value } | undefined, name: string): Value | undefined {
  return record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined
}
