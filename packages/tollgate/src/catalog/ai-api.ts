/**
 * AI-Powered API: the documentation of a model API with 29 codes. One file because the page is one table; its sections are kept.
 *
 * - A monthly quota is 403 and final; a rate is 429 and passes.
 * - A model named by a parameter is UNSUPPORTED_MODEL (400), one addressed in the URL MODEL_NOT_FOUND (404), one that is down MODEL_UNAVAILABLE (500).
 * - Of the field codes the most specific speaks; INVALID_FIELD_VALUE for all other fields. They have no status on the page: 400.
 * - 502 and 503 share one table: 503 is maintenance and overload, 502 an upstream that answered with garbage.
 * - `details` is absent when there is nothing to say.
 */
import { defineDialect } from '../contract/read/dialect.ts'
import { successesPart } from '../contract/read/parts/successes-part.ts'

const fieldIssue = { field: 'string?', issue: 'string?' } as const

/** AI-API: texts, pictures and speech, written and read. */
export const aiApi = defineDialect({
  name: 'ai-api',
  title: 'AI-Powered API',
  docs: 'https://github.com/Rajwar92/ai-api-docs/blob/main/docs/api-reference/errors.md',
  requestId: { format: 'hex', prefix: 'req_' },
  authenticate: 'Bearer realm="ai-api"',
  rateLimitHeaders: { limit: 'X-RateLimit-Limit', remaining: 'X-RateLimit-Remaining', reset: 'X-RateLimit-Reset', resetUnit: 'unix' },
  envelope: {
    error: {
      success: false,
      error: { code: '$code', message: '$message', details: '$details?' },
      meta: { request_id: '$requestId', timestamp: '$timestamp' },
    },
    success: { success: true, data: '$data', meta: { request_id: '$requestId', timestamp: '$timestamp' } },
  },
  entries: {
    // 401 - Unauthorized

    missingKey: {
      code: 'MISSING_API_KEY', status: 401, reason: 'credential.missing',
      message: 'API key is required',
      details: { header: 'string?' },
      description: 'No API key provided in request: `Authorization` is absent or empty.',
      remedy: 'Send `Authorization: Bearer YOUR_API_KEY`.',
      example: { header: 'Authorization' },
    },
    invalidKey: {
      code: 'INVALID_API_KEY', status: 401, reason: 'credential.invalid',
      message: 'The provided API key is invalid',
      details: { key_id: 'string? from keyId' },
      description: "API key format is incorrect or doesn't exist: not `Bearer` and a key, or none that we know.",
      remedy: 'Check the key for typing errors.',
      example: { keyId: 'key_1234567890' },
    },
    expiredKey: {
      code: 'EXPIRED_API_KEY', status: 401, reason: 'credential.expired',
      alsoFor: ['token.expired'],
      message: 'The API key has expired',
      details: { expired_at: 'timestamp? from expiredAtMs' },
      description: 'API key has passed its expiration date.',
      remedy: 'Create a new key.',
    },
    revokedKey: {
      code: 'REVOKED_API_KEY', status: 401, reason: 'credential.revoked',
      message: 'The API key has been revoked',
      details: { revoked_at: 'timestamp? from revokedAtMs' },
      description: 'API key was manually revoked or disabled. This comes before expiry.',
      remedy: 'Use another key.',
    },

    // 403 - Forbidden

    insufficientPermissions: {
      code: 'INSUFFICIENT_PERMISSIONS', status: 403, reason: 'permission.denied',
      alsoFor: ['account.not_entitled', 'credit.insufficient'],
      message: 'Insufficient permissions for this operation',
      details: { required: 'string?', granted: 'string?' },
      description: 'API key lacks required permissions: read, write or webhook; admin has them all.',
      remedy: 'Use a key that has the permission.',
      example: { required: 'write', granted: 'read' },
    },
    accountSuspended: {
      code: 'ACCOUNT_SUSPENDED', status: 403, reason: 'account.suspended',
      alsoFor: ['account.disabled'],
      message: 'Account has been suspended',
      details: { suspended_until: 'timestamp|null from untilMs' },
      description: 'Account is temporarily or permanently suspended; `suspended_until` is null when no end is set.',
      remedy: 'Contact support.',
    },
    quotaExceeded: {
      code: 'QUOTA_EXCEEDED', status: 403, reason: 'quota.exhausted',
      message: 'Monthly quota exceeded',
      details: { quota: 'number? from limit', used: 'number?', reset_at: 'timestamp? from resetAtMs' },
      description: 'Monthly usage limit has been reached.',
      remedy: 'Wait for the next month or upgrade your plan.',
      example: { limit: 1_000, used: 1_000, resetAtMs: Date.UTC(2024, 1, 1) },
    },

    // 400 - Bad Request

    invalidRequest: {
      code: 'INVALID_REQUEST', status: 400, reason: 'request.invalid',
      alsoFor: ['request.*', 'resource.conflict', 'idempotency.*'],
      message: 'The request was invalid',
      details: fieldIssue,
      description: 'General request validation error: malformed JSON, a body that is not an object or too large, a wrong content type.',
      remedy: 'Correct what `details.issue` names.',
    },
    missingField: {
      code: 'MISSING_REQUIRED_FIELD', status: 400, reason: 'field.missing',
      message: 'Required field is missing',
      details: fieldIssue,
      description: 'A required parameter was not provided.',
      remedy: 'Add the field that `details.field` names.',
      example: { field: 'prompt', issue: 'Required field is missing' },
    },
    invalidField: {
      code: 'INVALID_FIELD_VALUE', status: 400, reason: 'field.invalid',
      message: 'Field value is invalid',
      details: fieldIssue,
      description: "Parameter value doesn't meet requirements, and no code is more specific.",
      remedy: 'Correct the field that `details.field` names.',
      example: { field: 'top_p', issue: 'must be at most 1' },
    },
    unsupportedModel: {
      code: 'UNSUPPORTED_MODEL', status: 400, reason: 'field.invalid', when: { field: 'model', rule: ['enum', 'const'] },
      message: 'Model is not supported',
      details: { ...fieldIssue, supported: 'strings?' },
      description: "Specified model doesn't exist or isn't available: the `model` parameter is unknown, or not for this endpoint.",
      remedy: 'Choose a model from GET /models.',
      example: { field: 'model', issue: 'is not one of the supported models', supported: ['gpt-4', 'gpt-3.5-turbo'] },
    },
    invalidFileFormat: {
      code: 'INVALID_FILE_FORMAT', status: 400, reason: 'request.unsupported_media', when: { resource: 'file' },
      message: 'File format is not supported',
      details: fieldIssue,
      description: 'Uploaded file format is not accepted.',
      remedy: 'Convert the file.',
    },
    fileTooLarge: {
      code: 'FILE_TOO_LARGE', status: 400, reason: 'request.too_large', when: { resource: 'file' },
      message: 'File size exceeds limit',
      details: { ...fieldIssue, max_bytes: 'integer? from bytesMax' },
      description: 'File is larger than allowed maximum. Reading stops there.',
      remedy: 'Send less than `details.max_bytes`.',
      example: { field: 'file', issue: 'is larger than 10 MiB', bytesMax: 10_485_760 },
    },

    // 404 - Not Found

    resourceNotFound: {
      code: 'RESOURCE_NOT_FOUND', status: 404, reason: 'resource.not_found',
      alsoFor: ['resource.gone', 'session.not_found', 'session.expired'],
      message: 'Resource not found',
      details: { resource: 'string?', id: 'string?' },
      description: "Requested resource doesn't exist, or belongs to another account.",
      remedy: 'Check the id.',
      example: { resource: 'file', id: 'file_42' },
    },
    endpointNotFound: {
      code: 'ENDPOINT_NOT_FOUND', status: 404, reason: 'route.unknown',
      alsoFor: ['method.not_allowed'],
      message: 'Endpoint not found',
      details: { path: 'string?', method: 'string?' },
      description: "API endpoint doesn't exist, or not for this method (the page has no 405).",
      remedy: 'Check method and path.',
      example: { path: '/v1/generat', method: 'POST' },
    },
    modelNotFound: {
      code: 'MODEL_NOT_FOUND', status: 404, reason: 'resource.not_found', when: { resource: 'model' },
      message: 'Model not found',
      details: { model: 'string? from id' },
      description: "Specified model doesn't exist: it was addressed in the URL, as in GET /models/{id}.",
      remedy: 'Choose a model from GET /models.',
      example: { id: 'gpt-9' },
    },

    // 429 - Rate Limit Exceeded

    rateLimitExceeded: {
      code: 'RATE_LIMIT_EXCEEDED', status: 429, reason: 'rate.limited',
      message: 'Rate limit exceeded',
      details: { retry_after: 'seconds? from retryAfterMs', limit: 'integer?', reset_time: 'unix? from resetAtMs' },
      retryAfterSeconds: 60,
      description: 'Too many requests in the time window: that of the minute, the hour or the day, of the key or of the endpoint.',
      remedy: 'Wait for Retry-After, then repeat.',
      example: { retryAfterMs: 60_000, limit: 60, resetAtMs: Date.UTC(2024, 0, 1, 0, 1) },
    },
    dailyLimitExceeded: {
      code: 'RATE_LIMIT_EXCEEDED', status: 429, reason: 'quota.exhausted', when: { period: 'day' }, retry: 'wait',
      message: 'Rate limit exceeded',
      details: { retry_after: 'seconds? from retryAfterMs', limit: 'number?', reset_time: 'unix? from resetAtMs' },
      retryAfterSeconds: 60,
      description: 'Too many requests in the time window, counted as a quota of the UTC day. Only the month has a code of its own.',
      remedy: 'Wait for Retry-After, then repeat.',
    },
    concurrentLimitExceeded: {
      code: 'CONCURRENT_LIMIT_EXCEEDED', status: 429, reason: 'concurrency.limited',
      alsoFor: ['session.limited'],
      message: 'Too many concurrent requests',
      details: { limit: 'integer?', in_flight: 'integer? from used', retry_after: 'seconds? from retryAfterMs' },
      retryAfterSeconds: 1,
      description: 'Too many simultaneous requests of one key.',
      remedy: 'Let a running request end first.',
    },

    // 500 - Internal Server Error

    internalError: {
      code: 'INTERNAL_ERROR', status: 500, reason: 'internal',
      message: 'Internal server error',
      description: 'Unexpected server error.',
      remedy: 'Repeat with growing pauses; contact support with the request id if it stays.',
    },
    modelUnavailable: {
      code: 'MODEL_UNAVAILABLE', status: 500, reason: 'upstream.unavailable', when: { resource: 'model' },
      message: 'Model is temporarily unavailable',
      details: { model: 'string? from id' },
      description: 'AI model is down for maintenance. The model exists; it is switched off for now.',
      remedy: 'Repeat with growing pauses, or choose another model.',
      example: { id: 'gpt-4' },
    },
    processingError: {
      code: 'PROCESSING_ERROR', status: 500, reason: 'upstream.failed',
      message: 'Error processing request',
      description: 'Error occurred during request processing: the model failed while it worked.',
      remedy: 'Repeat with growing pauses.',
    },

    // 502/503 - Service Unavailable

    serviceUnavailable: {
      code: 'SERVICE_UNAVAILABLE', status: 503, reason: 'service.maintenance',
      alsoFor: ['upstream.unavailable', 'upstream.timeout'],
      message: 'Service is temporarily unavailable',
      details: { retry_after: 'seconds? from retryAfterMs' },
      retryAfterSeconds: 30,
      description: 'API is down for maintenance, or what it depends on is.',
      remedy: 'Repeat with growing pauses, not before Retry-After.',
    },
    badGateway: {
      code: 'SERVICE_UNAVAILABLE', status: 502, reason: 'upstream.failed', when: { failure: 'garbage' },
      message: 'Service is temporarily unavailable',
      details: { retry_after: 'seconds? from retryAfterMs' },
      description: 'What the API depends on sent something that is no answer.',
      remedy: 'Repeat with growing pauses.',
    },
    overloaded: {
      code: 'OVERLOADED', status: 503, reason: 'capacity.overloaded',
      message: 'Service is overloaded',
      details: { retry_after: 'seconds? from retryAfterMs' },
      retryAfterSeconds: 5,
      description: 'Server is experiencing high load: more requests are in flight than it takes.',
      remedy: 'Repeat with growing pauses, not before Retry-After.',
    },

    // Text Generation Errors

    promptTooLong: {
      code: 'PROMPT_TOO_LONG', status: 400, reason: 'field.invalid', when: { field: 'prompt', rule: 'maxLength' },
      message: 'Prompt exceeds maximum length',
      details: fieldIssue,
      description: 'Input text is too long for the model.',
      remedy: 'Shorten the prompt.',
      example: { field: 'prompt', issue: 'must be at most 4000 characters long' },
    },
    invalidTemperature: {
      code: 'INVALID_TEMPERATURE', status: 400, reason: 'field.invalid', when: { field: 'temperature' },
      message: 'Temperature must be between 0 and 2',
      details: fieldIssue,
      description: 'Temperature value is out of range, or not a number. The bounds are allowed.',
      remedy: 'Send a number from 0 to 2.',
      example: { field: 'temperature', issue: 'must be at most 2' },
    },
    invalidMaxTokens: {
      code: 'INVALID_MAX_TOKENS', status: 400, reason: 'field.invalid', when: { field: 'max_tokens', rule: ['type', 'minimum', 'exclusiveMinimum'] },
      message: 'Max tokens must be positive',
      details: fieldIssue,
      description: 'Token limit is invalid: not a whole number of at least 1. (Too many are an INVALID_FIELD_VALUE.)',
      remedy: 'Send a whole number of at least 1.',
      example: { field: 'max_tokens', issue: 'must be at least 1' },
    },

    // Image Generation Errors

    invalidImageSize: {
      code: 'INVALID_IMAGE_SIZE', status: 400, reason: 'field.invalid', when: { field: 'size' },
      message: 'Image size is not supported',
      details: fieldIssue,
      description: 'Specified dimensions are invalid: not among those of the model.',
      remedy: 'Send a size that the model has, such as 1024x1024.',
      example: { field: 'size', issue: 'is not one of the sizes of the model' },
    },
    invalidImageQuality: {
      code: 'INVALID_IMAGE_QUALITY', status: 400, reason: 'field.invalid', when: { field: 'quality' },
      message: 'Image quality is not supported',
      details: fieldIssue,
      description: 'Quality setting is invalid.',
      remedy: 'Send `standard` or `hd`.',
      example: { field: 'quality', issue: 'is neither standard nor hd' },
    },
    promptViolation: {
      code: 'PROMPT_VIOLATION', status: 400, reason: 'content.blocked',
      message: 'Prompt violates content policy',
      details: fieldIssue,
      description: 'Image description contains prohibited content.',
      remedy: 'Change the prompt.',
      example: { field: 'prompt', issue: 'contains prohibited content' },
    },
  },
}, { parts: [successesPart] })
