/**
 * By what the dialects of the catalog are told from each other, the surest sign first. A sign says no more than "this may well be"; whether it is, the dialect says
 * itself. Below 400 an answer is a success until its form shows that it is not, so that only the signs of those that hide their errors there are asked.
 */
import { keysAre } from './answerers.ts'
import type { SeenAnswer } from './seen-answer.ts'

/** The name that is told, and by which dialects it is read: the first that knows its code, otherwise the first that knows its form. */
export interface DialectSign {
  readonly name: string
  /** Names of shipped dialects. Default: its own name. */
  readonly readBy?: readonly string[]
  /** That it says errors with a status below 400 too. `sure`: by a form that no success has; else the dialect must say that it is one. */
  readonly below400?: 'sure' | 'maybe'
  /** That the form is that of many, so that words weigh more than what the dialect makes of the status. */
  readonly isCommon?: true
  readonly is: (seen: SeenAnswer) => boolean
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value)
const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value) && value.length > 0
const firstOf = (value: unknown): unknown => (Array.isArray(value) ? value[0] : undefined)
const own = (value: unknown, name: string): unknown => (isObject(value) && Object.hasOwn(value, name) ? (value as { readonly [name: string]: unknown })[name] : undefined)
const typeIs = (seen: SeenAnswer, form: RegExp): boolean => form.test(seen.header('content-type') ?? '')
const isText = (value: unknown): value is string => typeof value === 'string'
/** Of what is none the empty text: from an object of strangers `String` may throw. */
const textIn = (value: unknown): string => (isText(value) ? value : '')
const hasErrorObject = (seen: SeenAnswer): boolean => isObject(seen.at('error'))
const rpcCodes = new Set(['canceled', 'unknown', 'invalid_argument', 'deadline_exceeded', 'not_found', 'already_exists', 'permission_denied', 'resource_exhausted', 'failed_precondition', 'aborted', 'out_of_range', 'unimplemented', 'internal', 'unavailable', 'data_loss', 'unauthenticated'])
const oauthErrors = new Set(['invalid_request', 'invalid_client', 'invalid_grant', 'unauthorized_client', 'unsupported_grant_type', 'unsupported_response_type', 'invalid_scope', 'access_denied', 'authorization_pending', 'slow_down', 'expired_token', 'server_error', 'temporarily_unavailable', 'invalid_token', 'insufficient_scope'])

/** By which APIs of this form say that all is well. */
const wellCodes = new Set([0, 1, 100, 200, 201, 20_000])

/** With OpenAI's envelope. What none of them knows is OpenAI's. */
const openAiKin = ['openai', 'groq', 'stripe', 'leaperone', 'azure']

export const dialectSigns: readonly DialectSign[] = [
  { name: 'cloudflare-edge', is: (seen) => seen.at('cloudflare_error') === true },
  { name: 'mcp', below400: 'sure', is: (seen) => seen.at('jsonrpc') === '2.0' && seen.at('result', 'isError') === true },
  { name: 'json-rpc', readBy: ['json-rpc', 'mcp'], below400: 'sure', is: (seen) => seen.at('jsonrpc') === '2.0' && hasErrorObject(seen) },
  {
    name: 'aws',
    is: (seen) =>
      isText(seen.at('__type')) || ['x-amzn-errortype', 'x-amzn-query-error', 'x-amz-request-id', 'x-amz-id-2'].some((name) => seen.header(name) !== undefined) || typeIs(seen, /x-amz-json/i) ||
      /^[\w.]+#\w+/.test(seen.textAt('code') ?? '') || (/^\s*<(?:\?xml|ErrorResponse\b|Error>|Error |Response>)/.test(seen.text) && /<Code>/.test(seen.text)),
  },
  { name: 'github', below400: 'maybe', is: (seen) => (/\bgithub\.com\b/.test(seen.textAt('documentation_url') ?? '') || ['x-github-request-id', 'x-accepted-github-permissions', 'x-github-media-type'].some((name) => seen.header(name) !== undefined)) && (isText(seen.at('message')) || isList(seen.at('errors'))) },
  { name: 'github', below400: 'maybe', is: (seen) => isText(own(firstOf(seen.at('errors')), 'type')) && isText(own(firstOf(seen.at('errors')), 'message')) && own(firstOf(seen.at('errors')), 'extensions') === undefined && seen.at('data') === undefined },
  { name: 'shopify', below400: 'maybe', is: (seen) => isObject(seen.at('extensions', 'cost')) || hasUserErrors(seen.at('data')) || /shopify/.test(textIn(own(own(firstOf(seen.at('errors')), 'extensions'), 'documentation'))) || seen.header('x-shopify-shop-api-call-limit') !== undefined },
  { name: 'cloudflare', below400: 'sure', is: (seen) => seen.at('success') === false && Array.isArray(seen.at('errors')) && Array.isArray(seen.at('messages')) },
  { name: 'anthropic', is: (seen) => seen.at('type') === 'error' && isText(seen.at('error', 'type')) && seen.at('sequence_number') === undefined && seen.at('error', 'code') === undefined },
  { name: 'google', is: (seen) => /^[A-Z][A-Z_]+$/.test(seen.textAt('error', 'status') ?? '') || isText(own(firstOf(seen.at('error', 'details')), '@type')) || (typeof seen.at('error', 'code') === 'number' && (seen.textAt('error', 'message')?.startsWith('{') === true || Array.isArray(seen.at('error', 'details')) || Array.isArray(seen.at('error', 'errors')))) },
  { name: 'heygen', below400: 'maybe', is: (seen) => (typeof seen.at('error', 'code') === 'number' && Number(seen.at('error', 'code')) >= 10_000) || (hasErrorObject(seen) && Object.hasOwn(Object(seen.json), 'data') && seen.at('success') === undefined && isText(seen.at('error', 'code'))) },
  { name: 'openrouter', below400: 'maybe', is: (seen) => hasErrorObject(seen) && (typeof seen.at('error', 'code') === 'number' || isObject(seen.at('error', 'metadata')) || isObject(seen.at('openrouter_metadata'))) },
  { name: 'success-error-meta', readBy: ['nexalayer', 'chatads', 'ai-api'], below400: 'sure', is: (seen) => seen.at('success') === false && isText(seen.at('error', 'code')) },
  { name: 'stripe', is: (seen) => hasErrorObject(seen) && (['card_error', 'idempotency_error'].includes((seen.textAt('error', 'type') ?? '')) || ['doc_url', 'request_log_url', 'decline_code'].some((name) => isText(seen.at('error', name))) || ['stripe-version', 'stripe-should-retry'].some((name) => seen.header(name) !== undefined)) },
  { name: 'azure-openai', is: (seen) => /^\d{3}$/.test(seen.textAt('error', 'code') ?? '') || seen.textAt('error', 'innererror', 'code') === 'ResponsibleAIPolicyViolation' || seen.at('error', 'code') === 'content_filter' || /Azure OpenAI|aka\.ms\/oai/.test(seen.textAt('error', 'message') ?? '') },
  { name: 'azure', is: (seen) => hasErrorObject(seen) && (isObject(seen.at('error', 'innererror')) || isObject(seen.at('error', 'innerError')) || isText(seen.at('error', 'target')) || seen.header('x-ms-error-code') !== undefined || seen.header('x-ms-request-id') !== undefined || (Array.isArray(seen.at('error', 'details')) && isText(seen.at('error', 'code')) && !isText(seen.at('error', 'type')))) },
  { name: 'openai', readBy: openAiKin, is: (seen) => hasErrorObject(seen) && (isText(seen.at('error', 'message')) || isText(seen.at('error', 'type')) || isText(seen.at('error', 'code'))) },
  { name: 'mistral', is: (seen) => seen.at('object') === 'error' },
  { name: 'json-api', is: (seen) => typeIs(seen, /vnd\.api\+json/i) && isList(seen.at('errors')) },
  { name: 'graphql', readBy: ['graphql', 'shopify', 'github'], below400: 'sure', is: (seen) => isObject(firstOf(seen.at('errors'))) && isText(own(firstOf(seen.at('errors')), 'message')) && (['locations', 'path', 'extensions'].some((name) => own(firstOf(seen.at('errors')), name) !== undefined) || typeIs(seen, /graphql-response/i) || (Object.hasOwn(Object(seen.json), 'data') && seen.at('success') === undefined)) },
  { name: 'json-api', is: (seen) => isObject(firstOf(seen.at('errors'))) && ['status', 'title', 'detail', 'source'].filter((name) => own(firstOf(seen.at('errors')), name) !== undefined).length >= 2 },
  { name: 'twilio', is: (seen) => typeof seen.at('code') === 'number' && isText(seen.at('message') ?? seen.at('title')) && (isText(seen.at('more_info')) || seen.header('twilio-request-id') !== undefined || (typeof seen.at('status') === 'number' && Number(seen.at('code')) >= 10_000)) },
  { name: 'problem', is: (seen) => typeIs(seen, /problem\+json/i) || (isText(seen.at('title')) && isText(seen.at('type')) && (/^(?:https?:|urn:|about:|tag:|\/)/.test(seen.textAt('type') ?? '') || typeof seen.at('status') === 'number' || isText(seen.at('detail')))) },
  { name: 'scim', is: (seen) => firstOf(seen.at('schemas')) === 'urn:ietf:params:scim:api:messages:2.0:Error' },
  { name: 'minimax', below400: 'sure', is: (seen) => typeof seen.at('base_resp', 'status_code') === 'number' && seen.at('base_resp', 'status_code') !== 0 },
  { name: 'xai', is: (seen) => isText(seen.at('error')) && isText(seen.at('code')) && keysAre(seen, ['code', 'error']) },
  { name: 'slack', below400: 'sure', is: (seen) => seen.at('ok') === false && isText(seen.at('error')) },
  { name: 'connect', is: (seen) => rpcCodes.has(seen.textAt('code') ?? '') && keysAre(seen, ['code', 'message', 'details']) },
  { name: 'grpc', is: (seen) => isRpcNumber(seen.at('code')) && isText(seen.at('message')) && keysAre(seen, ['code', 'message', 'details', 'error']) && (Array.isArray(seen.at('details')) || seen.header('grpc-status') !== undefined || seen.at('message') === 'failed to marshal error message') },
  { name: 'oauth2', is: (seen) => isText(seen.at('error')) && (isText(seen.at('error_description')) || isText(seen.at('error_uri')) || oauthErrors.has((seen.textAt('error') ?? ''))) },
  { name: 'jogg', below400: 'maybe', is: (seen) => typeof seen.at('code') === 'number' && !wellCodes.has(Number(seen.at('code'))) && isText(seen.at('msg')) },
  { name: 'eleven-labs', is: (seen) => isObject(seen.at('detail')) && (isText(seen.at('detail', 'status')) || isText(seen.at('detail', 'code'))) },
  { name: 'fastapi', is: (seen) => isList(seen.at('detail')) && Array.isArray(own(firstOf(seen.at('detail')), 'loc')) },
  { name: 'replicate', readBy: ['replicate', 'problem'], is: (seen) => isText(seen.at('detail')) && (isText(seen.at('title')) || /rate limit resets in/i.test(seen.textAt('detail') ?? '')) },
  { name: 'stability', is: (seen) => isText(seen.at('name')) && isText(seen.at('id')) && (isText(firstOf(seen.at('errors'))) || isText(seen.at('message'))) },
  { name: 'hugging-face', below400: 'maybe', is: (seen) => isText(seen.at('error')) && (isText(seen.at('error_type')) || typeof seen.at('estimated_time') === 'number') },
  { name: 'fastapi', isCommon: true, is: (seen) => isText(seen.at('detail')) && keysAre(seen, ['detail']) },
  { name: 'hugging-face', isCommon: true, is: (seen) => isText(seen.at('error')) && keysAre(seen, ['error', 'warnings']) },
  { name: 'cohere', isCommon: true, is: (seen) => isText(seen.at('message')) && keysAre(seen, ['message', 'id']) },
]

/** Of the events of streams, where there is no status. */
export const eventSigns: readonly DialectSign[] = [
  { name: 'json-rpc', readBy: ['json-rpc', 'mcp'], is: (seen) => seen.at('jsonrpc') === '2.0' && hasErrorObject(seen) },
  { name: 'google', is: (seen) => /^[A-Z][A-Z_]+$/.test(seen.textAt('error', 'status') ?? '') },
  { name: 'anthropic', is: (seen) => seen.at('type') === 'error' && isText(seen.at('error', 'type')) && seen.at('sequence_number') === undefined && seen.at('error', 'code') === undefined },
  { name: 'mistral', is: (seen) => seen.at('type') === 'conversation.response.error' || seen.event === 'conversation.response.error' },
  { name: 'openrouter', is: (seen) => hasErrorObject(seen) && typeof seen.at('error', 'code') === 'number' },
  { name: 'connect', is: (seen) => rpcCodes.has(String(seen.at('error', 'code'))) && seen.at('error', 'type') === undefined && keysAre(seen, ['error', 'metadata']) },
  { name: 'eleven-labs', below400: 'sure', is: (seen) => isText(seen.at('message_type')) && isText(seen.at('error')) },
  { name: 'openai', readBy: openAiKin, is: (seen) => hasErrorObject(seen) || seen.at('type') === 'error' || isObject(seen.at('response', 'error')) || (seen.event === 'error' && isObject(seen.json)) },
  { name: 'cohere', isCommon: true, is: (seen) => seen.at('type') === 'message-end' || seen.at('event_type') === 'stream-end' },
  { name: 'hugging-face', is: (seen) => isText(seen.at('error')) },
]

function isRpcNumber(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 16
}

/** A mutation that was refused field by field. */
function hasUserErrors(data: unknown): boolean {
  return isObject(data) && Object.values(data).slice(0, 32).some((payload) => ['userErrors', 'customerUserErrors'].some((name) => isList(own(payload, name))))
}
