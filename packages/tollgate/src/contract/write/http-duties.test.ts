import { expect, it } from 'vitest'
import { sampleDeclaration } from '../../testing/sample-contract.ts'
import type { ContractDeclaration } from '../declare/declaration.ts'
import { defineContract } from '../declare/define-contract.ts'
import type { Facts } from '../declare/facts.ts'
import type { Reason } from '../declare/reason.ts'
import { toReceivedHeaders } from '../read/received-headers.ts'
import { refuse } from '../declare/refusal.ts'
import type { AnswerContext } from '../declare/wire.ts'

const declaration = sampleDeclaration({
  missing: { code: 'KEY', status: 401, reason: 'credential.missing', message: 'No key.', retry: 'never', action: 'authenticate', description: 'x' },
  scope: {
    code: 'SCOPE', status: 401, reason: 'permission.denied', message: 'No.', retry: 'never', action: 'request_access', description: 'x',
    details: { scope: 'string?' }, headers: { 'WWW-Authenticate': 'Bearer error="insufficient_scope", scope="{scope}"', 'X-Should-Retry': 'false' },
  },
  method: { code: 'METHOD', status: 405, reason: 'method.not_allowed', message: 'No.', retry: 'never', action: 'fix_request', description: 'x' },
  slow: { code: 'SLOW', status: 429, reason: 'rate.limited', message: 'Slow.', retry: 'wait', action: 'wait', description: 'x', details: { retry_after: 'seconds? from retryAfterMs' } },
  down: { code: 'DOWN', status: 503, reason: 'service.maintenance', message: 'Down.', retry: 'backoff', action: 'wait', description: 'x', retryAfterSeconds: 30 },
  bad: { code: 'BAD', status: 502, reason: 'upstream.failed', message: 'Bad.', retry: 'backoff', action: 'wait', description: 'x' },
})
const context: AnswerContext = { requestId: 'req_1', nowMs: 1_000_000 }

function headersOf(reason: Reason, facts: Facts = {}, more: Partial<ContractDeclaration> = {}, about = context): { readonly [name: string]: string } {
  return toReceivedHeaders(defineContract({ ...declaration, ...more }).answer(refuse(reason, facts), about).headers)
}

it('every refusal names its type and its request, and is never cached', () => {
  expect(headersOf('internal')).toEqual({ 'content-type': 'application/json', 'cache-control': 'no-store', 'x-request-id': 'req_1' })
})

it('a 401 carries its challenge, its own where it has one', () => {
  expect(headersOf('credential.missing')['www-authenticate']).toBe('Bearer realm="sample"')
  expect(headersOf('permission.denied', { scope: 'write' })['www-authenticate']).toBe('Bearer error="insufficient_scope", scope="write"')
})

it('a 407 carries its challenge in the header of proxies', () => {
  const proxied = defineContract(sampleDeclaration({ proxy: { code: 'PROXY', status: 407, reason: 'credential.invalid', message: 'No.', description: 'x' } }))
  const headers = toReceivedHeaders(proxied.answer(refuse('credential.invalid'), context).headers)
  expect([headers['proxy-authenticate'], headers['www-authenticate']]).toEqual(['Bearer realm="sample", error="invalid_token"', undefined])
})

it.each([
  ['Bearer realm="a"', 'Bearer realm="a", error="invalid_token"'],
  ['Bearer', 'Bearer error="invalid_token"'],
  ['Bearer realm="a", scope="b c"', 'Bearer realm="a", scope="b c", error="invalid_token"'],
  ['Bearer realm="a", error="invalid_request"', 'Bearer realm="a", error="invalid_request"'],
  ['ApiKey realm="a"', 'ApiKey realm="a"'],
  ['Bearer realm="a", ApiKey realm="b"', 'Bearer realm="a", ApiKey realm="b"'],
  ['ApiKey realm="a", Bearer realm="b"', 'ApiKey realm="a", Bearer realm="b"'],
])('%s says of a credential that does not serve: %s', (authenticate, challenge) => {
  const unauthorized = { status: 401, message: 'No.', description: 'x' } as const
  const contract = defineContract({
    ...sampleDeclaration({
      none: { ...unauthorized, code: 'NONE', reason: 'credential.missing' },
      ...Object.fromEntries((['credential.invalid', 'credential.expired', 'credential.revoked', 'token.expired'] as const).map((reason) => [reason.replace('.', '-'), { ...unauthorized, code: reason, reason }])),
    }),
    authenticate,
  })
  const challengeOf = (reason: Reason) => toReceivedHeaders(contract.answer(refuse(reason), context).headers)['www-authenticate']
  for (const reason of ['credential.invalid', 'credential.expired', 'credential.revoked', 'token.expired'] as const) expect(challengeOf(reason)).toBe(challenge)
  expect(challengeOf('credential.missing')).toBe(authenticate)
})

it('a challenge whose figure is unknown gives way to the one of the contract, for no 401 goes without', () => {
  const headers = headersOf('permission.denied')
  expect(headers['www-authenticate']).toBe('Bearer realm="sample"')
  expect(headers['x-should-retry']).toBe('false')
})

it('any other header whose figure is unknown is left out', () => {
  const { missing } = declaration.entries
  if (missing === undefined) throw new Error('no entry')
  const scoped = sampleDeclaration({ missing: { ...missing, details: { scope: 'string?' }, headers: { 'X-Scope': 'the {scope} one' } } })
  const headers = (facts: Facts) => toReceivedHeaders(defineContract(scoped).answer(refuse('credential.missing', facts), context).headers)
  expect(headers({ scope: 'write' })['x-scope']).toBe('the write one')
  expect(headers({})['x-scope']).toBeUndefined()
})

it('a header of an entry stands in for that of the contract, in whatever case', () => {
  const own = { ...declaration, headers: { 'x-should-retry': 'true' } }
  const { headers } = defineContract(own).answer(refuse('permission.denied'), context)
  expect(headers.filter((name) => name.toLowerCase() === 'x-should-retry')).toEqual(['X-Should-Retry'])
  expect(toReceivedHeaders(headers)['x-should-retry']).toBe('false')
})

it('the id in the header is that of the error', () => {
  const error = { entry: 'bad', code: 'BAD', status: 502, message: 'Bad.', details: {}, requestId: 'req_of_error' }
  const { headers, body } = defineContract(declaration).write(error, context)
  expect(toReceivedHeaders(headers)['x-request-id']).toBe('req_of_error')
  expect(body).toContain('req_of_error')
})

it('an error that was read without a wait is passed on with one where HTTP wants it', () => {
  const contract = defineContract(declaration)
  const wait = (status: number, body: string): string | undefined => {
    const read = contract.read({ status, headers: {}, body })
    return read === undefined ? 'not read' : toReceivedHeaders(contract.write(read, context).headers)['retry-after']
  }
  expect(wait(429, '{"error":{"code":"SLOW","message":"Slow.","details":{}}}')).toBe('60')
  expect(wait(429, '{"error":{"code":"SLOW","message":"Slow.","details":{"retry_after":7}}}')).toBe('7')
  expect(wait(503, '{"error":{"code":"DOWN","message":"Down."}}')).toBe('30')
  expect(wait(502, '{"error":{"code":"BAD","message":"Bad."}}')).toBeUndefined()
})

it('a wait under its wire name is the one of the header too', () => {
  for (const facts of [{ retry_after: 7 }, { retry_after: 7, retryAfterMs: 30_000 }]) {
    const { body, headers } = defineContract(declaration).answer(refuse('rate.limited', facts), context)
    expect(JSON.parse(body)).toMatchObject({ error: { details: { retry_after: 7 } } })
    expect(toReceivedHeaders(headers)['retry-after']).toBe('7')
  }
  const { body, headers } = defineContract(declaration).answer(refuse('rate.limited', { retry_after: 0 }), context)
  expect(JSON.parse(body)).toMatchObject({ error: { details: { retry_after: 1 } } })
  expect(toReceivedHeaders(headers)['retry-after']).toBe('1')
})

it('a 405 carries Allow, if need be an empty one', () => {
  expect(headersOf('method.not_allowed', { allow: ['GET', 'POST'] })['allow']).toBe('GET, POST')
  expect(headersOf('method.not_allowed')['allow']).toBe('')
})

it('a 405 whose methods nobody knows has those of its entry', () => {
  const method = { code: 'METHOD', status: 405, reason: 'method.not_allowed', message: 'No.', description: 'x', headers: { allow: 'GET, POST' } } as const
  const contract = defineContract(sampleDeclaration({ method }))
  const allow = (facts: Facts) => contract.answer(refuse('method.not_allowed', facts), context).headers.filter((_, at, all) => all[at - 1]?.toLowerCase() === 'allow')
  expect([allow({}), allow({ allow: ['PUT'] }), allow({ allow: [] })]).toEqual([['GET, POST'], ['PUT'], ['']])
  expect(toReceivedHeaders(contract.write({ entry: 'method', code: 'METHOD', status: 405, message: 'No.', details: {} }, context).headers)['allow']).toBe('GET, POST')
})

it('a 426 names its protocol, a 416 the length, a 413 a wait, where their entries do', () => {
  const of = (status: number, members: object) => ({ code: 'ODD', status, reason: 'request.invalid', message: 'No.', description: 'x', ...members }) as const
  const headers = (status: number, members: object, facts: Facts = {}) => toReceivedHeaders(defineContract(sampleDeclaration({ odd: of(status, members) })).answer(refuse('request.invalid', facts), context).headers)
  expect(headers(426, { headers: { Upgrade: 'websocket' } })['upgrade']).toBe('websocket')
  expect(headers(416, { details: { size: 'integer?' }, headers: { 'Content-Range': 'bytes */{size}' } }, { size: 47 })['content-range']).toBe('bytes */47')
  expect(headers(413, { retryAfterSeconds: 9 })['retry-after']).toBe('9')
  expect(headers(415, { headers: { 'Accept-Encoding': 'gzip', 'Accept-Patch': 'application/merge-patch+json' } })).toMatchObject({ 'accept-encoding': 'gzip', 'accept-patch': 'application/merge-patch+json' })
})

it('429 and 503 carry Retry-After, others when it is known and of use', () => {
  expect(headersOf('rate.limited', { retryAfterMs: 29_001 })['retry-after']).toBe('30')
  expect(headersOf('rate.limited')['retry-after']).toBe('60')
  expect(headersOf('service.maintenance')['retry-after']).toBe('30')
  expect(headersOf('upstream.failed', { retryAfterMs: 5_000 })['retry-after']).toBe('5')
  expect(headersOf('upstream.failed')['retry-after']).toBeUndefined()
  expect(headersOf('internal', { retryAfterMs: 5_000 })['retry-after']).toBeUndefined()
})

it('body and header tell the same wait, also when it is the default', () => {
  const contract = defineContract(declaration)
  for (const facts of [{}, { retryAfterMs: 29_001 }, { retryAfterMs: Number.NaN }, { resetAtMs: 1_090_500 }]) {
    const { body, headers } = contract.answer(refuse('rate.limited', facts), context)
    expect(String((JSON.parse(body) as { error: { details: { retry_after: number } } }).error.details.retry_after)).toBe(toReceivedHeaders(headers)['retry-after'])
  }
})

it('the duties follow the entry even where the dialect always says 200', () => {
  const contract = defineContract({ ...declaration, alwaysStatus: 200 })
  const answer = contract.answer(refuse('credential.missing'), context)
  expect(answer.status).toBe(200)
  expect(answer.body).toBe(defineContract(declaration).answer(refuse('credential.missing'), context).body)
  expect(toReceivedHeaders(answer.headers)['www-authenticate']).toBeDefined()
})

it('rate headers are whole numbers, in the unit that the dialect uses', () => {
  const rateLimitHeaders = { limit: 'X-RateLimit-Limit', remaining: 'X-RateLimit-Remaining', reset: 'X-RateLimit-Reset' }
  const about = { ...context, limits: [{ name: 'm', limit: 60, remaining: -3, resetAtMs: 1_029_001 }] }
  const unix = { rateLimitHeaders: { ...rateLimitHeaders, resetUnit: 'unix' } } as const
  expect(headersOf('internal', {}, unix, about)).toMatchObject({ 'x-ratelimit-limit': '60', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1030' })
  const contract = defineContract({ ...declaration, rateLimitHeaders: { ...rateLimitHeaders, resetUnit: 'seconds' } })
  expect(contract.rateLimitHeaders(about.limits, about.nowMs)).toEqual(['X-RateLimit-Limit', '60', 'X-RateLimit-Remaining', '0', 'X-RateLimit-Reset', '30'])
  expect(defineContract(declaration).rateLimitHeaders(about.limits, 0)).toEqual([])
})

it('a header of every refusal may hold slots, and is left out where one is empty', () => {
  const own = { headers: { 'X-Error': '{code}; {message}', 'X-Trace': 'id={requestId}', 'X-Left': 'left={details.left}', 'X-Brace': 'a {{b}' } } as const
  const contract = defineContract({ ...sampleDeclaration({ slow: { code: 'SLOW', status: 429, reason: 'rate.limited', message: 'Slow down.', details: { left: 'integer?' }, description: 'x' } }), ...own })
  const written = (facts: Facts) => toReceivedHeaders(contract.answer(refuse('rate.limited', facts), context).headers)
  expect(written({ left: 3 })).toMatchObject({ 'x-error': 'SLOW; Slow down.', 'x-trace': `id=${context.requestId}`, 'x-left': 'left=3', 'x-brace': 'a {b}' })
  expect(written({})).not.toHaveProperty('x-left')
  expect(contract.read({ status: 500, headers: { 'x-error': 'SLOW; Wait, please.', 'x-left': 'left=7' }, body: '{}' })).toMatchObject({ entry: 'slow', message: 'Wait, please.' })
})

it('a header of every refusal may be a slot', () => {
  const headers = headersOf('rate.limited', {}, { headers: { 'X-Error-Code': '$code', 'X-Price': '$$5', 'X-Api': 'v1' } })
  expect(headers).toMatchObject({ 'x-error-code': 'SLOW', 'x-price': '$5', 'x-api': 'v1' })
})

it('no value can begin another header or end a quoted string', () => {
  const evil = 'a"\r\nSet-Cookie: x=1\r\n\r\n\u0000é'
  const { headers } = defineContract(declaration).answer(refuse('permission.denied', { scope: evil }), { ...context, requestId: evil })
  for (const text of headers) expect(text).toMatch(/^[\x20-\x7e]*$/)
  expect(toReceivedHeaders(headers)['www-authenticate']).toBe('Bearer error="insufficient_scope", scope="a\'??Set-Cookie: x=1??????"')
  expect(headersOf('method.not_allowed', { allow: ['GET', 'X\r\nY'] })['allow']).toBe('GET')
  const spoken = sampleDeclaration({ said: { code: 'SAID', status: 400, reason: 'request.invalid', message: ['{issue}', 'No.'], retry: 'never', action: 'fix_request', description: 'x' } })
  const answer = defineContract({ ...spoken, headers: { 'X-Message': '$message' } }).answer(refuse('request.invalid', { issue: evil }), context)
  expect(toReceivedHeaders(answer.headers)['x-message']).toBe('a"??Set-Cookie: x=1??????')
})

it('text says its charset, JSON has none', () => {
  expect(headersOf('internal', {}, { envelope: { error: '$code: $message', contentType: 'text/plain' } })['content-type']).toBe('text/plain; charset=utf-8')
  expect(headersOf('internal', {}, { envelope: { error: '$code: $message', contentType: 'text/plain; Charset=UTF-8' } })['content-type']).toBe('text/plain; Charset=UTF-8')
  expect(headersOf('internal', {}, { envelope: { ...declaration.envelope, contentType: 'text/json' } })['content-type']).toBe('text/json')
  expect(headersOf('internal', {}, { envelope: { ...declaration.envelope, contentType: 'application/problem+json' } })['content-type']).toBe('application/problem+json')
})
