// Made of ../chatads.ts: UPDATE=1 npx vitest run packages/tollgate/src/catalog/small
import { tableDialect, type ReadBy } from '../../contract/read/table-dialect.ts'
import type { chatads as whole } from '../chatads.ts'

/** ChatAds, read alone, for pages that count their bytes. */
export const chatads = tableDialect<ReadBy<typeof whole>>({
  name: 'chatads',
  title: 'ChatAds',
  docs: 'https://docs.getchatads.com/guides/error-handling',
  rateLimitHeaders: { limit: 'X-RateLimit-Limit', remaining: 'X-RateLimit-Remaining', reset: 'X-RateLimit-Reset', resetUnit: 'unix' },
  requestId: { format: 'uuid' },
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
    invalidInput: { code: 'INVALID_INPUT', status: 400, reason: 'request.invalid', details: { field: 'string?', issue: 'string?' } },
    notFound: { code: 'INVALID_INPUT', status: 404, reason: 'route.unknown', details: { issue: 'string?' } },
    methodNotAllowed: { code: 'INVALID_INPUT', status: 405, reason: 'method.not_allowed', details: { issue: 'string?' } },
    missingKey: { code: 'UNAUTHORIZED', status: 401, reason: 'credential.missing' },
    invalidKey: { code: 'FORBIDDEN', status: 403, reason: 'credential.invalid' },
    disabledKey: { code: 'FORBIDDEN', status: 403, reason: 'credential.revoked' },
    disabledAccount: { code: 'FORBIDDEN', status: 403, reason: 'account.disabled' },
    notInPlan: { code: 'FORBIDDEN', status: 403, reason: 'account.not_entitled' },
    contentBlocked: { code: 'CONTENT_BLOCKED', status: 422, reason: 'content.blocked' },
    rateLimitExceeded: {
      code: 'RATE_LIMIT_EXCEEDED',
      status: 429,
      reason: 'rate.limited',
      retryAfterSeconds: 60,
      details: { limit: 'integer?', window_seconds: 'seconds?', retry_after: 'seconds? from retryAfterMs' },
    },
    dailyQuotaExceeded: {
      code: 'DAILY_QUOTA_EXCEEDED',
      status: 429,
      reason: 'quota.exhausted',
      retryAfterSeconds: 3600,
      details: { daily_limit: 'integer', daily_usage: 'integer', plan: 'string', reset_at: 'timestamp?' },
    },
    monthlyQuotaExceeded: {
      code: 'MONTHLY_QUOTA_EXCEEDED',
      status: 429,
      reason: 'quota.exhausted',
      retryAfterSeconds: 3600,
      details: { monthly_limit: 'integer', monthly_usage: 'integer', plan: 'string', reset_at: 'timestamp?' },
    },
    internalError: { code: 'INTERNAL_ERROR', status: 500, reason: 'internal' },
    serviceUnavailable: {
      code: 'SERVICE_UNAVAILABLE',
      status: 503,
      reason: 'service.maintenance',
      retryAfterSeconds: 30,
      alsoFor: ['capacity.overloaded', 'upstream.unavailable', 'upstream.timeout'],
    },
  },
})
