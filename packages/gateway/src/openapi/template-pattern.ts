/** A text with slots in it as a pattern: what the entry fixes stands there, what an answer fills may be anything. */
import type { Entry, Slot } from 'tollgate/contract'

/** `constant`: the entry fixes all of it. */
export function patternOf(parts: readonly (string | Slot)[], entry: Entry): { readonly constant: string | undefined; readonly pattern: string } {
  const texts = parts.map((part) => (typeof part === 'string' ? part : fixedText(part, entry)))
  const constant = texts.includes(undefined) ? undefined : texts.join('')
  return { constant, pattern: `^${texts.map((text) => (text === undefined ? ANYTHING : escaped(text))).join('')}$` }
}

/** A `*` stands for anything, and `**` for a star. */
export function starPattern(text: string): string {
  return `^${text.split(/(\*\*?)/).map((part) => (part === '*' ? ANYTHING : part === '**' ? String.raw`\*` : escaped(part))).join('')}$`
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)
}

const ANYTHING = String.raw`[\s\S]*`

function fixedText(slot: Slot, { code, status, attributes = {}, read }: Entry): string | undefined {
  switch (slot.kind) {
    case 'code':
      return typeof read === 'object' && !Array.isArray(read) ? undefined : String(code)
    case 'status':
      return String(status)
    case 'attribute': {
      const value = Object.hasOwn(attributes, slot.name) ? attributes[slot.name] : undefined
      return value === undefined || value === null ? '' : String(value)
    }
    default:
      return undefined
  }
}
