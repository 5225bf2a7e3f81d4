/** An example of a page, held against the form that the contract declares. Also of a contract that is none yet: nothing is compiled. */
import type { ExampleDeclaration } from '../../contract/declare/declaration.ts'
import type { JsonValue } from '../../contract/declare/facts.ts'
import { bodyFormatOf } from '../../contract/write/body-format.ts'
import { isJsonObject } from '../../contract/values/json-object.ts'
import { parseMessage } from '../../contract/write/message.ts'
import type { LiteralContract, LiteralEntry } from './literal-contract.ts'

/** Where something stands in it. */
interface Place<Value = JsonValue> {
  readonly path: string
  readonly value: Value
}

/** What an example says, by the slots of the form. */
export interface MatchedExample {
  readonly at: number
  readonly path: string
  readonly example: ExampleDeclaration
  readonly code: Place | undefined
  readonly message: Place | undefined
  readonly details: readonly Place[]
  /** Members of the form that it does not have. */
  readonly missing: readonly string[]
  /** Members that the form does not have. */
  readonly extra: readonly Place[]
  /** Constants of the form that it contradicts. */
  readonly contradictions: readonly (Place & { readonly expected: string })[]
  /** The one whose code it has, and whose status where it says one. */
  readonly entry: LiteralEntry | undefined
}

/** Those that can be held against a form: JSON, of a contract whose envelope is there. */
export function matchExamples(literal: LiteralContract): readonly MatchedExample[] {
  const { declaration, examples } = literal
  const { envelope } = declaration
  if (envelope === undefined || (bodyFormatOf(envelope.contentType) ?? 'json') !== 'json') return []
  return examples.flatMap((example, at) => {
    const forms = example.success === true ? [envelope.success ?? '$data'] : [envelope.error, ...Object.values(envelope.families ?? {})]
    const matched = forms.map((form) => matchOne(form, example, at, literal))
    const best = matched.toSorted((one, other) => weightOf(one) - weightOf(other))[0]
    return best === undefined ? [] : [best]
  })
}

function weightOf({ contradictions, missing, extra }: MatchedExample): number {
  return 100 * contradictions.length + missing.length + extra.length
}

function matchOne(form: JsonValue, example: ExampleDeclaration, at: number, { entries }: LiteralContract): MatchedExample {
  const path = `examples[${at}]`
  const found = { slots: new Map<string, Place>(), details: [] as Place[], missing: [] as string[], extra: [] as Place[], contradictions: [] as (Place & { expected: string })[] }
  walk(form, example.body, `${path}.body`, found)
  const code = found.slots.get('code')
  const ofCode = code === undefined ? [] : entries.filter((entry) => String(entry.code) === String(code.value))
  const entry = ofCode.find(({ id }) => id === example.entry) ?? ofCode.find(({ status }) => status === example.status) ?? ofCode[0]
  return { at, path, example, code, message: found.slots.get('message'), details: found.details, missing: found.missing, extra: found.extra, contradictions: found.contradictions, entry }
}

interface Found {
  readonly slots: Map<string, Place>
  readonly details: Place[]
  readonly missing: string[]
  readonly extra: Place[]
  readonly contradictions: (Place & { expected: string })[]
}

function walk(form: JsonValue, value: JsonValue, path: string, found: Found): void {
  if (typeof form === 'string') return walkText(form, value, path, found)
  if (form === null || typeof form !== 'object') {
    if (form !== value) found.contradictions.push({ path, value, expected: JSON.stringify(form) })
    return
  }
  if (isList(form) || Object.hasOwn(form, '$each')) return walkList(form, value, path, found)
  if (!isJsonObject(value)) return void found.contradictions.push({ path, value: value ?? null, expected: 'an object' })
  const members = new Set<string>()
  for (const [key, inner] of Object.entries(form)) {
    const name = key.endsWith('?') ? key.slice(0, -1) : key
    if (key === '...') continue
    members.add(name)
    if (Object.hasOwn(value, name)) walk(inner as JsonValue, value[name] as JsonValue, `${path}.${name}`, found)
    else if (!key.endsWith('?') && !isLeftOut(inner as JsonValue)) found.missing.push(`${path}.${name}`)
  }
  const others = Object.entries(value).flatMap(([name, inner]) => (members.has(name) ? [] : [{ path: `${path}.${name}`, value: inner as JsonValue }]))
  if (Object.hasOwn(form, '...')) found.details.push(...others)
  else found.extra.push(...others)
}

function walkText(form: string, value: JsonValue, path: string, found: Found): void {
  const [, slot] = /^\$(?!\$)([\w.]+)/.exec(form) ?? []
  if (slot === undefined) {
    const constant = form.startsWith('$$') ? form.slice(1) : form
    // A text with slots in it may say anything.
    if (!/\{\w/.test(constant) && constant !== value) found.contradictions.push({ path, value, expected: JSON.stringify(constant) })
    return
  }
  if (slot === 'details' && isJsonObject(value)) found.details.push(...Object.entries(value).map(([name, inner]) => ({ path: `${path}.${name}`, value: inner as JsonValue })))
  else if (slot.startsWith('details.')) found.details.push({ path, value })
  found.slots.set(slot, { path, value })
}

function walkList(form: JsonValue, value: JsonValue, path: string, found: Found): void {
  if (isList(form)) {
    if (!Array.isArray(value)) return void found.contradictions.push({ path, value, expected: 'a list' })
    for (const [at, item] of form.entries()) if (at < value.length) walk(item, value[at] as JsonValue, `${path}[${at}]`, found)
    return
  }
  const { as } = form as { readonly as?: JsonValue }
  if (Array.isArray(value) && as !== undefined && value.length > 0) walk(as, value[0] as JsonValue, `${path}[0]`, found)
}

/** Nothing stands there where it is empty. */
function isLeftOut(form: JsonValue): boolean {
  return typeof form === 'string' && /^\$(?!\$).*\?$/.test(form)
}

/** The name of a detail is the last part of its path. */
export function nameOfPlace({ path }: { readonly path: string }): string {
  return path.slice(path.lastIndexOf('.') + 1)
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value)
}

/** Whether the entry may say this sentence, whatever its figures. */
export function isSaidBy({ sentences }: LiteralEntry, said: string): boolean {
  return sentences.some((sentence) => new RegExp(`^${parseMessage(sentence, () => {}).map((part) => (typeof part === 'string' ? part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`) : '.+')).join('')}$`, 's').test(said))
}
