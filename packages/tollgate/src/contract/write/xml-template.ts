/** Templates of XML: those of JSON, where a key is the name of an element, of an attribute (`@code`), or `#text`. */
import type { ContractProblem } from '../check/contract-error.ts'
import { parseTemplate } from './parse-template.ts'
import { formatSlot } from './slot-text.ts'
import type { SlotPolicy, TemplateMember, TemplateNode } from './template.ts'
import { isXmlName } from './xml.ts'

interface Scope {
  readonly path: string
  /** Prefixes that an element around it declares. */
  readonly prefixes: ReadonlySet<string>
  readonly report: (problem: ContractProblem) => void
}

type NamedMember = Extract<TemplateMember, { readonly kind: 'member' }>

/** One element, which stands for the whole. */
export function parseXmlTemplate(template: unknown, path: string, report: (problem: ContractProblem) => void): TemplateNode {
  const node = parseTemplate(template, path, report)
  const [root, ...others] = node.kind === 'object' ? node.members : []
  const isElement = root?.kind === 'member' && !isAttribute(root.key) && root.key !== '#text'
  if (root === undefined || !isElement || others.length > 0) {
    const problem = others.length > 0 && isElement ? 'has more than one root, and an XML document has one' : 'is no element, and an XML document is one'
    report({ path, problem, mend: 'write one element with all others in it: { Error: { Code: $code, Message: $message } }' })
    return { kind: 'object', members: [], document: 'own' }
  }
  const at = `${path}.${root.key}`
  if (root.optional) report({ path: at, problem: 'is the root, which is never left out', mend: `write "${root.key}" without the question mark` })
  if (root.node.kind === 'array' || root.node.kind === 'each') report({ path: at, problem: 'is a list, which would repeat the root', mend: 'put it one element deeper: { Errors: { Error: { $each: $errors, as: … } } }' })
  return { kind: 'object', members: [toElement(root, { path, prefixes: new Set(['xml']), report })], document: 'own' }
}

function isAttribute(key: string): boolean {
  return key.startsWith('@')
}

/** Without its policy a value that is missing has no element either. */
function reportNull(policy: SlotPolicy, written: string, { path, report }: Scope): void {
  if (policy === 'null') report({ path, value: written, problem: 'may be null, which XML does not have', mend: `write "${written.replace('|null', '?')}"` })
}

function toContent(node: TemplateNode, scope: Scope): TemplateNode {
  const { path, report } = scope
  switch (node.kind) {
    case 'literal':
      if (node.value === null) report({ path, problem: 'is null, which XML does not have', mend: 'leave it out' })
      // All is text on the wire, and read as such.
      return { ...node, value: node.value === null ? null : String(node.value) }
    case 'slot':
      reportNull(node.slot.policy, formatSlot(node.slot), scope)
      if (node.slot.kind === 'fields') report({ path, value: formatSlot(node.slot), problem: 'is a map, whose keys are no names of elements', mend: 'list them: { $each: $fields, as: { Field: $field, Issue: $issue } }' })
      return node
    case 'array':
      return { ...node, items: node.items.map((item, index) => toItem(item, { ...scope, path: `${path}[${index}]` })) }
    case 'each':
      reportNull(node.policy, `$${node.of}|null`, { ...scope, path: `${path}.$each` })
      if (node.map !== undefined) report({ path: `${path}.key`, problem: 'makes a map, whose keys are no names of elements', mend: 'leave it out, and name the place in the item: { Field: $field, Issue: $issue }' })
      return { ...node, item: toItem(node.item, { ...scope, path: `${path}.as` }) }
    case 'object':
      return { ...node, members: toMembers(node.members, scope) }
    case 'sentence':
    case 'text':
      return node
  }
}

function toItem(node: TemplateNode, scope: Scope): TemplateNode {
  if (node.kind === 'array' || node.kind === 'each') scope.report({ path: scope.path, problem: 'is a list in a list, whose items would have no name', mend: 'give the inner one a name: { Items: […] }' })
  return toContent(node, scope)
}

function toMembers(members: readonly TemplateMember[], scope: Scope): readonly TemplateMember[] {
  const { path, report } = scope
  const hasElements = members.some((member) => member.kind === 'spread' || (!isAttribute(member.key) && member.key !== '#text'))
  return members.map((member) => {
    if (member.kind === 'spread') return member
    if (member.key === '#text' && hasElements) report({ path: `${path}.#text`, problem: 'is a text among elements', mend: 'give it an element of its own' })
    return member.key === '#text' || isAttribute(member.key) ? toText(member, scope) : toElement(member, scope)
  })
}

function toText(member: NamedMember, scope: Scope): NamedMember {
  const { report } = scope
  const path = `${scope.path}.${member.key}`
  const { node } = member
  if (member.key !== '#text') reportName(member.key, member.key.slice(1), { ...scope, path })
  const isText = node.kind === 'literal' || node.kind === 'sentence' || (node.kind === 'slot' && !['details', 'fields', 'errors', 'data', 'path'].includes(node.slot.kind))
  if (!isText) report({ path, problem: 'is no text, as which it stands there', mend: 'write a text or the slot of a single value, or an element' })
  return { ...member, node: toContent(node, { ...scope, path }) }
}

function toElement(member: NamedMember, scope: Scope): NamedMember {
  const path = `${scope.path}.${member.key}`
  const own = member.node.kind === 'object' ? member.node.members.flatMap((inner) => (inner.kind === 'member' && inner.key.startsWith('@xmlns:') ? [inner.key.slice('@xmlns:'.length)] : [])) : []
  const inside = { ...scope, path, prefixes: new Set([...scope.prefixes, ...own]) }
  reportName(member.key, member.key, inside)
  return { ...member, node: toContent(member.node, inside) }
}

function reportName(key: string, name: string, { path, prefixes, report }: Scope): void {
  const parts = name.split(':')
  const [prefix = ''] = parts
  if (parts.length > 2 || !parts.every(isXmlName)) {
    report({ path, value: key, problem: 'is no XML name', mend: 'begin with a letter or "_", and write letters, digits, ".", "-" and "_" only' })
  } else if (parts.length === 2 && prefix !== 'xmlns' && !prefixes.has(prefix)) {
    report({ path, value: key, problem: 'has a prefix that nothing declares', mend: `write "@xmlns:${prefix}" with its namespace into it, or into an element around it` })
  }
}
