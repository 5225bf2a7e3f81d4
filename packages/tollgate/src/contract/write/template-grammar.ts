/**
 * The grammar of envelope templates: from what a contract declares (see declaration.ts for the notation) to the tree. What is wrong is named here, and worded in
 * `check/template-words.ts`. Lists and texts with slots in them have grammars of their own, which are passed in: most dialects have neither.
 */
import { isJsonObject } from '../values/json-object.ts'
import { parseSlot } from './slot.ts'
import { slotsOf, type Slot, type TemplateMember, type TemplateNode } from './template.ts'

export type TemplateFault =
  | 'large' | 'deep' | 'noJson' | 'proto' | 'neverMissing' | 'noSpread' | 'noSlot'
  | 'noMeaning' | 'listInItem' | 'noList' | 'noItem' | 'mapOfData' | 'noKey' | 'keyInFront' | 'noKeys'
  | 'noText' | 'noTextForm' | 'sideBySide'

export type TellFault = (path: string, fault: TemplateFault, value?: unknown, name?: string) => void

/** What only some templates have. */
export interface Grammar {
  readonly parseEach?: (template: { readonly [key: string]: unknown }, scope: TemplateScope) => TemplateNode
  readonly parseSentence?: (text: string, path: string, tell: TellFault, isItem: boolean) => TemplateNode
}

/** Where in its template something stands. */
export interface TemplateScope {
  readonly path: string
  readonly tell: TellFault
  readonly depth: number
  readonly budget: { nodes: number }
  readonly isItem: boolean
  readonly grammar: Grammar
}

/** Deeper templates are a mistake (or a cycle). */
export const TEMPLATE_DEPTH_MAX = 32
/** Larger ones too: a list that holds itself twice is not deep before it is endless. */
export const TEMPLATE_NODES_MAX = 2_000

export const nothing: TemplateNode = { kind: 'literal', value: null }

export function parseTemplateBy(grammar: Grammar, template: unknown, path: string, tell: TellFault): TemplateNode {
  return parseNode(template, { path, tell, depth: 0, budget: { nodes: TEMPLATE_NODES_MAX }, isItem: false, grammar })
}

export function parseNode(template: unknown, scope: TemplateScope): TemplateNode {
  const { path, tell, depth, budget, grammar } = scope
  if (--budget.nodes < 0) {
    if (budget.nodes === -1) tell(path, 'large')
    return nothing
  }
  if (typeof template === 'string') return parseString(template, scope)
  if (template === null || typeof template === 'boolean' || (typeof template === 'number' && Number.isFinite(template))) {
    return { kind: 'literal', value: template }
  }
  if (depth >= TEMPLATE_DEPTH_MAX) {
    tell(path, 'deep')
    return nothing
  }
  if (Array.isArray(template)) {
    return { kind: 'array', items: template.map((item, index) => parseNode(item, { ...scope, path: `${path}[${index}]`, depth: depth + 1 })) }
  }
  if (isJsonObject(template)) {
    if (grammar.parseEach !== undefined && Object.hasOwn(template, '$each')) return grammar.parseEach(template, scope)
    return { kind: 'object', members: Object.entries(template).map(([key, value]) => parseMember(key, value, { ...scope, path: `${path}.${key}`, depth: depth + 1 })) }
  }
  tell(path, 'noJson', template)
  return nothing
}

function parseMember(key: string, value: unknown, scope: TemplateScope): TemplateMember {
  const { path, tell } = scope
  if (key === '__proto__') tell(path, 'proto')
  if (key !== '...') {
    const optional = key.endsWith('?')
    const name = optional ? key.slice(0, -1) : key
    const written = parseNode(value, scope)
    const node = optional ? withoutPromises(written) : written
    if (optional && [...slotsOf(node)].length === 0) tell(path, 'neverMissing', undefined, name)
    return { kind: 'member', key: name, node, optional }
  }
  if (value !== '$details' && value !== '$data') tell(path, 'noSpread', value)
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

export function parseString(text: string, { path, tell, isItem, grammar }: TemplateScope): TemplateNode {
  if (text.startsWith('$$')) return { kind: 'literal', value: text.slice(1) }
  if (!text.startsWith('$')) return grammar.parseSentence?.(text, path, tell, isItem) ?? { kind: 'literal', value: text }
  const slot = parseSlot(text, isItem)
  if (slot !== undefined) return { kind: 'slot', slot }
  tell(path, 'noSlot', text)
  return { kind: 'literal', value: text }
}
