/**
 * NexaLayer: paid proxy sessions for agents. Sixteen codes; the same status often means opposite things (two 401s, two 429s, three 409s),
 * so a client looks at the code alone.
 *
 * Both 429s carry Retry-After, but only RATE_LIMIT_EXCEEDED is cured by waiting. INTERNAL_ERROR is not repeated: the page sends its readers to
 * support. An identical repeat with the same idempotency key is replayed; IDEMPOTENCY_CONFLICT is for another request, or one still running.
 */
import { defineDialect } from '../contract/read/dialect.ts'
import { successesPart } from '../contract/read/parts/successes-part.ts'

/** NexaLayer: paid proxy sessions; written and read. */
export const nexalayer = defineDialect({
  name: 'nexalayer',
  title: 'NexaLayer',
  docs: 'https://docs.nexalayer.net/errors',
  idempotencyKey: 'Idempotency-Key',
  requestId: { format: 'hex', prefix: 'req_' },
  authenticate: 'ApiKey realm="nexalayer", Bearer realm="nexalayer"',
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
    invalidKey: {
      code: 'AUTH_INVALID_KEY', status: 401, reason: 'credential.invalid',
      alsoFor: ['credential.*'],
      message: 'Invalid API Key',
      description: 'Invalid API Key: none was sent, it is unknown or revoked, or the token is malformed or badly signed.',
      remedy: 'Check key.',
    },
    expiredToken: {
      code: 'AUTH_EXPIRED_TOKEN', status: 401, reason: 'token.expired',
      message: 'JWT expired',
      details: { expired_at: 'timestamp? from expiredAtMs' },
      headers: { 'WWW-Authenticate': 'Bearer realm="nexalayer", error="invalid_token"' },
      description: 'JWT expired: the token is well signed, and its time is over.',
      remedy: 'Refresh token: ask for a new one with key and secret, then repeat once.',
    },
    insufficientPermission: {
      code: 'AUTH_INSUFFICIENT_PERMISSION', status: 403, reason: 'permission.denied',
      alsoFor: ['account.not_entitled'],
      message: 'Permission denied',
      details: { required_scope: 'string? from required' },
      description: 'Permission denied: the credential is valid, but lacks the scope that the route asks for.',
      remedy: 'Check scope.',
    },
    rateLimitExceeded: {
      code: 'RATE_LIMIT_EXCEEDED', status: 429, reason: 'rate.limited',
      alsoFor: ['concurrency.limited', 'quota.exhausted'],
      message: 'Too many requests',
      details: { limit: 'integer?', window_seconds: 'seconds? from windowMs', retry_after: 'seconds? from retryAfterMs' },
      retryAfterSeconds: 60,
      description: 'Too many requests: the window of the key is used up.',
      remedy: 'Back off; use Retry-After.',
    },
    accountDisabled: {
      code: 'ACCOUNT_DISABLED', status: 403, reason: 'account.disabled',
      alsoFor: ['account.suspended'],
      message: 'Account disabled',
      description: 'Account disabled: the key is proven, the account behind it is off.',
      remedy: 'Contact support.',
    },
    insufficientBalance: {
      code: 'INSUFFICIENT_BALANCE', status: 402, reason: 'credit.insufficient',
      message: 'Insufficient balance. Current balance: {current_balance:money}; required: {required_amount:money}',
      details: { current_balance: 'money from balance', required_amount: 'money from required' },
      description: 'Balance too low: what is available is less than the price of the session or renewal. Nothing was taken.',
      remedy: 'Recharge.',
    },
    sessionNotFound: {
      code: 'SESSION_NOT_FOUND', status: 404, reason: 'session.not_found',
      message: 'Session missing',
      details: { session_id: 'string? from id' },
      description: 'Session missing: the id never existed, or belongs to another account.',
      remedy: 'Check session_id.',
    },
    sessionExpired: {
      code: 'SESSION_EXPIRED', status: 410, reason: 'session.expired',
      message: 'Session expired',
      details: { session_id: 'string? from id', expired_at: 'timestamp? from expiredAtMs', status: 'string? from state' },
      description: 'Session expired: its time or traffic is used up, or its owner has terminated it and wants to change it.',
      remedy: 'Create new session.',
    },
    sessionLimitReached: {
      code: 'SESSION_LIMIT_REACHED', status: 429, reason: 'session.limited',
      message: 'Session limit',
      details: { limit: 'integer?', active: 'integer? from used' },
      retryAfterSeconds: 60,
      description: 'Session limit: as many sessions are active or being created as the account may have. Retry-After is when the next one ends by itself.',
      remedy: 'Terminate old sessions.',
    },
    productNotFound: {
      code: 'PRODUCT_NOT_FOUND', status: 404, reason: 'resource.not_found', when: { resource: 'product' },
      message: 'Product invalid',
      details: { product_no: 'string? from id' },
      description: 'Product invalid: `product_no` is unknown or retired, also when it came in a body.',
      remedy: 'List products.',
    },
    productOutOfStock: {
      code: 'PRODUCT_OUT_OF_STOCK', status: 409, reason: 'resource.conflict', when: { resource: 'stock' }, action: 'wait',
      message: 'Out of stock',
      details: { product_no: 'string? from id', available: 'integer? from remaining', requested: 'integer? from required' },
      description: 'Out of stock: fewer units are left than were asked for. Nothing was reserved.',
      remedy: 'Retry or other product: the choice is yours, so no client repeats it by itself.',
    },
    invalidRequest: {
      code: 'INVALID_REQUEST', status: 400, reason: 'request.invalid',
      alsoFor: ['request.*', 'field.*', 'resource.conflict', 'idempotency.missing', 'content.blocked'],
      message: 'Bad parameters',
      details: { field: 'string?', issue: 'string?' },
      description: 'Bad parameters: malformed JSON, a field that breaks the schema, or an operation that this kind of session does not have.',
      remedy: 'Fix request body.',
    },
    notFound: {
      code: 'INVALID_REQUEST', status: 404, reason: 'route.unknown',
      alsoFor: ['resource.not_found', 'resource.gone'],
      message: 'Not found',
      details: { issue: 'string?' },
      description: 'The path does not exist, or what it names, and it is neither a session nor a product. The page has no code of its own for it.',
      remedy: 'Check the endpoint URL and the id.',
    },
    methodNotAllowed: {
      code: 'INVALID_REQUEST', status: 405, reason: 'method.not_allowed',
      message: 'Method not allowed',
      details: { issue: 'string?' },
      description: 'The path exists, but not for this method. The page has no code of its own for it.',
      remedy: 'Use one of the methods in the `Allow` header.',
    },
    idempotencyMismatch: {
      code: 'IDEMPOTENCY_CONFLICT', status: 409, reason: 'idempotency.mismatch',
      message: 'Duplicate idempotency key',
      details: { reason: 'string' }, attributes: { reason: 'payload_mismatch' },
      description: 'Duplicate idempotency key: it was used for another request.',
      remedy: 'Use new key or reuse cached response.',
    },
    idempotencyInProgress: {
      code: 'IDEMPOTENCY_CONFLICT', status: 409, reason: 'idempotency.in_progress', retry: 'never',
      message: 'Duplicate idempotency key',
      details: { reason: 'string' }, attributes: { reason: 'in_progress' },
      retryAfterSeconds: 1,
      description: 'Duplicate idempotency key: the first request with it is still running.',
      remedy: 'After Retry-After you may repeat with the same key to get the response of the first; no client does so by itself.',
    },
    backendError: {
      code: 'BACKEND_ERROR', status: 502, reason: 'upstream.failed',
      alsoFor: ['upstream.unavailable', 'capacity.overloaded', 'service.maintenance'],
      message: 'Backend failure',
      description: 'Backend failure: it refused the connection, failed, or sent something that is no answer.',
      remedy: 'Retry with backoff: 2^attempt seconds.',
    },
    backendTimeout: {
      code: 'BACKEND_TIMEOUT', status: 504, reason: 'upstream.timeout',
      message: 'Backend timeout',
      description: 'Backend timeout: its deadline passed. The outcome is unknown, so a repeat needs the same idempotency key.',
      remedy: 'Retry with backoff: 2^attempt seconds.',
    },
    internalError: {
      code: 'INTERNAL_ERROR', status: 500, reason: 'internal', retry: 'never',
      message: 'Internal error',
      description: 'Internal error: our own fault. The cause is in our log under the request id.',
      remedy: 'Contact support with the request id.',
    },
  },
}, { parts: [successesPart] })
