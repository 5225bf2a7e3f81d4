/**
 * Walks a parsed body along a template and collects what stands in the slots.
 *
 * The rule: what is there must not contradict the template; what is missing is forgiven (documented examples are often excerpts), except the code,
 * where the dialect always sends one. Unknown members are tolerated. A slot that holds the wrong type counts as empty. Null and absent are the same.
 *
 * Here are objects, constants and slots. Lists, texts and documents have walkers of their own, which are passed in where a template has them.
 */
import type { JsonValue } from '../declare/facts.ts'
import { isJsonObject } from '../values/json-object.ts'
import { slotsOf, type EachNode, type Slot, type TemplateMember, type TemplateNode } from '../write/template.ts'
import { collect, noSlots, ownMembers, type FoundSlots } from './found-slots.ts'

/** False when the value contradicts the template. Recursion is bounded by the template's depth, not by the body's. */
export type Walk = (node: TemplateNode, value: unknown, found: FoundSlots, depth: number) => boolean
export type Put = (slot: Slot, value: JsonValue, found: FoundSlots, depth: number) => void

type NodeOf<Kind extends TemplateNode['kind']> = Extract<TemplateNode, { readonly kind: Kind }>

/** What walks the rarer nodes. */
export interface Walkers {
  readonly put?: Put
  readonly walkEach?: (node: EachNode, value: unknown, found: FoundSlots, depth: number, walk: Walk) => boolean
  readonly walkArray?: (node: NodeOf<'array'>, value: unknown, found: FoundSlots, depth: number, walk: Walk, put: Put) => boolean
  readonly walkText?: (node: NodeOf<'text' | 'sentence'>, value: unknown, found: FoundSlots, depth: number, put: Put) => boolean
  /** Of an XML document: what stands in its root. Undefined: it has another one. */
  readonly openDocument?: (members: readonly TemplateMember[], body: unknown) => JsonValue | undefined
}

/** Undefined: the body contradicts the template, or says nothing of what an error says. */
export type ReadTemplate = (node: TemplateNode, body: unknown) => FoundSlots | undefined

export function createTemplateReader({ put = collect, walkEach, walkArray, walkText, openDocument }: Walkers): ReadTemplate {
  const walk: Walk = (node, value, found, depth) => {
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
        put(node.slot, value as JsonValue, found, depth)
        return true
      case 'array':
        return walkArray?.(node, value, found, depth, walk, put) === true
      case 'sentence':
        return walkText?.(node, value, found, depth, put) === true
      case 'each':
        return walkEach?.(node, value, found, depth, walk) === true
      case 'object':
        return isJsonObject(value) && walkObject(node.members, value, found, depth)
      case 'text':
        return false
    }
  }

  function walkObject(members: readonly TemplateMember[], value: { readonly [key: string]: JsonValue }, found: FoundSlots, depth: number): boolean {
    for (const member of members) {
      if (member.kind === 'spread') found.details = member.of === 'data' ? {} : withoutMembers(value, members)
      // Own members only: a key such as `constructor` must not be found on the prototype.
      else if (Object.hasOwn(value, member.key) && !walk(member.node, value[member.key], found, depth + 1)) return false
    }
    return true
  }

  return (node, body) => {
    const found = noSlots()
    if (node.kind === 'object' && node.document !== undefined) {
      // What stands in the root counts as if it stood by itself: every document has one. Its name is a constant, which it has to have.
      const content = openDocument?.(node.members, body)
      const [root] = node.members
      if (content === undefined || root?.kind !== 'member') return undefined
      found.literals++
      if (node.document === 'own') found.marks++
      return walk(root.node, content, found, 0) ? found : undefined
    }
    return (node.kind === 'text' ? walkText?.(node, body, found, 0, put) : walk(node, body, found, 0)) === true ? found : undefined
  }
}

/** Whether the dialect always sends a code in this template. */
export function needsCode(node: TemplateNode): boolean {
  return [...slotsOf(node)].some((slot) => slot.kind === 'code' && slot.policy === 'always')
}

function withoutMembers(value: { readonly [key: string]: JsonValue }, members: readonly TemplateMember[]): { readonly [key: string]: JsonValue } {
  const named = new Set(members.map((member) => (member.kind === 'member' ? member.key : '...')))
  return ownMembers(Object.entries(value).filter(([key]) => !named.has(key)))
}
