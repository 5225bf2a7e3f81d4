/** Templates of forms: one object, each member of which is a single text. */
import type { ContractProblem } from '../check/contract-error.ts'
import { parseTemplate } from './parse-template.ts'
import { formatSlot } from './slot-text.ts'
import type { TemplateMember, TemplateNode } from './template.ts'

type Report = (problem: ContractProblem) => void

/** Slots of more than one text. */
const notSingle = new Set(['details', 'fields', 'errors', 'path'])

export function parseFormTemplate(template: unknown, path: string, report: Report): TemplateNode {
  const node = parseTemplate(template, path, report)
  if (node.kind === 'object') return { kind: 'object', isForm: true, members: node.members.map((member) => toText(member, path, report)) }
  report({ path, problem: 'is no object, and a form is names with their texts', mend: 'write { status: error, code: $code, message: $message }' })
  return { kind: 'object', members: [], isForm: true }
}

function toText(member: TemplateMember, parent: string, report: Report): TemplateMember {
  if (member.kind === 'spread') return member
  const { node } = member
  const path = `${parent}.${member.key}`
  if (node.kind === 'slot' && node.slot.policy === 'null') {
    const written = formatSlot(node.slot)
    report({ path, value: written, problem: 'may be null, which a form does not have', mend: `write "${written.replace('|null', '?')}"` })
  }
  const isSingle = node.kind === 'sentence' || (node.kind === 'literal' && node.value !== null) || (node.kind === 'slot' && !notSingle.has(node.slot.kind))
  if (!isSingle) report({ path, problem: 'is no single text, as which it stands in a form', mend: 'write a text or the slot of a single value; "...": $details gives each detail a name of its own' })
  // All is text on the wire, and read as such.
  return node.kind === 'literal' ? { ...member, node: { ...node, value: String(node.value) } } : member
}
