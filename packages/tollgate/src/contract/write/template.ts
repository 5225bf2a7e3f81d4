/**
 * The grammar of envelope templates (see declaration.ts for the notation). One tree serves the writer, the reader, the checks and the loss mask.
 */
import { suggest, type ContractProblem } from '../check/contract-error.ts'
import type { JsonValue } from '../declare/facts.ts'
import { nearestName } from '../check/nearest-name.ts'
import { bodyFormatOf } from './body-format.ts'

export const builtinSlots = ['code', 'message', 'details', 'requestId', 'timestamp', 'status', 'data', 'fields', 'errors'] as const
export type BuiltinSlot = (typeof builtinSlots)[number]

/**
 * What an item of a list (`$each`) says of one field at fault. Its place: a dotted path (`field`), the same as programs write it (`property`: `items[0].name`),
 * segments (`path`), a JSON Pointer (RFC 6901) for what stands in a body and the name of a parameter for what stands beside it; `in` says which. And what is
 * wrong: in words, and the rule.
 */
export const itemSlots = ['field', 'property', 'path', 'pointer', 'parameter', 'in', 'issue', 'rule'] as const
export type ItemSlot = (typeof itemSlots)[number]

/** What stands in a slot whose value is empty. */
export type SlotPolicy = 'always' | 'absent' | 'null'

export type Slot =
  | { readonly kind: BuiltinSlot | ItemSlot; readonly policy: SlotPolicy }
  /** `request`: what stands in the request's own JSON body, at a dotted path. */
  | { readonly kind: 'detail' | 'attribute' | 'request'; readonly name: string; readonly policy: SlotPolicy }

export type TemplateNode =
  /** `isShared`, `shared`: constants that errors and successes have at the same place, by which they are not told apart (`read/shared-constants.ts`). */
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null; readonly isShared?: true }
  | { readonly kind: 'slot'; readonly slot: Slot }
  /**
   * `document`: it is an XML document, and its one member the root. The name of a root is a constant too: `own`, where only errors have it (or, of a success,
   * only successes).
   */
  | { readonly kind: 'object'; readonly members: readonly TemplateMember[]; readonly document?: 'own' | 'shared' | undefined }
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

export type TemplateMember =
  /** `optional`: left out where nothing in it has a value. */
  | { readonly kind: 'member'; readonly key: string; readonly node: TemplateNode; readonly optional: boolean }
  /** All details that the entry declares, or the members of what a success is about, as members of the object itself. */
  | { readonly kind: 'spread'; readonly of: 'details' | 'data' }

type Report = (problem: ContractProblem) => void

/** Deeper templates are a mistake (or a cycle). */
const TEMPLATE_DEPTH_MAX = 32
/** Larger ones too: a list that holds itself twice is not deep before it is endless. */
const TEMPLATE_NODES_MAX = 2_000

/** Where in its template something stands. */
interface Scope {
  readonly path: string
  readonly report: Report
  readonly depth: number
  readonly budget: { nodes: number }
  readonly isItem: boolean
}

const nothing: TemplateNode = { kind: 'literal', value: null }

export function parseTemplate(template: unknown, path: string, report: Report): TemplateNode {
  return parseNode(template, { path, report, depth: 0, budget: { nodes: TEMPLATE_NODES_MAX }, isItem: false })
}

function parseNode(template: unknown, scope: Scope): TemplateNode {
  const { path, report, depth, budget } = scope
  if (--budget.nodes < 0) {
    if (budget.nodes === -1) report({ path, problem: `is more than the ${TEMPLATE_NODES_MAX} values of a template`, mend: 'make the envelope smaller' })
    return nothing
  }
  if (typeof template === 'string') return parseString(template, scope)
  if (template === null || typeof template === 'boolean' || (typeof template === 'number' && Number.isFinite(template))) {
    return { kind: 'literal', value: template }
  }
  if (depth >= TEMPLATE_DEPTH_MAX) {
    report({ path, problem: `is nested more than ${TEMPLATE_DEPTH_MAX} levels deep`, mend: 'make the envelope flatter' })
    return nothing
  }
  if (Array.isArray(template)) {
    return { kind: 'array', items: template.map((item, index) => parseNode(item, { ...scope, path: `${path}[${index}]`, depth: depth + 1 })) }
  }
  if (isJsonObject(template)) {
    if (Object.hasOwn(template, '$each')) return parseEach(template, scope)
    return { kind: 'object', members: Object.entries(template).map(([key, value]) => parseMember(key, value, { ...scope, path: `${path}.${key}`, depth: depth + 1 })) }
  }
  report({ path, value: template, problem: 'is not JSON', mend: 'write a string, number, boolean, null, array or object' })
  return nothing
}

function parseMember(key: string, value: unknown, scope: Scope): TemplateMember {
  const { path, report } = scope
  if (key === '__proto__') report({ path, problem: 'cannot be the name of a member', mend: 'choose another name' })
  if (key !== '...') {
    const optional = key.endsWith('?')
    const written = parseNode(value, scope)
    const node = optional ? withoutPromises(written) : written
    if (optional && [...slotsOf(node)].length === 0) report({ path, problem: 'has a constant value, which is never missing', mend: `write "${key.slice(0, -1)}" without the question mark, or put a slot into it` })
    return { kind: 'member', key: optional ? key.slice(0, -1) : key, node, optional }
  }
  if (value !== '$details' && value !== '$data') report({ path, value, problem: 'cannot be spread', mend: 'only "$details" can, and "$data" in a success' })
  return { kind: 'spread', of: value === '$data' ? 'data' : 'details' }
}

/** Within a member that may be missing no slot promises to be filled. */
function withoutPromises(node: TemplateNode): TemplateNode {
  const eased = (slot: Slot): Slot => (slot.policy === 'always' ? { ...slot, policy: 'absent' } : slot)
  switch (node.kind) {
    case 'literal':
    case 'each':
      return node
    case 'slot':
      return { ...node, slot: eased(node.slot) }
    case 'text':
    case 'sentence':
      return { ...node, parts: node.parts.map((part) => (typeof part === 'string' ? part : eased(part))) }
    case 'array':
      return { ...node, items: node.items.map(withoutPromises) }
    case 'object':
      return { ...node, members: node.members.map((member) => (member.kind === 'member' ? { ...member, node: withoutPromises(member.node) } : member)) }
  }
}

/** `{ $each: $fields, as: { loc: [body, $path], msg: $issue } }`, and as a map `{ $each: $fields, key: $field, as: [$issue] }` */
function parseEach(template: { readonly [key: string]: unknown }, scope: Scope): TemplateNode {
  const { path, report, depth } = scope
  const { $each: over, as, key, ...others } = template
  const [other] = Object.keys(others)
  if (other !== undefined) report({ path: `${path}.${other}`, problem: 'has no meaning beside $each', mend: 'put it into `as`, the form of each item' })
  if (scope.isItem) report({ path, problem: 'stands in an item of another list', mend: 'one list within another cannot be filled; write a slot' })
  const slot = typeof over === 'string' ? parseSlot(over, false) : undefined
  const of = slot?.kind
  if (slot === undefined || (of !== 'fields' && of !== 'errors' && of !== 'data')) {
    report({ path: `${path}.$each`, value: over, problem: 'is nothing to list', mend: 'write $fields (fields at fault), $errors (the same, or the refusal itself), or in a success $data' })
    return nothing
  }
  if (!Object.hasOwn(template, 'as')) report({ path: `${path}.as`, problem: 'is missing', mend: 'write the form of each item: { field: $field, message: $issue }' })
  const inItem: Scope = { ...scope, path: `${path}.as`, depth: depth + 1, isItem: true }
  if (!Object.hasOwn(template, 'key')) return { kind: 'each', of, policy: slot.policy, item: parseNode(as ?? null, inItem), map: undefined }
  if (of === 'data') report({ path: `${path}.key`, problem: 'makes a map of what is a list in every success', mend: 'leave it out' })
  const keys = parseKeys(key, { ...inItem, path: `${path}.key` })
  // A list of one form stands for as many items as the key has.
  const isList = Array.isArray(as) && as.length === 1
  const item = isList ? parseNode(as[0], { ...inItem, path: `${path}.as[0]` }) : parseNode(as ?? null, inItem)
  return { kind: 'each', of, policy: slot.policy, item, map: { keys, holds: isList ? 'all' : 'one' } }
}

function parseKeys(key: unknown, scope: Scope): readonly TemplateNode[] {
  const { path, report } = scope
  const keys: readonly unknown[] = Array.isArray(key) ? key : [key]
  const parsed = keys.map((text, index) => {
    const at = Array.isArray(key) ? `${path}[${index}]` : path
    const node = typeof text === 'string' ? parseString(text, { ...scope, path: at }) : nothing
    const isText = node.kind !== 'slot' || !(['path', 'details', 'fields', 'errors', 'data'] as const).some((kind) => kind === node.slot.kind)
    if (typeof text !== 'string' || !isText) report({ path: at, value: text, problem: 'is no text that could be a key', mend: 'write $field, $property, $pointer, or a text with one of them in it: "body.{field}"' })
    else if (node.kind === 'literal' && index < keys.length - 1) report({ path: at, value: text, problem: 'is always there, so that what stands behind it never is', mend: 'let it be the last' })
    return node
  })
  if (parsed.length === 0) report({ path, problem: 'is empty', mend: 'write $field' })
  return parsed
}

function parseString(text: string, { path, report, isItem }: Scope): TemplateNode {
  if (text.startsWith('$$')) return { kind: 'literal', value: text.slice(1) }
  if (!text.startsWith('$')) return parseSentence(text, path, report, isItem)
  const slot = parseSlot(text, isItem)
  if (slot !== undefined) return { kind: 'slot', slot }
  const mend = 'write "$name", "$name?" or "$name|null"; a text that begins with a dollar sign is written "$$…"'
  report({ path, value: text, problem: 'is not a slot', mend })
  return { kind: 'literal', value: text }
}

/** `problems/{code}`: a text with slots in it. `{{` is a brace; one that begins no name is a brace too. */
function parseSentence(text: string, path: string, report: Report, isItem: boolean): TemplateNode {
  const parts: (string | Slot)[] = []
  for (const token of text.match(/\{\{|\{(?:(?:details|request)\.[^{}]+|[A-Za-z_]\w*)\}|\{|[^{]+/g) ?? []) {
    const slot = /^\{[^{]/.test(token) ? parseSlot(`$${token.slice(1, -1)}`, isItem) : undefined
    const previous = parts.at(-1)
    if (slot === undefined) {
      const literal = token === '{{' ? '{' : token
      if (typeof previous === 'string') parts[parts.length - 1] = previous + literal
      else parts.push(literal)
      continue
    }
    reportNoText(slot, token, path, report)
    if (previous !== undefined && typeof previous !== 'string') reportSideBySide(text, path, report)
    parts.push(slot)
  }
  return parts.every((part) => typeof part === 'string') ? { kind: 'literal', value: parts.join('') } : { kind: 'sentence', parts }
}

/** Undefined when the text is not a slot at all. Any other name than a builtin one is taken for an attribute; whether the entries have it is checked later. */
export function parseSlot(text: string, isItem: boolean): Slot | undefined {
  const match = /^\$((?:details|request)\.[^?|]+|[A-Za-z_]\w*)(\?|\|null)?$/.exec(text)
  if (match === null) return undefined
  const name = match[1] ?? ''
  const policy = match[2] === '?' ? 'absent' : match[2] === '|null' ? 'null' : 'always'
  if (name.startsWith('request.')) return { kind: 'request', name: name.slice('request.'.length), policy }
  if (name.startsWith('details.')) return { kind: 'detail', name: name.slice('details.'.length), policy }
  const builtin = builtinSlots.find((slot) => slot === name) ?? (isItem ? itemSlots.find((slot) => slot === name) : undefined)
  return builtin === undefined ? { kind: 'attribute', name, policy } : { kind: builtin, policy }
}

/** A header of every refusal: a constant, a slot, or a text with slots in it (`{code}`). A text that begins with a dollar sign and is no slot is a constant. */
export function parseHeader(value: string, path = '', report: Report = () => {}): readonly (string | Slot)[] {
  if (value.startsWith('$$')) return [value.slice(1)]
  if (value.startsWith('$')) return [parseSlot(value, false) ?? value]
  const node = parseSentence(value, path, report, false)
  return node.kind === 'sentence' ? node.parts : node.kind === 'literal' ? [String(node.value)] : []
}

/** Its slots. */
export function headerSlots(value: string): readonly Slot[] {
  return parseHeader(value).filter((part) => typeof part !== 'string')
}

/** With a text type the body is not JSON, and each template is one string. */
export function isTextType(contentType: string | undefined): boolean {
  return bodyFormatOf(contentType) === 'text'
}

/** A text/plain template: slots may stand anywhere in it. */
export function parseTextTemplate(template: unknown, path: string, report: Report): TemplateNode {
  if (typeof template !== 'string') {
    report({ path, value: template, problem: 'is not a text', mend: 'with a text content type the template is one string' })
    return { kind: 'text', parts: [] }
  }
  const parts: (string | Slot)[] = []
  for (const token of template.match(/\$\$|\$(?:details\.\w+|request(?:\.\w+)+|[A-Za-z_]\w*)|\$|[^$]+/g) ?? []) {
    const slot = token === '$' || token === '$$' ? undefined : parseSlot(token, false)
    const previous = parts.at(-1)
    if (slot === undefined) {
      const literal = token === '$$' ? '$' : token
      if (typeof previous === 'string') parts[parts.length - 1] = previous + literal
      else parts.push(literal)
      continue
    }
    reportNoText(slot, token, path, report)
    if (previous !== undefined && typeof previous !== 'string') reportSideBySide(template, path, report)
    parts.push(slot)
  }
  return { kind: 'text', parts }
}

function reportNoText({ kind }: Slot, token: string, path: string, report: Report): void {
  if (kind === 'details' || kind === 'fields' || kind === 'errors') report({ path, value: token, problem: 'has no text form', mend: 'name one detail: "details.name"' })
}

function reportSideBySide(template: string, path: string, report: Report): void {
  report({ path, value: template, problem: 'has two slots side by side, which cannot be told apart when read', mend: 'put a text between them' })
}

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

export function formatSlot(slot: Slot): string {
  const name = slot.kind === 'attribute' ? slot.name : slot.kind === 'detail' ? `details.${slot.name}` : slot.kind === 'request' ? `request.${slot.name}` : slot.kind
  return `$${name}${slot.policy === 'absent' ? '?' : slot.policy === 'null' ? '|null' : ''}`
}

/** How to mend a slot that nothing fills. */
export function suggestSlot(name: string, attributes: Iterable<string>): string {
  const nearest = nearestName(name, [...builtinSlots, ...attributes])
  return suggest(nearest === undefined ? undefined : `$${nearest}`, `give an entry the attribute "${name}"`)
}

export function isJsonObject(value: unknown): value is { readonly [key: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
