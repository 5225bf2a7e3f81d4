/** Recognises the successes of a dialect, so that none is read as an error. */
import { readTemplate } from './read-template.ts'
import type { TemplateNode } from '../write/template.ts'

/** Whether each literal of the success form stands in the body. A form without literals recognises nothing. */
export function hasAllLiterals(node: TemplateNode, body: unknown): boolean {
  const found = readTemplate(node, body)
  const expected = countLiterals(node)
  return found !== undefined && expected > 0 && found.literals === expected
}

function countLiterals(node: TemplateNode): number {
  if (node.kind === 'literal') return node.value === null ? 0 : 1
  if (node.kind === 'array') return node.items.reduce((sum, item) => sum + countLiterals(item), 0)
  if (node.kind !== 'object') return 0
  return node.members.reduce((sum, member) => sum + (member.kind === 'member' ? countLiterals(member.node) : 0), 0)
}

/** What a success says where an error has its code: `0`. An answer with this code is never an error, whatever else it says. */
export function successCodes(error: TemplateNode, success: TemplateNode): readonly string[] {
  if (error.kind === 'slot' && error.slot.kind === 'code') return success.kind === 'literal' && success.value !== null ? [String(success.value)] : []
  if (error.kind !== 'object' || success.kind !== 'object') return []
  return error.members.flatMap((member) => {
    const counterpart = success.members.find((other) => other.kind === 'member' && member.kind === 'member' && other.key === member.key)
    return member.kind === 'member' && counterpart?.kind === 'member' ? successCodes(member.node, counterpart.node) : []
  })
}
