/**
 * LEAPERone: an OpenAI-compatible gateway paid by credits. Exactly three keys in `error`, no `param`; success bodies are bare.
 *
 * The page names one pair of type and code (429) and leaves the rest to the status: the other strings follow the OpenAI family. It has neither 403
 * nor 405: a caller without the right gets 401, a wrong method 404. The request id travels in the header only.
 */
import { defineDialect } from '../contract/read/dialect.ts'

/** LEAPERone: chat in OpenAI's shape, paid by credits; written and read. */
export const leaperone = defineDialect({
  name: 'leaperone',
  title: 'LEAPERone',
  docs: 'https://leaper.one/docs/advanced/error-codes',
  requestId: { format: 'hex', prefix: 'req_' },
  authenticate: 'Bearer realm="leaperone"',
  rateLimitHeaders: { limit: 'X-RateLimit-Limit', remaining: 'X-RateLimit-Remaining', reset: 'X-RateLimit-Reset', resetUnit: 'unix' },
  envelope: {
    error: { error: { message: '$message', type: '$type', code: '$code' } },
    // In a stream the same.
    stream: { end: { data: '[DONE]' } },
  },
  entries: {
    invalidRequest: {
      code: 'invalid_request', status: 400, reason: 'request.invalid', attributes: { type: 'invalid_request_error' },
      alsoFor: ['request.*', 'field.*', 'resource.conflict', 'idempotency.*', 'content.blocked'],
      message: ['Invalid request: {field} {issue}.', 'Invalid request: {issue}.', 'Invalid request.'],
      description: 'Bad Request: malformed JSON, a field out of its range, a body that is too large or of the wrong kind.',
      remedy: 'Check request body format and required fields.',
      example: { field: 'number', issue: 'must be at most 4' },
    },
    missingField: {
      code: 'missing_required_field', status: 400, reason: 'field.missing', attributes: { type: 'invalid_request_error' },
      message: ['Missing required field: {field}.', 'Missing required field.'],
      description: 'Bad Request: a required field is absent.',
      remedy: 'Check request body format and required fields.',
      example: { field: 'prompt', issue: 'is required' },
    },
    modelNotFound: {
      code: 'model_not_found', status: 400, reason: 'field.invalid', when: { field: 'model', rule: ['enum', 'const'] }, attributes: { type: 'invalid_request_error' },
      message: 'The requested model does not exist.',
      description: 'Bad Request: the `model` in the body is not one of ours.',
      remedy: 'Choose a model from GET /v1/models.',
    },
    missingKey: {
      code: 'missing_api_key', status: 401, reason: 'credential.missing', attributes: { type: 'authentication_error' },
      message: 'Missing API key. Send it in the Authorization header.',
      description: 'Unauthorized: neither `Authorization` nor `X-API-Key` was sent.',
      remedy: 'Check that your API key is valid and included in the Authorization header.',
    },
    invalidKey: {
      code: 'invalid_api_key', status: 401, reason: 'credential.invalid', attributes: { type: 'authentication_error' },
      alsoFor: ['credential.*', 'token.expired'],
      message: 'Invalid API key.',
      description: 'Unauthorized: the scheme is wrong, or the key is unknown, expired, revoked or disabled.',
      remedy: 'Check that your API key is valid and included in the Authorization header.',
    },
    notPermitted: {
      code: 'invalid_api_key', status: 401, reason: 'permission.denied', attributes: { type: 'authentication_error' },
      alsoFor: ['account.*'],
      message: 'This API key is not permitted to make this request.',
      description: 'Unauthorized: the key is valid, but it or its account may not do this. The page has no 403.',
      remedy: 'Use a key with the permission, or contact support.',
    },
    insufficientCredits: {
      code: 'insufficient_credits', status: 402, reason: 'credit.insufficient', attributes: { type: 'billing_error' },
      message: 'Insufficient credits.',
      description: 'Insufficient Credits: the price is more than what remains. Nothing was started or charged.',
      remedy: 'Top up credits in the Dashboard.',
    },
    notFound: {
      code: 'not_found', status: 404, reason: 'resource.not_found', attributes: { type: 'not_found_error' },
      alsoFor: ['route.unknown', 'method.not_allowed', 'session.not_found'],
      message: 'Not found.',
      description: 'Not Found: no such path, no such method there, or an id that does not exist or belongs to another user.',
      remedy: 'Check the endpoint URL and any resource IDs.',
    },
    resourceExpired: {
      code: 'resource_expired', status: 410, reason: 'resource.gone', attributes: { type: 'not_found_error' },
      alsoFor: ['session.expired'],
      message: 'This resource has expired.',
      description: 'Gone: it existed and was deleted for its age, as an image generation task is after 30 days.',
      remedy: 'The resource is permanently gone: create it anew.',
    },
    rateLimitExceeded: {
      code: 'rate_limit_exceeded', status: 429, reason: 'rate.limited', attributes: { type: 'rate_limit_error' },
      alsoFor: ['concurrency.limited', 'session.limited', 'quota.exhausted'],
      message: 'Rate limit exceeded. Please slow down.',
      retryAfterSeconds: 60,
      description: 'Rate Limited: the minute of this user and kind of endpoint is full, or that of the key where it has a lower limit.',
      remedy: 'Slow down requests and implement backoff: wait for the Retry-After header duration.',
    },
    internalError: {
      code: 'internal_error', status: 500, reason: 'internal', attributes: { type: 'server_error' },
      alsoFor: ['upstream.*', 'capacity.overloaded', 'service.maintenance'],
      message: 'Internal server error.',
      description: 'Server Error: something failed on our side, or behind it.',
      remedy: 'Retry after a moment. Contact support if the issue persists.',
    },
  },
})
