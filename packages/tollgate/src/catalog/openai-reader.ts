/**
 * Where the OpenAI dialect hides its error object (all but the first come inside a stream that began with 200):
 *
 * - `{ error }`: the plain body, a chat chunk, and the nested form that Responses really send;
 * - `{ type: 'error', code, message }`: the flat form that Responses document, and any object under `event: error`;
 * - `{ type: 'response.failed', response: { error } }`.
 */
import type { Reader } from '../contract/read/reader.ts'
import { compact } from '../contract/values/compact.ts'
import { memberOf } from '../contract/read/value-at.ts'
import { objectOf, textOf } from './members.ts'

const SENTENCE_CHARS_MAX = 1_024

export const readOpenai: Reader = (body, { status, event }) => {
  if (status !== undefined && status < 400 && !holdsErrorAlone(body)) return undefined
  const error = objectOf(body, 'error') ?? objectOf(memberOf(body, 'response'), 'error') ?? (isFlat(body, event) ? body : undefined)
  const code = textOf(error, 'code')
  const message = textOf(error, 'message')
  const type = textOf(error, 'type')
  if (code === undefined && message === undefined && type === undefined) return undefined
  const param = textOf(error, 'param')
  return compact({
    code,
    message,
    entry: code === 'rate_limit_exceeded' && isLargerThanLimit(message) ? 'largerThanLimit' : undefined,
    attributes: type === undefined ? undefined : { type },
    details: param === undefined ? undefined : { param },
    // Each event of the Realtime API has one.
    requestId: textOf(body, 'type') === 'error' ? textOf(body, 'event_id') : undefined,
  })
}

/** "Request too large …: Limit 6000, Requested 11881": no wait makes it fit. */
function isLargerThanLimit(message = ''): boolean {
  const [, limit, requested] = /\bLimit (\d{1,15}), (?:Used \d{1,15}, )?Requested (\d{1,15})\b/.exec(message.slice(0, SENTENCE_CHARS_MAX)) ?? []
  return message.startsWith('Request too large') || Number(requested) > Number(limit)
}

/** A response or a job that failed is a resource like any other: under a success an error has nothing beside it but what says so. */
function holdsErrorAlone(body: unknown): boolean {
  return typeof body === 'object' && body !== null && Object.keys(body).every((name) => name === 'error' || name === 'type')
}

function isFlat(body: unknown, event: string | undefined): boolean {
  return textOf(body, 'type') === 'error' || event === 'error'
}
