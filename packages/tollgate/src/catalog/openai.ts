/**
 * The OpenAI dialect, written and read; most "compatible" APIs speak it.
 *
 * Rates and money share status 429 here, and OpenAI's own SDKs repeat every 429 unless `x-should-retry: false` forbids it: each refusal under 429
 * or 409 that waiting does not cure carries that header. A quota error may also arrive inside a 200 stream, in four different forms: `readOpenai`.
 * A plain 400 and 500 have the code null (here the empty one); their type tells them. Of several entries for one reason the first is written; the
 * others are what OpenAI and its kin say, and are read, or named by a service.
 */
import { defineDialect } from '../contract/read/dialect.ts'
import { readerPart } from '../contract/read/parts/reader-part.ts'
import { patternsPart } from '../contract/read/parts/patterns-part.ts'
import { waitsPart } from '../contract/read/parts/waits-part.ts'
import { readOpenai } from './openai-reader.ts'

const invalidRequest = { type: 'invalid_request_error' } as const
const quota = { type: 'insufficient_quota' } as const
const param = { param: 'string? from field' } as const
const noRetry = { 'x-should-retry': 'false' } as const

/** OpenAI and its kin; written and read, also inside streams. */
export const openai = defineDialect({
  name: 'openai',
  title: 'OpenAI (chat, responses, realtime)',
  docs: 'https://developers.openai.com/api/docs/guides/error-codes',
  requestId: { format: 'hex', prefix: 'req_' },
  authenticate: 'Bearer realm="openai"',
  rateLimitHeaders: [
    { limit: 'x-ratelimit-limit-requests', remaining: 'x-ratelimit-remaining-requests', reset: 'x-ratelimit-reset-requests', resetUnit: 'duration' },
    { of: 'tokens', limit: 'x-ratelimit-limit-tokens', remaining: 'x-ratelimit-remaining-tokens', reset: 'x-ratelimit-reset-tokens', resetUnit: 'duration' },
  ],
  waitInMessage: true,
  envelope: {
    error: { error: { message: '$message', type: '$type', param: '$details.param|null', code: '$code|null' } },
    // In a stream the same. Chat ends with a mark, responses and media with an event of their own; `response.failed` is an error. The Realtime API sends an event,
    // and closes with its type and code.
    stream: {
      end: [
        { data: '[DONE]' }, { event: 'response.completed' }, { event: 'response.incomplete' },
        { event: 'image_generation.completed' }, { event: 'image_edit.completed' }, { event: 'transcript.text.done' }, { event: 'speech.audio.done' },
      ],
    },
    webSocket: {
      frame: { event_id: '$requestId', type: 'error', error: { type: '$type', code: '$code|null', message: '$message', param: '$details.param|null' } },
      close: { reason: '{type}.{code}' },
    },
  },
  entries: {
    // 400

    invalidRequest: {
      code: '', status: 400, reason: 'request.invalid',
      alsoFor: ['request.unsupported_media', 'idempotency.missing', 'idempotency.mismatch'],
      attributes: invalidRequest, details: param,
      message: ['Invalid request: {issue}.', 'Invalid request.'],
      description: 'The request as a whole cannot be understood.',
    },
    missingParameter: {
      code: 'missing_required_parameter', status: 400, reason: 'field.missing',
      attributes: invalidRequest, details: param,
      message: ["Missing required parameter: '{field}'.", 'Missing required parameter.'],
      description: 'A required parameter is absent.',
    },
    invalidValue: {
      code: 'invalid_value', status: 400, reason: 'field.invalid',
      attributes: invalidRequest, details: param,
      message: ["Invalid value for '{field}': it {issue}.", 'Invalid value.'],
      description: 'A parameter breaks one of its rules.',
    },
    contextLengthExceeded: {
      code: 'context_length_exceeded', status: 400, reason: 'field.invalid', when: { field: ['messages', 'input', 'prompt'], rule: 'maxLength' },
      attributes: invalidRequest, details: param,
      message: "This model's maximum context length is exceeded.",
      description: 'The input is longer than the model takes.',
    },
    contentPolicyViolation: {
      code: 'content_policy_violation', status: 400, reason: 'content.blocked',
      attributes: invalidRequest, details: param,
      message: 'The request was rejected because of its content.',
      description: 'The content breaks the usage policy.',
    },
    contentFilter: {
      code: 'content_filter', status: 400, reason: 'content.blocked',
      attributes: { type: null }, details: param,
      message: 'The response was filtered.',
      description: "The content management policy of Azure's service filtered the prompt.",
    },
    invalidPrompt: {
      code: 'invalid_prompt', status: 400, reason: 'content.blocked',
      attributes: invalidRequest, details: param,
      message: 'The prompt was rejected.',
      description: 'A response failed because its prompt was flagged. Met inside streams.',
    },

    invalidImage: {
      code: 'invalid_image', status: 400, reason: 'field.invalid',
      attributes: invalidRequest, details: param,
      read: {
        code: [
          'invalid_image_format', 'invalid_base64_image', 'invalid_image_url', 'invalid_image_mode', 'image_too_large', 'image_too_small', 'image_file_too_large',
          'image_parse_error', 'unsupported_image_media_type', 'empty_image_file', 'failed_to_download_image', 'image_file_not_found',
        ],
      },
      message: 'The image is not valid.',
      description: 'An image of the input cannot be used. A response that failed for it says so in its stream.',
    },
    imageContentPolicy: {
      code: 'image_content_policy_violation', status: 400, reason: 'content.blocked',
      attributes: invalidRequest, details: param, read: { code: 'bio_policy' },
      message: 'The image was rejected because of its content.',
      description: 'What the input shows or asks for breaks the usage policy.',
    },

    // 401, 403

    invalidKey: {
      code: 'invalid_api_key', status: 401, reason: 'credential.invalid',
      alsoFor: ['credential.*', 'token.expired'],
      attributes: invalidRequest,
      message: 'Incorrect API key provided.',
      description: 'The key is unknown, expired, revoked or disabled.',
    },
    missingKey: {
      code: 'invalid_api_key', status: 401, reason: 'credential.missing',
      attributes: invalidRequest,
      message: "You didn't provide an API key. You need to provide it in an Authorization header using Bearer auth.",
      description: 'The request carries no key.',
    },
    accountDeactivated: {
      code: 'account_deactivated', status: 401, reason: 'account.disabled',
      alsoFor: ['account.suspended'],
      attributes: invalidRequest,
      message: 'This account has been deactivated.',
      description: 'The key is genuine; its account is suspended or off.',
    },
    insufficientPermissions: {
      code: 'insufficient_permissions', status: 403, reason: 'permission.denied',
      alsoFor: ['account.not_entitled'],
      attributes: invalidRequest,
      message: 'You have insufficient permissions for this operation.',
      description: 'The key or its account may not do this.',
    },
    unsupportedCountry: {
      code: 'unsupported_country_region_territory', status: 403, reason: 'permission.denied',
      attributes: { type: 'request_forbidden' },
      message: 'Country, region, or territory not supported.',
      description: 'The caller is in a place that the API does not serve.',
    },

    dataResidency: {
      code: 'data_residency_mismatch', status: 403, reason: 'permission.denied',
      attributes: invalidRequest,
      message: 'The data may not be processed in this region.',
      description: 'Where the data may be does not fit where the request goes.',
    },

    // 404, 405, 409, 413

    notFound: {
      code: 'not_found', status: 404, reason: 'resource.not_found',
      alsoFor: ['resource.gone', 'session.not_found', 'session.expired'],
      attributes: invalidRequest,
      message: 'The requested resource does not exist.',
      description: 'The resource does not exist, is gone, or is not yours.',
    },
    modelNotFound: {
      code: 'model_not_found', status: 404, reason: 'resource.not_found', when: { resource: 'model' },
      attributes: invalidRequest,
      message: ['The model `{id}` does not exist or you do not have access to it.', 'The model does not exist or you do not have access to it.'],
      description: 'The model does not exist, or is not open to this account.',
    },
    unknownUrl: {
      code: 'unknown_url', status: 404, reason: 'route.unknown',
      attributes: invalidRequest,
      message: ['Unknown request URL: {method} {path}.', 'Unknown request URL.'],
      description: 'There is nothing at this path.',
    },
    methodNotSupported: {
      code: 'method_not_supported', status: 405, reason: 'method.not_allowed',
      attributes: invalidRequest,
      message: ['Not allowed to {method} on {path}.', 'Method not allowed.'],
      description: 'The path exists, but not for this method.',
    },
    conflict: {
      code: 'conflict', status: 409, reason: 'resource.conflict',
      attributes: invalidRequest, headers: noRetry,
      message: ['Conflict: {issue}.', 'The state of the resource does not allow this.'],
      description: 'The state of the resource does not allow this.',
    },
    requestInProgress: {
      code: 'request_in_progress', status: 409, reason: 'idempotency.in_progress',
      attributes: invalidRequest, retryAfterSeconds: 1,
      message: 'A request with this Idempotency-Key is still running.',
      description: 'The first request with this key is still running.',
    },
    requestTooLarge: {
      code: 'request_too_large', status: 413, reason: 'request.too_large',
      attributes: invalidRequest,
      message: ['The request is too large: {issue}.', 'The request is too large.'],
      description: 'The body is larger than the route accepts.',
    },
    largerThanLimit: {
      code: 'rate_limit_exceeded', status: 413, reason: 'request.too_large',
      attributes: { type: 'tokens' }, read: ['Request too large*', 'The request is larger than the limit*'],
      message: 'The request is larger than the limit of tokens per minute.',
      description: 'The request alone is larger than the whole limit, so it never fits. Groq answers so; under 429 the figures of the sentence say it.',
    },

    // 429: rates

    rateLimitExceeded: {
      code: 'rate_limit_exceeded', status: 429, reason: 'rate.limited', primary: true,
      alsoFor: ['concurrency.limited'],
      attributes: { type: 'requests' }, headers: { 'x-should-retry': '{waitHelps}' }, retryAfterSeconds: 60,
      message: ['Rate limit reached: limit {limit}, used {used}.', 'Rate limit reached.'],
      description: 'Too many requests or tokens in a window of time; the type says which.',
    },
    tokenRateLimitExceeded: {
      code: 'rate_limit_exceeded', status: 429, reason: 'rate.limited',
      attributes: { type: 'tokens' }, headers: { 'x-should-retry': '{waitHelps}' }, retryAfterSeconds: 60,
      message: 'Rate limit reached for tokens.',
      description: 'The same, of tokens: the type says so.',
    },
    slowDown: {
      code: 'slow_down', status: 429, reason: 'rate.limited',
      attributes: { type: 'rate_limit_error' }, retryAfterSeconds: 60,
      message: 'Slow down.',
      description: 'Traffic grew too fast.',
    },

    // 429: money and quotas, which no waiting cures

    creditBalanceExhausted: {
      code: 'credit_balance_exhausted', status: 429, reason: 'credit.insufficient',
      attributes: quota, headers: noRetry, retryAfterSeconds: 3600,
      message: 'You have no credits remaining. Add credits to continue using the API.',
      description: 'The prepaid balance is used up.',
    },
    insufficientQuota: {
      code: 'insufficient_quota', status: 429, reason: 'credit.insufficient',
      attributes: quota, headers: noRetry, retryAfterSeconds: 3600,
      message: 'You exceeded your current quota, please check your plan and billing details.',
      description: 'The older word for every refusal about money.',
    },
    billingNotActive: {
      code: 'billing_not_active', status: 429, reason: 'credit.insufficient',
      attributes: { type: 'billing_not_active' }, headers: noRetry, retryAfterSeconds: 3600,
      message: 'Your account is not active, please check your billing details on our website.',
      description: 'The account has no way of paying.',
    },
    billingHardLimit: {
      code: 'billing_hard_limit_reached', status: 400, reason: 'credit.insufficient',
      attributes: { type: 'billing_limit_user_error' }, read: { status: 429 },
      message: 'Billing hard limit has been reached.',
      description: 'The account has spent as much as it may: said with 400.',
    },
    usageLimitExceeded: {
      code: 'organization_usage_limit_exceeded', status: 429, reason: 'quota.exhausted',
      alsoFor: ['session.limited'],
      attributes: quota, headers: noRetry, retryAfterSeconds: 3600,
      message: ['Usage limit exceeded: {used} of {limit} are used.', 'Usage limit exceeded.'],
      description: 'What the plan allows for the day or the month is used up.',
    },
    organizationSpendLimitExceeded: {
      code: 'organization_spend_limit_exceeded', status: 429, reason: 'quota.exhausted', when: { counts: 'money', subject: 'account' }, action: 'pay_or_upgrade',
      attributes: quota, headers: noRetry, retryAfterSeconds: 3600,
      message: ['The spend limit of the organization is reached: {used} of {limit} are spent.', 'The spend limit of the organization is reached.'],
      description: 'The organization has spent as much as it set itself.',
    },
    projectSpendLimitExceeded: {
      code: 'project_spend_limit_exceeded', status: 429, reason: 'quota.exhausted', when: { counts: 'money' }, action: 'pay_or_upgrade',
      attributes: quota, headers: noRetry, retryAfterSeconds: 3600,
      message: ['The spend limit of the project is reached: {used} of {limit} are spent.', 'The spend limit of the project is reached.'],
      description: 'The project has spent as much as its owner set it.',
    },

    // 5xx

    serverError: {
      code: '', status: 500, reason: 'internal', action: 'wait',
      alsoFor: ['upstream.*'],
      attributes: { type: 'server_error' },
      message: 'The server had an error while processing your request.',
      description: 'Something failed on our side, or behind it.',
    },
    failedResponse: {
      code: 'server_error', status: 500, reason: 'internal', action: 'wait',
      attributes: { type: 'server_error' },
      read: { code: 'vector_store_timeout' },
      message: 'The model failed to generate a response.',
      description: 'The same inside the stream of a response, where it has a code.',
    },
    serverOverloaded: {
      code: 'server_is_overloaded', status: 503, reason: 'capacity.overloaded',
      alsoFor: ['service.maintenance'],
      attributes: { type: 'service_unavailable_error' }, retryAfterSeconds: 30,
      message: 'The server is overloaded or not available at the moment.',
      description: 'More requests than the service takes, or maintenance.',
    },
  },
}, { reader: readOpenai, parts: [waitsPart, patternsPart, readerPart] })
