/**
 * The grammar of envelope templates (see declaration.ts for the notation). One tree serves the writer, the reader, the checks and the loss mask.
 */
import { suggest, type ContractProblem } from '../check/contract-error.ts'
import type { JsonValue } from '../declare/facts.ts'
import { nearestName } from '../check/nearest-name.ts'
import { bodyFormatOf } from './body-format.ts'

export const builtinSlots = ['code', 'message', 'details', 'requestId', 'timestamp', 'status', 'data', 'fields'] as const
export type BuiltinSlot = (typeof builtinSlots)[number]

/** What stands in a slot whose value is empty. */
export type SlotPolicy = 'always' | 'absent' | 'null'

export type Slot =
  | { readonly kind: BuiltinSlot; readonly policy: SlotPolicy }
  | { readonly kind: 'detail' | 'attribute'; readonly name: string; readonly policy: SlotPolicy }

export type TemplateNode =
  /** `isShared`, `shared`: constants that errors and successes have at the same place, by which they are not told apart (`read/shared-constants.ts`). */
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null; readonly isShared?: true }
  | { readonly kind: 'slot'; readonly slot: Slot }
  | { readonly kind: 'object'; readonly members: readonly TemplateMember[] }
  | { readonly kind: 'array'; readonly items: readonly TemplateNode[] }
  /** A text/plain body: literals and slots in turn. */
  | { readonly kind: 'text'; readonly parts: readonly (string | Slot)[]; readonly shared?: ReadonlySet<unknown> }

export type TemplateMember =
  | { readonly kind: 'member'; readonly key: string; readonly node: TemplateNode }
  /** All details that the entry declares, as members of the object itself. */
  | { readonly kind: 'spread' }

type Report = (problem: ContractProblem) => void

/** Deeper templates are a mistake (or a cycle). */
const TEMPLATE_DEPTH_MAX = 32
/** Larger ones too: a list that holds itself twice is not deep before it is endless. */
const TEMPLATE_NODES_MAX = 2_000

export function parseTemplate(template: unknown, path: string, report: Report, depth = 0, budget = { nodes: TEMPLATE_NODES_MAX }): TemplateNode {
  if (--budget.nodes < 0) {
    if (budget.nodes === -1) report({ path, problem: `is more than the ${TEMPLATE_NODES_MAX} values of a template`, mend: 'make the envelope smaller' })
    return { kind: 'literal', value: null }
  }
  if (typeof template === 'string') return parseString(template, path, report)
  if (template === null || typeof template === 'boolean' || (typeof template === 'number' && Number.isFinite(template))) {
    return { kind: 'literal', value: template }
  }
  if (depth >= TEMPLATE_DEPTH_MAX) {
    report({ path, problem: `is nested more than ${TEMPLATE_DEPTH_MAX} levels deep`, mend: 'make the envelope flatter' })
    return { kind: 'literal', value: null }
  }
  if (Array.isArray(template)) {
    return { kind: 'array', items: template.map((item, index) => parseTemplate(item, `${path}[${index}]`, report, depth + 1, budget)) }
  }
  if (typeof template === 'object') {
    const members = Object.entries(template).map(([key, value]) => parseMember(key, value, `${path}.${key}`, report, depth, budget))
    return { kind: 'object', members }
  }
  report({ path, value: template, problem: 'is not JSON', mend: 'write a string, number, boolean, null, array or object' })
  return { kind: 'literal', value: null }
}

function parseMember(key: string, value: unknown, path: string, report: Report, depth: number, budget: { nodes: number }): TemplateMember {
  if (key === '__proto__') report({ path, problem: 'cannot be the name of a member', mend: 'choose another name' })
  if (key !== '...') return { kind: 'member', key, node: parseTemplate(value, path, report, depth + 1, budget) }
  if (value !== '$details') report({ path, value, problem: 'cannot be spread', mend: 'only "$details" can' })
  return { kind: 'spread' }
}

function parseString(text: string, path: string, report: Report): TemplateNode {
  if (!text.startsWith('$')) return { kind: 'literal', value: text }
  if (text.startsWith('$$')) return { kind: 'literal', value: text.slice(1) }
  const slot = parseSlot(text)
  if (slot !== undefined) return { kind: 'slot', slot }
  const mend = 'write "$name", "$name?" or "$name|null"; a text that begins with a dollar sign is written "$$…"'
  report({ path, value: text, problem: 'is not a slot', mend })
  return { kind: 'literal', value: text }
}

/** Undefined when the text is not a slot at all. Any other name than a builtin one is taken for an attribute; whether the entries have it is checked later. */
export function parseSlot(text: string): Slot | undefined {
  const match = /^\$(details\.[^?|]+|[A-Za-z_]\w*)(\?|\|null)?$/.exec(text)
  if (match === null) return undefined
  const name = match[1] ?? ''
  const policy = match[2] === '?' ? 'absent' : match[2] === '|null' ? 'null' : 'always'
  if (name.startsWith('details.')) return { kind: 'detail', name: name.slice('details.'.length), policy }
  const builtin = builtinSlots.find((slot) => slot === name)
  return builtin === undefined ? { kind: 'attribute', name, policy } : { kind: builtin, policy }
}

/** A header of every refusal is a constant or one slot. */
export function parseHeaderSlot(value: string): Slot | undefined {
  return value.startsWith('$$') ? undefined : parseSlot(value)
}

/** With a text type the body is not JSON, and each template is one string. */
export function isTextType(contentType: string | undefined): boolean {
  return bodyFormatOf(contentType) === 'text'
}

export function templateParserFor(contentType: string | undefined): (template: unknown, path: string, report: Report) => TemplateNode {
  return isTextType(contentType) ? parseTextTemplate : parseTemplate
}

/** A text/plain template: slots may stand anywhere in it. */
function parseTextTemplate(template: unknown, path: string, report: Report): TemplateNode {
  if (typeof template !== 'string') {
    report({ path, value: template, problem: 'is not a text', mend: 'with a text content type the template is one string' })
    return { kind: 'text', parts: [] }
  }
  const parts: (string | Slot)[] = []
  for (const token of template.match(/\$\$|\$(?:details\.\w+|[A-Za-z_]\w*)|\$|[^$]+/g) ?? []) {
    const slot = token === '$' || token === '$$' ? undefined : parseSlot(token)
    const previous = parts.at(-1)
    if (slot === undefined) {
      const literal = token === '$$' ? '$' : token
      if (typeof previous === 'string') parts[parts.length - 1] = previous + literal
      else parts.push(literal)
      continue
    }
    if (slot.kind === 'details' || slot.kind === 'fields') {
      report({ path, value: token, problem: 'has no text form', mend: 'name one detail: "$details.name"' })
    }
    if (previous !== undefined && typeof previous !== 'string') {
      report({ path, value: template, problem: 'has two slots side by side, which cannot be told apart when read', mend: 'put a text between them' })
    }
    parts.push(slot)
  }
  return { kind: 'text', parts }
}

/** Each written slot with its place, for who wrote it. */
export function* placedSlotsOf(node: TemplateNode, path: string): Generator<readonly [path: string, slot: Slot]> {
  if (node.kind === 'array') {
    for (const [index, item] of node.items.entries()) yield* placedSlotsOf(item, `${path}[${index}]`)
  } else if (node.kind === 'object') {
    for (const member of node.members) if (member.kind === 'member') yield* placedSlotsOf(member.node, `${path}.${member.key}`)
  } else {
    for (const slot of slotsOf(node)) yield [path, slot]
  }
}

/** Each slot of a template in order; the spread counts as `details`. */
export function* slotsOf(node: TemplateNode): Generator<Slot> {
  if (node.kind === 'slot') yield node.slot
  else if (node.kind === 'array') for (const item of node.items) yield* slotsOf(item)
  else if (node.kind === 'text') for (const part of node.parts) if (typeof part !== 'string') yield part
  if (node.kind !== 'object') return
  for (const member of node.members) {
    if (member.kind === 'spread') yield { kind: 'details', policy: 'absent' }
    else yield* slotsOf(member.node)
  }
}

export function formatSlot(slot: Slot): string {
  const name = slot.kind === 'attribute' ? slot.name : slot.kind === 'detail' ? `details.${slot.name}` : slot.kind
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
