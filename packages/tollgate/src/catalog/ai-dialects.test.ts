/** What AI APIs answered to real callers, and what it means: rate, quota, concurrency and money are told apart, whatever the status. */
import { describe, expect, it } from 'vitest'
import { anthropic, azureOpenAi, cohere, elevenLabs, groq, huggingFace, mistral, openai, openRouter, replicate, stability } from './dialects.ts'
import type { Dialect } from '../contract/read/dialect.ts'

function readerOf(dialect: Dialect) {
  return (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) => dialect.read({ status, headers, body: JSON.stringify(body) })
}

describe('Anthropic', () => {
  const read = readerOf(anthropic)
  const body = (type: string, message: string, details: unknown = null) => ({ type: 'error', error: { details, type, message }, request_id: 'req_011CSLsW7mFqvHHnzrKdKjAE' })

  it('529 is overload, and no limit of the caller', () => {
    expect(read(529, body('overloaded_error', 'Overloaded'))).toMatchObject({ reason: 'capacity.overloaded', retry: 'backoff', status: 529, requestId: 'req_011CSLsW7mFqvHHnzrKdKjAE' })
  })

  it('429 is a rate with retry-after, and money where its details say so', () => {
    expect(read(429, body('rate_limit_error', 'This request would exceed your rate limit.'), { 'retry-after': '17' })).toMatchObject({ reason: 'rate.limited', retry: 'wait', retryAfterSeconds: 17 })
    expect(read(429, body('rate_limit_error', 'You have reached your API usage limits.', { error_code: 'enforced_spend_limit_reached' }))).toMatchObject({ reason: 'credit.insufficient', retry: 'never' })
  })

  it.each([
    'Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits.',
    'You have reached your specified API usage limits. You will regain access on 2026-12-01 at 00:00 UTC.',
  ])('400 is money where the sentence says so: %s', (message) => {
    expect(read(400, body('invalid_request_error', message))).toMatchObject({ reason: 'credit.insufficient', retry: 'never', action: 'pay_or_upgrade' })
    expect(read(400, body('invalid_request_error', 'max_tokens: 9999999 > 64000'))).toMatchObject({ reason: 'request.invalid' })
  })

  it('the first event of a stream says what status would have said', () => {
    expect(anthropic.readStreamEvent({ event: 'error', data: JSON.stringify({ type: 'error', error: { details: null, type: 'overloaded_error', message: 'Overloaded' } }) })).toMatchObject({ status: 529, retry: 'backoff' })
    expect(anthropic.readStreamEvent({ event: 'message_stop', data: '{"type":"message_stop"}' })).toBeUndefined()
    expect(anthropic.readStreamEvent({ event: 'ping', data: '{"type":"ping"}' })).toBeUndefined()
  })
})

describe('OpenAI', () => {
  const read = readerOf(openai)
  const error = (code: string, type: string = code) => ({ error: { message: 'No.', type, param: null, code } })

  it.each([
    [429, 'credit_balance_exhausted', 'credit.insufficient'], [429, 'billing_not_active', 'credit.insufficient'], [400, 'billing_hard_limit_reached', 'credit.insufficient'],
    [429, 'organization_spend_limit_exceeded', 'quota.exhausted'], [429, 'project_spend_limit_exceeded', 'quota.exhausted'], [429, 'organization_usage_limit_exceeded', 'quota.exhausted'],
  ])('%s %s is %s, which no waiting cures', (status, code, reason) => {
    expect(read(status, error(code))).toMatchObject({ code, reason, retry: 'never' })
  })

  it.each(['tokens', 'requests'])('a rate of %s is one in a stream too, where there is no status', (type) => {
    expect(openai.readStreamEvent({ data: JSON.stringify(error('rate_limit_exceeded', type)) })).toMatchObject({ reason: 'rate.limited', retry: 'wait', status: 429 })
    const failed = { type: 'response.failed', response: { status: 'failed', error: { code: 'rate_limit_exceeded', message: 'Please try again in 20s.' } } }
    expect(openai.readStreamEvent({ data: JSON.stringify(failed) })).toMatchObject({ reason: 'rate.limited', retryAfterSeconds: 20 })
    expect(read(413, { error: { message: 'Request too large for model `x`', type: 'tokens', code: 'rate_limit_exceeded' } })).toMatchObject({ reason: 'request.too_large', retry: 'never' })
  })

  it('a response that failed for its image says so by a code of its own', () => {
    const data = JSON.stringify({ type: 'response.failed', response: { status: 'failed', error: { code: 'image_too_large', message: 'Too large.' } } })
    expect(openai.readStreamEvent({ event: 'response.failed', data })).toMatchObject({ entry: 'invalidImage', code: 'image_too_large', reason: 'field.invalid', retry: 'never' })
  })
})

describe('Azure OpenAI', () => {
  const read = readerOf(azureOpenAi)
  const limited = (wait: string) => ({ error: { code: '429', message: `Requests to the ChatCompletions_Create Operation under Azure OpenAI API version 2024-10-21 have exceeded token rate limit of your current OpenAI S0 pricing tier. Please retry after ${wait}. Please go here: https://aka.ms/oai/quotaincrease` } })

  it('the wait stands in the sentence, and a day of it is a quota', () => {
    expect(read(429, limited('6 seconds'))).toMatchObject({ reason: 'rate.limited', retry: 'wait', retryAfterSeconds: 6 })
    expect(read(429, limited('86400 seconds'))).toMatchObject({ reason: 'quota.exhausted', retry: 'never', retryAfterSeconds: 86_400 })
    expect(read(429, { error: { code: 'RateLimitReached', message: 'Rate limit of 15 per 60s exceeded for UserByModelByMinute. Please wait 25 seconds before retrying.' } })).toMatchObject({ code: 'RateLimitReached', reason: 'rate.limited', retryAfterSeconds: 25 })
  })

  it('429 is no limit of the caller where the system is in demand', () => {
    expect(read(429, { error: { code: '429', message: 'The system is currently experiencing high demand and cannot process your request.' } })).toMatchObject({ reason: 'capacity.overloaded', retry: 'backoff' })
  })

  it('a filter tells what it is in the error within', () => {
    const innererror = { code: 'ResponsibleAIPolicyViolation', content_filter_result: { sexual: { filtered: true, severity: 'high' } } }
    expect(read(400, { error: { message: 'The response was filtered.', type: null, param: 'prompt', code: 'content_filter', status: 400, innererror } })).toMatchObject({
      reason: 'content.blocked', retry: 'never', details: { param: 'prompt', inner_code: 'ResponsibleAIPolicyViolation' },
    })
  })

  it('the gateway in front says 429 for a rate and 403 for a quota', () => {
    expect(read(429, { statusCode: 429, message: 'Rate limit is exceeded. Try again in 11 seconds.' })).toMatchObject({ reason: 'rate.limited', retryAfterSeconds: 11 })
    expect(read(403, { statusCode: 403, message: 'Out of call volume quota. Quota will be replenished in 00:06:46.' })).toMatchObject({ reason: 'quota.exhausted', retry: 'never', retryAfterSeconds: 406 })
    expect(read(401, { statusCode: 401, message: 'Access denied due to invalid subscription key. Make sure to provide a valid key for an active subscription.' })).toMatchObject({ reason: 'credential.invalid' })
  })

  it('a deployment that is not there is told from a path', () => {
    expect(read(404, { error: { code: 'DeploymentNotFound', message: 'The API deployment for this resource does not exist.' } })).toMatchObject({ entry: 'deploymentNotFound' })
    expect(read(404, { error: { code: '404', message: 'Resource not found' } })).toMatchObject({ entry: 'notFound' })
  })
})

describe('Mistral', () => {
  const read = readerOf(mistral)
  const limited = { object: 'error', message: 'Rate limit exceeded', type: 'rate_limited', param: null, code: '1300', raw_status_code: 429 }

  it('429 is a rate, the capacity of a tier, or no allowance at all', () => {
    expect(read(429, limited, { 'x-ratelimit-limit-req-minute': '60', 'x-ratelimit-remaining-req-minute': '0' })).toMatchObject({ reason: 'rate.limited', retry: 'wait' })
    expect(read(429, { object: 'error', message: 'Service tier capacity exceeded for this model.', type: 'service_tier_capacity_exceeded', param: null, code: '3505' })).toMatchObject({ reason: 'capacity.overloaded', retry: 'backoff' })
    expect(read(429, limited, { 'x-ratelimit-limit-req-minute': '0', 'x-ratelimit-remaining-req-minute': '0' })).toMatchObject({ reason: 'account.not_entitled', retry: 'never' })
  })

  it('fields at fault are named in the list of the framework, also in the message', () => {
    const detail = [{ loc: ['body', 'temperature'], msg: 'Input should be less than or equal to 1', type: 'less_than_equal', input: 7, ctx: { le: 1 } }]
    expect(read(422, { detail })).toMatchObject({ reason: 'field.invalid', message: 'Input should be less than or equal to 1', issues: [{ field: 'temperature', in: 'body', rule: 'less_than_equal' }] })
    expect(read(422, { object: 'error', message: { detail }, type: 'invalid_request_error', param: null, code: null })).toMatchObject({ reason: 'field.invalid', issues: [{ field: 'temperature', in: 'body' }] })
  })

  it('knows its own sentences and those of the proxy', () => {
    expect(read(400, { object: 'error', message: 'Invalid model: x', type: 'invalid_model', param: null, code: '1500' })).toMatchObject({ entry: 'invalidModel' })
    expect(read(401, { detail: 'Unauthorized' })).toMatchObject({ reason: 'credential.invalid', message: 'Unauthorized' })
    expect(read(401, { message: 'Unauthorized', request_id: '89dd7e4c' })).toMatchObject({ reason: 'credential.invalid', requestId: '89dd7e4c' })
  })
})

describe('Cohere', () => {
  const read = readerOf(cohere)

  it('has words only, and they tell the rate from the quota and the bill from the budget', () => {
    expect(read(429, { message: 'trial token rate limit exceeded, limit is 100000 tokens per minute' })).toMatchObject({ reason: 'rate.limited', retry: 'backoff' })
    expect(read(429, { message: 'You are using a Trial key, which is limited to 1000 API calls / month.' })).toMatchObject({ reason: 'quota.exhausted', retry: 'never' })
    expect(read(402, { message: 'Please add or update your payment method at https://dashboard.cohere.com/billing?tab=payment to continue' })).toMatchObject({ reason: 'credit.insufficient', retry: 'never' })
    expect(read(402, { message: 'Maximum billing reached for this API key as set in your dashboard.' })).toMatchObject({ entry: 'maximumBilling', reason: 'credit.insufficient', retry: 'never' })
    expect(read(401, { id: 'a1', message: 'invalid api token' })).toMatchObject({ reason: 'credential.invalid', requestId: 'a1' })
  })

  it('498 is a word that is not allowed, 499 a request that was cancelled', () => {
    expect(read(498, { message: 'denied' })).toMatchObject({ reason: 'content.blocked', retry: 'never' })
    expect(read(499, { message: 'request cancelled' })).toMatchObject({ entry: 'cancelled', retry: 'backoff' })
  })

  it('a stream fails by how it finishes', () => {
    const end = (finish_reason: string, error?: string) => cohere.readStreamEvent({ event: 'message-end', data: JSON.stringify({ type: 'message-end', delta: { finish_reason, error } }) })
    expect(end('ERROR', 'model crashed')).toMatchObject({ reason: 'internal', message: 'model crashed', retry: 'backoff' })
    expect(end('TIMEOUT')).toMatchObject({ reason: 'upstream.timeout' })
    expect(end('COMPLETE')).toBeUndefined()
    expect(end('constructor')).toBeUndefined()
    expect(cohere.readStreamEvent({ data: '{"event_type":"stream-end","finish_reason":"ERROR_TOXIC"}' })).toMatchObject({ reason: 'content.blocked' })
  })
})

describe('Groq', () => {
  const read = readerOf(groq)
  const error = (message: string, type: string, code?: string) => ({ error: { message, type, code } })

  it('the wait of a rate stands in the sentence', () => {
    const message = 'Rate limit reached for model `openai/gpt-oss-120b` in organization `org_1` service tier `on_demand` on tokens per day (TPD): Limit 200000, Used 197117, Requested 4254. Please try again in 9m52.272s.'
    expect(read(429, error(message, 'tokens', 'rate_limit_exceeded'))).toMatchObject({ reason: 'rate.limited', retry: 'wait', retryAfterSeconds: 593 })
  })

  it('what is larger than the whole limit never fits, whatever the code and the status say', () => {
    const message = 'Request too large for model `x` on tokens per minute (TPM): Limit 8000, Requested 11881, Please reduce your message size and try again.'
    for (const status of [413, 429]) expect(read(status, error(message, 'tokens', 'rate_limit_exceeded'))).toMatchObject({ reason: 'request.too_large', retry: 'never' })
  })

  it('400 is money, or a sample that another try replaces', () => {
    expect(read(400, error('Organization spend limit', 'invalid_request_error', 'spend_limit_reached'))).toMatchObject({ reason: 'credit.insufficient', retry: 'never' })
    expect(read(400, error('API access blocked.', 'invalid_request_error', 'blocked_api_access'))).toMatchObject({ reason: 'credit.insufficient', code: 'blocked_api_access' })
    const failed = { error: { message: 'Failed to call a function.', type: 'invalid_request_error', code: 'tool_use_failed', failed_generation: '<function=x>' } }
    expect(read(400, failed)).toMatchObject({ reason: 'upstream.failed', retry: 'backoff', details: { failed_generation: '<function=x>' } })
    expect(read(498, error('Flex tier capacity exceeded', 'internal', 'capacity_exceeded'))).toMatchObject({ reason: 'capacity.overloaded', retry: 'backoff' })
  })

  it('an error in a stream means what it means outside', () => {
    expect(groq.readStreamEvent({ data: JSON.stringify(error('No.', 'tokens', 'rate_limit_exceeded')) })).toMatchObject({ status: 429, reason: 'rate.limited' })
  })
})

describe('OpenRouter', () => {
  const read = readerOf(openRouter)
  const error = (code: number, message: string, metadata: object = {}) => ({ error: { code, message, metadata } })

  it('402 passes where calls under way hold the money, and not where it is gone', () => {
    const inFlight = error(402, 'This request would exceed your available credits given your current in-flight requests.', { reason: 'in_flight_budget_exhausted', limit_source: 'openrouter_in_flight_budget', headers: { 'Retry-After': '120' } })
    expect(read(402, inFlight)).toMatchObject({ entry: 'inFlightBudget', retry: 'wait', retryAfterSeconds: 120 })
    expect(read(402, error(402, 'Busy.'), { 'retry-after': '5' })).toMatchObject({ entry: 'inFlightBudget', retry: 'wait', retryAfterSeconds: 5 })
    expect(read(402, error(402, 'Insufficient credits.', { limit_source: 'openrouter_credits' }))).toMatchObject({ reason: 'credit.insufficient', retry: 'never' })
    expect(read(402, error(402, 'Insufficient credits.'))).toMatchObject({ reason: 'credit.insufficient', retry: 'never' })
    expect(read(402, error(402, 'Key limit exceeded.', { limit_source: 'openrouter_key_limit' }))).toMatchObject({ reason: 'credit.insufficient', retry: 'never' })
  })

  it('a budget, and the free calls of a day, are quotas that say when they are back', () => {
    const budget = { limit_source: 'openrouter_guardrail_budget', scope: 'user', limit_usd: 5, spend_usd: 5, resets_at: '2026-12-01T00:00:00Z' }
    expect(read(403, error(403, 'Budget limit exceeded', budget))).toMatchObject({ reason: 'quota.exhausted', retry: 'never', details: { resets_at: '2026-12-01T00:00:00Z' } })
    const daily = { headers: { 'X-RateLimit-Limit': '50', 'X-RateLimit-Remaining': '0', 'X-RateLimit-Reset': '1791331200000' }, limit_source: 'openrouter_free_tier_daily' }
    expect(read(429, error(429, 'Rate limit exceeded: free-models-per-day.', daily))).toMatchObject({ reason: 'quota.exhausted', retry: 'never', details: { resets_at: '2026-10-07T00:00:00Z' } })
  })

  it('what providers say has one vocabulary in all four forms', () => {
    const chunk = { id: 'gen-1', object: 'chat.completion.chunk', error: { code: 429, message: 'Rate limit exceeded', metadata: { error_type: 'rate_limit_exceeded' } }, choices: [{ index: 0, delta: { content: '' }, finish_reason: 'error' }] }
    expect(openRouter.readStreamEvent({ data: JSON.stringify(chunk) })).toMatchObject({ reason: 'rate.limited', status: 429 })
    expect(openRouter.readStreamEvent({ event: 'error', data: JSON.stringify({ type: 'error', error: { type: 'overloaded_error', message: 'x', error_type: 'provider_overloaded' }, request_id: null }) })).toMatchObject({ reason: 'upstream.unavailable' })
    expect(openRouter.readStreamEvent({ data: JSON.stringify({ type: 'response.failed', error_type: 'provider_unavailable', response: { status: 'failed', error: { code: 'server_error', message: 'x' } } }) })).toMatchObject({ reason: 'upstream.failed' })
    expect(read(200, { error: { code: 502, message: 'Provider returned error', metadata: { error_type: 'provider_unavailable', provider_name: 'X' } } })).toMatchObject({ status: 502, reason: 'upstream.failed', details: { provider: 'X' } })
    expect(read(200, { id: 'gen-1', choices: [{ message: { content: 'error' } }] })).toBeUndefined()
  })

  it('providers at capacity are no limit of the caller, and say the wait in the body', () => {
    const availability = { code: 'capacity_exhausted', retryable: true, retry_after: 40, requested_models: ['a/b'], docs_url: 'x' }
    expect(read(429, { error: { message: 'All providers are at capacity.', error_type: 'rate_limit_exceeded', http_status: 429, availability } })).toMatchObject({ reason: 'capacity.overloaded', retry: 'backoff', retryAfterSeconds: 40 })
    expect(read(404, { error: { message: 'Gone.', error_type: 'not_found', http_status: 404, availability: { code: 'model_deprecated', retryable: false } } })).toMatchObject({ reason: 'resource.not_found', retry: 'never', details: { availability: 'model_deprecated' } })
  })
})

describe('Replicate', () => {
  const read = readerOf(replicate)

  it('the wait stands in the sentence, the money in the status, the fields in a list', () => {
    expect(read(429, { detail: 'Request was throttled. Your rate limit resets in ~30s.' })).toMatchObject({ reason: 'rate.limited', retryAfterSeconds: 30 })
    expect(read(402, { title: 'Insufficient credit', detail: 'You have insufficient credit to run this model.', status: 402 })).toMatchObject({ reason: 'credit.insufficient', retry: 'never' })
    expect(read(401, { title: 'Unauthenticated', detail: 'You did not pass a valid authentication token', status: 401 })).toMatchObject({ reason: 'credential.invalid' })
    const invalid = { detail: '- input: prompt is required\n', status: 422, title: 'Input validation failed', invalid_fields: [{ type: 'required', field: 'input', description: 'prompt is required' }] }
    expect(read(422, invalid)).toMatchObject({ reason: 'field.invalid', fields: { input: ['prompt is required'] } })
  })

  it('a stream breaks off with plain text; a prediction that failed is a resource', () => {
    expect(replicate.readStreamEvent({ event: 'error', data: 'CUDA out of memory' })).toMatchObject({ message: 'CUDA out of memory', retry: 'never' })
    expect(replicate.readStreamEvent({ event: 'output', data: 'text' })).toBeUndefined()
    expect(read(200, { id: 'p1', status: 'failed', error: 'CUDA out of memory' })).toBeUndefined()
  })
})

describe('Hugging Face', () => {
  const read = readerOf(huggingFace)

  it('a model that loads says how long, also under 200', () => {
    const loading = { error: 'Model tiiuae/falcon-7b-instruct is currently loading', estimated_time: 577.375_183_105_468_8 }
    for (const status of [503, 200]) expect(read(status, loading)).toMatchObject({ reason: 'upstream.unavailable', retry: 'wait', retryAfterSeconds: 578 })
  })

  it('429 is the capacity of the model, or a rate; 402 the credits of the month', () => {
    expect(read(429, { error: 'Model is overloaded', error_type: 'overloaded' })).toMatchObject({ reason: 'capacity.overloaded', retry: 'backoff' })
    expect(read(429, { error: 'Too many requests' })).toMatchObject({ reason: 'rate.limited' })
    expect(read(402, { error: 'You have exceeded your monthly included credits for Inference Providers.' })).toMatchObject({ reason: 'credit.insufficient', retry: 'never' })
    expect(read(422, { error: 'Input validation error', error_type: 'validation' })).toMatchObject({ reason: 'field.invalid' })
    expect(read(401, { error: 'Invalid username or password.' })).toMatchObject({ reason: 'credential.invalid' })
    expect(huggingFace.readStreamEvent({ data: '{"error":"Request failed","error_type":"generation"}' })).toMatchObject({ entry: 'generation' })
  })

  it('a success is none', () => {
    expect(read(200, { generated_text: 'x' })).toBeUndefined()
    expect(read(200, [{ generated_text: 'x' }])).toBeUndefined()
  })
})

describe('Stability AI', () => {
  const read = readerOf(stability)

  it('moderation, a rate, and money that comes with 429', () => {
    expect(read(403, { id: 'ed14', name: 'content_moderation', errors: ['Your request was flagged by our content moderation system.'] })).toMatchObject({ reason: 'content.blocked', requestId: 'ed14', message: 'Your request was flagged by our content moderation system.' })
    expect(read(429, { id: 'a', name: 'rate_limit_exceeded', errors: ['Too many.'] })).toMatchObject({ reason: 'rate.limited', retry: 'wait' })
    expect(read(429, { id: '3be7', message: 'Your organization does not have enough balance to request this action (need $0.009).', name: 'insufficient_balance' })).toMatchObject({ reason: 'credit.insufficient', retry: 'never' })
  })
})

describe('ElevenLabs', () => {
  const read = readerOf(elevenLabs)

  it('429 is the concurrency of the caller, a rate, or the load of the API', () => {
    const detail = { type: 'rate_limit_error', code: 'concurrent_limit_exceeded', message: 'Too many concurrent requests.', status: 'too_many_concurrent_requests', request_id: '332f31193d4ee91902a0cd173439968d', docs_url: 'https://elevenlabs.io/docs' }
    expect(read(429, { detail })).toMatchObject({ reason: 'concurrency.limited', retry: 'backoff', requestId: '332f31193d4ee91902a0cd173439968d' })
    expect(read(429, { detail })).toMatchObject({ code: 'concurrent_limit_exceeded', details: { type: 'rate_limit_error', docs_url: 'https://elevenlabs.io/docs' } })
    expect(read(429, { detail: { status: 'too_many_concurrent_requests', message: 'x' } })).toMatchObject({ reason: 'concurrency.limited' })
    expect(read(429, { detail: { status: 'system_busy', message: 'x' } })).toMatchObject({ reason: 'capacity.overloaded', retry: 'backoff' })
    expect(read(429, { detail: { type: 'rate_limit_error', code: 'rate_limit_exceeded', message: 'x' } })).toMatchObject({ reason: 'rate.limited' })
  })

  it('401 is a key, a quota, or a permission', () => {
    expect(read(401, { detail: { status: 'invalid_api_key', message: 'Invalid API key' } })).toMatchObject({ reason: 'credential.invalid' })
    expect(read(401, { detail: { status: 'quota_exceeded', message: 'x' } })).toMatchObject({ reason: 'credit.insufficient', retry: 'never' })
    expect(read(401, { detail: { status: 'missing_permissions', message: 'x' } })).toMatchObject({ reason: 'permission.denied' })
    expect(read(402, { detail: { type: 'payment_required', code: 'insufficient_credits', message: 'x', request_id: 'r' } })).toMatchObject({ reason: 'credit.insufficient' })
  })

  it('fields are named one by one', () => {
    expect(read(422, { detail: [{ loc: ['body', 'text'], msg: 'Field required', type: 'missing' }] })).toMatchObject({ reason: 'field.invalid', message: 'Field required', issues: [{ field: 'text', in: 'body', rule: 'missing' }] })
    expect(read(400, { detail: { type: 'validation_error', code: 'invalid_parameters', message: 'x', param: 'keyterms' } })).toMatchObject({ reason: 'field.invalid', details: { param: 'keyterms' } })
  })
})
