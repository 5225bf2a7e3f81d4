/** What payment, code and cloud APIs answered to real callers, and what it means. */
import { describe, expect, it } from 'vitest'
import { aws, azure, cloudflare, cloudflareEdge, github, heygen, stripe, twilio } from './dialects.ts'
import type { Dialect } from '../contract/read/dialect.ts'

function readerOf(dialect: Dialect) {
  return (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) => dialect.read({ status, headers, body: typeof body === 'string' ? body : JSON.stringify(body) })
}

describe('Stripe', () => {
  const read = readerOf(stripe)
  const error = (type: string, more: object = {}) => ({ error: { type, message: 'x', ...more } })

  it('takes a key, and tells the three things that can be wrong with it', () => {
    expect(stripe.declaration.idempotencyKey).toBe('Idempotency-Key')
    expect(read(409, error('invalid_request_error', { code: 'idempotency_key_in_use', doc_url: 'https://stripe.com/docs/error-codes/idempotency-key-in-use' }))).toMatchObject({ reason: 'idempotency.in_progress', retry: 'backoff' })
    expect(read(400, error('idempotency_error'))).toMatchObject({ reason: 'idempotency.mismatch', retry: 'never', action: 'use_new_idempotency_key' })
    expect(read(429, error('invalid_request_error', { code: 'lock_timeout' }))).toMatchObject({ reason: 'concurrency.limited', retry: 'backoff' })
  })

  it.each([
    [402, error('card_error', { code: 'card_declined', decline_code: 'insufficient_funds', charge: 'ch_1' }), 'credit.insufficient', 'never'],
    [402, error('card_error', { code: 'expired_card' }), 'credit.insufficient', 'never'],
    [402, error('card_error', { code: 'processing_error' }), 'upstream.failed', 'never'],
    [429, error('invalid_request_error', { code: 'rate_limit' }), 'rate.limited', 'backoff'],
    [400, error('invalid_request_error', { code: 'rate_limit' }), 'rate.limited', 'backoff'],
    [429, error('rate_limit_error'), 'rate.limited', 'backoff'],
    [400, error('invalid_request_error', { code: 'balance_insufficient' }), 'credit.insufficient', 'never'],
    [400, error('invalid_request_error', { code: 'instant_payouts_limit_exceeded' }), 'quota.exhausted', 'never'],
    [400, error('invalid_request_error', { code: 'parameter_missing', param: 'amount' }), 'field.missing', 'never'],
    [400, error('invalid_request_error', { code: 'payment_intent_invalid_parameter' }), 'field.invalid', 'never'],
    [400, error('invalid_request_error', { code: 'setup_intent_unexpected_state' }), 'resource.conflict', 'never'],
    [404, error('invalid_request_error', { code: 'resource_missing', param: 'customer' }), 'resource.not_found', 'never'],
    [401, error('invalid_request_error', { code: 'api_key_expired' }), 'credential.expired', 'never'],
    [401, error('invalid_request_error'), 'credential.invalid', 'never'],
    [500, error('api_error'), 'internal', 'backoff'],
    [400, { error: 'invalid_grant', error_description: 'Authorization code expired' }, 'credential.invalid', 'never'],
  ] as const)('%s %j is %s', (status, body, reason, retry) => {
    expect(read(status, body)).toMatchObject({ reason, retry, status })
  })

  it('says the code as it was sent, and what stands beside it', () => {
    expect(read(402, error('card_error', { code: 'incorrect_cvc', param: 'cvc', decline_code: 'x' }), { 'request-id': 'req_1' })).toMatchObject({ code: 'incorrect_cvc', requestId: 'req_1', details: { param: 'cvc', decline_code: 'x' } })
    expect(read(400, error('invalid_request_error', { code: 'brand_new' }))).toMatchObject({ code: 'brand_new', entry: undefined, reason: 'request.invalid' })
  })
})

describe('GitHub', () => {
  const read = readerOf(github)
  const date = 'Mon, 01 Jul 2013 17:27:06 GMT'

  it('403 is a rate where nothing remains, and the reset is measured by the clock of GitHub', () => {
    const limited = { message: 'API rate limit exceeded for user ID 1.', documentation_url: 'https://docs.github.com/rest/overview/rate-limits-for-the-rest-api' }
    const headers = { date, 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1372700873' }
    for (const status of [403, 429]) expect(read(status, limited, headers)).toMatchObject({ entry: 'primaryRateLimit', reason: 'rate.limited', retry: 'wait', retryAfterSeconds: 1_372_700_873 - 1_372_699_626 + 1 })
    expect(read(403, limited)).toMatchObject({ reason: 'rate.limited', retry: 'wait' })
  })

  it('a secondary limit is told by its sentence, also where requests remain', () => {
    const secondary = { message: 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.' }
    expect(read(403, secondary, { 'x-ratelimit-remaining': '4999', 'retry-after': '30' })).toMatchObject({ entry: 'secondaryRateLimit', retry: 'wait', retryAfterSeconds: 30 })
    expect(read(429, secondary, { 'x-ratelimit-remaining': '4999' })).toMatchObject({ retryAfterSeconds: 60 })
  })

  it('the older word for it is known', () => {
    expect(read(403, { message: 'You have triggered an abuse detection mechanism. Please wait a few minutes before you try again.' })).toMatchObject({ entry: 'secondaryRateLimit', retry: 'wait' })
  })

  it('any other 403 is a denial, and says what it would take', () => {
    expect(read(403, { message: 'Resource not accessible by integration' }, { 'x-accepted-github-permissions': 'contents=read', 'x-ratelimit-remaining': '10' })).toMatchObject({ reason: 'permission.denied', retry: 'never', details: { accepted_permissions: 'contents=read' } })
  })

  it('fields at fault are objects, or sentences', () => {
    const body = { message: 'Validation Failed', errors: [{ resource: 'Release', code: 'already_exists', field: 'tag_name' }], documentation_url: 'https://docs.github.com/rest/releases', status: '422' }
    expect(read(422, body)).toMatchObject({ reason: 'field.invalid', fields: { tag_name: ['already_exists'] }, details: { documentation_url: 'https://docs.github.com/rest/releases' } })
    expect(read(422, { message: 'Validation Failed', errors: ['No commits between main and x'] })).toMatchObject({ message: 'Validation Failed: No commits between main and x' })
  })

  it('GraphQL refuses under 200, and data with gaps is a success', () => {
    expect(read(200, { errors: [{ type: 'RATE_LIMITED', message: 'API rate limit exceeded' }] }, { date, 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1372699686' })).toMatchObject({ reason: 'rate.limited', status: 429, retry: 'wait', retryAfterSeconds: 61 })
    expect(read(200, { data: { repository: null }, errors: [{ type: 'NOT_FOUND', path: ['repository'], message: 'x' }] })).toMatchObject({ reason: 'resource.not_found', status: 404 })
    expect(read(200, { data: { viewer: {}, repository: null }, errors: [{ type: 'NOT_FOUND', path: ['repository'], message: 'x' }] })).toBeUndefined()
    expect(read(200, { data: null, errors: [{ type: 'INSUFFICIENT_SCOPES', message: 'x' }] })).toMatchObject({ reason: 'permission.denied', status: 403 })
  })
})

describe('AWS', () => {
  const read = readerOf(aws)

  it.each([
    ['in a header', { 'x-amzn-errortype': 'FooError' }, 'null'],
    ['in a header with an address', { 'x-amzn-errortype': 'FooError:http://internal.amazon.com/coral/com.amazon.coral.validate/' }, 'null'],
    ['in a header with both', { 'x-amzn-errortype': 'aws.protocoltests.restjson#FooError:http://internal.amazon.com/coral/' }, ''],
    ['as code', {}, '{"code":"aws.protocoltests.restjson#FooError"}'],
    ['as __type', {}, '{"__type":"aws.protocoltests.restjson#FooError:http://internal.amazon.com/coral/com.amazon.coral.validate/"}'],
    ['in XML', {}, '<ErrorResponse><Error><Type>Sender</Type><Code>FooError</Code><Message>a &lt;b&gt;</Message></Error><RequestId>r1</RequestId></ErrorResponse>'],
  ])('the code stands %s', (_, headers, body) => {
    expect(read(500, body, headers)).toMatchObject({ code: 'FooError', reason: 'internal', retry: 'backoff' })
  })

  it('what a query service customized goes before the type', () => {
    expect(read(400, { __type: 'aws.protocoltests.json10#CustomCodeError', message: 'Hi' }, { 'x-amzn-query-error': 'Customized;Sender' })).toMatchObject({ code: 'Customized', message: 'Hi', reason: 'request.invalid' })
  })

  it.each(['ThrottlingException', 'Throttling', 'ProvisionedThroughputExceededException', 'RequestLimitExceeded', 'TooManyRequestsException', 'PriorRequestNotComplete', 'LimitExceededException'])('400 %s is throttling', (code) => {
    expect(read(400, { __type: code, message: 'Rate exceeded' })).toMatchObject({ code, reason: 'rate.limited', retry: 'backoff', status: 400 })
  })

  it('one of these names under 429 is a quota of API Gateway', () => {
    expect(read(429, { message: 'Limit Exceeded' }, { 'x-amzn-errortype': 'LimitExceededException' })).toMatchObject({ reason: 'quota.exhausted', retry: 'never' })
    expect(read(429, { message: 'Too Many Requests' }, { 'x-amzn-errortype': 'TooManyRequestsException' })).toMatchObject({ reason: 'rate.limited', retry: 'backoff' })
  })

  it.each([
    [400, 'ExpiredTokenException', 'token.expired', 'refresh'], [403, 'SignatureDoesNotMatch', 'credential.invalid', 'never'], [400, 'ConditionalCheckFailedException', 'resource.conflict', 'never'],
    [400, 'TransactionInProgressException', 'idempotency.in_progress', 'backoff'], [400, 'ServiceQuotaExceededException', 'quota.exhausted', 'never'], [429, 'ModelNotReadyException', 'capacity.overloaded', 'backoff'],
    [503, 'SlowDown', 'rate.limited', 'backoff'], [404, 'NoSuchKey', 'resource.not_found', 'never'], [400, 'InvalidParameterValue', 'request.invalid', 'never'], [500, 'InsufficientInstanceCapacity', 'capacity.overloaded', 'backoff'],
  ])('%s %s is %s', (status, code, reason, retry) => {
    expect(read(status, { __type: code, message: 'x' })).toMatchObject({ code, reason, retry })
  })

  it('a wait is told in milliseconds', () => {
    expect(read(503, { __type: 'ServiceUnavailable' }, { 'x-amz-retry-after': '1500', 'x-amzn-requestid': 'r1' })).toMatchObject({ retryAfterSeconds: 2, requestId: 'r1' })
  })

  it('S3, EC2 and Query have wrappers of their own', () => {
    expect(read(503, '<?xml version="1.0"?><Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message><RequestId>4442587FB7D0A2F9</RequestId></Error>')).toMatchObject({ code: 'SlowDown', requestId: '4442587FB7D0A2F9', message: 'Please reduce your request rate.' })
    expect(read(400, '<Response><Errors><Error><Code>InstanceLimitExceeded</Code><Message>x</Message></Error></Errors><RequestID>r2</RequestID></Response>')).toMatchObject({ reason: 'quota.exhausted', requestId: 'r2' })
    expect(read(502, '<html><head><title>502</title></head></html>')).toBeUndefined()
    expect(read(200, '<ListBucketResult><Code>x</Code></ListBucketResult>')).toBeUndefined()
  })
})

describe('Azure', () => {
  const read = readerOf(azure)

  it('of the errors within, the innermost that is known is read', () => {
    const innererror = { code: 'TooManyRequests', innererror: { code: 'somethingNobodyKnows' } }
    expect(read(429, { error: { code: 'Failed', message: 'x', target: 'vm', innererror } })).toMatchObject({ code: 'TooManyRequests', reason: 'rate.limited', details: { target: 'vm', top_code: 'Failed' } })
    const nested = { code: 'passwordError', innererror: { code: 'passwordDoesNotMeetPolicy' } }
    expect(read(400, { error: { code: 'unauthorized', message: 'Previous passwords may not be reused', target: 'password', innererror: nested } })).toMatchObject({ code: 'unauthorized', reason: 'request.invalid' })
  })

  it('details name the parts at fault', () => {
    const details = [{ code: 'nullValue', target: 'phoneNumber', message: 'Phone number must not be null' }, { code: 'malformedValue', target: 'address', message: 'Address is not valid' }]
    expect(read(400, { error: { code: 'badRequest', message: 'Multiple errors', target: 'contactInfo', details } })).toMatchObject({ reason: 'request.invalid', fields: { phoneNumber: ['Phone number must not be null'], address: ['Address is not valid'] } })
  })

  it.each([
    [401, 'ExpiredAuthenticationToken', 'x', 'token.expired', 'refresh'], [403, 'AuthorizationFailed', 'x', 'permission.denied', 'never'], [429, 'SubscriptionRequestsThrottled', 'x', 'rate.limited', 'wait'],
    [409, 'OperationNotAllowed', 'Operation could not be completed as it results in exceeding approved Total Regional Cores quota.', 'quota.exhausted', 'never'], [409, 'OperationNotAllowed', 'The VM is stopped.', 'resource.conflict', 'never'],
    [429, 'RetryableErrorDueToAnotherOperation', 'x', 'resource.conflict', 'backoff'], [409, 'AllocationFailed', 'x', 'capacity.overloaded', 'backoff'], [503, 'ServerBusy', 'x', 'upstream.unavailable', 'backoff'],
  ])('%s %s "%s" is %s', (status, code, message, reason, retry) => {
    expect(read(status, { error: { code, message } }, { 'x-ms-request-id': 'm1' })).toMatchObject({ code, reason, retry, requestId: 'm1' })
  })
})

describe('Cloudflare', () => {
  const read = readerOf(cloudflare)
  const answer = (code: number, message = 'x') => ({ result: null, success: false, errors: [{ code, message }], messages: [] })

  it('10000 is a credential, or a permission: the status tells', () => {
    expect(read(401, answer(10_000, 'Authentication error'))).toMatchObject({ code: 10_000, reason: 'credential.invalid', message: 'Authentication error' })
    expect(read(403, answer(10_000))).toMatchObject({ reason: 'permission.denied' })
  })

  it('429 is a rate, the free neurons of the day, or no capacity', () => {
    expect(read(429, answer(971, 'Please wait and consider throttling your request speed'), { 'retry-after': '240' })).toMatchObject({ reason: 'rate.limited', retry: 'wait', retryAfterSeconds: 240 })
    expect(read(429, answer(3036))).toMatchObject({ reason: 'quota.exhausted', retry: 'never' })
    expect(read(429, answer(3040))).toMatchObject({ reason: 'capacity.overloaded', retry: 'backoff' })
  })

  it('a success is none, and one that says false is none either', () => {
    expect(read(200, { result: {}, success: true, errors: [], messages: [] })).toBeUndefined()
    expect(read(200, answer(7003))).toMatchObject({ code: 7003, reason: 'route.unknown' })
  })

  it('the edge says itself whether and when', () => {
    const edge = readerOf(cloudflareEdge)
    const of = (error_code: number, more: object) => ({ type: 'https://developers.cloudflare.com/x/', title: `Error ${error_code}`, status: 429, detail: 'x', instance: 'a1', error_code, error_name: 'n', error_category: 'c', ray_id: 'a105', timestamp: '2026-06-23T19:34:49Z', zone: 'api.example.com', cloudflare_error: true, owner_action_required: false, ...more })
    expect(edge(429, of(1015, { retryable: true, retry_after: 30 }))).toMatchObject({ code: 1015, reason: 'rate.limited', retry: 'wait', retryAfterSeconds: 30, requestId: 'a105', details: { zone: 'api.example.com' } })
    expect(edge(522, of(522, { status: 522, retryable: true, retry_after: 120 }))).toMatchObject({ reason: 'upstream.failed', retry: 'backoff', retryAfterSeconds: 120 })
    expect(edge(524, of(524, { status: 524, retryable: true, retry_after: 120 }))).toMatchObject({ reason: 'upstream.timeout' })
    expect(edge(403, of(1020, { status: 403, retryable: false }))).toMatchObject({ reason: 'permission.denied', retry: 'never' })
    expect(edge(500, of(1101, { status: 500, retryable: false }))).toMatchObject({ reason: 'upstream.failed', retry: 'never' })
  })
})

describe('Twilio', () => {
  const read = readerOf(twilio)

  it('429 is what runs at once, in all three forms', () => {
    expect(read(429, { code: 20_429, message: 'Too Many Requests', more_info: 'https://www.twilio.com/docs/errors/20429', status: 429 }, { 'twilio-request-id': 'RQ1' })).toMatchObject({ reason: 'concurrency.limited', retry: 'backoff', requestId: 'RQ1' })
    expect(read(429, { type: 'https://www.twilio.com/docs/api/errors/20429', title: 'Too Many Requests', status: 429, code: 20_429, detail: 'Slow down' })).toMatchObject({ reason: 'concurrency.limited', message: 'Slow down' })
    expect(read(429, { errors: [{ code: 20_429, message: 'Too many requests.', infoUrl: 'https://www.twilio.com/docs/api/errors/20429' }] }, { 'retry-after': '3' })).toMatchObject({ reason: 'concurrency.limited', retryAfterSeconds: 3 })
  })

  it('numbers mean what they mean', () => {
    expect(read(401, { code: 20_003, message: 'Authentication Error - No credentials provided', more_info: 'x', status: 401 })).toMatchObject({ code: 20_003, reason: 'credential.invalid' })
    expect(read(401, { code: 20_104, message: 'Access Token expired', status: 401 })).toMatchObject({ reason: 'token.expired', retry: 'refresh' })
    expect(read(404, { code: 20_404, message: 'x', status: 404 })).toMatchObject({ reason: 'resource.not_found' })
    expect(read(400, { code: 21_610, message: 'x', status: 400 })).toMatchObject({ reason: 'content.blocked' })
    expect(read(400, { type: 't', title: 'Invalid', status: 400, code: 20_001, detail: 'x', errors: [{ detail: 'is required', pointer: '#/to' }] })).toMatchObject({ fields: { to: ['is required'] } })
  })
})

describe('HeyGen', () => {
  const read = readerOf(heygen)

  it('a daily limit is no rate', () => {
    expect(read(400, { data: null, error: { code: 400_140, detail: 'Daily rate limit exceeded', message: 'Exceed rate limit' } })).toMatchObject({ reason: 'quota.exhausted', retry: 'never', details: { detail: 'Daily rate limit exceeded' } })
    expect(read(429, { error: { code: 'rate_limit_exceeded', message: 'x' } })).toMatchObject({ reason: 'rate.limited', retry: 'wait' })
    expect(read(402, { error: { code: 'insufficient_credit', message: 'x' } })).toMatchObject({ reason: 'credit.insufficient', retry: 'never' })
    expect(read(404, { error: { code: 'voice_not_found', message: 'x' } })).toMatchObject({ code: 'voice_not_found', reason: 'resource.not_found' })
  })

  it('100 is a success', () => {
    expect(read(200, { code: 100, message: 'Success', data: {} })).toBeUndefined()
    expect(read(200, { code: 0, message: 'ok' })).toBeUndefined()
    expect(read(200, { error: null, data: { video_id: 'v' } })).toBeUndefined()
    expect(read(200, { code: 400_140, message: 'Exceed rate limit', data: null })).toMatchObject({ reason: 'quota.exhausted' })
  })
})
