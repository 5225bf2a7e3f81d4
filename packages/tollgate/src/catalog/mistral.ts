/**
 * Mistral, read only. Its own errors are flat, with `object: "error"`; validation is FastAPI's, also wrapped into `message`; the proxy in front has a sentence and the id of the request.
 * Codes are numbers in words. A 429 that says a limit of 0 is no rate: the key has no allowance at all, and no wait brings one.
 */
import { defineDialect } from '../contract/read/dialect.ts'
import { readerPart } from '../contract/read/parts/reader-part.ts'
import { listsPart } from '../contract/read/parts/lists-part.ts'
import { patternsPart } from '../contract/read/parts/patterns-part.ts'
import type { Reader } from '../contract/read/reader.ts'
import { memberOf } from '../contract/read/value-at.ts'
import { textOf } from './members.ts'
import { says } from './read-only-entry.ts'

const readMistral: Reader = (body, { status, headers }) =>
  status === 429 && headers['x-ratelimit-limit-req-minute'] === '0' && memberOf(body, 'object') === 'error'
    ? { entry: 'noAllowance', code: '1300', message: textOf(body, 'message') ?? '' }
    : undefined

const field = { type: '$rule', loc: ['$in', '$path'], msg: '$message' } as const

/** Mistral's API; read only. */
export const mistral = defineDialect(
  {
    name: 'mistral',
    title: 'Mistral',
    docs: 'https://docs.mistral.ai/resources/error-glossary',
    decodeOnly: true,
    // Per minute. When the minute is over is not told.
    rateLimitHeaders: [
      { limit: 'x-ratelimit-limit-req-minute', remaining: 'x-ratelimit-remaining-req-minute' },
      { of: 'tokens', limit: 'x-ratelimit-limit-tokens-minute', remaining: 'x-ratelimit-remaining-tokens-minute' },
    ],
    requestId: { format: 'uuid', header: 'x-kong-request-id' },
    envelope: {
      error: { object: 'error', message: '$message', type: '$type|null', param: '$details.param|null', code: '$code|null', request_id: '$requestId?' },
      families: {
        fields: { detail: { $each: '$errors', as: field } },
        wrappedFields: { object: 'error', message: { detail: { $each: '$errors', as: field } } },
        detail: { detail: '$message' },
      },
      // Conversations say it as an event of its own.
      stream: { data: { type: 'conversation.response.error', message: '$message', code: '$code|null' }, end: [{ data: '[DONE]' }, { event: 'conversation.response.done' }] },
    },
    entries: {
      invalidRequest: says('', 400, 'request.invalid', 'The body is malformed, or a parameter is not supported.', { attributes: { type: 'invalid_request_error' }, details: { param: 'string?' } }),
      invalidModel: says('1500', 400, 'field.invalid', 'There is no such model.', { read: { code: 'unknown_model' }, details: { param: 'string?' } }),
      invalidFields: says('', 422, 'field.invalid', 'Values are not valid; the answer names them.', { family: 'fields' }),
      invalidWrappedFields: says('', 422, 'field.invalid', 'The same, wrapped into the message.', { family: 'wrappedFields' }),
      unauthorized: says('', 401, 'credential.invalid', 'The key is missing, unknown or revoked.', { attributes: { type: 'authentication_error' } }),
      unauthorizedInWords: says('', 401, 'credential.invalid', 'The same, in one sentence.', { family: 'detail' }),
      rateLimited: says('1300', 429, 'rate.limited', 'Requests or tokens of a minute, or requests at once, are used up.'),
      rateLimitedUncoded: says('', 429, 'rate.limited', 'The same, by its type.', { attributes: { type: 'rate_limit_error' } }),
      noAllowance: says('', 429, 'account.not_entitled', 'The limit of the key is 0: no wait helps.', { attributes: { type: 'rate_limited' } }),
      capacityExceeded: says('3505', 429, 'capacity.overloaded', 'The tier has no capacity left for this model: nothing that the caller used up.'),
      serverError: says('', 500, 'internal', 'Something failed at Mistral.', { attributes: { type: 'server_error' }, action: 'wait' }),
    },
  },
  { reader: readMistral, parts: [listsPart, patternsPart, readerPart] },
)
