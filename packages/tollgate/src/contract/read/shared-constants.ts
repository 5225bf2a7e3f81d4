/**
 * Constants that an error and a success have at the same place (`jsonrpc: "2.0"`) say nothing of which of them it is. Here they are marked in the one that
 * shares them, so that what is read counts only those that tell.
 */
import { eachOf, type TemplateNode } from '../write/template.ts'

export function markShared(node: TemplateNode, others: readonly TemplateNode[]): TemplateNode {
  switch (node.kind) {
    case 'literal':
      return others.some((other) => other.kind === 'literal' && other.value === node.value) ? { ...node, isShared: true } : node
    case 'array':
      return { ...node, items: node.items.map((item, index) => markShared(item, others.flatMap((other) => (other.kind === 'array' ? (other.items[index] ?? []) : [])))) }
    case 'object':
      return {
        ...node,
        document: node.document && (others.some((other) => other.kind === 'object' && rootOf(other) === rootOf(node)) ? 'shared' : 'own'),
        members: node.members.map((member) => (member.kind === 'member' ? { ...member, node: markShared(member.node, membersAt(member.key, others)) } : member)),
      }
    case 'each':
      return { ...node, item: markShared(node.item, others.flatMap((other) => (other.kind === 'each' ? [other.item] : []))) }
    case 'text':
    case 'sentence':
      return { ...node, shared: new Set(node.parts.filter((part) => typeof part === 'string' && others.some((other) => other.kind === node.kind && other.parts.includes(part)))) }
    case 'slot':
      return node
  }
}

function rootOf({ members: [root] }: Extract<TemplateNode, { readonly kind: 'object' }>): string | undefined {
  return root?.kind === 'member' ? root.key : undefined
}

function membersAt(key: string, nodes: readonly TemplateNode[]): readonly TemplateNode[] {
  return nodes.flatMap((node) => (node.kind === 'object' ? node.members.flatMap((member) => (member.kind === 'member' && member.key === key ? [member.node] : [])) : []))
}

/** Whether the template has a constant of its own, by which it is known. */
export function hasMark(node: TemplateNode): boolean {
  const list = eachOf(node)
  return countMarks(node) > 0 || (list !== undefined && countMarks(list.item) > 0)
}

/** Null is no constant: what is missing is null too. */
export function countMarks(node: TemplateNode): number {
  switch (node.kind) {
    case 'literal':
      return node.value === null || node.isShared === true ? 0 : 1
    case 'array':
      return node.items.reduce((sum, item) => sum + countMarks(item), 0)
    case 'object':
      return node.members.reduce((sum, member) => sum + (member.kind === 'member' ? countMarks(member.node) : 0), node.document === 'own' ? 1 : 0)
    // Each item has its own.
    case 'each':
      return 0
    case 'text':
    case 'sentence':
      return node.parts.filter((part) => typeof part === 'string' && isMark(part, node.shared)).length
    case 'slot':
      return 0
  }
}

/** Of a text: a piece with a letter or a digit. Any sentence has a colon. */
export function isMark(part: string, shared: ReadonlySet<unknown> | undefined): boolean {
  return /[\p{L}\p{N}]/u.test(part) && shared?.has(part) !== true
}
