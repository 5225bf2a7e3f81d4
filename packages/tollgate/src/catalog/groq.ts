/**
 * Groq, read only: OpenAI's envelope with codes and statuses of its own. The sentence of a 429 tells the dimension (requests or tokens, of a minute or a day) and the
 * wait. A request that alone is larger than the limit has the code of a rate limit, and never fits; a spend limit comes with 400; 498 is capacity.
 */
import { defineDialect } from '../contract/read/dialect.ts'
import { patternsPart } from '../contract/read/parts/patterns-part.ts'
import { waitsPart } from '../contract/read/parts/waits-part.ts'
import { says } from './read-only-entry.ts'

const invalid = { attributes: { type: 'invalid_request_error' } } as const

/** Groq's API; read only. */
export const groq = defineDialect({
  name: 'groq',
  title: 'Groq',
  docs: 'https://console.groq.com/docs/errors',
  decodeOnly: true,
  waitInMessage: true,
  // Requests of the day, tokens of the minute.
  rateLimitHeaders: [
    { limit: 'x-ratelimit-limit-requests', remaining: 'x-ratelimit-remaining-requests', reset: 'x-ratelimit-reset-requests', resetUnit: 'duration' },
    { of: 'tokens', limit: 'x-ratelimit-limit-tokens', remaining: 'x-ratelimit-remaining-tokens', reset: 'x-ratelimit-reset-tokens', resetUnit: 'duration' },
  ],
  envelope: {
    error: { error: { message: '$message', type: '$type?', code: '$code?', failed_generation: '$details.failed_generation?' } },
    stream: { end: { data: '[DONE]' } },
  },
  entries: {
    invalidRequest: says('', 400, 'request.invalid', 'The request is not valid.', invalid),
    contextLength: says('context_length_exceeded', 400, 'request.too_large', 'The messages are longer than the context of the model.', invalid),
    decommissioned: says('model_decommissioned', 400, 'resource.gone', 'The model is no longer served.', invalid),
    toolUseFailed: says('tool_use_failed', 400, 'upstream.failed', 'The model wrote no valid call of a tool. Another try is another sample, and often succeeds.', {
      ...invalid, source: 'api', details: { failed_generation: 'string?' }, read: { code: 'json_validate_failed' },
    }),
    spendLimit: says('spend_limit_reached', 400, 'credit.insufficient', 'The organization has spent what it set itself, or its access is blocked for it.', { ...invalid, read: { code: 'blocked_api_access' } }),
    invalidKey: says('invalid_api_key', 401, 'credential.invalid', 'The key is unknown or revoked.', invalid),
    restricted: says('organization_restricted', 400, 'account.suspended', 'The organization is restricted.', { ...invalid, read: { status: 403 } }),
    forbidden: says('', 403, 'permission.denied', 'The organization or project may not use this.', invalid),
    notFound: says('', 404, 'resource.not_found', 'The resource does not exist.', invalid),
    modelNotFound: says('model_not_found', 404, 'resource.not_found', 'The model does not exist, or is not open to this account.', invalid),
    tooLarge: says('rate_limit_exceeded', 413, 'request.too_large', 'The request alone is larger than the limit of tokens of a minute: it never fits.'),
    tooLargeForRate: says('rate_limit_exceeded', 429, 'request.too_large', 'The same, said with 429.', { read: 'Request too large*' }),
    unprocessable: says('', 422, 'request.invalid', 'The request is well formed and cannot be followed.', invalid),
    rateLimited: says('rate_limit_exceeded', 429, 'rate.limited', 'Requests or tokens of a minute or a day are used up; the type and the sentence say which.', { primary: true }),
    flexCapacity: says('capacity_exceeded', 498, 'capacity.overloaded', 'The flex tier has no capacity left at the moment.'),
    cancelled: says('', 499, 'request.invalid', 'The request was cancelled by who sent it.', { source: 'client', ...invalid }),
    internal: says('', 500, 'internal', 'Something failed at Groq.', { attributes: { type: 'internal_server_error' }, action: 'wait' }),
    overCapacity: says('', 503, 'capacity.overloaded', 'The model is over capacity.', { attributes: { type: 'internal_server_error' } }),
  },
}, { parts: [patternsPart, waitsPart] })
