/** The small function beside a contract, for wire forms that no template describes. */
import type { JsonValue } from '../declare/facts.ts'
import { collect, toFields, type FoundSlots } from './found-slots.ts'
import type { BuiltinSlot } from '../write/template.ts'
import type { ReceivedAnswer } from '../declare/wire.ts'

/** What came with the body. In the middle of a stream there is no status and there are no headers. */
export interface ReaderAnswer {
  readonly status: number | undefined
  readonly headers: ReceivedAnswer['headers']
  /** The name of the SSE event. */
  readonly event: string | undefined
}

/** What the function understood; the library chooses the entry and its meaning. Members of the wrong type count as absent. */
export interface ReaderResult {
  readonly code?: string | number
  readonly message?: string
  readonly details?: { readonly [name: string]: JsonValue }
  readonly fields?: { readonly [field: string]: readonly string[] }
  readonly requestId?: string
  readonly timestamp?: string
  readonly retryAfterSeconds?: number
  /** Where the body tells the true status. */
  readonly status?: number
  /** Chooses among entries that share a code, as their declared attributes do. */
  readonly attributes?: { readonly [name: string]: JsonValue }
  /** The entry's id, where the code alone does not say it. */
  readonly entry?: string
}

/**
 * `body` is the parsed JSON, or the text where it is none. Undefined: not an irregular form; the envelope is tried next.
 *
 * @example
 * // An API that says `ERR 12` where no template can describe it.
 * const reader: Reader = (body) => (typeof body === 'string' && body.startsWith('ERR ') ? { code: body.slice(4), message: body } : undefined)
 */
export type Reader = (body: unknown, answer: ReaderAnswer) => ReaderResult | undefined

export function toFoundSlots(result: ReaderResult): FoundSlots {
  const found: FoundSlots = { named: new Map(), attributes: new Map(Object.entries(result.attributes ?? {})), literals: 0, marks: 0, holdsFields: false, nested: false }
  const put = (kind: BuiltinSlot, value: JsonValue | undefined): void => {
    if (value !== undefined && value !== null) collect({ kind, policy: 'always' }, value, found, 0)
  }
  put('code', result.code)
  put('message', result.message)
  put('details', result.details)
  put('requestId', result.requestId)
  put('timestamp', result.timestamp)
  put('status', result.status)
  found.fields = toFields(result.fields)
  return found
}
