/** The caller's key, and what makes a request the same as another one. */
import { refuse } from '../../contract/declare/refusal.ts'
import { headerValues } from '../headers.ts'
import type { OrRefusal } from '../or-refusal.ts'

const KEY_CHARS_MAX = 255

/** Deeper bodies are no honest requests. */
const JSON_DEPTH_MAX = 64

/**
 * The key, bare: the IETF draft writes it as a quoted string, most callers do not; one pair of quotes is taken off. `key` undefined: none was sent.
 */
export function readIdempotencyKey(headers: readonly string[], header: string): OrRefusal<{ readonly key: string | undefined }> {
  const invalid = (rule: string, issue: string) => refuse('field.invalid', { field: header, in: 'header', header, rule, issue }, { source: 'client' })
  const [value, ...more] = headerValues(headers, header)
  if (more.length > 0) return invalid('once', 'must be sent once')
  const sent = value?.trim() ?? ''
  const key = /^"(.*)"$/s.exec(sent)?.[1] ?? sent
  if (key === '') return { kind: 'found', key: undefined }
  if (!/^[\x20-\x7e]*$/.test(key)) return invalid('pattern', 'must be printable ASCII')
  if (key.length > KEY_CHARS_MAX) return invalid('maxLength', `must be at most ${KEY_CHARS_MAX} characters`)
  return { kind: 'found', key }
}

/** The bytes as a text that no other bytes give. */
export function bytesText(bytes: Uint8Array): string {
  return new TextDecoder('latin1').decode(bytes)
}

/** The value as a text that each order of members gives. Undefined when it is nested too deeply. */
export function canonicalJson(value: unknown, depth = 0): string | undefined {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (depth === JSON_DEPTH_MAX) return undefined
  const parts: string[] = []
  const members = Array.isArray(value) ? value.map((item: unknown) => ['', item] as const) : Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  for (const [name, member] of members) {
    const text = canonicalJson(member, depth + 1)
    if (text === undefined) return undefined
    parts.push(Array.isArray(value) ? text : `${JSON.stringify(name)}:${text}`)
  }
  return Array.isArray(value) ? `[${parts.join(',')}]` : `{${parts.join(',')}}`
}
