/** What an item of a list says of one field at fault, in whichever way its place is written. */
import type { JsonValue } from '../declare/facts.ts'
import { fromPointer, fromProperty, fromSegments } from '../values/field-path.ts'
import type { ItemSlot, Slot } from '../write/template.ts'
import { collect, type FoundSlots } from './found-slots.ts'

/** The same as `collect`, with the slots of items. */
export function collectInItem(slot: Slot, value: JsonValue, found: FoundSlots, depth: number): void {
  switch (slot.kind) {
    case 'code':
    case 'message':
    case 'requestId':
    case 'timestamp':
    case 'docsUrl':
    case 'status':
    case 'details':
    case 'fields':
    case 'detail':
    case 'attribute':
      collect(slot, value, found, depth)
      return
    case 'data':
    case 'errors':
    // Who asked knows it, and a proxy between may have asked for another.
    case 'request':
      return
  }
  // What is left are the slots of an item: a new slot of another kind does not compile here.
  collectIssue(slot.kind, value, found)
}

function collectIssue(kind: ItemSlot, value: JsonValue, found: FoundSlots): void {
  const text = textOfItem(kind, value)
  if (text === undefined || text === '') return
  const issue = (found.issue ??= {})
  if (kind === 'in' || kind === 'issue' || kind === 'rule') {
    issue[kind] = text
    return
  }
  issue.field = text
  if (kind === 'pointer') issue.in = 'body'
  if (kind === 'parameter') issue.in = 'query'
}

/** A place as a dotted path, whichever way it is written; all else as it stands. */
function textOfItem(kind: ItemSlot, value: JsonValue): string | undefined {
  if (kind === 'path' && Array.isArray(value)) return fromSegments(value)
  if (typeof value !== 'string') return undefined
  if (kind === 'pointer') return fromPointer(value)
  return kind === 'property' ? fromProperty(value) : value
}
