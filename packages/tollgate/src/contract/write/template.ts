/** The tree of an envelope's template: `parse-template.ts` makes it, and it serves the writer, the reader, the checks and the loss mask. */

export const builtinSlots = ['code', 'message', 'details', 'requestId', 'timestamp', 'status', 'data', 'fields', 'errors', 'docsUrl'] as const
export type BuiltinSlot = (typeof builtinSlots)[number]

/**
 * What an item of a list (`$each`) says of one field at fault. Its place: a dotted path (`field`), the same as programs write it (`property`: `items[0].name`),
 * segments (`path`), a JSON Pointer (RFC 6901) for what stands in a body and the name of a parameter for what stands beside it; `in` says which. And what is
 * wrong: in words, and the rule.
 */
export const itemSlots = ['field', 'property', 'path', 'pointer', 'parameter', 'in', 'issue', 'rule'] as const
/** What an item of a list says of one field at fault. */
export type ItemSlot = (typeof itemSlots)[number]

/** What stands in a slot whose value is empty. */
export type SlotPolicy = 'always' | 'absent' | 'null'

/** A place in a template, which an answer fills. */
export type Slot =
  | { readonly kind: BuiltinSlot | ItemSlot; readonly policy: SlotPolicy }
  /** `request`: what stands in the request's own JSON body, at a dotted path. */
  | { readonly kind: 'detail' | 'attribute' | 'request'; readonly name: string; readonly policy: SlotPolicy }

/** A template as a tree. */
export type TemplateNode =
  /** `isShared`, `shared`: constants that errors and successes have at the same place, by which they are not told apart (`read/shared-constants.ts`). */
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null; readonly isShared?: true }
  | { readonly kind: 'slot'; readonly slot: Slot }
  /**
   * `document`: it is an XML document, and its one member the root. The name of a root is a constant too: `own`, where only errors have it (or, of a success,
   * only successes). `isForm`: it is a form, all of whose values are texts.
   */
  | { readonly kind: 'object'; readonly members: readonly TemplateMember[]; readonly document?: 'own' | 'shared' | undefined; readonly isForm?: true }
  | { readonly kind: 'array'; readonly items: readonly TemplateNode[] }
  /** A text/plain body: literals and slots in turn. */
  | { readonly kind: 'text'; readonly parts: readonly (string | Slot)[]; readonly shared?: ReadonlySet<unknown> }
  /** The same as a JSON string. */
  | { readonly kind: 'sentence'; readonly parts: readonly (string | Slot)[]; readonly shared?: ReadonlySet<unknown> }
  | EachNode

/** A list, or a map, of as many items as there are. */
export interface EachNode {
  readonly kind: 'each'
  /** `fields`: the fields at fault, none where none is. `errors`: the same, but at least the refusal itself. `data`: what a success is about. */
  readonly of: EachOf
  readonly policy: SlotPolicy
  readonly item: TemplateNode
  /** Undefined: a list. */
  readonly map: EachMap | undefined
}

/** Under which key an item stands. */
export interface EachMap {
  /** The first that has a value. An item for which none has one is left out. */
  readonly keys: readonly TemplateNode[]
  /** Whether all items of a key stand there, in a list, or the first of them alone. */
  readonly holds: 'one' | 'all'
}
export type EachOf = 'fields' | 'errors' | 'data'

/** A member of an object in a template. */
export type TemplateMember =
  /** `optional`: left out where nothing in it has a value. */
  | { readonly kind: 'member'; readonly key: string; readonly node: TemplateNode; readonly optional: boolean }
  /** All details that the entry declares, or the members of what a success is about, as members of the object itself. */
  | { readonly kind: 'spread'; readonly of: 'details' | 'data' }

/** Each written slot with its place, for who wrote it. */
export function* placedSlotsOf(node: TemplateNode, path: string): Generator<readonly [path: string, slot: Slot]> {
  if (node.kind === 'array') {
    for (const [index, item] of node.items.entries()) yield* placedSlotsOf(item, `${path}[${index}]`)
  } else if (node.kind === 'object') {
    for (const member of node.members) if (member.kind === 'member') yield* placedSlotsOf(member.node, `${path}.${member.key}`)
  } else if (node.kind === 'each') {
    yield [`${path}.$each`, { kind: node.of, policy: node.policy }]
    for (const key of node.map?.keys ?? []) yield* placedSlotsOf(key, `${path}.key`)
    yield* placedSlotsOf(node.item, `${path}.as`)
  } else {
    for (const slot of slotsOf(node)) yield [path, slot]
  }
}

/**
 * The details that have a place of their own, and are not spread.
 *
 * @example
 * placedDetails({ kind: 'slot', slot: { kind: 'detail', name: 'limit', policy: 'absent' } }) // => new Set(['limit'])
 */
export function placedDetails(node: TemplateNode): ReadonlySet<string> {
  return new Set([...slotsOf(node)].flatMap((slot) => (slot.kind === 'detail' ? [slot.name] : [])))
}

/** Each slot of a template in order; the spread counts as `details`. */
export function* slotsOf(node: TemplateNode): Generator<Slot> {
  if (node.kind === 'slot') yield node.slot
  else if (node.kind === 'array') for (const item of node.items) yield* slotsOf(item)
  else if (node.kind === 'text' || node.kind === 'sentence') for (const part of node.parts) if (typeof part !== 'string') yield part
  if (node.kind === 'each') {
    yield { kind: node.of, policy: node.policy }
    for (const key of node.map?.keys ?? []) yield* slotsOf(key)
    yield* slotsOf(node.item)
  }
  if (node.kind !== 'object') return
  for (const member of node.members) {
    if (member.kind === 'spread') yield { kind: member.of, policy: 'absent' }
    else yield* slotsOf(member.node)
  }
}

/** Among the items of an array its segments are items of their own. */
export function isPath(node: TemplateNode): boolean {
  return node.kind === 'slot' && node.slot.kind === 'path'
}

/** The list that a template holds; a checked one holds one at most. */
export function eachOf(node: TemplateNode): EachNode | undefined {
  if (node.kind === 'each') return node
  const nodes = node.kind === 'array' ? node.items : node.kind === 'object' ? node.members.flatMap((member) => (member.kind === 'member' ? [member.node] : [])) : []
  for (const inner of nodes) {
    const found = eachOf(inner)
    if (found !== undefined) return found
  }
  return undefined
}
