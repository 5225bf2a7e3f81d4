/**
 * Azure OpenAI, read only: OpenAI's envelope, with the status once more as its code ("429"), with `innererror` where a filter speaks, and the forms of the gateway in
 * front (API Management): a status and a sentence. The wait of a 429 stands in the sentence too; where it is an hour or more, a quota is used up, and no rate.
 */
import { defineDialect } from '../contract/read/dialect.ts'
import { readerPart } from '../contract/read/parts/reader-part.ts'
import { patternsPart } from '../contract/read/parts/patterns-part.ts'
import { waitsPart } from '../contract/read/parts/waits-part.ts'
import type { Reader } from '../contract/read/reader.ts'
import { compact } from '../contract/values/compact.ts'
import { toldWaitSeconds } from '../contract/values/told-wait.ts'
import { objectOf, numberOf, textOf } from './members.ts'
import { says } from './read-only-entry.ts'

/** Who has to wait so long has met the limit of a day. */
const QUOTA_WAIT_SECONDS = 3_600

const readAzureOpenAi: Reader = (body, { status }) => {
  const error = objectOf(body, 'error')
  const message = textOf(error ?? body, 'message')
  // What the gateway says under another status is left to its own form.
  if (message === undefined || (status !== undefined && status < 400) || (error === undefined && (status !== 429 || numberOf(body, 'statusCode') === undefined))) return undefined
  const code = textOf(error, 'code')
  const param = textOf(error, 'param')
  const inner = textOf(objectOf(error, 'innererror'), 'code')
  const waitSeconds = toldWaitSeconds(message)
  const isLimit = status === 429 || code === '429' || code === 'RateLimitReached'
  return compact({
    code: code ?? (error === undefined ? undefined : textOf(error, 'type')),
    message,
    entry: isLimit && code !== 'insufficient_quota' ? limitOf(message, waitSeconds) : undefined,
    details: param === undefined && inner === undefined ? undefined : compact({ param, inner_code: inner }),
    retryAfterSeconds: waitSeconds && Math.ceil(waitSeconds),
  })
}

function limitOf(message: string, waitSeconds = 0): string {
  if (message.includes('experiencing high demand')) return 'highDemand'
  return waitSeconds >= QUOTA_WAIT_SECONDS ? 'quotaExhausted' : 'rateLimited'
}

const detail = { details: { param: 'string?', inner_code: 'string?' } } as const

/** OpenAI's models on Azure; read only. */
export const azureOpenAi = defineDialect(
  {
    name: 'azure-openai',
    title: 'Azure OpenAI',
    docs: 'https://learn.microsoft.com/azure/ai-foundry/openai/quotas-limits',
    decodeOnly: true,
    waitInMessage: true,
    requestId: { format: 'uuid', header: 'apim-request-id' },
    rateLimitHeaders: [
      { limit: 'x-ratelimit-limit-requests', remaining: 'x-ratelimit-remaining-requests' },
      { of: 'tokens', limit: 'x-ratelimit-limit-tokens', remaining: 'x-ratelimit-remaining-tokens' },
    ],
    envelope: {
      error: { error: { code: '$code?', message: '$message', type: null, param: '$details.param|null' } },
      families: { gateway: { statusCode: '$status', message: '$message' } },
      stream: { end: { data: '[DONE]' } },
    },
    entries: {
      badRequest: says('BadRequest', 400, 'request.invalid', 'The request is not valid.', { ...detail, read: { code: ['400', 'invalid_request_error', 'OperationNotSupported', 'invalid_value', 'unsupported_parameter', 'unsupported_value'] } }),
      contextLength: says('context_length_exceeded', 400, 'request.too_large', 'The input is longer than the model takes.', detail),
      contentFilter: says('content_filter', 400, 'content.blocked', 'The content management policy filtered the prompt; `innererror` says in which category.', { ...detail, read: { code: ['content_policy_violation', 'ResponsibleAIPolicyViolation', 'contentFilter'] } }),
      unauthorized: says('401', 401, 'credential.invalid', 'The key is not valid, or belongs to another resource.', { read: { code: ['Unauthorized', 'invalid_api_key'] } }),
      unauthorizedAtGateway: says('', 401, 'credential.invalid', 'The same, as the gateway says it.', { family: 'gateway' }),
      principalDenied: says('PermissionDenied', 401, 'permission.denied', 'The principal lacks the role for this operation: said with 401.', { read: { status: 403, code: ['403', 'AuthenticationTypeDisabled'] } }),
      callVolumeQuota: says('', 403, 'quota.exhausted', 'The call volume of the subscription is used up: said with 403, and until when in the sentence.', { family: 'gateway', read: 'Out of call volume quota*', retryAfterSeconds: 3_600 }),
      notFound: says('404', 404, 'resource.not_found', 'There is nothing at this path, or the version of the API does not know it.', { read: { code: ['ResourceNotFound', 'NotFound'] } }),
      deploymentNotFound: says('DeploymentNotFound', 404, 'resource.not_found', 'There is no such deployment; a new one takes a few minutes to be known.', { read: { code: 'model_not_found' } }),
      timeout: says('Timeout', 408, 'upstream.timeout', 'The operation took too long.', { source: 'api', read: { code: ['408', 'RequestTimeout'] } }),
      rateLimited: says('429', 429, 'rate.limited', 'The requests or tokens of the minute are used up.', { read: { code: ['RateLimitReached', 'too_many_requests', 'TooManyRequests'] } }),
      quotaExhausted: says('429', 429, 'quota.exhausted', 'The same, with a wait of an hour or more: the limit of a day.', { message: 'The limit of the day is reached. Please retry after 86400 seconds.', retryAfterSeconds: 86_400 }),
      insufficientQuota: says('insufficient_quota', 429, 'credit.insufficient', 'The subscription has no quota of tokens left, or is not paid.'),
      highDemand: says('429', 429, 'capacity.overloaded', 'The system is experiencing high demand: nothing that the caller used up.', { read: '*experiencing high demand*' }),
      internal: says('InternalServerError', 500, 'internal', 'Something failed at Azure.', { action: 'wait', read: { code: ['500', 'server_error', 'internal_error'] } }),
      unavailable: says('503', 503, 'upstream.unavailable', 'The service is not available.', { source: 'api', read: { code: 'ServiceUnavailable' } }),
    },
  },
  { reader: readAzureOpenAi, parts: [patternsPart, waitsPart, readerPart] },
)
