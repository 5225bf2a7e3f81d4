import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isProving, propertyRuns } from '../../../../test/runs.ts'
import type { ReceivedAnswer } from '../contract/declare/wire.ts'
import * as dialects from '../catalog/dialects.ts'
import { readEvent, readRefusal, type ReadRefusal } from './read-refusal.ts'

const NOW_MS = Date.parse('2026-11-29T12:00:00Z')

function read(status: number, body: unknown = '', headers: ReceivedAnswer['headers'] = {}): ReadRefusal | undefined {
  return readRefusal({ status, headers, body: typeof body === 'string' ? body : JSON.stringify(body) }, { nowMs: NOW_MS })
}

const openAi = (code: string | null, type: string | null, message = 'x'): object => ({ error: { message, type, param: null, code } })

describe('looks as if it may be repeated, and may not: waiting alone does not help', () => {
  it.each([
    ['OpenAI: money under 429', 429, openAi('insufficient_quota', 'insufficient_quota')],
    ['OpenAI: the newer words for it', 429, openAi('credit_balance_exhausted', 'insufficient_quota')],
    ['OpenAI: a spend limit', 429, openAi('project_spend_limit_exceeded', 'insufficient_quota')],
    ['Anthropic: the limit of the tier until next month', 429, { type: 'error', error: { type: 'rate_limit_error', message: 'You have reached your API usage limits.', details: { error_code: 'enforced_spend_limit_reached' } } }],
    ['Anthropic: a spend limit under 400, in words alone', 400, { type: 'error', error: { type: 'invalid_request_error', message: 'You have reached your specified API usage limits.' } }],
    ['Gemini: a quota of the day', 429, { error: { code: 429, message: 'Quota exceeded', status: 'RESOURCE_EXHAUSTED', details: [{ '@type': 'type.googleapis.com/google.rpc.QuotaFailure', violations: [{ quotaId: 'GenerateRequestsPerDayPerProjectPerModel-FreeTier' }] }] } }],
    ['Gemini: credits under 402', 402, { error: { code: 402, message: 'Prepaid credit is used up.', status: 'RESOURCE_EXHAUSTED' } }],
    ['Azure: a wait of a day is a quota', 429, { error: { code: '429', message: 'Requests have exceeded token rate limit of your current OpenAI S0 pricing tier. Please retry after 86400 seconds.' } }],
    ['OpenRouter: the free tier of a day', 429, { error: { code: 429, message: 'Rate limit exceeded: free-models-per-day.', metadata: { limit_source: 'openrouter_free_tier_daily', headers: { 'X-RateLimit-Remaining': '0', 'X-RateLimit-Reset': String(NOW_MS + 7_200_000) } } } }],
    ['OpenRouter: no credit', 402, { error: { code: 402, message: 'Insufficient credits.', metadata: { limit_source: 'openrouter_credits' } } }],
    ['Groq: a request larger than the limit', 413, openAi('rate_limit_exceeded', 'tokens', 'Request too large for model: Limit 8000, Requested 11881')],
    ['ElevenLabs: a quota under 401', 401, { detail: { status: 'quota_exceeded', message: 'This request exceeds your quota.' } }],
    ['ChatAds: a quota of the day', 429, { success: false, error: { code: 'DAILY_QUOTA_EXCEEDED', message: 'Daily request limit exceeded.', details: {} } }],
    ['NexaLayer: sessions have to be freed', 429, { success: false, data: null, error: { code: 'SESSION_LIMIT_REACHED', message: 'Terminate old sessions.', details: {} }, meta: { request_id: 'r1' } }],
    ['Hugging Face: the credits of the month', 402, { error: 'You have exceeded your monthly included credits for Inference Providers.' }],
    ['nobody known: a quota of the day in words', 429, { message: 'You have reached the daily limit of 100 requests.' }],
    ['nobody known: no credit in words', 403, { message: 'Your credit balance is too low to access the API.' }],
    ['AWS API Gateway: the quota of a usage plan', 429, { message: 'Limit Exceeded' }, { 'x-amzn-errortype': 'LimitExceededException' }],
    ['Cohere: the calls of a trial key in a month', 429, { message: "You are using a Trial key, which is limited to 1000 API calls / month. You can continue to use the Trial key for free or upgrade to a Production key." }],
    ['HeyGen: a limit of the day under 400', 400, { data: null, error: { code: 400140, detail: 'Daily rate limit exceeded', message: 'Exceed rate limit' } }],
    ['Stripe: another 409 than a lock', 409, { error: { type: 'invalid_request_error', code: 'resource_already_exists', message: 'x', doc_url: 'https://stripe.com/docs' } }],
    ['AWS: a clock that is wrong', 403, { __type: 'InvalidSignatureException', message: 'Signature expired' }],
    ['Cloudflare: a number of the API', 403, { success: false, errors: [{ code: 10000, message: 'Authentication error' }], messages: [], result: null }],
    ['not implemented', 501, 'Not Implemented'],
    ['no room', 507, ''],
    ['402 without a wait', 402, { error: { message: 'Payment required' } }],
    ['a wait of hours under 429', 429, '', { 'retry-after': '86400' }],
    ['a rate limit under 429 that the server forbids to repeat', 429, openAi('rate_limit_exceeded', 'requests'), { 'x-should-retry': 'false' }],
    ['Stripe: a failure that would be replayed', 500, { error: { type: 'api_error', message: 'x', doc_url: 'https://stripe.com/docs' } }, { 'stripe-should-retry': 'false' }],
  ] as readonly (readonly [string, number, unknown, ReceivedAnswer['headers'] | undefined])[])('%s', (_, status, body, headers) => expect(read(status, body, headers)?.retry).toBe('never'))
})

describe('looks final, and may be repeated', () => {
  it.each([
    ['GitHub: 403 with nothing left', 403, { message: 'API rate limit exceeded for user ID 1.', documentation_url: 'https://docs.github.com/rest' }, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(NOW_MS / 1_000 + 60) }],
    ['GitHub: a secondary limit', 403, { message: 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.', documentation_url: 'https://docs.github.com/rest' }, {}],
    ['OpenRouter: 402 while others are in flight', 402, { error: { code: 402, message: 'This request would exceed your available credits given your current in-flight requests.', metadata: { reason: 'in_flight_budget_exhausted', limit_source: 'openrouter_in_flight_budget', headers: { 'Retry-After': '120' } } } }, {}],
    ['402 with Retry-After', 402, { error: { message: 'Payment required' } }, { 'retry-after': '5' }],
    ['AWS: throttling under 400', 400, { __type: 'ThrottlingException', message: 'Rate exceeded' }, {}],
    ['Groq: a call of a tool that the model wrote badly', 400, { error: { message: 'Failed to call a function.', type: 'invalid_request_error', code: 'tool_use_failed', failed_generation: '<function>' } }, {}],
    ['Stripe: a lock', 429, { error: { type: 'invalid_request_error', code: 'lock_timeout', message: 'x', doc_url: 'https://stripe.com/docs/error-codes/lock-timeout' } }, {}],
    ['AWS: a table that is asked too much', 400, { __type: 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException', message: 'x' }, {}],
    ['AWS: SlowDown in XML', 503, '<?xml version="1.0"?><Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message><RequestId>R1</RequestId></Error>', {}],
    ['Groq: capacity under 498', 498, { error: { message: 'Flex tier capacity exceeded', type: 'x', code: 'capacity_exceeded' } }, {}],
    ['Hugging Face: a model that loads', 503, { error: 'Model x is currently loading', estimated_time: 20 }, {}],
    ['408', 408, '', {}],
    ['409 in progress', 409, { error: { type: 'invalid_request_error', code: 'idempotency_key_in_use', message: 'x', doc_url: 'https://stripe.com/docs' } }, {}],
    ['421', 421, '', {}],
    ['425', 425, '', {}],
    ['529', 529, { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }, {}],
    ['522 of Cloudflare', 522, '<!DOCTYPE html><title>example.com | 522: Connection timed out</title><div id="cf-error-details">', { server: 'cloudflare' }],
    ['1015 of Cloudflare', 429, { title: 'Error 1015: You are being rate limited', status: 429, detail: 'You are being rate-limited.', error_code: 1015, cloudflare_error: true, retryable: true, retry_after: 30 }, {}],
    ['Shopify: throttled under 200', 200, { errors: [{ message: 'Throttled', extensions: { code: 'THROTTLED' } }], extensions: { cost: { requestedQueryCost: 752, throttleStatus: { maximumAvailable: 1000, currentlyAvailable: 666, restoreRate: 50 } } } }, {}],
    ['Slack: throttled under 200', 200, { ok: false, error: 'ratelimited' }, {}],
    ['JoggAI: 429 under 200', 200, { code: 429, msg: 'Rate limit exceeded. Please try again later.', data: null }, {}],
    ['JoggAI: a failure under 200', 200, { code: 50000, msg: 'System error', data: null }, {}],
    ['an error of which the server says that it may', 400, { error: { message: 'x', code: 'flaky' } }, { 'x-should-retry': 'true' }],
  ] as const)('%s', (_, status, body, headers) => expect(read(status, body, headers)?.retry).not.toBe('never'))

  it('a token that has expired is refreshed', () => {
    expect(read(401, { message: 'Unauthorized' }, { 'www-authenticate': 'Bearer realm="x", error="invalid_token", error_description="The access token expired"' })).toMatchObject({ reason: 'token.expired', retry: 'refresh' })
    expect(read(401, { success: false, data: null, error: { code: 'AUTH_EXPIRED_TOKEN', message: 'Token expired.', details: {} }, meta: { request_id: 'r' } })).toMatchObject({ reason: 'token.expired', retry: 'refresh', dialect: 'nexalayer' })
    expect(read(403, '', { 'www-authenticate': 'Bearer error="insufficient_scope", scope="write"' })).toMatchObject({ reason: 'permission.denied', retry: 'never' })
  })
})

describe('a success that is an error', () => {
  it.each([
    [{ ok: false, error: 'channel_not_found' }, 'slack', 'resource.not_found'],
    [{ success: false, data: null, error: { code: 'INSUFFICIENT_BALANCE', message: 'x', details: {} }, meta: { request_id: 'r' } }, 'nexalayer', 'credit.insufficient'],
    [{ code: 18020, msg: 'Insufficient credit', data: null }, 'jogg', 'credit.insufficient'],
    [{ errors: [{ message: 'x', locations: [], extensions: { code: 'RATE_LIMITED' } }] }, 'graphql', 'rate.limited'],
    [{ data: { productUpdate: { product: null, userErrors: [{ field: ['title'], message: 'invalid' }] } } }, 'shopify', 'field.invalid'],
    [{ error: { code: 502, message: 'Provider returned error', metadata: { error_type: 'provider_unavailable' } } }, 'openrouter', 'upstream.failed'],
    [{ base_resp: { status_code: 1008, status_msg: 'insufficient balance' } }, 'minimax', 'credit.insufficient'],
    [{ base_resp: { status_code: 1002, status_msg: 'x' } }, 'minimax', 'rate.limited'],
    [{ jsonrpc: '2.0', id: 1, error: { code: -32602, message: 'Invalid params' } }, 'json-rpc', 'field.invalid'],
    [{ success: false, errors: [{ code: 10000, message: 'Authentication error' }], messages: [], result: null }, 'cloudflare', undefined],
  ])('%j', (body, dialect, reason) => {
    const refusal = read(200, body)
    expect(refusal?.dialect).toBe(dialect)
    expect([refusal?.reason, undefined]).toContain(reason)
  })

  it.each([
    '', '{}', '[]', 'null', '{"ok":true}', '{"code":0,"msg":"Success","data":{}}', '{"success":true,"data":{},"error":null}', '{"data":{"a":1}}', '{"id":1,"status":"failed","error":"it broke"}', '{"errors":[]}',
    '{"data":{"productUpdate":{"userErrors":[]}}}', '{"jsonrpc":"2.0","id":1,"result":{"content":[]}}', '{"object":"list","data":[]}', '<html></html>', '{"message":"hello"}', '{"detail":"hello"}', '{"code":"A","message":"b"}', '{"code":100,"message":"Success","data":{}}', '{"base_resp":{"status_code":0,"status_msg":"success"}}', '{"code":200,"msg":"ok","data":{}}', '{"id":"resp_1","object":"response","status":"failed","error":{"code":"server_error","message":"x"},"output":[]}',
    '{"id":"pi_1","last_payment_error":{"code":"card_declined","message":"x"}}', '{"items":[{"error":{"code":1,"message":"x"}}]}', '{"success":true,"errors":[],"messages":[],"result":{}}', '{"ok":true,"warning":"missing_charset"}', '{"id":1,"message":"a commit","documentation_url":"https://docs.github.com"}',
  ])('%s is none', (body) => expect(read(200, body)).toBeUndefined())

  it('redirects and answers of old caches are none', () => {
    for (const status of [201, 204, 301, 304, 307]) expect(read(status, '')).toBeUndefined()
  })
})

describe('shapes of bodies', () => {
  it('error is an object, a text or absent, and message a list, an object or JSON once more', () => {
    expect(read(400, { error: 'invalid_grant', error_description: 'Authorization code expired' })).toMatchObject({ code: 'invalid_grant', message: 'Authorization code expired' })
    expect(read(401, { error: 'Invalid username or password.' })).toMatchObject({ message: 'Invalid username or password.', reason: 'credential.invalid' })
    expect(read(429, { message: 'trial token rate limit exceeded, limit is 100000 tokens per minute' })).toMatchObject({ dialect: 'cohere', reason: 'rate.limited' })
    expect(read(400, { statusCode: 400, message: ['name must be a string', 'age must be positive'], error: 'Bad Request' })).toMatchObject({ dialect: 'nestjs', answeredBy: 'framework', message: 'name must be a string; age must be positive' })
    expect(read(429, [{ error: { code: 429, message: '{"error":{"code":429,"message":"Inner quota message","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"10s"}]}}', details: [] } }])).toMatchObject({ dialect: 'google', message: 'Inner quota message', retryAfterMs: 10_000 })
  })

  it('a code is a text, null, a number, a number in words, or a status', () => {
    expect(read(429, { error: { code: '429', message: 'Requests have exceeded token rate limit. Please retry after 6 seconds.' } })).toMatchObject({ dialect: 'azure-openai', reason: 'rate.limited', retryAfterMs: 6_000 })
    expect(read(500, openAi(null, 'server_error'))).toMatchObject({ dialect: 'openai', reason: 'internal' })
    expect(read(401, { code: 20003, message: 'Authentication Error', more_info: 'https://www.twilio.com/docs/errors/20003', status: 401 })).toMatchObject({ dialect: 'twilio', code: 20003, docs: 'https://www.twilio.com/docs/errors/20003' })
  })

  it('of a form that several APIs have, its code names the API', () => {
    expect(read(429, { success: false, error: { code: 'TOO_FAST', message: 'x' } })).toMatchObject({ dialect: 'success-error-meta', code: 'TOO_FAST', reason: 'rate.limited' })
    expect(read(403, { success: false, error: { code: 'QUOTA_EXCEEDED', message: 'x', details: {} }, meta: { request_id: 'r' } })).toMatchObject({ dialect: 'ai-api', retry: 'never' })
    expect(read(402, openAi('insufficient_credits', 'insufficient_quota'))).toMatchObject({ dialect: 'leaperone' })
    expect(read(400, openAi('unsupported_value', 'invalid_request_error'))).toMatchObject({ dialect: 'openai', code: 'unsupported_value' })
    expect(read(429, { ok: false, error_code: 429, description: 'Too Many Requests: retry after 8', parameters: { retry_after: 8 } })).toMatchObject({ message: 'Too Many Requests: retry after 8', retryAfterMs: 8_000 })
  })

  it('errors are objects, texts, or a map of fields', () => {
    expect(read(422, { errors: { name: ["can't be blank"], age: ['is not a number'] } })?.fields).toEqual({ name: ["can't be blank"], age: ['is not a number'] })
    expect(read(422, { message: 'The given data was invalid.', errors: { email: ['is taken'] } })).toMatchObject({ dialect: 'laravel', fields: { email: ['is taken'] } })
    expect(read(403, { id: 'ed14', name: 'content_moderation', errors: ['Your request was flagged.'] })).toMatchObject({ dialect: 'stability', reason: 'content.blocked' })
    expect(read(422, { detail: [{ loc: ['body', 'temperature'], msg: 'too large', type: 'less_than_equal' }] })).toMatchObject({ dialect: 'fastapi', fields: { temperature: ['too large'] } })
  })

  it('one status, several dialects: what answers is not always the API', () => {
    expect(read(429, { message: 'Too Many Requests' }, { 'x-amzn-errortype': 'TooManyRequestsException', 'x-amz-apigw-id': 'x' })).toMatchObject({ reason: 'rate.limited', answeredBy: 'proxy' })
    expect(read(401, { message: 'Unauthorized', request_id: 'ab12' })).toMatchObject({ dialect: 'kong', answeredBy: 'proxy', source: 'network', requestId: 'ab12' })
    expect(read(429, { statusCode: 429, message: 'Rate limit is exceeded. Try again in 11 seconds.' })).toMatchObject({ dialect: 'azure-api-management', retryAfterMs: 11_000 })
  })

  it('the media type of JSON has many names, or is wrong', () => {
    for (const type of ['application/json; charset=utf-8', 'text/html', 'application/vnd.api+json', 'application/x-amz-json-1.1', '']) expect(read(429, openAi('insufficient_quota', 'insufficient_quota'), { 'content-type': type })?.reason).toBe('credit.insufficient')
  })
})

describe('who answered', () => {
  it.each([
    [502, '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx/1.25.3</center>', {}, 'nginx', 'proxy', 'upstream.failed', '502 Bad Gateway'],
    [503, 'upstream connect error or disconnect/reset before headers. reset reason: connection failure', { server: 'envoy' }, 'envoy', 'proxy', 'upstream.unavailable', undefined],
    [503, '<html><body><h1>503 Service Unavailable</h1>\nNo server is available to handle this request.\n</body></html>', {}, 'haproxy', 'proxy', 'upstream.unavailable', undefined],
    [504, '<HTML><HEAD><TITLE>ERROR: The request could not be satisfied</TITLE></HEAD>Generated by cloudfront (CloudFront)', {}, 'cloudfront', 'cdn', 'upstream.timeout', undefined],
    [504, '<html><head><title>504 Gateway Time-out</title></head></html>', { server: 'awselb/2.0' }, 'aws-load-balancer', 'proxy', 'upstream.timeout', '504 Gateway Time-out'],
    [520, 'error code: 520', { server: 'cloudflare' }, 'cloudflare', 'cdn', 'upstream.unavailable', undefined],
    [503, '<!DOCTYPE html><title>Application error</title><iframe src="//www.herokucdn.com/error-pages/application-error.html">', {}, 'heroku', 'proxy', 'upstream.unavailable', 'Application error'],
    [404, '<!DOCTYPE html>\n<html lang="en"><body><pre>Cannot GET /nothing</pre></body></html>', {}, 'express', 'framework', 'resource.not_found', undefined],
    [404, '404 page not found\n', {}, 'go', 'framework', 'resource.not_found', '404 page not found'],
    [400, { statusCode: 400, code: 'FST_ERR_VALIDATION', error: 'Bad Request', message: 'body must have a name' }, {}, 'fastify', 'framework', 'request.invalid', 'body must have a name'],
    [500, { timestamp: '2026-01-01T00:00:00Z', status: 500, error: 'Internal Server Error', path: '/x' }, {}, 'spring', 'framework', 'internal', undefined],
    [429, { detail: 'Request was throttled. Expected available in 34 seconds.' }, {}, 'django', 'framework', 'rate.limited', undefined],
    [404, '<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n<h1>Not Found</h1>', {}, 'flask', 'framework', 'resource.not_found', '404 Not Found'],
    [500, 'null', {}, undefined, 'api', 'internal', ''],
    [500, '{"error":', {}, undefined, 'api', 'internal', ''],
    [500, '"text"', {}, undefined, 'api', 'internal', undefined],
  ] as const)('%i %j', (status, body, headers, dialect, answeredBy, reason, message) => {
    const refusal = read(status, body, headers)
    expect(refusal).toMatchObject({ dialect, answeredBy, reason })
    expect([undefined, refusal?.message]).toContain(message)
    expect(refusal?.source).toBe(answeredBy === 'api' || answeredBy === 'framework' ? 'api' : 'network')
  })

  it('with a contract it is exact, and what stands in front is seen all the same', () => {
    const contract = dialects.nexalayer
    const body = JSON.stringify({ success: false, data: null, error: { code: 'INSUFFICIENT_BALANCE', message: 'x', details: {} }, meta: { request_id: 'r' } })
    expect(readRefusal({ status: 402, headers: {}, body }, { contract })).toMatchObject({ certainty: 'contract', dialect: 'nexalayer', entry: 'insufficientBalance', retry: 'never' })
    expect(readRefusal({ status: 502, headers: {}, body: '<html><center>nginx</center>' }, { contract })).toMatchObject({ certainty: 'dialect', dialect: 'nginx' })
    expect(readRefusal({ status: 429, headers: {}, body: JSON.stringify({ cloudflare_error: true, status: 429, detail: 'x', error_code: 1015, retry_after: 30 }) }, { contract: dialects.problem })).toMatchObject({ dialect: 'cloudflare-edge', answeredBy: 'cdn', retryAfterMs: 30_000 })
    expect(readRefusal({ status: 429, headers: {}, body: JSON.stringify({ ok: false, error: 'ratelimited' }) }, { contract: [contract, dialects.slack] })).toMatchObject({ certainty: 'contract', dialect: 'slack' })
    expect(readRefusal({ status: 418, headers: {}, body: 'short and stout' }, { contract })).toMatchObject({ certainty: 'status', message: 'short and stout', retry: 'never' })
  })
})

describe('what comes along', () => {
  it('request ids, docs, traces and figures', () => {
    const refusal = read(429, { type: 'error', error: { type: 'rate_limit_error', message: 'x' } }, { 'request-id': 'req_1', 'anthropic-ratelimit-requests-remaining': '0', 'anthropic-ratelimit-requests-reset': '2026-11-29T12:00:30Z', traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' })
    expect(refusal).toMatchObject({ dialect: 'anthropic', requestId: 'req_1', retryAfterMs: 30_000, traceId: '4bf92f3577b34da6a3ce929d0e0e4736', docs: 'https://platform.claude.com/docs/en/api/errors' })
    expect(refusal?.limits).toEqual([{ remaining: 0, resetAtMs: NOW_MS + 30_000 }])
    for (const name of ['x-request-id', 'x-ms-request-id', 'x-amzn-requestid', 'x-github-request-id', 'x-slack-req-id', 'cf-ray']) expect(read(500, '', { [name]: 'id1' })?.requestId).toBe('id1')
    for (const body of [{ request_id: 'b1' }, { meta: { request_id: 'b1' } }, { error: 5, details: { requestId: 'b1' } }]) expect(read(500, body, { 'x-request-id': 'h1' })?.requestId).toBe('b1')
  })

  it('payment challenges', () => {
    const accepts = [{ scheme: 'exact', network: 'eip155:8453', amount: '10000', asset: '0x1', payTo: '0x2' }]
    const x402 = btoa(JSON.stringify({ x402Version: 2, resource: { url: 'https://a.example/' }, accepts }))
    expect(read(402, '{}', { 'payment-required': x402 })).toMatchObject({ retry: 'never', payment: [{ kind: 'x402', version: 2, accepts }] })
    expect(read(402, { x402Version: 1, error: 'x', accepts })?.payment).toEqual([{ kind: 'x402', version: 1, accepts }])
    const request = btoa(JSON.stringify({ amount: '500', currency: 'usd' })).replaceAll('=', '')
    expect(read(402, '', { 'www-authenticate': `Payment id="p1", realm="api", method="stripe", intent="charge", request="${request}", expires="2026-12-01T00:00:00Z", header="Payment-Authorization", Bearer realm="x"` })?.payment).toEqual([
      { kind: 'payment', id: 'p1', realm: 'api', method: 'stripe', intent: 'charge', request: { amount: '500', currency: 'usd' }, expires: '2026-12-01T00:00:00Z', credentialHeader: 'Payment-Authorization' },
    ])
    expect(read(402, '', { 'www-authenticate': 'L402 macaroon="AGIAJEem", invoice="lnbc15"' })?.payment).toEqual([{ kind: 'l402', macaroon: 'AGIAJEem', invoice: 'lnbc15' }])
    for (const value of ['', 'not base64!', btoa('not json'), btoa('{"x402Version":2}'), '='.repeat(1_000)]) expect(read(402, '', { 'payment-required': value })?.payment).toBeUndefined()
  })
})

describe('events of streams', () => {
  it.each([
    [{ data: JSON.stringify(openAi(null, 'server_error')) }, 'openai', 'internal'],
    [{ event: 'error', data: '{"type":"error","error":{"details":null,"type":"overloaded_error","message":"Overloaded"}}' }, 'anthropic', 'capacity.overloaded'],
    [{ data: '{"type":"error","sequence_number":2,"error":{"type":"insufficient_quota","code":"insufficient_quota","message":"x","param":null}}' }, 'openai', 'credit.insufficient'],
    [{ data: '{"type":"response.failed","response":{"status":"failed","error":{"code":"server_error","message":"x"}}}' }, 'openai', 'internal'],
    [{ data: '{"id":"1","object":"chat.completion.chunk","choices":[],"error":{"code":429,"message":"Rate limit exceeded","metadata":{"error_type":"rate_limit_exceeded"}}}' }, 'openrouter', 'rate.limited'],
    [{ data: '{"error":{"code":503,"message":"The model is overloaded.","status":"UNAVAILABLE"}}' }, 'google', 'upstream.unavailable'],
    [{ event: 'error', data: 'it broke' }, undefined, 'unknown'],
  ])('%j', (event, dialect, reason) => expect(readEvent(event)).toMatchObject({ dialect, reason }))

  it.each(['[DONE]', '', '{"choices":[{"delta":{"content":"an error"}}]}', '{"type":"message_stop"}', '{"type":"ping"}', 'null', '{"error":null}'])('%s is none', (data) => expect(readEvent({ data })).toBeUndefined())
})

describe('total: whatever a server sends is a value', () => {
  const hostileKeys = fc.constantFrom('__proto__', 'constructor', 'toString', 'hasOwnProperty', 'error', 'errors', 'code', 'message', 'detail', 'type', 'status', 'ok', 'success', 'data', 'jsonrpc', 'result', 'retry_after', 'extensions', 'meta', 'details', 'headers', 'metadata', 'accepts', 'x402Version')
  const hostile = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof({ maxDepth: 5 }, fc.constantFrom(null, true, false, '', 0, -1, 1e308, 429, '429', 'error', 'rate_limit_exceeded', '2.0', '__proto__'), fc.string(), fc.double(), fc.array(tie('value'), { maxLength: 4 }), fc.dictionary(hostileKeys, tie('value'), { maxKeys: 6 })),
  })).value
  const bodies = fc.oneof(
    hostile.map((value) => JSON.stringify(value)),
    hostile.map((value) => JSON.stringify(value).slice(0, -1)),
    fc.string(),
    fc.uint8Array({ maxLength: 200 }),
    fc.string().map((text) => `<html><title>${text}</title>${text}`),
    fc.constantFrom('['.repeat(5_000), '{"a":'.repeat(5_000), '{"error":'.repeat(60) + 'null' + '}'.repeat(60), '\uFEFF{}', '\u0000', '{"__proto__":{"error":{"code":"x"}}}'),
  )
  const headers = fc.dictionary(fc.constantFrom('retry-after', 'www-authenticate', 'payment-required', 'content-type', 'x-amzn-errortype', 'server', 'date', 'ratelimit', 'x-ratelimit-reset', 'traceparent', '__proto__', 'constructor', 'x-request-id', 'x-should-retry'), fc.oneof(fc.string(), fc.constantFrom('Bearer', 'Payment request="e30"', '5', 'nginx', 'application/problem+json')))

  it('arbitrary bytes, pages, JSON that is cut off, lists, primitives, depth, hostile names', () => {
    fc.assert(
      fc.property(fc.oneof(fc.constantFrom(200, 204, 301, 400, 401, 402, 403, 404, 408, 409, 413, 421, 422, 425, 429, 500, 501, 502, 503, 504, 520, 529), fc.integer()), headers, bodies, (status, given, body) => {
        const refusal = readRefusal({ status, headers: given, body }, { nowMs: NOW_MS })
        expect(refusal !== undefined || !(status >= 400)).toBe(true)
        if (refusal === undefined) return
        expect(Object.getPrototypeOf(refusal)).toBe(Object.prototype)
        expect(['never', 'wait', 'backoff', 'refresh']).toContain(refusal.retry)
        expect(typeof refusal.message).toBe('string')
        expect(refusal.retryAfterMs === undefined || refusal.retryAfterMs >= 0).toBe(true)
        expect(JSON.stringify(refusal)).toBeDefined()
      }),
      { numRuns: 5 * propertyRuns },
    )
    fc.assert(fc.property(fc.option(fc.string(), { nil: undefined }), bodies, (event, data) => {
      const refusal = readEvent({ event, data: typeof data === 'string' ? data : '' })
      expect(refusal === undefined || typeof refusal.message === 'string').toBe(true)
    }))
  })

  it('objects of which no text can be made', () => {
    const odd = { toString: null, valueOf: null }
    for (const body of [{ code: [odd] }, { code: odd, error: odd }, { error: { type: odd, code: odd, message: odd, metadata: { headers: { 'X-RateLimit-Reset': odd } } } }, { errors: [{ extensions: { documentation: odd } }] }, { retryable: odd, retry_after: odd }, { detail: [{ loc: [odd, odd] }] }, { schemas: [odd] }]) expect(read(500, body)).toMatchObject({ status: 500 })
  })

  it('values that are no text at all, from who has not kept to the types', () => {
    for (const odd of [undefined, null, 5, {}, [], () => 1, Symbol('x')]) {
      expect(readRefusal({ status: 500, headers: { 'retry-after': odd, date: odd, server: odd, 'x-ratelimit-reset': odd, 'www-authenticate': odd, traceparent: odd } as never, body: odd as never })).toMatchObject({ status: 500 })
      expect(readRefusal({ status: 500, headers: undefined as never, body: odd as never })).toMatchObject({ status: 500 })
    }
    expect(readRefusal({ status: Number.NaN, headers: {}, body: '' })).toBeUndefined()
  })

  it('long inputs cost bounded time: no expression goes back over what it has read', () => {
    const startedMs = performance.now()
    const long = isProving ? 300_000 : 60_000
    const texts = ['a'.repeat(long), ' '.repeat(long), 'daily '.repeat(long / 6), 'idempotency'.repeat(long / 11), 'retry after '.repeat(long / 12), '<title'.repeat(long / 6), '<h1 '.repeat(long / 4), '"\\'.repeat(long / 2), 'Bearer a="'.repeat(long / 10), 'a=b,'.repeat(long / 4), '1h'.repeat(long / 2), 'daily limit per day '.repeat(long / 20)]
    for (const text of texts) {
      const given = Object.fromEntries(['retry-after', 'www-authenticate', 'payment-required', 'content-type', 'x-amzn-errortype', 'server', 'date', 'ratelimit', 'ratelimit-policy', 'x-ratelimit-reset', 'traceparent', 'x-request-id'].map((name) => [name, text]))
      for (const body of [text, `<html>${text}`, JSON.stringify({ error: { message: text, code: text, type: text, doc_url: text } }), JSON.stringify({ detail: text }), JSON.stringify({ errors: [{ message: text, code: text, source: { pointer: text } }] }), JSON.stringify({ message: text })]) {
        for (const status of [200, 429]) readRefusal({ status, headers: given, body }, { nowMs: NOW_MS })
        readEvent({ event: text, data: body })
      }
    }
    // Generous: what backtracks takes minutes.
    expect(performance.now() - startedMs).toBeLessThan(60_000)
  })
})

it('codes of GraphQL servers say what their status does not', () => {
  const graphql = (code: string) => read(200, { errors: [{ message: 'x', extensions: { code } }] })
  expect(graphql('GRAPHQL_VALIDATION_FAILED')).toMatchObject({ dialect: 'graphql', reason: 'request.invalid', retry: 'never', action: 'fix_request' })
  expect(graphql('BAD_USER_INPUT')).toMatchObject({ reason: 'request.invalid' })
  expect(graphql('UNAUTHENTICATED')).toMatchObject({ reason: 'credential.invalid' })
})

it('a guess sends nobody to the pages of another API', () => {
  expect(read(429, { message: 'Too many requests' })).toMatchObject({ certainty: 'status' })
  expect(read(429, { message: 'Too many requests' })?.docs).toBeUndefined()
  expect(read(529, { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } })?.docs).toMatch(/^https:/)
})

it('a credential that is not there is missing, whatever the status', () => {
  expect(read(403, { detail: 'Authentication credentials were not provided.' })).toMatchObject({ dialect: 'django', reason: 'credential.missing', action: 'authenticate' })
  expect(read(401, { message: 'No API key found in request' }, { server: 'kong/3.4' })).toMatchObject({ dialect: 'kong', reason: 'credential.missing' })
})

it('of plain text with several lines the first is the message', () => {
  expect(read(504, 'An error occurred with your deployment\n\nFUNCTION_INVOCATION_TIMEOUT\n\nfra1::x', { 'x-vercel-id': 'fra1::x' })).toMatchObject({ message: 'An error occurred with your deployment', reason: 'upstream.timeout', requestId: 'fra1::x' })
  expect(read(500, 'ab\u0000cd')?.message).toBe('')
})
