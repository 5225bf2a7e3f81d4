/**
 * OpenRouter, read only: a gateway with one vocabulary for what its providers say (`error_type`, the code here), and the status as a number where others have a code.
 * Before the model starts the status is true, after that it is 200 with an error in the body or in the stream. Of two 402 one is the money that calls under way hold,
 * with `Retry-After`, and passes; the other does not. What is in flight, what a day's free calls are, and what a budget allows say `limit_source`.
 */
import { defineDialect } from '../contract/read/dialect.ts'
import { readerPart } from '../contract/read/parts/reader-part.ts'
import { patternsPart } from '../contract/read/parts/patterns-part.ts'
import { readOpenRouter } from './openrouter-reader.ts'
import { says } from './read-only-entry.ts'

const limit = { details: { limit_source: 'string?', reason: 'string?', resets_at: 'timestamp?' } } as const

/** One that `limit_source` tells. */
function limitOf<const Source extends string>(source: Source) {
  return { ...limit, attributes: { limit_source: source } } as const
}

const provider = { details: { provider: 'string?', provider_code: 'string?', availability: 'string?' } } as const

/** OpenRouter; read only. */
export const openRouter = defineDialect(
  {
    name: 'openrouter',
    title: 'OpenRouter',
    docs: 'https://openrouter.ai/docs/api/reference/errors-and-debugging',
    decodeOnly: true,
    requestId: { format: 'base62', prefix: 'gen-', header: 'x-generation-id' },
    // On refusals of its own alone.
    rateLimitHeaders: { limit: 'X-RateLimit-Limit', remaining: 'X-RateLimit-Remaining', reset: 'X-RateLimit-Reset', resetUnit: 'unix-ms' },
    envelope: {
      error: { error: { code: '$status', message: '$message', metadata: { error_type: '$code', limit_source: '$details.limit_source?', reason: '$details.reason?', resets_at: '$details.resets_at?' }, 'availability?': { code: '$details.availability' } } },
      stream: { end: { data: '[DONE]' } },
    },
    entries: {
      invalidRequest: says('invalid_request', 400, 'request.invalid', 'A parameter is missing or not valid.', { read: { code: ['invalid_prompt', 'invalid_image', 'image_too_small', 'unsupported_image_format', 'image_download_failed'] } }),
      tooLong: says('context_length_exceeded', 400, 'request.too_large', 'The input, or what is asked for, is longer than the model takes.', { read: { code: ['max_tokens_exceeded', 'string_too_long', 'image_too_large', 'token_limit_exceeded'] } }),
      contentPolicy: says('content_policy_violation', 400, 'content.blocked', 'A filter, or the model, refused the content.', { read: { code: 'refusal' } }),
      authentication: says('authentication', 401, 'credential.invalid', 'The key is missing, not valid or revoked.'),
      paymentRequired: says('payment_required', 402, 'credit.insufficient', 'The credits of the account or the key do not cover this.', limit),
      inFlightBudget: says('payment_required', 402, 'rate.limited', 'Calls under way hold the money that is there: it is free again when they end. Told from the other 402 by Retry-After.', { ...limitOf('openrouter_in_flight_budget'), retryAfterSeconds: 30 }),
      spendLimit: says('payment_required', 403, 'quota.exhausted', 'A key, a guardrail or a workspace has spent its budget; `resets_at` says until when.', { ...limitOf('openrouter_key_limit'), action: 'pay_or_upgrade' }),
      permissionDenied: says('permission_denied', 403, 'permission.denied', 'The key may not do this, or a guardrail blocked it.'),
      notFound: says('not_found', 404, 'resource.not_found', 'The model, or what the request names, does not exist or cannot be routed.', { ...provider, read: { code: 'image_not_found' } }),
      requestTimeout: says('timeout', 504, 'upstream.timeout', 'The provider did not answer in time.', { ...provider, read: { status: [408, 524] } }),
      preconditionFailed: says('precondition_failed', 412, 'resource.conflict', 'A precondition of the request does not hold.'),
      payloadTooLarge: says('payload_too_large', 413, 'request.too_large', 'The body is larger than allowed.'),
      unprocessable: says('unprocessable', 422, 'request.invalid', 'The request is well formed and cannot be processed.'),
      rateLimited: says('rate_limit_exceeded', 429, 'rate.limited', 'Requests or tokens come faster than allowed.', limit),
      freeTierDaily: says('rate_limit_exceeded', 429, 'quota.exhausted', 'The free calls of the day are used up.', limitOf('openrouter_free_tier_daily')),
      providerLimited: says('rate_limit_exceeded', 429, 'rate.limited', 'The pool that all share at a provider is used up.', { ...limitOf('upstream_provider_shared_pool'), source: 'upstream' }),
      providersAtCapacity: says('rate_limit_exceeded', 429, 'capacity.overloaded', 'All providers of the model are at capacity.', { ...provider, attributes: { availability: 'capacity_exhausted' }, source: 'upstream' }),
      providerUnavailable: says('provider_unavailable', 502, 'upstream.failed', 'The provider sent an answer that is empty or not valid.', provider),
      providerOverloaded: says('provider_overloaded', 503, 'upstream.unavailable', 'The provider is overloaded.', { ...provider, read: { status: 529 } }),
      server: says('server', 500, 'internal', 'Something failed; what, is not told.', { action: 'wait', read: { code: 'unmapped' } }),
    },
  },
  { reader: readOpenRouter, parts: [patternsPart, readerPart] },
)
