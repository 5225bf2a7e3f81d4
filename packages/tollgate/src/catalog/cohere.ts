/**
 * Cohere, read only: no codes, a status and a sentence. 498 is a token of the text that is on a list, no token of access; 499 a request that was cancelled. A trial
 * key has a rate of the minute and a quota of the month under one status, told apart by the sentence. A stream fails without an error event: by how it finishes.
 */
import { defineDialect } from '../contract/read/dialect.ts'
import { readerPart } from '../contract/read/parts/reader-part.ts'
import { patternsPart } from '../contract/read/parts/patterns-part.ts'
import type { Reader } from '../contract/read/reader.ts'
import { objectOf, textOf } from './members.ts'
import { says } from './read-only-entry.ts'

/** `finish_reason` of the last event, of those that are failures. */
const entryOfEnd: ReadonlyMap<string, string> = new Map([
  ['ERROR', 'generationFailed'],
  ['TIMEOUT', 'generationTimeout'],
  ['ERROR_LIMIT', 'contextExceeded'],
  ['ERROR_TOXIC', 'toxic'],
])

/** v2: `message-end` with a `delta`. v1: `stream-end`, flat. */
const readCohere: Reader = (body, { status }) => {
  if (status !== undefined) return undefined
  const end = textOf(body, 'type') === 'message-end' ? objectOf(body, 'delta') : textOf(body, 'event_type') === 'stream-end' ? body : undefined
  const reason = textOf(end, 'finish_reason')
  const entry = reason === undefined ? undefined : entryOfEnd.get(reason)
  return entry === undefined ? undefined : { entry, message: textOf(end, 'error') ?? textOf(end, 'err') ?? reason ?? '' }
}

/** Cohere's API; read only. */
export const cohere = defineDialect(
  {
    name: 'cohere',
    title: 'Cohere',
    docs: 'https://docs.cohere.com/reference/errors',
    decodeOnly: true,
    envelope: {
      error: { message: '$message', id: '$requestId?' },
      stream: { end: [{ event: 'message-end' }, { data: '[DONE]' }] },
    },
    entries: {
      invalidRequest: says('', 400, 'request.invalid', 'Fields are missing or not valid.'),
      tooManyTokens: says('', 400, 'request.too_large', 'The prompt, or what is asked for, is longer than the model takes.', { read: 'too many tokens*' }),
      unauthorized: says('', 401, 'credential.invalid', 'The key is missing or unknown.'),
      keyExpired: says('', 401, 'credential.expired', 'The key has expired.', { read: '*API key has expired*' }),
      paymentRequired: says('', 402, 'credit.insufficient', 'A method of payment is missing, or no longer valid.'),
      maximumBilling: says('', 402, 'credit.insufficient', 'The key has spent the maximum that its owner set; it goes on with the next month.', { read: 'Maximum billing reached*' }),
      forbidden: says('', 403, 'permission.denied', 'The caller may not do this.'),
      notFound: says('', 404, 'resource.not_found', 'There is no such model, dataset or connector.'),
      unprocessable: says('', 422, 'field.invalid', 'Values are not valid.'),
      rateLimited: says('', 429, 'rate.limited', 'The calls or tokens of the minute are used up.', { retry: 'backoff' }),
      monthlyCalls: says('', 429, 'quota.exhausted', 'The calls of a trial key in this month are used up.', { read: '*API calls / month*', action: 'pay_or_upgrade' }),
      deniedToken: says('', 498, 'content.blocked', 'Request or response hold a token of a list of denied ones.'),
      cancelled: says('', 499, 'request.invalid', 'The request was cancelled by who sent it.', { source: 'client', retry: 'backoff', action: 'wait' }),
      internal: says('', 500, 'internal', 'Something failed at Cohere.', { action: 'wait' }),
      notImplemented: says('', 501, 'method.not_allowed', 'This is not implemented.'),
      unavailable: says('', 503, 'upstream.unavailable', 'The service is not available.', { source: 'api' }),
      timeout: says('', 504, 'upstream.timeout', 'The answer took too long.', { source: 'api' }),
      // Of streams.
      generationFailed: says('ERROR', 500, 'internal', 'The generation failed, in the middle of a stream.', { action: 'wait' }),
      generationTimeout: says('TIMEOUT', 504, 'upstream.timeout', 'The generation took too long, in the middle of a stream.', { source: 'api' }),
      contextExceeded: says('ERROR_LIMIT', 400, 'request.too_large', 'The context of the model was full.'),
      toxic: says('ERROR_TOXIC', 400, 'content.blocked', 'The generated text was held back.'),
    },
  },
  { reader: readCohere, parts: [patternsPart, readerPart] },
)
