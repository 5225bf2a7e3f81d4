/** A slot by itself: `$code`, `$details.limit?`, `$type|null`. */
import { builtinSlots, itemSlots, type Slot } from './template.ts'

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
