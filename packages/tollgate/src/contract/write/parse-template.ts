/** The grammar of envelope templates: from what a contract declares (see declaration.ts for the notation) to the tree. */
import type { ContractProblem } from '../check/contract-error.ts'
import { isJsonObject } from '../values/json-object.ts'
import { parseSentence, parseSlot } from './slot-text.ts'
import { slotsOf, type Slot, type TemplateMember, type TemplateNode } from './template.ts'

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
