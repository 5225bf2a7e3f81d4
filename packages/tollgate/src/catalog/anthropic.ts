/**
 * The Anthropic dialect, written and read. The code is `error.type`; a limit of money is told by `error.details.error_code`, or by the sentence alone: a spend limit
 * that the customer set comes with 400, one of the organization with 429 and without `retry-after`, and neither passes by waiting.
 *
 * Its SDKs repeat 408, 409, 429 and 5xx unless `x-should-retry: false` forbids it, so what waiting does not cure carries that header. A stream that began with 200
 * may say `overloaded_error` as its first event: that is a 529.
 */
import { defineDialect } from '../contract/read/dialect.ts'
import { patternsPart } from '../contract/read/parts/patterns-part.ts'

const noRetry = { 'x-should-retry': 'false' } as const

/** Anthropic's API; written and read, also inside streams. */
export const anthropic = defineDialect({
  name: 'anthropic',
  title: 'Anthropic',
  docs: 'https://platform.claude.com/docs/en/api/errors',
  requestId: { format: 'base62', prefix: 'req_', header: 'request-id' },
  authenticate: 'ApiKey realm="anthropic"',
  rateLimitHeaders: [
    { limit: 'anthropic-ratelimit-requests-limit', remaining: 'anthropic-ratelimit-requests-remaining', reset: 'anthropic-ratelimit-requests-reset', resetUnit: 'timestamp' },
    { of: 'tokens', limit: 'anthropic-ratelimit-tokens-limit', remaining: 'anthropic-ratelimit-tokens-remaining', reset: 'anthropic-ratelimit-tokens-reset', resetUnit: 'timestamp' },
    { of: 'input-tokens', limit: 'anthropic-ratelimit-input-tokens-limit', remaining: 'anthropic-ratelimit-input-tokens-remaining', reset: 'anthropic-ratelimit-input-tokens-reset', resetUnit: 'timestamp' },
    { of: 'output-tokens', limit: 'anthropic-ratelimit-output-tokens-limit', remaining: 'anthropic-ratelimit-output-tokens-remaining', reset: 'anthropic-ratelimit-output-tokens-reset', resetUnit: 'timestamp' },
  ],
  envelope: {
    error: { type: 'error', error: { type: '$code', message: '$message', details: '$details|null' }, request_id: '$requestId|null' },
    stream: { event: 'error', end: { event: 'message_stop' } },
  },
  entries: {
    invalidRequest: {
      code: 'invalid_request_error', status: 400, reason: 'request.invalid', alsoFor: ['request.*', 'field.*', 'method.not_allowed', 'idempotency.*', 'content.blocked'], primary: true,
      message: ['{field}: {issue}.', 'Invalid request: {issue}.', 'Invalid request.'],
      description: 'The format or the content of the request is wrong; also any other 4xx without a type of its own.',
    },
    creditTooLow: {
      code: 'invalid_request_error', status: 400, reason: 'credit.insufficient', read: '*credit balance is too low*',
      message: 'Your credit balance is too low to access the API. Please go to Plans & Billing to upgrade or purchase credits.',
      description: 'The prepaid balance is used up: said with 400, and by the sentence alone.',
    },
    spendLimitReached: {
      code: 'invalid_request_error', status: 400, reason: 'credit.insufficient', read: '*You have reached your specified API usage limits*',
      message: 'You have reached your specified API usage limits.',
      description: 'The customer has spent as much as was set in the console: said with 400, and by the sentence alone.',
    },
    authentication: {
      code: 'authentication_error', status: 401, reason: 'credential.invalid', alsoFor: ['credential.*', 'token.expired'],
      message: 'invalid x-api-key', description: 'There is an issue with the API key.',
    },
    billing: {
      code: 'billing_error', status: 402, reason: 'credit.insufficient',
      message: ['This costs {required:money}, and the balance is {balance:money}.', 'There is an issue with your billing or payment information.'],
      description: 'Billing or payment information are at issue.',
    },
    permission: {
      code: 'permission_error', status: 403, reason: 'permission.denied', alsoFor: ['account.*'],
      message: 'Your API key does not have permission to use the specified resource.', description: 'The key may not use this.',
    },
    notFound: {
      code: 'not_found_error', status: 404, reason: 'resource.not_found', alsoFor: ['resource.gone', 'route.unknown', 'session.not_found', 'session.expired'],
      message: ['{resource}: {id}', 'The requested resource could not be found.'], description: 'The resource, or a model of this name, does not exist.',
    },
    conflict: {
      code: 'conflict_error', status: 409, reason: 'resource.conflict', headers: noRetry,
      message: ['Conflict: {issue}.', 'The request conflicts with the state of the resource.'], description: 'The state of the resource does not allow this.',
    },
    requestTooLarge: {
      code: 'request_too_large', status: 413, reason: 'request.too_large',
      message: 'Request exceeds the maximum allowed number of bytes.', description: 'The body is larger than allowed. Cloudflare answers so, before the API.',
    },
    rateLimit: {
      code: 'rate_limit_error', status: 429, reason: 'rate.limited', alsoFor: ['concurrency.limited', 'session.limited'], headers: { 'x-should-retry': '{waitHelps}' }, retryAfterSeconds: 60, primary: true,
      message: ['This request would exceed the rate limit of {limit}.', 'This request would exceed your rate limit.'],
      description: 'Requests, input or output tokens come faster than the limit; or usage grew too fast.',
    },
    quotaExhausted: {
      code: 'rate_limit_error', status: 429, reason: 'quota.exhausted', headers: noRetry, retryAfterSeconds: 3600,
      read: '*You have reached your API usage limits*',
      message: 'You have reached your API usage limits.',
      description: 'What the period allows is used up.',
    },
    enforcedSpendLimit: {
      code: 'rate_limit_error', status: 429, reason: 'credit.insufficient', when: { counts: 'money' }, headers: noRetry, retryAfterSeconds: 3600,
      details: { error_code: 'string' }, attributes: { error_code: 'enforced_spend_limit_reached' },
      message: 'You have reached your API usage limits: your organization has crossed its monthly API usage threshold.',
      description: 'The organization has spent what its tier allows in a month; it goes on at the first of the next. There is no retry-after.',
    },
    apiError: {
      code: 'api_error', status: 500, reason: 'internal', alsoFor: ['upstream.failed'], action: 'wait',
      message: 'Internal server error', description: 'An unexpected error occurred at Anthropic.',
    },
    timeout: {
      code: 'timeout_error', status: 504, reason: 'upstream.timeout',
      message: 'Request timed out', description: 'The request took too long. Long ones should stream.',
    },
    overloaded: {
      code: 'overloaded_error', status: 529, reason: 'capacity.overloaded', alsoFor: ['upstream.unavailable', 'service.maintenance'],
      message: 'Overloaded', description: 'The API is overloaded for everybody: no limit of the caller. Inside a stream it is the first event.',
    },
  },
}, { parts: [patternsPart] })
