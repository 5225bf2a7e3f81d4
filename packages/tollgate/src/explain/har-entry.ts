/** An HTTP archive (HAR 1.2), whole or one entry of it, as browsers and proxies save it. */
import type { JsonValue } from '../contract/declare/facts.ts'
import { toReceivedHeaders } from '../contract/read/received-headers.ts'
import { memberOf, valueAt } from '../contract/read/value-at.ts'
import type { PastedAnswer } from './pasted-answer.ts'

/** Undefined: it is none. */
export function readHar(value: JsonValue): readonly PastedAnswer[] | undefined {
  const entries = valueAt(value, ['log', 'entries'])
  const list = Array.isArray(entries) ? entries : [value]
  const read = list.flatMap((entry: JsonValue) => toAnswer(entry) ?? [])
  return read.length === 0 ? undefined : read
}

function toAnswer(entry: JsonValue): PastedAnswer | undefined {
  const status = valueAt(entry, ['response', 'status'])
  const list = valueAt(entry, ['response', 'headers'])
  if (typeof status !== 'number' || !Array.isArray(list)) return undefined
  const headers = toReceivedHeaders(list.flatMap((each: JsonValue) => textsOf(memberOf(each, 'name'), memberOf(each, 'value'))))
  const text = valueAt(entry, ['response', 'content', 'text'])
  const isPacked = valueAt(entry, ['response', 'content', 'encoding']) === 'base64'
  const sent = valueAt(entry, ['request', 'headers'])
  const method = valueAt(entry, ['request', 'method'])
  const url = valueAt(entry, ['request', 'url'])
  const startedMs = Date.parse(String(memberOf(entry, 'startedDateTime')))
  const took = memberOf(entry, 'time')
  return {
    form: 'har',
    status,
    headers,
    hasHeaders: true,
    body: typeof text !== 'string' ? '' : isPacked ? unpacked(text) : text,
    request: typeof method === 'string' ? { method, url: typeof url === 'string' ? url : undefined, hasKey: Array.isArray(sent) && sent.some((each: JsonValue) => String(memberOf(each, 'name')).toLowerCase() === 'idempotency-key') } : undefined,
    atMs: Number.isNaN(startedMs) ? undefined : startedMs + (typeof took === 'number' ? took : 0),
  }
}

function textsOf(name: unknown, value: unknown): readonly string[] {
  return typeof name === 'string' && typeof value === 'string' ? [name, value] : []
}

function unpacked(text: string): string {
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(text), (character) => character.charCodeAt(0)))
  } catch {
    return text
  }
}
