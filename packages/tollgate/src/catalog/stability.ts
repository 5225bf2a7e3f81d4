/**
 * Stability AI, read only. v2beta lists sentences as `errors`, v1 has one `message`; both have an id of the answer and a name. Of v1 a balance that is too low comes
 * with 429. Pictures that were filtered come with 200 and `finish-reason: CONTENT_FILTERED`: no refusal. Which names there are is told nowhere in full.
 */
import { defineDialect } from '../contract/read/dialect.ts'
import { listsPart } from '../contract/read/parts/lists-part.ts'
import { patternsPart } from '../contract/read/parts/patterns-part.ts'
import { says } from './read-only-entry.ts'

/** Stability AI; read only. */
export const stability = defineDialect({
  name: 'stability',
  title: 'Stability AI',
  docs: 'https://platform.stability.ai/docs/api-reference',
  decodeOnly: true,
  requestId: { format: 'hex', header: 'x-request-id' },
  envelope: {
    error: { id: '$requestId', name: '$code', errors: ['$message'] },
    families: { v1: { id: '$requestId', name: '$code', message: '$message' } },
  },
  entries: {
    badRequest: says('bad_request', 400, 'request.invalid', 'Parameters are missing or not valid.'),
    unauthorized: says('unauthorized', 401, 'credential.invalid', 'The key is missing or not valid.'),
    paymentRequired: says('payment_required', 402, 'credit.insufficient', 'The credits do not cover this.'),
    insufficientBalance: says('insufficient_balance', 429, 'credit.insufficient', 'The balance does not cover this: said with 429.', { family: 'v1' }),
    contentModeration: says('content_moderation', 403, 'content.blocked', 'The moderation flagged the request. Nothing is charged.'),
    permissionDenied: says('permission_denied', 403, 'permission.denied', 'The caller may not do this.', { family: 'v1' }),
    notFound: says('not_found', 404, 'resource.not_found', 'There is no such generation or engine.'),
    payloadTooLarge: says('payload_too_large', 413, 'request.too_large', 'The request is larger than 10 MiB.'),
    unprocessable: says('unprocessable_entity', 422, 'field.invalid', 'The request is well formed and was rejected.'),
    rateLimited: says('rate_limit_exceeded', 429, 'rate.limited', 'More than 150 requests in 10 seconds: blocked for 60.', { read: { code: 'too_many_requests' }, retryAfterSeconds: 60 }),
    internal: says('internal_error', 500, 'internal', 'Something failed at Stability.', { action: 'wait' }),
  },
}, { parts: [listsPart, patternsPart] })
