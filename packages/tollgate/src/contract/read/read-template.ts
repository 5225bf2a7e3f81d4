/**
 * Walks a parsed body along a template and collects what stands in the slots.
 *
 * The rule: what is there must not contradict the template; what is missing is forgiven (documented examples are often excerpts), except the code,
 * where the dialect always sends one. Unknown members are tolerated. A slot that holds the wrong type counts as empty. Null and absent are the same.
 */
import type { JsonValue } from '../declare/facts.ts'
import { isJsonObject } from '../values/json-object.ts'
import { isPath, slotsOf, type EachMap, type EachNode, type TemplateMember, type TemplateNode } from '../write/template.ts'
import { collect, noSlots, ownMembers, type FoundSlots } from './found-slots.ts'
import { pairsIn } from './pairs.ts'
import { walkText } from './read-text.ts'
import { inShapeOf } from './xml-tree.ts'

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
  if (at === -1 && items.some((item) => item.kind === 'object' && hasConstant(item))) return walkKinds(items, values, found, depth)
  if (at === -1) return items.every((item, index) => walk(item, values[index], found, depth))
  const end = Math.max(at, values.length - (items.length - at - 1))
  const path = items[at]
  if (path?.kind === 'slot') collect(path.slot, values.slice(at, end), found, depth)
  return items.every((item, index) => index === at || walk(item, values[index < at ? index : end + index - at - 1], found, depth))
}

/** Items that say by a constant what they are (`@type`) stand in any order, others among them. Of a list that has items, one must be known. */
function walkKinds(items: readonly TemplateNode[], values: readonly JsonValue[], found: FoundSlots, depth: number): boolean {
  const left = values.slice(0, ITEMS_MAX)
  let known = 0
  for (const item of items) {
    const at = left.findIndex((value) => value !== null && walk(item, value, noSlots(), depth) && (!hasConstant(item) || saysConstant(item, value, depth)))
    if (at === -1) continue
    walk(item, left[at], found, depth)
    left.splice(at, 1)
    known++
  }
  return known > 0 || values.length === 0
}

function hasConstant(node: TemplateNode): boolean {
  return node.kind === 'object' && node.members.some((member) => member.kind === 'member' && member.node.kind === 'literal' && member.node.value !== null)
}

function saysConstant(node: TemplateNode, value: JsonValue, depth: number): boolean {
  const own = noSlots()
  return walk(node, value, own, depth) && own.literals > 0
}

/** The items that fit. A list of which none does is another one. */
function walkEach({ of, item, map }: EachNode, body: unknown, found: FoundSlots, depth: number): boolean {
  const values = map === undefined ? body : pairsIn(body, item.kind === 'array')
  if (!Array.isArray(values)) return false
  const others: JsonValue[] = []
  const items = values.slice(0, ITEMS_MAX).flatMap((each, index) => {
    const inner = noSlots()
    const value: JsonValue = map === undefined ? each : each.value
    const isItem = map === undefined ? value !== null : walkKey(map, each.key, inner, depth)
    if (isItem && walk(item, value, inner, depth)) return [{ index, value, found: inner }]
    others.push(value)
    return []
  })
  found.list = { of, items, others, length: values.length }
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
