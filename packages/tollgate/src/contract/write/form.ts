/**
 * A body as forms are sent (`application/x-www-form-urlencoded`, the URL standard, section 5): names and texts, side by side. A list repeats its name; what is
 * null is left out.
 */
import type { JsonValue } from '../declare/facts.ts'
import { isJsonObject } from '../values/json-object.ts'

/**
 * `tree` is flat: what is an object all the same, in the data of a success, stands there as JSON.
 *
 * @example
 * formatForm({ status: 'error', message: 'Too few & late' }) // => 'status=error&message=Too+few+%26+late'
 */
export function formatForm(tree: JsonValue): string {
  const pairs = Object.entries(isJsonObject(tree) ? tree : { data: tree })
  return pairs.flatMap(([name, value]) => (Array.isArray(value) ? (value as readonly JsonValue[]) : [value]).flatMap((item) => (item === null ? [] : [`${encode(name)}=${encode(textOf(item))}`]))).join('&')
}

/**
 * Undefined where it is no form: an escape that is none, or a text without a single name.
 *
 * @example
 * parseForm('code=12&message=Too+few') // => { code: '12', message: 'Too few' }
 */
export function parseForm(text: string): JsonValue | undefined {
  const members = new Map<string, string[]>()
  try {
    for (const pair of text.trim().split('&', PAIRS_MAX)) {
      const at = pair.indexOf('=')
      const name = decode(at === -1 ? '' : pair.slice(0, at))
      // By no accident is a sentence a form.
      if (at < 1) return undefined
      if (name === '__proto__') continue
      const known = members.get(name)
      const value = decode(pair.slice(at + 1))
      if (known === undefined) members.set(name, [value])
      else known.push(value)
    }
  } catch {
    return undefined
  }
  return Object.fromEntries([...members].map(([name, values]): [string, JsonValue] => [name, values.length === 1 ? (values[0] ?? null) : values]))
}

/** No error has more. */
const PAIRS_MAX = 1_000

function textOf(value: JsonValue): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** Half of a surrogate pair has no bytes: as a `URLSearchParams` does, U+FFFD stands for it. What `encodeURIComponent` leaves and a form does not: `!'()~`. */
function encode(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd')).replace(/[!'()~]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`).replaceAll('%20', '+')
}

function decode(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '))
}
