/** Successes that a service may send: if one of them is read as a refusal, others are too. */
import type { Contract } from '../declare/contract.ts'
import type { JsonValue } from '../declare/facts.ts'
import { isTextType } from '../write/body-format.ts'
import { parseTemplate } from '../write/parse-template.ts'
import type { TemplateNode } from '../write/template.ts'
import { templateParserFor } from '../write/template-parser.ts'
import { isMark } from '../read/shared-constants.ts'

const anyData: readonly JsonValue[] = [null, true, 0, 'queued', [], {}, [{ id: 'res_1' }], { id: 'res_1', status: 'queued', items: [] }]

/** Bodies, in the form of a success where the contract declares one. Some have members of the names that its errors have, and nothing else of an error. */
export function sampleSuccesses(contract: Contract): readonly string[] {
  const { envelope } = contract.declaration
  const parse = templateParserFor(envelope.contentType)
  const alike = [envelope.error, ...Object.values(envelope.families ?? {})].map((template) => lookAlike(parse(template, '', ignore)))
  const context = { requestId: contract.mintRequestId(new Uint8Array(16)), nowMs: 0 }
  const bodies = [...anyData, ...alike].map((data) => contract.success(data, context).body)
  // In a dialect of text a success need not be JSON.
  return isTextType(envelope.contentType) && envelope.success === undefined ? [...bodies, ...alike.map(String)] : bodies
}

/** The data of events that are no errors. */
export function sampleEvents({ declaration: { envelope } }: Contract): readonly string[] {
  if (envelope.stream === undefined) return []
  return sampleMessages(envelope.stream.data ?? envelope.error)
}

/** What else may come where errors of this form come. */
export function sampleMessages(template: unknown): readonly string[] {
  return [...anyData, lookAlike(parseTemplate(template, '', ignore))].map((data) => JSON.stringify(data))
}

/** A resource that happens to have the names of an error: without its constants, its code, and any object of its own. */
function lookAlike(node: TemplateNode): JsonValue {
  switch (node.kind) {
    case 'array':
      return node.items.map(lookAlike)
    case 'each':
      return node.map === undefined ? [lookAlike(node.item)] : { queued: lookAlike(node.item) }
    case 'object': {
      const [root] = node.members
      if (node.document !== undefined && root?.kind === 'member') return lookAlike(root.node)
      const words = node.members.flatMap((member) => (member.kind === 'member' && member.node.kind === 'slot' && isWord(member.node) ? [[member.key, 'queued'] as const] : []))
      return Object.fromEntries(words)
    }
    case 'text':
      return node.parts.map((part) => (typeof part !== 'string' ? 'queued' : isMark(part, undefined) ? '' : part)).join('')
    default:
      return 'queued'
  }
}

function isWord({ slot }: Extract<TemplateNode, { readonly kind: 'slot' }>): boolean {
  return slot.kind === 'message' || slot.kind === 'detail' || slot.kind === 'attribute' || slot.kind === 'requestId'
}

function ignore(): void {}
