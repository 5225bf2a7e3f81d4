/** Walks the lists and maps of a template. */
import type { JsonValue } from '../declare/facts.ts'
import { isPath, type EachMap, type EachNode, type TemplateNode } from '../write/template.ts'
import { noSlots, type FoundSlots } from './found-slots.ts'
import { pairsIn } from './pairs.ts'
import type { Put, Walk } from './template-reading.ts'

/** Further items of a list are not read: nobody looks at more errors, and each costs memory. */
const ITEMS_MAX = 1_000

/** A list is no object of its own: a success may well be one. `$path` among the items stands for as many as the others leave. */
export function walkArray({ items }: { readonly items: readonly TemplateNode[] }, values: unknown, found: FoundSlots, depth: number, walk: Walk, put: Put): boolean {
  if (!Array.isArray(values)) return false
  const at = items.findIndex(isPath)
  if (at === -1 && items.some((item) => item.kind === 'object' && hasConstant(item))) return walkKinds(items, values, found, depth, walk)
  if (at === -1) return items.every((item, index) => walk(item, values[index], found, depth))
  const end = Math.max(at, values.length - (items.length - at - 1))
  const path = items[at]
  if (path?.kind === 'slot') put(path.slot, values.slice(at, end), found, depth)
  return items.every((item, index) => index === at || walk(item, values[index < at ? index : end + index - at - 1], found, depth))
}

/** Items that say by a constant what they are (`@type`) stand in any order, others among them. Of a list that has items, one must be known. */
function walkKinds(items: readonly TemplateNode[], values: readonly JsonValue[], found: FoundSlots, depth: number, walk: Walk): boolean {
  const left = values.slice(0, ITEMS_MAX)
  let known = 0
  for (const item of items) {
    const at = left.findIndex((value) => value !== null && walk(item, value, noSlots(), depth) && (!hasConstant(item) || saysConstant(item, value, depth, walk)))
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

function saysConstant(node: TemplateNode, value: JsonValue, depth: number, walk: Walk): boolean {
  const own = noSlots()
  return walk(node, value, own, depth) && own.literals > 0
}

/** The items that fit. A list of which none does is another one. */
export function walkEach({ of, item, map }: EachNode, body: unknown, found: FoundSlots, depth: number, walk: Walk): boolean {
  const values = map === undefined ? body : pairsIn(body, item.kind === 'array')
  if (!Array.isArray(values)) return false
  const others: JsonValue[] = []
  const items = values.slice(0, ITEMS_MAX).flatMap((each, index) => {
    const inner = noSlots()
    const value: JsonValue = map === undefined ? each : each.value
    const isItem = map === undefined ? value !== null : walkKey(map, each.key, inner, depth, walk)
    if (isItem && walk(item, value, inner, depth)) return [{ index, value, found: inner }]
    others.push(value)
    return []
  })
  found.list = { of, items, others, length: values.length }
  found.holdsFields ||= of === 'fields'
  return values.length === 0 || (of === 'data' ? items.length === Math.min(values.length, ITEMS_MAX) : items.length > 0)
}

/** What is written as it stands there before what may be anything. */
function walkKey({ keys }: EachMap, key: string, found: FoundSlots, depth: number, walk: Walk): boolean {
  if (keys.some((node) => node.kind === 'literal' && node.value === key)) return true
  const fitting = keys.find((node) => (node.kind === 'sentence' ? walk(node, key, noSlots(), depth) : node.kind === 'slot'))
  return fitting !== undefined && walk(fitting, key, found, depth)
}
