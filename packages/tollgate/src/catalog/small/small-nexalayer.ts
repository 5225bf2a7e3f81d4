// Made of ../nexalayer.ts: UPDATE=1 npx vitest run packages/tollgate/src/catalog/small
import { tableDialect, type ReadBy } from '../../contract/read/table-dialect.ts'
import type { nexalayer as whole } from '../nexalayer.ts'

/** NexaLayer, read alone, for pages that count their bytes. */
export const nexalayer = tableDialect<ReadBy<typeof whole>>({
  name: 'nexalayer',
  title: 'NexaLayer',
  docs: 'https://docs.nexalayer.net/errors',
  rateLimitHeaders: { limit: 'X-RateLimit-Limit', remaining: 'X-RateLimit-Remaining', reset: 'X-RateLimit-Reset', resetUnit: 'unix' },
  idempotencyKey: 'Idempotency-Key',
  requestId: { format: 'hex', prefix: 'req_' },
  envelope: {
    error: { success: false, data: null, error: { code: '$code', message: '$message', details: '$details' }, meta: { request_id: '$requestId' } },
    success: { success: true, data: '$data', error: null, meta: { request_id: '$requestId' } },
  },
  error: {
    kind: 'object',
    members: [
      { kind: 'member', key: 'success', node: { kind: 'literal', value: false }, optional: false },
      { kind: 'member', key: 'data', node: { kind: 'literal', value: null }, optional: false },
      {
        kind: 'member',
        key: 'error',
        node: {
          kind: 'object',
          members: [
            { kind: 'member', key: 'code', node: { kind: 'slot', slot: { kind: 'code', policy: 'always' } }, optional: false },
            { kind: 'member', key: 'message', node: { kind: 'slot', slot: { kind: 'message', policy: 'always' } }, optional: false },
            { kind: 'member', key: 'details', node: { kind: 'slot', slot: { kind: 'details', policy: 'always' } }, optional: false },
          ],
        },
        optional: false,
      },
      {
        kind: 'member',
        key: 'meta',
        node: { kind: 'object', members: [{ kind: 'member', key: 'request_id', node: { kind: 'slot', slot: { kind: 'requestId', policy: 'always' } }, optional: false }] },
        optional: false,
      },
    ],
  },
  codes: 'always',
  success: {
    node: {
      kind: 'object',
      members: [
        { kind: 'member', key: 'success', node: { kind: 'literal', value: true }, optional: false },
        { kind: 'member', key: 'data', node: { kind: 'slot', slot: { kind: 'data', policy: 'always' } }, optional: false },
        { kind: 'member', key: 'error', node: { kind: 'literal', value: null }, optional: false },
        {
          kind: 'member',
          key: 'meta',
          node: { kind: 'object', members: [{ kind: 'member', key: 'request_id', node: { kind: 'slot', slot: { kind: 'requestId', policy: 'always' } }, optional: false }] },
          optional: false,
        },
      ],
    },
    marks: 1,
    dataPath: ['data'],
    isNullInErrors: true,
    codes: [],
  },
  entries: {
    invalidKey: { code: 'AUTH_INVALID_KEY', status: 401, reason: 'credential.invalid' },
    expiredToken: { code: 'AUTH_EXPIRED_TOKEN', status: 401, reason: 'token.expired', details: { expired_at: 'timestamp?' } },
    insufficientPermission: { code: 'AUTH_INSUFFICIENT_PERMISSION', status: 403, reason: 'permission.denied', details: { required_scope: 'string?' } },
    rateLimitExceeded: {
      code: 'RATE_LIMIT_EXCEEDED',
      status: 429,
      reason: 'rate.limited',
      retryAfterSeconds: 60,
      details: { limit: 'integer?', window_seconds: 'seconds?', retry_after: 'seconds? from retryAfterMs' },
    },
    accountDisabled: { code: 'ACCOUNT_DISABLED', status: 403, reason: 'account.disabled' },
    insufficientBalance: { code: 'INSUFFICIENT_BALANCE', status: 402, reason: 'credit.insufficient', details: { current_balance: 'money', required_amount: 'money' } },
    sessionNotFound: { code: 'SESSION_NOT_FOUND', status: 404, reason: 'session.not_found', details: { session_id: 'string?' } },
    sessionExpired: { code: 'SESSION_EXPIRED', status: 410, reason: 'session.expired', details: { session_id: 'string?', expired_at: 'timestamp?', status: 'string?' } },
    sessionLimitReached: { code: 'SESSION_LIMIT_REACHED', status: 429, reason: 'session.limited', retryAfterSeconds: 60, details: { limit: 'integer?', active: 'integer?' } },
    productNotFound: { code: 'PRODUCT_NOT_FOUND', status: 404, reason: 'resource.not_found', details: { product_no: 'string?' } },
    productOutOfStock: { code: 'PRODUCT_OUT_OF_STOCK', status: 409, reason: 'resource.conflict', action: 'wait', details: { product_no: 'string?', available: 'integer?', requested: 'integer?' } },
    invalidRequest: { code: 'INVALID_REQUEST', status: 400, reason: 'request.invalid', details: { field: 'string?', issue: 'string?' } },
    notFound: { code: 'INVALID_REQUEST', status: 404, reason: 'route.unknown', details: { issue: 'string?' } },
    methodNotAllowed: { code: 'INVALID_REQUEST', status: 405, reason: 'method.not_allowed', details: { issue: 'string?' } },
    idempotencyMismatch: { code: 'IDEMPOTENCY_CONFLICT', status: 409, reason: 'idempotency.mismatch', attributes: { reason: 'payload_mismatch' }, details: { reason: 'string' } },
    idempotencyInProgress: {
      code: 'IDEMPOTENCY_CONFLICT',
      status: 409,
      reason: 'idempotency.in_progress',
      retry: 'never',
      attributes: { reason: 'in_progress' },
      retryAfterSeconds: 1,
      details: { reason: 'string' },
    },
    backendError: { code: 'BACKEND_ERROR', status: 502, reason: 'upstream.failed' },
    backendTimeout: { code: 'BACKEND_TIMEOUT', status: 504, reason: 'upstream.timeout' },
    internalError: { code: 'INTERNAL_ERROR', status: 500, reason: 'internal', retry: 'never' },
  },
})
