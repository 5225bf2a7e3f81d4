/**
 * The sentence of an entry. Of several alternatives the first whose figures are all known is sent. Should the last one lack a figure that the entry
 * promised, the sentences that need figures are left out: better `Insufficient balance.` than `Current balance: undefined`.
 */
import { isMoney } from '../declare/facts.ts'
import { formatMajorUnits, formatMoney, isExactMoney } from '../values/money.ts'
import type { ContractProblem } from '../check/contract-error.ts'

export interface Placeholder {
  readonly name: string
  readonly money: boolean
}

export type MessageTemplate = readonly (string | Placeholder)[]

/** `name` is looked up as the message's figures; `money` asks for the amount behind it, if there is one. */
export type Lookup = (name: string, money: boolean) => unknown

export function parseMessage(text: string, report: (problem: Omit<ContractProblem, 'path'>) => void): MessageTemplate {
  const parts: (string | Placeholder)[] = []
  for (const token of text.match(/\{\{|\}\}|\{[^{}]*\}|[{}]|[^{}]+/g) ?? []) {
    const match = /^\{([A-Za-z_][\w-]*)(?::([^{}]*))?\}$/.exec(token)
    if (match !== null) {
      if (match[2] !== undefined && match[2] !== 'money') {
        report({ value: token, problem: 'has an unknown format', mend: `write {${match[1]}} or {${match[1]}:money}` })
      }
      parts.push({ name: match[1] ?? '', money: match[2] === 'money' })
    } else if (/^[{}]/.test(token) && token !== '{{' && token !== '}}') {
      report({ value: token, problem: 'is not a placeholder', mend: 'write {name} or {name:money}; a brace is written twice' })
    } else {
      parts.push(token === '{{' || token === '}}' ? token.slice(1) : token)
    }
  }
  return parts
}

export function placeholdersOf(template: MessageTemplate): readonly Placeholder[] {
  return template.filter((part) => typeof part !== 'string')
}

/** What is left of a message without the sentences that need figures; `otherwise` when nothing is. */
export function withoutFigures(text: string, otherwise: string): string {
  const sentences = text.split(/(?<=[.!?])\s+/).filter((sentence) => placeholdersOf(parseMessage(sentence, ignore)).length === 0)
  return sentences.length === 0 ? otherwise : fill(parseMessage(sentences.join(' '), ignore), () => undefined) ?? otherwise
}

function ignore(): void {}

export type MessageWriter = (lookup: Lookup) => string

export function compileMessage(message: string | readonly string[], description: string): MessageWriter {
  const write = compileSentences(typeof message === 'string' ? [message] : message)
  return (lookup) => write(lookup) ?? description
}

/** Undefined where all its sentences need figures, and one that was promised is missing. */
export function compileSentences(texts: readonly string[]): (lookup: Lookup) => string | undefined {
  const alternatives = texts.map((text) => parseMessage(text, ignore))
  const fallback = withoutFigures(texts.at(-1) ?? '', '') || undefined
  return (lookup) => {
    for (const alternative of alternatives) {
      const filled = fill(alternative, lookup)
      if (filled !== undefined) return filled
    }
    return fallback
  }
}

/** Undefined when a figure is unknown. */
export function fill(template: MessageTemplate, lookup: Lookup): string | undefined {
  let text = ''
  for (const part of template) {
    const piece = typeof part === 'string' ? part : print(lookup(part.name, part.money), part.money)
    if (piece === undefined) return undefined
    // A figure may be a sentence of its own: "must not be blank." needs no second full stop.
    text += typeof part === 'string' && text.endsWith('.') && /^\.(?:\s|$)/.test(part) ? part.slice(1) : piece
  }
  return text
}

/** A value as a reader wants to see it; undefined when it is unknown or has no short form. */
function print(value: unknown, money: boolean): string | undefined {
  if (isMoney(value)) return isExactMoney(value) ? formatMoney(value, 2) : undefined
  if (typeof value === 'number') return Number.isFinite(value) ? (money ? formatMajorUnits(value) : String(value)) : undefined
  if (typeof value === 'string') return value === '' ? undefined : value
  if (typeof value === 'boolean') return String(value)
  if (!Array.isArray(value) || value.length === 0) return undefined
  const items = value.map((item) => print(item, money))
  return items.includes(undefined) ? undefined : items.join(', ')
}
