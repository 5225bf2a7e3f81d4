/**
 * Walks a parsed body along a template and collects what stands in the slots.
 *
 * The rule: what is there must not contradict the template; what is missing is forgiven (documented examples are often excerpts), except the code,
 * where the dialect always sends one. Unknown members are tolerated. A slot that holds the wrong type counts as empty. Null and absent are the same.
 */
import type { JsonValue } from '../declare/facts.ts'
import { isJsonObject, isPath, slotsOf, type EachMap, type EachNode, type EachOf, type ItemSlot, type Slot, type TemplateMember, type TemplateNode } from '../write/template.ts'
import type { WireIssue } from '../declare/wire.ts'
import { fromPointer, fromProperty, fromSegments } from '../values/field-path.ts'
import { pairsIn } from './pairs.ts'
import { isMark } from './shared-constants.ts'
import { isTimestamp } from '../values/timestamp.ts'
import { inShapeOf } from './xml-tree.ts'

export interface FoundSlots {
  code?: string | number
  message?: string
  requestId?: string
  timestamp?: string
  status?: number
  fields?: { readonly [field: string]: readonly string[] } | undefined
  /** The details object as it came, without a `__proto__` member. */
  details?: { readonly [name: string]: JsonValue } | undefined
  /** Values of `$details.NAME` slots. */
  readonly named: Map<string, JsonValue>
  readonly attributes: Map<string, JsonValue>
  /** The fields at fault, one by one. */
  issues?: readonly WireIssue[]
  /** Of an item of a list: the field at fault. */
  issue?: { -readonly [Name in keyof WireIssue]: WireIssue[Name] }
  /** The items of the template's list that fit, by their place in it. */
  list?: FoundList
  /** How many literals other than null stood where the template has them. */
  literals: number
  /** How many of them only an error has there. */
  marks: number
  /** Whether the place of `$fields` held an object, be it empty. */
  holdsFields: boolean
  /** Whether the code or the message was found inside an object of its own, such as `error`. */
  nested: boolean
}

type TextNode = Extract<TemplateNode, { readonly kind: 'text' | 'sentence' }>

export interface FoundList {
  readonly of: EachOf
  readonly items: readonly { readonly index: number; readonly value: JsonValue; readonly found: FoundSlots }[]
  readonly length: number
}

/** Further items of a list are not read: nobody looks at more errors, and each costs memory. */
const ITEMS_MAX = 1_000

/** Undefined: the body contradicts the template, or says nothing of what an error says. */
export function readTemplate(node: TemplateNode, body: unknown): FoundSlots | undefined {
  const found = noSlots()
  if (node.kind === 'object' && node.document !== undefined) return readDocument(node, body, found)
  const fits = node.kind === 'text' ? typeof body === 'string' && walkText(node, body, found) : walk(node, body, found, 0)
  return fits ? found : undefined
}

/** What stands in the root counts as if it stood by itself: every document has one. Its name is a constant, which it has to have. */
function readDocument({ members, document }: Extract<TemplateNode, { readonly kind: 'object' }>, body: unknown, found: FoundSlots): FoundSlots | undefined {
  const content = inShapeOf(members, body)
  const [root] = members
  if (content === undefined || root?.kind !== 'member') return undefined
  found.literals++
  if (document === 'own') found.marks++
  return walk(root.node, content, found, 0) ? found : undefined
}

function noSlots(): FoundSlots {
  return { named: new Map(), attributes: new Map(), literals: 0, marks: 0, holdsFields: false, nested: false }
}

/** Whether the dialect always sends a code in this template. */
export function needsCode(node: TemplateNode): boolean {
  return [...slotsOf(node)].some((slot) => slot.kind === 'code' && slot.policy === 'always')
}

/** False when the value contradicts the template. Recursion is bounded by the template's depth, not by the body's. */
function walk(node: TemplateNode, value: unknown, found: FoundSlots, depth: number): boolean {
  if (value === undefined) return true
  if (value === null) {
    if (node.kind === 'slot' && node.slot.kind === 'detail') found.named.set(node.slot.name, null)
    return true
  }
  switch (node.kind) {
    case 'literal':
      if (node.value !== value) return false
      found.literals++
      if (node.isShared !== true) found.marks++
      return true
    case 'slot':
      collect(node.slot, value as JsonValue, found, depth)
      return true
    case 'array':
      // A list is no object of its own: a success may well be one.
      return Array.isArray(value) && walkArray(node.items, value, found, depth)
    case 'sentence':
      return typeof value === 'string' && walkText(node, value, found, depth)
    case 'each':
      return walkEach(node, value, found, depth)
    case 'object':
      return isJsonObject(value) && walkObject(node.members, value, found, depth)
    case 'text':
      return false
  }
}

/** `$path` among the items stands for as many as the others leave. */
function walkArray(items: readonly TemplateNode[], values: readonly JsonValue[], found: FoundSlots, depth: number): boolean {
  const at = items.findIndex(isPath)
  if (at === -1) return items.every((item, index) => walk(item, values[index], found, depth))
  const end = Math.max(at, values.length - (items.length - at - 1))
  const path = items[at]
  if (path?.kind === 'slot') collect(path.slot, values.slice(at, end), found, depth)
  return items.every((item, index) => index === at || walk(item, values[index < at ? index : end + index - at - 1], found, depth))
}

/** The items that fit. A list of which none does is another one. */
function walkEach({ of, item, map }: EachNode, body: unknown, found: FoundSlots, depth: number): boolean {
  const values = map === undefined ? body : pairsIn(body, item.kind === 'array')
  if (!Array.isArray(values)) return false
  const items = values.slice(0, ITEMS_MAX).flatMap((each, index) => {
    const inner = noSlots()
    const value: JsonValue = map === undefined ? each : each.value
    const isItem = map === undefined ? value !== null : walkKey(map, each.key, inner, depth)
    return isItem && walk(item, value, inner, depth) ? [{ index, value, found: inner }] : []
  })
  found.list = { of, items, length: values.length }
  found.holdsFields ||= of === 'fields'
  return values.length === 0 || (of === 'data' ? items.length === Math.min(values.length, ITEMS_MAX) : items.length > 0)
}

/** What is written as it stands there before what may be anything. */
function walkKey({ keys }: EachMap, key: string, found: FoundSlots, depth: number): boolean {
  if (keys.some((node) => node.kind === 'literal' && node.value === key)) return true
  const fitting = keys.find((node) => (node.kind === 'sentence' ? walkText(node, key, noSlots()) : node.kind === 'slot'))
  return fitting !== undefined && walk(fitting, key, found, depth)
}

function walkObject(members: readonly TemplateMember[], value: { readonly [key: string]: JsonValue }, found: FoundSlots, depth: number): boolean {
  for (const member of members) {
    if (member.kind === 'spread') found.details = member.of === 'data' ? {} : withoutMembers(value, members)
    // Own members only: a key such as `constructor` must not be found on the prototype.
    else if (Object.hasOwn(value, member.key) && !walk(member.node, value[member.key], found, depth + 1)) return false
  }
  return true
}

function withoutMembers(value: { readonly [key: string]: JsonValue }, members: readonly TemplateMember[]): { readonly [key: string]: JsonValue } {
  const named = new Set(members.map((member) => (member.kind === 'member' ? member.key : '...')))
  return ownMembers(Object.entries(value).filter(([key]) => !named.has(key)))
}

/** `__proto__` is dropped: assigning it, here or in whatever copies the object later, would change the object's prototype. */
function ownMembers<Value>(entries: readonly (readonly [string, Value])[]): { [key: string]: Value } {
  const members: { [key: string]: Value } = {}
  for (const [key, value] of entries) if (key !== '__proto__') members[key] = value
  return members
}

/** Puts a value into its slot, unless it has the wrong type. */
export function collect(slot: Slot, value: JsonValue, found: FoundSlots, depth: number): void {
  switch (slot.kind) {
    case 'code':
      // JSON has no infinity, but 1e400 is read as one.
      if ((typeof value !== 'number' || !Number.isFinite(value)) && (typeof value !== 'string' || value === '')) return
      found.code = value
      found.nested ||= depth > 1
      return
    case 'message':
      if (typeof value !== 'string') return
      found.message = value
      found.nested ||= depth > 1
      return
    case 'requestId':
      if (typeof value === 'string' && value !== '') found.requestId = value
      return
    case 'timestamp':
      if (isTimestamp(value)) found.timestamp = value
      return
    case 'status':
      if (typeof value === 'number' && value >= 100 && value <= 599) found.status = value
      return
    case 'details':
      if (isJsonObject(value)) found.details = ownMembers(Object.entries(value))
      return
    case 'fields':
      found.fields = toFields(value) ?? found.fields
      found.holdsFields ||= isJsonObject(value)
      return
    case 'detail':
      found.named.set(slot.name, value)
      return
    case 'attribute':
      found.attributes.set(slot.name, value)
      return
    case 'data':
    case 'errors':
    // Who asked knows it, and a proxy between may have asked for another.
    case 'request':
      return
  }
  // What is left are the slots of an item: a new slot of another kind does not compile here.
  collectIssue(slot.kind, value, found)
}

function collectIssue(kind: ItemSlot, value: JsonValue, found: FoundSlots): void {
  const text = kind === 'path' && Array.isArray(value) ? fromSegments(value) : typeof value !== 'string' ? undefined : kind === 'pointer' ? fromPointer(value) : kind === 'property' ? fromProperty(value) : value
  if (text === undefined || text === '') return
  const issue = (found.issue ??= {})
  if (kind === 'in' || kind === 'issue' || kind === 'rule') {
    issue[kind] = text
    return
  }
  issue.field = text
  if (kind === 'pointer') issue.in = 'body'
  if (kind === 'parameter') issue.in = 'query'
}

/** Takes from the one what the other has not. */
export function fillFrom(found: FoundSlots, other: FoundSlots): void {
  for (const kind of ['code', 'message', 'requestId', 'timestamp', 'status'] as const) if (found[kind] === undefined && other[kind] !== undefined) Object.assign(found, { [kind]: other[kind] })
  for (const [name, value] of other.named) if (!found.named.has(name)) found.named.set(name, value)
  for (const [name, value] of other.attributes) if (!found.attributes.has(name)) found.attributes.set(name, value)
}

/** A map of field → issues, undefined when there is none. One issue may come without its array; what is not text is left out. */
export function toFields(value: unknown): FoundSlots['fields'] {
  if (!isJsonObject(value)) return undefined
  const entries = Object.entries(value).map(([field, issues]) => {
    const list: readonly unknown[] = Array.isArray(issues) ? issues : [issues]
    return [field, list.filter((issue) => typeof issue === 'string')] as const
  })
  const fields = ownMembers(entries)
  return Object.keys(fields).length === 0 ? undefined : fields
}

/** A slot takes everything up to the next literal. What stands behind the sentence is found from the end, for the sentence itself may hold anything. */
function walkText({ parts, shared }: TextNode, text: string, found: FoundSlots, depth = 0): boolean {
  const count = (part: string): void => {
    if (part.trim() !== '') found.literals++
    if (isMark(part, shared)) found.marks++
  }
  const sentence = parts.findIndex((part) => typeof part !== 'string' && part.kind === 'message')
  let position = 0
  let open: Slot | undefined
  for (const part of sentence === -1 ? parts : parts.slice(0, sentence + 1)) {
    if (typeof part !== 'string') {
      open = part
      continue
    }
    const start = text.indexOf(part, position)
    if (start === -1 || (open === undefined && start !== position)) return false
    if (open !== undefined) collectText(open, text.slice(position, start), found, depth)
    count(part)
    open = undefined
    position = start + part.length
  }
  let end = text.length
  let behind: Slot | undefined
  for (const part of sentence === -1 ? [] : parts.slice(sentence + 1).toReversed()) {
    if (typeof part !== 'string') {
      behind = part
      continue
    }
    if (behind === undefined && end === text.length && !text.endsWith(part)) end = text.trimEnd().length
    const start = behind === undefined ? end - part.length : text.lastIndexOf(part, end - part.length)
    if (start < position || !text.startsWith(part, start)) return false
    if (behind !== undefined) collectText(behind, text.slice(start + part.length, end), found, depth)
    count(part)
    behind = undefined
    end = start
  }
  if (open !== undefined) collectText(open, text.slice(position, end), found, depth)
  return open !== undefined || text.slice(position).trim() === ''
}

function collectText(slot: Slot, text: string, found: FoundSlots, depth: number): void {
  // A figure that also stands by itself is better read there.
  if (slot.kind === 'detail' && found.named.has(slot.name)) return
  collect(slot, slot.kind === 'status' ? Number(text) : text, found, depth)
}
