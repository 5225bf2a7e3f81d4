/** Slots as they are written: by themselves (`$code?`), in a text of JSON or of a header (`problems/{code}`), in a body of text (`Error $code: $message`). */
import { suggest, type ContractProblem } from '../check/contract-error.ts'
import { nearestName } from '../check/nearest-name.ts'
import { inWords } from '../check/template-words.ts'
import { parseSlot } from './slot.ts'
import type { TellFault } from './template-grammar.ts'
import { builtinSlots, type Slot, type TemplateNode } from './template.ts'

export function formatSlot(slot: Slot): string {
  const name = slot.kind === 'attribute' ? slot.name : slot.kind === 'detail' ? `details.${slot.name}` : slot.kind === 'request' ? `request.${slot.name}` : slot.kind
  return `$${name}${slot.policy === 'absent' ? '?' : slot.policy === 'null' ? '|null' : ''}`
}

/** How to mend a slot that nothing fills. */
export function suggestSlot(name: string, attributes: Iterable<string>): string {
  const nearest = nearestName(name, [...builtinSlots, ...attributes])
  return suggest(nearest === undefined ? undefined : `$${nearest}`, `give an entry the attribute "${name}"`)
}

/** `problems/{code}`: a text with slots in it. `{{` is a brace; one that begins no name is a brace too. */
export function parseSentence(text: string, path: string, tell: TellFault, isItem: boolean): TemplateNode {
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
    tellNoText(slot, token, path, tell)
    if (previous !== undefined && typeof previous !== 'string') tell(path, 'sideBySide', text)
    parts.push(slot)
  }
  return parts.every((part) => typeof part === 'string') ? { kind: 'literal', value: parts.join('') } : { kind: 'sentence', parts }
}

/** A header of every refusal: a constant, a slot, or a text with slots in it (`{code}`). A text that begins with a dollar sign and is no slot is a constant. */
export function parseHeader(value: string, path = '', tell: TellFault = () => {}): readonly (string | Slot)[] {
  if (value.startsWith('$$')) return [value.slice(1)]
  if (value.startsWith('$')) return [parseSlot(value, false) ?? value]
  const node = parseSentence(value, path, tell, false)
  return node.kind === 'sentence' ? node.parts : node.kind === 'literal' ? [String(node.value)] : []
}

/** Its slots. */
export function headerSlots(value: string): readonly Slot[] {
  return parseHeader(value).filter((part) => typeof part !== 'string')
}

/** A text/plain template: slots may stand anywhere in it, as `$code` or, as in any longer text, as `{code}`. */
export function parseTextTemplate(template: unknown, path: string, report: (problem: ContractProblem) => void): TemplateNode {
  return parseText(template, path, inWords(report))
}

/** The same without words. */
export function parseText(template: unknown, path: string, tell: TellFault): TemplateNode {
  if (typeof template !== 'string') {
    tell(path, 'noText', template)
    return { kind: 'text', parts: [] }
  }
  const parts: (string | Slot)[] = []
  for (const token of template.match(/\$\$|\{\{|\$(?:details\.\w+|request(?:\.\w+)+|[A-Za-z_]\w*)|\{(?:(?:details|request)\.[^{}]+|[A-Za-z_]\w*)\}|[${]|[^${]+/g) ?? []) {
    const slot = token.startsWith('{') ? parseSlot(`$${token.slice(1, -1)}`, false) : parseSlot(token, false)
    const previous = parts.at(-1)
    if (slot === undefined) {
      const literal = token === '$$' ? '$' : token === '{{' ? '{' : token
      if (typeof previous === 'string') parts[parts.length - 1] = previous + literal
      else parts.push(literal)
      continue
    }
    tellNoText(slot, token, path, tell)
    if (previous !== undefined && typeof previous !== 'string') tell(path, 'sideBySide', template)
    parts.push(slot)
  }
  return { kind: 'text', parts }
}

function tellNoText({ kind }: Slot, token: string, path: string, tell: TellFault): void {
  if (kind === 'details' || kind === 'fields' || kind === 'errors') tell(path, 'noTextForm', token)
}
