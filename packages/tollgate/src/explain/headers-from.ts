/** Headers as programs keep them: an object of texts or of lists of them, pairs, a flat list. */
import type { JsonValue } from '../contract/declare/facts.ts'
import { toReceivedHeaders } from '../contract/read/received-headers.ts'

/** Undefined where there are none. */
export function headersFrom(value: JsonValue | undefined): ReturnType<typeof toReceivedHeaders> | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const flat = Array.isArray(value) ? (value.every((each) => typeof each === 'string') ? value : value.flatMap((each) => (Array.isArray(each) ? each.slice(0, 2) : []))) : Object.entries(value).flatMap(([name, each]) => [each].flat().flatMap((one) => [name, one]))
  const texts = flat.map((each) => (typeof each === 'string' || typeof each === 'number' ? String(each) : ''))
  return texts.length === 0 ? undefined : toReceivedHeaders(texts)
}
