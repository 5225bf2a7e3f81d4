/** Slots as they are written: by themselves (`$code?`), in a text of JSON or of a header (`problems/{code}`), in a body of text (`Error $code: $message`). */
import { suggest, type ContractProblem } from '../check/contract-error.ts'
import { nearestName } from '../check/nearest-name.ts'
import { builtinSlots, itemSlots, type Slot, type TemplateNode } from './template.ts'

type Report = (problem: ContractProblem) => void

/** Undefined when the text is not a slot at all. Any other name than a builtin one is taken for an attribute; whether the entries have it is checked later. */
export function parseSlot(text: string, isItem: boolean): Slot | undefined {
  const match = /^\$((?:details|request)\.[^?|]+|[A-Za-z_]\w*)(\?|\|null)?$/.exec(text)
  if (match === null) return undefined
  const name = match[1] ?? ''
  const policy = match[2] === '?' ? 'absent' : match[2] === '|null' ? 'null' : 'always'
  if (name.startsWith('request.')) return { kind: 'request', name: name.slice('request.'.length), policy }
  if (name.startsWith('details.')) return { kind: 'detail', name: name.slice('details.'.length), policy }
  const builtin = builtinSlots.find((slot) => slot === name) ?? (isItem ? itemSlots.find((slot) => slot === name) : undefined)
  return builtin === undefined ? { kind: 'attribute', name, policy } : { kind: builtin, policy }
}

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
export function parseSentence(text: string, path: string, report: Report, isItem: boolean): TemplateNode {
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
    reportNoText(slot, token, path, report)
    if (previous !== undefined && typeof previous !== 'string') reportSideBySide(text, path, report)
    parts.push(slot)
  }
  return parts.every((part) => typeof part === 'string') ? { kind: 'literal', value: parts.join('') } : { kind: 'sentence', parts }
}

/** A header of every refusal: a constant, a slot, or a text with slots in it (`{code}`). A text that begins with a dollar sign and is no slot is a constant. */
export function parseHeader(value: string, path = '', report: Report = () => {}): readonly (string | Slot)[] {
  if (value.startsWith('$$')) return [value.slice(1)]
  if (value.startsWith('$')) return [parseSlot(value, false) ?? value]
  const node = parseSentence(value, path, report, false)
  return node.kind === 'sentence' ? node.parts : node.kind === 'literal' ? [String(node.value)] : []
}

/** Its slots. */
export function headerSlots(value: string): readonly Slot[] {
  return parseHeader(value).filter((part) => typeof part !== 'string')
}

/** A text/plain template: slots may stand anywhere in it, as `$code` or, as in any longer text, as `{code}`. */
export function parseTextTemplate(template: unknown, path: string, report: Report): TemplateNode {
  if (typeof template !== 'string') {
    report({ path, value: template, problem: 'is not a text', mend: 'with a text content type the template is one string' })
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
    reportNoText(slot, token, path, report)
    if (previous !== undefined && typeof previous !== 'string') reportSideBySide(template, path, report)
    parts.push(slot)
  }
  return { kind: 'text', parts }
}

function reportNoText({ kind }: Slot, token: string, path: string, report: Report): void {
  if (kind === 'details' || kind === 'fields' || kind === 'errors') report({ path, value: token, problem: 'has no text form', mend: 'name one detail: "details.name"' })
}

function reportSideBySide(template: string, path: string, report: Report): void {
  report({ path, value: template, problem: 'has two slots side by side, which cannot be told apart when read', mend: 'put a text between them' })
}
