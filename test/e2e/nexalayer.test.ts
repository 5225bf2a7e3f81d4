/**
 * Every answer of the NexaLayer page, provoked by its real cause over real sockets. The requests are the playground's own recipes; what they must be
 * answered is written out here once more, from the page, so that contract and recipes cannot agree on something wrong.
 */
import { apis, testNameOf } from '@tollgate/example-playground'
import { afterEach, expect, test } from 'vitest'
import { createWorld } from './nexalayer-world.ts'
import type { World } from './nexalayer-world.ts'

interface Expected {
  readonly status: number
  readonly headers: { readonly [name: string]: unknown }
  readonly data: unknown
  readonly error: unknown
  /** What the other calls are answered. */
  readonly before?: readonly number[]
}

/** So many calls of this kind in the minute that begins at noon. */
function limits(limit: number, used = 1) {
  const reset = String(Date.parse('2026-03-10T12:01:00Z') / 1000)
  return { 'x-ratelimit-limit': String(limit), 'x-ratelimit-remaining': String(limit - used), 'x-ratelimit-reset': reset }
}

const [enterprise, standard, address] = [limits(1_200), limits(60), limits(120)]
const absent = { 'retry-after': null, 'www-authenticate': null, allow: null, 'idempotent-replayed': null }

function refusal(status: number, code: string, message: string, details: object, rate: object = enterprise, headers: Expected['headers'] = {}): Expected {
  return { status, headers: { ...absent, 'content-type': 'application/json', 'cache-control': 'no-store', ...rate, ...headers }, data: null, error: { code, message, details } }
}

function success(data: unknown, rate: object = enterprise, status = 200, headers: Expected['headers'] = {}): Expected {
  return { status, headers: { ...absent, 'content-type': 'application/json; charset=utf-8', ...rate, ...headers }, data, error: null }
}

/** The gateway's own. */
function handled(data: unknown, rate: object): Expected {
  return success(data, rate, 200, { 'content-type': 'application/json', 'cache-control': 'no-store' })
}

const after = (before: readonly number[], expected: Expected): Expected => ({ ...expected, before })

const sessionId = expect.stringMatching(/^ses_[\da-f]{24}$/) as unknown
const noon = '2026-03-10T12:00:00.000Z'
const readyAt = '2026-03-10T12:00:02.000Z'
const password = expect.stringMatching(/^[\da-f]{16}$/) as unknown

const dynamic = {
  session_id: sessionId,
  type: 'dynamic',
  status: 'creating',
  product_no: 'DYN-RES-01',
  price: '15.00',
  created_at: noon,
  expires_at: null,
  ended_at: null,
  failure: null,
  location: { country: 'DE', city: null },
  proxy: null as unknown,
  rotation: { mode: 'on_demand', interval_seconds: null },
  health: 'ok',
  usage: { traffic_gb: 5, used_mb: 0 },
}
const fixed = {
  session_id: sessionId,
  type: 'static',
  status: 'creating',
  product_no: 'STA-DC-01',
  price: '3.00',
  created_at: noon,
  expires_at: null,
  ended_at: null,
  failure: null,
  location: { country: 'US', city: null },
  quantity: 2,
  duration_days: 30,
  ip_list: [] as unknown[],
}

/** `turn`: how often it was rotated. */
function proxy(turn: number) {
  return {
    host: 'de.gate.nexalayer.example',
    port: 10_000 + turn,
    username: expect.stringMatching(new RegExp(`^[\\da-f]{8}-${turn}$`)) as unknown,
    password,
    protocol: 'http',
    full_url: expect.stringMatching(new RegExp(`^http://[\\da-f]{8}-${turn}:[\\da-f]{16}@de\\.gate\\.nexalayer\\.example:${10_000 + turn}$`)) as unknown,
  }
}
const address0 = { port: 8080, username: expect.stringMatching(/^[\da-f]{8}-0$/) as unknown, password }
const token = { token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/) as unknown, expires_in: 3_600 }

const invalidKey = (rate: object) => refusal(401, 'AUTH_INVALID_KEY', 'Invalid API Key', {}, rate, { 'www-authenticate': 'ApiKey realm="nexalayer", Bearer realm="nexalayer"' })
const known = limits(1_200, 0)
const expiredToken = refusal(401, 'AUTH_EXPIRED_TOKEN', 'JWT expired', { expired_at: '2026-03-10T11:00:00Z' }, address, {
  'www-authenticate': 'Bearer realm="nexalayer", error="invalid_token"',
})
const forbidden = (details: object, rate: object) => refusal(403, 'AUTH_INSUFFICIENT_PERMISSION', 'Permission denied', details, rate)
const disabled = refusal(403, 'ACCOUNT_DISABLED', 'Account disabled', {}, limits(60, 0))
const noSession = (session_id: unknown, rate: object) => refusal(404, 'SESSION_NOT_FOUND', 'Session missing', { session_id }, rate)
const noProduct = (product_no: string) => refusal(404, 'PRODUCT_NOT_FOUND', 'Product invalid', { product_no })
const invalid = (details: object, rate: object = enterprise) => refusal(400, 'INVALID_REQUEST', 'Bad parameters', details, rate)
const conflict = (reason: string, used: number, headers: Expected['headers'] = {}) =>
  refusal(409, 'IDEMPOTENCY_CONFLICT', 'Duplicate idempotency key', { reason }, limits(1_200, used), headers)
const backendError = refusal(502, 'BACKEND_ERROR', 'Backend failure', {})

const expected: { readonly [recipe: string]: Expected } = {
  products: success({
    products: [
      { product_no: 'DYN-RES-01', name: 'Residential, rotating', type: 'dynamic', price: '3.00', per: 'GB', durations_days: [30] },
      { product_no: 'DYN-MOB-01', name: 'Mobile, rotating', type: 'dynamic', price: '8.00', per: 'GB', durations_days: [30] },
      { product_no: 'DYN-DC-01', name: 'Data centre, rotating', type: 'dynamic', price: '0.10', per: 'GB', durations_days: [30] },
      { product_no: 'DYN-SAT-01', name: 'Satellite, rotating', type: 'dynamic', price: '12.00', per: 'orbit', durations_days: [30] },
      { product_no: 'STA-ISP-01', name: 'Internet provider, fixed', type: 'static', price: '0.15', per: 'IP-day', durations_days: [30, 90] },
      { product_no: 'STA-DC-01', name: 'Data centre, fixed', type: 'static', price: '0.05', per: 'IP-day', durations_days: [30, 90] },
    ],
  }),
  'create-dynamic': success(dynamic, enterprise, 201),
  'create-static': success(fixed, enterprise, 201),
  replayed: after([201], success(dynamic, limits(1_200, 2), 201, { 'idempotent-replayed': 'true' })),
  active: after([201], success({ ...dynamic, status: 'active', expires_at: '2026-04-09T12:00:02.000Z', proxy: proxy(0) }, limits(1_200, 2))),
  failed: after([201], success({ ...dynamic, status: 'failed', ended_at: readyAt, failure: 'not_allocated', location: { country: 'ZZ-LATE', city: null } }, limits(1_200, 2))),
  renew: after(
    [201],
    success(
      { ...fixed, status: 'active', expires_at: '2026-05-09T12:00:02.000Z', ip_list: [{ ip: '203.0.113.1', ...address0 }, { ip: '203.0.113.2', ...address0 }] },
      limits(1_200, 2),
    ),
  ),
  rotate: after([201], success({ session_id: sessionId, reason: 'captcha', new_proxy: proxy(1) }, limits(1_200, 2))),
  terminate: after([201], success({ ...fixed, status: 'terminated', ended_at: noon }, limits(1_200, 2))),
  balance: success({ available: '50.00', held: '0.00', currency: 'CNY' }, standard),
  recharge: after([201], success({ recharge_id: expect.stringMatching(/^rch_[\da-f]{16}$/), amount: '100.00', status: 'paid', created_at: noon, currency: 'CNY' }, limits(1_200, 2))),
  token: handled(token, address),
  'token-used': after(
    [200],
    success({
      account_id: 'nexa_crawlers',
      user_id: null,
      key_id: 'nexa_key_tokens',
      plan: 'enterprise',
      scopes: ['read', 'write'],
      balance: { available: '1000000.00', held: '0.00' },
    }),
  ),
  'token-refreshed': after([200], handled(token, enterprise)),
  'secret-rotated': handled({ api_secret: expect.stringMatching(/^as_[\dA-Za-z]{38}$/), previous_valid_until: '2026-03-11T12:00:00Z' }, standard),
  'missing-key': invalidKey(address),
  'unknown-key': invalidKey(address),
  'revoked-key': invalidKey(known),
  'disabled-key': invalidKey(known),
  'expired-key': invalidKey(known),
  'malformed-token': invalidKey(address),
  'unsigned-token': invalidKey(address),
  'wrong-secret': invalidKey(address),
  'expired-token': expiredToken,
  'refreshed-too-late': expiredToken,
  'read-only-key': forbidden({ required_scope: 'write' }, known),
  'not-in-plan': forbidden({}, limits(60, 0)),
  'rate-limit': after(
    [200, 200, 429, 429],
    refusal(429, 'RATE_LIMIT_EXCEEDED', 'Too many requests', { limit: 2, window_seconds: 60, retry_after: 60 }, limits(2, 2), { 'retry-after': '60' }),
  ),
  'disabled-account': disabled,
  'suspended-account': disabled,
  'beyond-balance': refusal(402, 'INSUFFICIENT_BALANCE', 'Insufficient balance. Current balance: 50.00; required: 100.00', { current_balance: 50, required_amount: 100 }, standard),
  'unknown-session': noSession('ses_000000000000000000000000', enterprise),
  'foreign-session': after([201], noSession(sessionId, standard)),
  'used-up-session': after([201, 200], refusal(410, 'SESSION_EXPIRED', 'Session expired', { session_id: sessionId, expired_at: '2026-03-10T12:00:04.000Z' }, limits(1_200, 3))),
  'terminated-session': after([201, 200], refusal(410, 'SESSION_EXPIRED', 'Session expired', { session_id: sessionId, status: 'terminated' }, limits(1_200, 3))),
  'session-limit': after([201], refusal(429, 'SESSION_LIMIT_REACHED', 'Session limit', { limit: 1, active: 1 }, limits(60, 2), { 'retry-after': '60' })),
  'unknown-product': noProduct('DYN-MARS-01'),
  'retired-product': noProduct('STA-RES-01'),
  'out-of-stock': refusal(409, 'PRODUCT_OUT_OF_STOCK', 'Out of stock', { product_no: 'STA-ISP-01', available: 20, requested: 50 }),
  'malformed-json': invalid({ issue: 'the body is not valid JSON' }),
  'missing-field': invalid({ field: 'config.traffic_gb', issue: 'is required' }),
  'foreign-field': invalid({ field: 'config.quantity', issue: 'is not allowed' }),
  'other-kind': invalid({ field: 'config.product_no', issue: 'is a static product' }),
  'timed-without-interval': invalid({ field: 'config.rotation.interval_seconds', issue: 'must be a whole number from 10 to 86400 when mode is timed' }),
  'renew-dynamic': after([201], invalid({ issue: 'only a static session can be renewed; create a new one' }, limits(1_200, 2))),
  'rotate-static': after([201], invalid({ issue: 'only a dynamic session can be rotated; a static one keeps its addresses' }, limits(1_200, 2))),
  'still-creating': after([201], invalid({ issue: 'the session is still being created' }, limits(1_200, 2))),
  'unknown-path': refusal(404, 'INVALID_REQUEST', 'Not found', { issue: 'there is no /nexalayer/v1/proxies' }, known),
  'unknown-recharge': refusal(404, 'INVALID_REQUEST', 'Not found', { issue: 'there is no such recharge' }),
  'wrong-method': refusal(405, 'INVALID_REQUEST', 'Method not allowed', { issue: 'POST is not allowed here' }, known, { allow: 'GET, HEAD' }),
  'other-payload': after([201], conflict('payload_mismatch', 2)),
  'still-running': after([504], conflict('in_progress', 2, { 'retry-after': '1', 'x-ratelimit-remaining': expect.stringMatching(/^119[89]$/) })),
  'backend-fails': backendError,
  'backend-nonsense': backendError,
  'backend-refuses': backendError,
  'backend-silent': refusal(504, 'BACKEND_TIMEOUT', 'Backend timeout', {}),
  'mistyped-product': refusal(500, 'INTERNAL_ERROR', 'Internal error', {}),
}

let world: World | undefined
afterEach(async () => {
  await world?.close()
  world = undefined
})

// A fresh world for each, so that every figure is exact.
for (const recipe of apis.nexalayer.recipes) {
  test(testNameOf(apis.nexalayer, recipe), async () => {
    world = await createWorld()
    const { before, meant } = await world.run(recipe.id)

    const wanted = expected[recipe.id]
    const headers = Object.fromEntries(Object.keys(wanted?.headers ?? {}).map((name) => [name, meant.headers.get(name)]))
    const { success: succeeded, data, error, meta } = meant.body
    expect({ before: before.toSorted(), status: meant.status, headers, data, error }).toEqual({ before: [], ...wanted, ...(wanted?.before && { before: wanted.before.toSorted() }) })
    // Nothing else is in it, and the id is the header's.
    expect(meant.body).toEqual({ success: wanted?.error === null, data, error, meta })
    expect([succeeded, meta]).toEqual([meant.status < 400, { request_id: meant.headers.get('x-request-id') }])
  })
}

test('each recipe has an expected answer, and each expected answer a recipe', () => {
  expect(Object.keys(expected).toSorted()).toEqual(apis.nexalayer.recipes.map(({ id }) => id).toSorted())
})

test('the page’s sixteen codes are all among them', () => {
  const codes = Object.values(expected).flatMap(({ error }) => (error === null ? [] : [(error as { code: string }).code]))
  expect([...new Set(codes)].toSorted()).toEqual([
    'ACCOUNT_DISABLED', 'AUTH_EXPIRED_TOKEN', 'AUTH_INSUFFICIENT_PERMISSION', 'AUTH_INVALID_KEY', 'BACKEND_ERROR', 'BACKEND_TIMEOUT', 'IDEMPOTENCY_CONFLICT', 'INSUFFICIENT_BALANCE',
    'INTERNAL_ERROR', 'INVALID_REQUEST', 'PRODUCT_NOT_FOUND', 'PRODUCT_OUT_OF_STOCK', 'RATE_LIMIT_EXCEEDED', 'SESSION_EXPIRED', 'SESSION_LIMIT_REACHED', 'SESSION_NOT_FOUND',
  ])
})
