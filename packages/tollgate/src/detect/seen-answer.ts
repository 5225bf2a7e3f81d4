/** An answer as the signs look at it: parsed once, bounded, whatever it is. */
import type { ReceivedAnswer } from '../contract/declare/wire.ts'
import { parseBoundedJson, toBoundedText } from '../contract/read/bounded-json.ts'
import { headerOf } from '../contract/read/header-of.ts'
import { memberOf } from '../contract/read/value-at.ts'

export interface SeenAnswer {
  /** Undefined in the middle of a stream. */
  readonly status: number | undefined
  readonly event: string | undefined
  /** Undefined: it is no JSON. Of a list of one answer, as Google streams it, the answer. */
  readonly json: unknown
  /** The head of the body. */
  readonly text: string
  readonly isHtml: boolean
  header(name: string): string | undefined
  /** A member of the body, of a member of it, and so on. */
  at(...path: readonly string[]): unknown
  /** The same, where it is a text. */
  textAt(...path: readonly string[]): string | undefined
}

/** As far as a text is looked at. */
const HEAD_CHARS_MAX = 8_192

export function toSeenAnswer({ status, headers, body }: { readonly status: number | undefined; readonly headers: ReceivedAnswer['headers']; readonly body: string | Uint8Array }, event?: string): SeenAnswer {
  const text = toBoundedText(body) ?? ''
  const parsed = parseBoundedJson(text)
  const json: unknown = Array.isArray(parsed) && parsed.length > 0 && memberOf(parsed[0], 'error') !== undefined ? parsed[0] : parsed
  const head = text.slice(0, HEAD_CHARS_MAX)
  const at = (...path: readonly string[]): unknown => path.reduce<unknown>(memberOf, json)
  return {
    status,
    event,
    json,
    text: head,
    isHtml: /^\s*<(?:!doctype html|html|head|body|h1|center|title)\b/i.test(head),
    header: (name) => headerOf(headers, name),
    at,
    textAt(...path) {
      const value = at(...path)
      return typeof value === 'string' ? value : undefined
    },
  }
}
