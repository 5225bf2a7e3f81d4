/**
 * JoggAI v2: video generation, prepaid credits, 20 POST requests a minute for each key.
 *
 * Three top-level keys and a numeric code; no request id in the body. The page never states an HTTP status: the natural ones are sent, and
 * `alwaysStatus: 200` gives the other reading with the same bodies. A client looks at `code` alone.
 */
import { defineDialect } from '../contract/read/dialect.ts'
import { successesPart } from '../contract/read/parts/successes-part.ts'

/** JoggAI v2: videos for prepaid credits, with numeric codes; written and read. */
export const jogg = defineDialect({
  name: 'jogg',
  title: 'JoggAI',
  docs: 'https://docs.jogg.ai',
  requestId: { format: 'uuid' },
  authenticate: 'ApiKey realm="jogg"',
  rateLimitHeaders: { limit: 'X-RateLimit-Limit', remaining: 'X-RateLimit-Remaining', reset: 'X-RateLimit-Reset', resetUnit: 'unix' },
  envelope: {
    error: { code: '$code', msg: '$message', data: null },
    success: { code: 0, msg: 'Success', data: '$data' },
  },
  entries: {
    rateLimitExceeded: {
      code: 429, status: 429, reason: 'rate.limited',
      alsoFor: ['concurrency.limited', 'session.limited', 'quota.exhausted'],
      message: 'Rate limit exceeded. Please try again later.',
      retryAfterSeconds: 60,
      description: 'Too many POST requests (20/minute limit): the 21st of one key within any 60 seconds. GET is never limited.',
      remedy: 'Wait for Retry-After, then repeat.',
    },
    recordNotFound: {
      code: 10104, status: 404, reason: 'resource.not_found',
      alsoFor: ['route.unknown', 'resource.gone', 'session.not_found', 'session.expired'],
      message: 'Record not found',
      description: 'Resource ID does not exist, or belongs to another account; the path itself may be unknown.',
      remedy: 'Check the id and the endpoint.',
    },
    // Wrong and missing share one code and one message, so that an answer does not say which. The log still does.
    invalidKey: {
      code: 10105, status: 401, reason: 'credential.invalid',
      alsoFor: ['credential.expired', 'credential.revoked', 'token.expired'],
      message: 'Invalid API key',
      description: 'Wrong or missing `x-api-key` header: the key is unknown, expired, revoked or disabled.',
      remedy: 'Send a valid key in the x-api-key header.',
    },
    missingKey: {
      code: 10105, status: 401, reason: 'credential.missing',
      message: 'Invalid API key',
      description: 'Wrong or missing `x-api-key` header: it is absent or empty.',
      remedy: 'Send your key in the x-api-key header.',
    },
    insufficientCredit: {
      code: 18020, status: 402, reason: 'credit.insufficient',
      message: 'Insufficient credit',
      description: 'Not enough credits to complete request: its price is more than what remains. Nothing was deducted.',
      remedy: 'Top up the credits of the account.',
    },
    noApiPermission: {
      code: 18025, status: 403, reason: 'account.not_entitled',
      alsoFor: ['account.*', 'permission.denied'],
      message: 'No permission to call APIs',
      description: 'Account lacks API access permission: the key is valid, but the account may not call the API.',
      remedy: 'Ask for API access for the account.',
    },
    parameterError: {
      code: 40000, status: 400, reason: 'request.invalid',
      alsoFor: ['request.*', 'field.*', 'resource.conflict', 'idempotency.*', 'content.blocked'],
      message: ['Parameter error: {field} {issue}', 'Parameter error: {issue}', 'Parameter error: the request is not valid'],
      description: 'Invalid or missing required parameters: the message names the first at fault. Also malformed JSON and a wrong content type.',
      remedy: 'Correct the parameter that the message names.',
      example: { field: 'avatar_id', issue: 'is required' },
    },
    methodNotAllowed: {
      code: 40000, status: 405, reason: 'method.not_allowed',
      message: ['Parameter error: {issue}', 'Parameter error: the method is not allowed here'],
      description: 'The path exists, but not for this method. The page has no code of its own for it.',
      remedy: 'Use one of the methods in the `Allow` header.',
    },
    systemError: {
      code: 50000, status: 500, reason: 'internal', action: 'wait',
      alsoFor: ['upstream.*', 'capacity.overloaded', 'service.maintenance'],
      message: 'System error',
      description: 'Internal server error: something failed on our side, or behind it.',
      remedy: 'Repeat with growing pauses; contact support@jogg.ai if it stays.',
    },
  },
}, { parts: [successesPart] })
