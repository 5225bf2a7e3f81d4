/** Details where all is text: in XML and in forms. */
import { fromWire, type Detail } from '../declare/details.ts'
import type { JsonValue } from '../declare/facts.ts'
import { parseBoundedJson } from './bounded-json.ts'
import { textIn } from './xml-tree.ts'

/** A list is an element or a name that is repeated. */
export function fromText(detail: Detail, value: JsonValue): JsonValue | undefined {
  if (detail.type === 'strings') return fromWire(detail, (Array.isArray(value) ? (value as readonly JsonValue[]) : [value]).map(textIn))
  const text = textIn(value)
  return fromWire(detail, text) ?? (typeof text === 'string' ? fromWire(detail, (parseBoundedJson(text) ?? null) as JsonValue) : undefined)
}
