/** Takes a text apart at the literals of its template. */
import type { JsonValue } from '../declare/facts.ts'
import type { Slot, TemplateNode } from '../write/template.ts'
import type { FoundSlots } from './found-slots.ts'
import { isMark } from './shared-constants.ts'
import type { Put } from './template-reading.ts'

type TextNode = Extract<TemplateNode, { readonly kind: 'text' | 'sentence' }>

/** A slot takes everything up to the next literal. What stands behind the sentence is found from the end, for the sentence itself may hold anything. */
export function walkText({ parts, shared }: TextNode, text: unknown, found: FoundSlots, depth: number, put: Put): boolean {
  if (typeof text !== 'string') return false
  const collectText = (slot: Slot, value: string): void => {
    // A figure that also stands by itself is better read there.
    if (slot.kind === 'detail' && found.named.has(slot.name)) return
    put(slot, (slot.kind === 'status' ? Number(value) : value) as JsonValue, found, depth)
  }
  const count = (part: string): void => {
    if (part.trim() !== '') found.literals++
    if (isMark(part, shared)) found.marks++
  }
  const sentence = parts.findIndex((part) => typeof part !== 'string' && part.kind === 'message')
  let position = 0
  let open: Slot | undefined
  for (const part of sentence === -1 ? parts : parts.slice(0, sentence + 1)) {
    if (typeof part !== 'string') {
      open = part
      continue
    }
    const start = text.indexOf(part, position)
    if (start === -1 || (open === undefined && start !== position)) return false
    if (open !== undefined) collectText(open, text.slice(position, start))
    count(part)
    open = undefined
    position = start + part.length
  }
  let end = text.length
  let behind: Slot | undefined
  for (const part of sentence === -1 ? [] : parts.slice(sentence + 1).toReversed()) {
    if (typeof part !== 'string') {
      behind = part
      continue
    }
    if (behind === undefined && end === text.length && !text.endsWith(part)) end = text.trimEnd().length
    const start = behind === undefined ? end - part.length : text.lastIndexOf(part, end - part.length)
    if (start < position || !text.startsWith(part, start)) return false
    if (behind !== undefined) collectText(behind, text.slice(start + part.length, end))
    count(part)
    behind = undefined
    end = start
  }
  if (open !== undefined) collectText(open, text.slice(position, end))
  return open !== undefined || text.slice(position).trim() === ''
}
