// Made of ../ai-api.ts: UPDATE=1 npx vitest run packages/tollgate/src/catalog/small
import { tableDialect, type ReadBy } from '../../contract/read/table-dialect.ts'
import type { aiApi as whole } from '../ai-api.ts'

/** AI-Powered API, read alone, for pages that count their bytes. */
export const aiApi = tableDialect<ReadBy<typeof whole>>({
  name: 'ai-api',
  title: 'AI-Powered API',
  docs: 'https://github.com/Rajwar92/ai-api-docs/blob/main/docs/api-reference/errors.md',
  rateLimitHeaders: { limit: 'X-RateLimit-Limit', remaining: 'X-RateLimit-Remaining', reset: 'X-RateLimit-Reset', resetUnit: 'unix' },
  requestId: { format: 'hex', prefix: 'req_' },
  envelope: {
    error: { success: false, error: { code: '$code', message: '$message', details: '$details?' }, meta: { request_id: '$requestId', timestamp: '$timestamp' } },
    success: { success: true, data: '$data', meta: { request_id: '$requestId', timestamp: '$timestamp' } },
  },
  error: {
    kind: 'object',
    members: [
      { kind: 'member', key: 'success', node: { kind: 'literal', value: false }, optional: false },
      {
        kind: 'member',
        key: 'error',
        node: {
          kind: 'object',
          members: [
            { kind: 'member', key: 'code', node: { kind: 'slot', slot: { kind: 'code', policy: 'always' } }, optional: false },
            { kind: 'member', key: 'message', node: { kind: 'slot', slot: { kind: 'message', policy: 'always' } }, optional: false },
            { kind: 'member', key: 'details', node: { kind: 'slot', slot: { kind: 'details', policy: 'absent' } }, optional: false },
          ],
        },
        optional: false,
      },
      {
        kind: 'member',
        key: 'meta',
        node: {
          kind: 'object',
          members: [
            { kind: 'member', key: 'request_id', node: { kind: 'slot', slot: { kind: 'requestId', policy: 'always' } }, optional: false },
            { kind: 'member', key: 'timestamp', node: { kind: 'slot', slot: { kind: 'timestamp', policy: 'always' } }, optional: false },
          ],
        },
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
        {
          kind: 'member',
          key: 'meta',
          node: {
            kind: 'object',
            members: [
              { kind: 'member', key: 'request_id', node: { kind: 'slot', slot: { kind: 'requestId', policy: 'always' } }, optional: false },
              { kind: 'member', key: 'timestamp', node: { kind: 'slot', slot: { kind: 'timestamp', policy: 'always' } }, optional: false },
            ],
          },
          optional: false,
        },
      ],
    },
    marks: 1,
    dataPath: ['data'],
    isNullInErrors: false,
    codes: [],
  },
  entries: {
    missingKey: { code: 'MISSING_API_KEY', status: 401, reason: 'credential.missing', details: { header: 'string?' } },
    invalidKey: { code: 'INVALID_API_KEY', status: 401, reason: 'credential.invalid', details: { key_id: 'string?' } },
    expiredKey: { code: 'EXPIRED_API_KEY', status: 401, reason: 'credential.expired', details: { expired_at: 'timestamp?' } },
    revokedKey: { code: 'REVOKED_API_KEY', status: 401, reason: 'credential.revoked', details: { revoked_at: 'timestamp?' } },
    insufficientPermissions: { code: 'INSUFFICIENT_PERMISSIONS', status: 403, reason: 'permission.denied', details: { required: 'string?', granted: 'string?' } },
    accountSuspended: { code: 'ACCOUNT_SUSPENDED', status: 403, reason: 'account.suspended', details: { suspended_until: 'timestamp|null' } },
    quotaExceeded: { code: 'QUOTA_EXCEEDED', status: 403, reason: 'quota.exhausted', details: { quota: 'number?', used: 'number?', reset_at: 'timestamp?' } },
    invalidRequest: { code: 'INVALID_REQUEST', status: 400, reason: 'request.invalid', details: { field: 'string?', issue: 'string?' } },
    missingField: { code: 'MISSING_REQUIRED_FIELD', status: 400, reason: 'field.missing', details: { field: 'string?', issue: 'string?' } },
    invalidField: { code: 'INVALID_FIELD_VALUE', status: 400, reason: 'field.invalid', details: { field: 'string?', issue: 'string?' } },
    unsupportedModel: { code: 'UNSUPPORTED_MODEL', status: 400, reason: 'field.invalid', details: { field: 'string?', issue: 'string?', supported: 'strings?' } },
    invalidFileFormat: { code: 'INVALID_FILE_FORMAT', status: 400, reason: 'request.unsupported_media', details: { field: 'string?', issue: 'string?' } },
    fileTooLarge: { code: 'FILE_TOO_LARGE', status: 400, reason: 'request.too_large', details: { field: 'string?', issue: 'string?', max_bytes: 'integer?' } },
    resourceNotFound: { code: 'RESOURCE_NOT_FOUND', status: 404, reason: 'resource.not_found', details: { resource: 'string?', id: 'string?' } },
    endpointNotFound: { code: 'ENDPOINT_NOT_FOUND', status: 404, reason: 'route.unknown', details: { path: 'string?', method: 'string?' } },
    modelNotFound: { code: 'MODEL_NOT_FOUND', status: 404, reason: 'resource.not_found', details: { model: 'string?' } },
    rateLimitExceeded: {
      code: 'RATE_LIMIT_EXCEEDED',
      status: 429,
      reason: 'rate.limited',
      retryAfterSeconds: 60,
      details: { retry_after: 'seconds? from retryAfterMs', limit: 'integer?', reset_time: 'unix?' },
    },
    dailyLimitExceeded: {
      code: 'RATE_LIMIT_EXCEEDED',
      status: 429,
      reason: 'quota.exhausted',
      retry: 'wait',
      retryAfterSeconds: 60,
      details: { retry_after: 'seconds? from retryAfterMs', limit: 'number?', reset_time: 'unix?' },
    },
    concurrentLimitExceeded: {
      code: 'CONCURRENT_LIMIT_EXCEEDED',
      status: 429,
      reason: 'concurrency.limited',
      retryAfterSeconds: 1,
      details: { limit: 'integer?', in_flight: 'integer?', retry_after: 'seconds? from retryAfterMs' },
    },
    internalError: { code: 'INTERNAL_ERROR', status: 500, reason: 'internal' },
    modelUnavailable: { code: 'MODEL_UNAVAILABLE', status: 500, reason: 'upstream.unavailable', details: { model: 'string?' } },
    processingError: { code: 'PROCESSING_ERROR', status: 500, reason: 'upstream.failed' },
    serviceUnavailable: {
      code: 'SERVICE_UNAVAILABLE',
      status: 503,
      reason: 'service.maintenance',
      retryAfterSeconds: 30,
      alsoFor: ['upstream.unavailable', 'upstream.timeout'],
      details: { retry_after: 'seconds? from retryAfterMs' },
    },
    badGateway: { code: 'SERVICE_UNAVAILABLE', status: 502, reason: 'upstream.failed', details: { retry_after: 'seconds? from retryAfterMs' } },
    overloaded: { code: 'OVERLOADED', status: 503, reason: 'capacity.overloaded', retryAfterSeconds: 5, details: { retry_after: 'seconds? from retryAfterMs' } },
    promptTooLong: { code: 'PROMPT_TOO_LONG', status: 400, reason: 'field.invalid', details: { field: 'string?', issue: 'string?' } },
    invalidTemperature: { code: 'INVALID_TEMPERATURE', status: 400, reason: 'field.invalid', details: { field: 'string?', issue: 'string?' } },
    invalidMaxTokens: { code: 'INVALID_MAX_TOKENS', status: 400, reason: 'field.invalid', details: { field: 'string?', issue: 'string?' } },
    invalidImageSize: { code: 'INVALID_IMAGE_SIZE', status: 400, reason: 'field.invalid', details: { field: 'string?', issue: 'string?' } },
    invalidImageQuality: { code: 'INVALID_IMAGE_QUALITY', status: 400, reason: 'field.invalid', details: { field: 'string?', issue: 'string?' } },
    promptViolation: { code: 'PROMPT_VIOLATION', status: 400, reason: 'content.blocked', details: { field: 'string?', issue: 'string?' } },
  },
})
