/**
 * ChatAds: matches a product to a message. Plans per team with a daily and a monthly quota, and a burst limit: three codes under 429.
 *
 * The page shows excerpts; every answer carries the full envelope. A missing key is 401, a wrong one 403. Usage may exceed the limit ("120 of
 * 100") because attempts are counted before they are compared. Codes that the API lacks (unknown route, wrong method) speak as INVALID_INPUT.
 */
import { defineDialect } from '../contract/read/dialect.ts'
import { successesPart } from '../contract/read/parts/successes-part.ts'

/** ChatAds: messages analysed, with daily and monthly quotas; written and read. */
export const chatads = defineDialect({
  name: 'chatads',
  title: 'ChatAds',
  docs: 'https://docs.getchatads.com/guides/error-handling',
  requestId: { format: 'uuid' },
  authenticate: 'ApiKey realm="chatads"',
  rateLimitHeaders: { limit: 'X-RateLimit-Limit', remaining: 'X-RateLimit-Remaining', reset: 'X-RateLimit-Reset', resetUnit: 'unix' },
  envelope: {
    error: {
      success: false,
      data: null,
      error: { code: '$code', message: '$message', details: '$details' },
      meta: { request_id: '$requestId' },
    },
    success: { success: true, data: '$data', error: null, meta: { request_id: '$requestId' } },
  },
  entries: {
    invalidInput: {
      code: 'INVALID_INPUT', status: 400, reason: 'request.invalid',
      alsoFor: ['request.*', 'field.*', 'resource.conflict', 'idempotency.*'],
      message: ['Invalid input: {field} {issue}.', 'Invalid input: {issue}.', 'Request body is missing or malformed.'],
      details: { field: 'string?', issue: 'string?' },
      description: 'Request body is missing or malformed: not a JSON object, `message` absent, blank or longer than 5000 characters, or another field out of its range.',
      remedy: 'Correct the field that `details` names.',
      example: { field: 'message', issue: 'is required' },
    },
    notFound: {
      code: 'INVALID_INPUT', status: 404, reason: 'route.unknown',
      alsoFor: ['resource.not_found', 'resource.gone', 'session.not_found', 'session.expired'],
      message: ['Not found: {issue}.', 'Not found.'],
      details: { issue: 'string?' },
      description: 'The path does not exist. The page has no code of its own for it.',
      remedy: 'Check the endpoint URL.',
    },
    methodNotAllowed: {
      code: 'INVALID_INPUT', status: 405, reason: 'method.not_allowed',
      message: ['{method} is not allowed here.', 'Method not allowed.'],
      details: { issue: 'string?' },
      description: 'The path exists, but not for this method. `Allow` names those that it has.',
      remedy: 'Use one of the methods in the `Allow` header.',
    },
    missingKey: {
      code: 'UNAUTHORIZED', status: 401, reason: 'credential.missing',
      message: 'A valid API key must be supplied in the x-api-key header.',
      description: 'Missing API key: the `x-api-key` header is absent or blank.',
      remedy: 'Add your API key to the X-API-Key header.',
    },
    invalidKey: {
      code: 'FORBIDDEN', status: 403, reason: 'credential.invalid',
      message: 'Invalid API key.',
      description: 'Invalid or disabled API key: the key is not one of ours.',
      remedy: 'Check that your API key is correct and not revoked.',
    },
    disabledKey: {
      code: 'FORBIDDEN', status: 403, reason: 'credential.revoked',
      alsoFor: ['credential.expired', 'token.expired'],
      message: 'This API key is disabled, revoked or expired.',
      description: 'The key was disabled, revoked, or has expired. Only who holds the whole key is told so.',
      remedy: 'Use another key of your team, or create one.',
    },
    disabledAccount: {
      code: 'FORBIDDEN', status: 403, reason: 'account.disabled',
      alsoFor: ['account.suspended'],
      message: 'This account is disabled.',
      description: "The key is valid, but the team's account is suspended or disabled.",
      remedy: 'Contact support with the request id.',
    },
    // One entry for plan and permission, so its words claim no more than both share.
    notInPlan: {
      code: 'FORBIDDEN', status: 403, reason: 'account.not_entitled',
      alsoFor: ['permission.denied', 'credit.insufficient'],
      message: 'This API key has no access to this request.',
      description: 'The key is valid, but neither the plan nor its permissions cover this request.',
      remedy: 'Upgrade the plan, or use a key with the permission.',
    },
    contentBlocked: {
      code: 'CONTENT_BLOCKED', status: 422, reason: 'content.blocked',
      message: 'Message contains blocked content.',
      description: "Message contains blocked content: one of the words that the team's own rules block. The answer does not say which.",
      remedy: "Change the message, or the team's blocked words.",
    },
    rateLimitExceeded: {
      code: 'RATE_LIMIT_EXCEEDED', status: 429, reason: 'rate.limited',
      alsoFor: ['concurrency.limited', 'session.limited'],
      message: 'Rate limit exceeded.',
      details: { limit: 'integer?', window_seconds: 'seconds? from windowMs', retry_after: 'seconds? from retryAfterMs' },
      retryAfterSeconds: 60,
      description: 'Rate limit exceeded: a burst of the whole team, over all its keys, within the short window.',
      remedy: 'Wait for Retry-After, then repeat.',
    },
    dailyQuotaExceeded: {
      code: 'DAILY_QUOTA_EXCEEDED', status: 429, reason: 'quota.exhausted', when: { period: 'day' },
      message: "Daily request limit exceeded. You've used {daily_usage} of {daily_limit} requests for today.",
      details: { daily_limit: 'integer from limit', daily_usage: 'integer from used', plan: 'string', reset_at: 'timestamp? from resetAtMs' },
      retryAfterSeconds: 3600,
      description: "Daily request limit exceeded: the team's requests of this UTC day, refused ones among them, are more than its plan allows.",
      remedy: 'Wait for the rate limit to reset (00:00 UTC) or upgrade your plan.',
      example: { limit: 100, used: 120, plan: 'free' },
    },
    // Without `when`: a quota of any other period is answered as the longer one, for which nobody should wait.
    monthlyQuotaExceeded: {
      code: 'MONTHLY_QUOTA_EXCEEDED', status: 429, reason: 'quota.exhausted',
      message: "Monthly request limit exceeded. You've used {monthly_usage} of {monthly_limit} requests for this month.",
      details: { monthly_limit: 'integer from limit', monthly_usage: 'integer from used', plan: 'string', reset_at: 'timestamp? from resetAtMs' },
      retryAfterSeconds: 3600,
      description: "Monthly request limit exceeded: the team's requests of this UTC month, refused ones among them, are more than its plan allows.",
      remedy: 'Wait for the first of the next month (00:00 UTC) or upgrade your plan.',
      example: { limit: 100, used: 101, plan: 'free' },
    },
    internalError: {
      code: 'INTERNAL_ERROR', status: 500, reason: 'internal',
      alsoFor: ['upstream.failed'],
      message: 'Server error.',
      description: 'Server error: something failed that should not have. The cause is in our log under the request id.',
      remedy: 'Repeat with growing pauses; contact support with the request id if it stays.',
    },
    serviceUnavailable: {
      code: 'SERVICE_UNAVAILABLE', status: 503, reason: 'service.maintenance',
      alsoFor: ['capacity.overloaded', 'upstream.unavailable', 'upstream.timeout'],
      message: 'Service temporarily unavailable.',
      retryAfterSeconds: 30,
      description: 'Service temporarily unavailable: maintenance, overload, or a part that counts usage cannot be reached (nothing is let through uncounted).',
      remedy: 'Repeat with growing pauses, not before Retry-After.',
    },
  },
}, { parts: [successesPart] })
