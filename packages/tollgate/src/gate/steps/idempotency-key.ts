/** The caller's key, and bytes as a text. */
import { refuse } from '../../contract/declare/refusal.ts'
import { headerValues } from '../headers.ts'
import type { OrRefusal } from '../or-refusal.ts'

const KEY_CHARS_MAX = 255

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
