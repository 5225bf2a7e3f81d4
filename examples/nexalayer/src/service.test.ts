import { createConnection } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createWorld, dynamicBody, startMs, staticBody } from '../test/world.ts'
import type { World } from '../test/world.ts'
import { createNexalayerService } from './service.ts'

const DAY_MS = 86_400_000
let world: World
let credits: unknown[]

beforeEach(async () => {
  credits = []
  world = await createWorld({ credit: async (credit) => void credits.push(credit) })
})
afterEach(() => world.close())

const call = (token: string) => ({ 'tollgate-call': world.gateway.call(token) })
const told = () => world.gateway.told.map(({ path, body }) => [path, body])

test('a dynamic session is answered as creating, charged later, and then has a proxy', async () => {
  const answer = await world.send('POST', '/v1/sessions', dynamicBody(), call('tok'))
  expect([answer.status, answer.headers.get('tollgate-price')]).toEqual([201, 'later'])
  expect(answer.body).toEqual({
    success: true,
    data: {
      session_id: expect.stringMatching(/^ses_[\da-f]{24}$/),
      type: 'dynamic',
      status: 'creating',
      product_no: 'DYN-RES-01',
      price: '15.00',
      created_at: '2026-11-21T12:00:00.000Z',
      expires_at: null,
      ended_at: null,
      failure: null,
      location: { country: 'DE', city: null },
      proxy: null,
      rotation: { mode: 'on_demand', interval_seconds: null },
      health: 'ok',
      usage: { traffic_gb: 5, used_mb: 0 },
    },
    error: null,
    meta: { request_id: 'req_1' },
  })
  const id = answer.body.data?.session_id ?? ''
  await world.until(id, 'active')
  const { body } = await world.send('GET', `/v1/sessions/${id}`)
  expect(body).toMatchObject({ data: { proxy: { host: 'de.gate.nexalayer.example', protocol: 'http', full_url: expect.stringMatching(/^http:\/\/\S+:\S+@de\.gate\.nexalayer\.example:10000$/) } } })
  expect(told()).toEqual([
    ['tok/lease', { id, expiresAt: null }],
    ['tok/renew', { lease: id, expiresAt: body.data?.['expires_at'] }],
    ['tok/charge', { amount: '15.00' }],
  ])
})

test('a static session has as many addresses as were bought, for as long, at quantity times days', async () => {
  const id = await world.buy(staticBody(), call('tok'))
  const { body } = await world.send('GET', `/v1/sessions/${id}`)
  expect(body).toMatchObject({ data: { price: '9.00', quantity: 2, duration_days: 30, ip_list: [{ ip: '203.0.113.1' }, { ip: '203.0.113.2' }] } })
  expect(told().at(-1)).toEqual(['tok/charge', { amount: '9.00' }])
})

test('the same idempotency key leads to the same session, which is charged once', async () => {
  const headers = { ...call('tok'), 'idempotency-key': 'k1' }
  const first = await world.send('POST', '/v1/sessions', dynamicBody(), headers)
  const id = first.body.data?.session_id ?? ''
  const again = await world.send('POST', '/v1/sessions', dynamicBody(), headers)
  expect([again.body.data?.session_id, again.headers.get('tollgate-price')]).toEqual([id, 'later'])
  await world.until(id, 'active')
  const settled = await world.send('POST', '/v1/sessions', dynamicBody(), { ...call('other'), 'idempotency-key': 'k1' })
  expect([settled.status, settled.body.data?.session_id, settled.headers.get('tollgate-price')]).toEqual([201, id, '0.00'])
  expect(told().filter(([path]) => path === 'tok/charge' || path === 'other/charge')).toHaveLength(1)
  const foreign = await world.send('POST', '/v1/sessions', dynamicBody(), { 'idempotency-key': 'k1', 'tollgate-account': 'acc_2' })
  expect(foreign.body.data?.session_id).not.toBe(id)
})

test.each(['zz-error', 'zz-garbage', 'zz-refused'])('a backend that fails (%s) is a definite failure, and the key may try again', async (country) => {
  const headers = { ...call('tok'), 'idempotency-key': 'k1' }
  const answer = await world.send('POST', '/v1/sessions', dynamicBody({ country }), headers)
  expect([answer.status, answer.headers.get('content-type'), answer.headers.get('tollgate-price')]).toEqual([502, 'application/problem+json', null])
  expect(answer.body).toEqual({ status: 502, entry: 'backendError' })
  expect(world.errors).toEqual([{ error: expect.any(String), where: 'req_1' }])
  expect(told()).toEqual([])
  expect((await world.send('POST', '/v1/sessions', dynamicBody(), headers)).status).toBe(201)
  // Only a session that has come about is listed: the gateway knows no other.
  expect((await world.send('GET', '/v1/sessions')).body.data?.sessions).toMatchObject([{ status: 'creating' }])
})

test('a backend that does not answer is a 504 that keeps the hold, and the session is charged when the order is found', async () => {
  const headers = { ...call('tok'), 'idempotency-key': 'k1' }
  const pending = world.send('POST', '/v1/sessions', dynamicBody({ country: 'zz-timeout' }), headers)
  await expect.poll(() => world.clock.pending(), { interval: 2 }).toBe(1)
  world.clock.advance(10_000)
  const answer = await pending
  expect([answer.status, answer.headers.get('tollgate-price'), answer.body]).toEqual([504, 'later', { status: 504, entry: 'backendTimeout' }])

  const id = (await world.send('GET', '/v1/sessions')).body.data?.sessions?.[0]?.session_id ?? ''
  await world.until(id, 'active')
  expect(told().at(-1)).toEqual(['tok/charge', { amount: '15.00' }])
  expect((await world.send('POST', '/v1/sessions', dynamicBody({ country: 'zz-timeout' }), headers)).body.data?.session_id).toBe(id)
})

test('a session that fails after its 201 says so, and gives the lease and the hold back', async () => {
  const { body } = await world.send('POST', '/v1/sessions', dynamicBody({ country: 'zz-late' }), call('tok'))
  const id = body.data?.session_id ?? ''
  await world.until(id, 'failed')
  expect((await world.send('GET', `/v1/sessions/${id}`)).body).toMatchObject({ data: { status: 'failed', failure: 'not_allocated', proxy: null } })
  await expect.poll(told).toEqual([
    ['tok/lease', { id, expiresAt: null }],
    ['tok/release', { lease: id }],
    ['tok/release', {}],
  ])
  expect((await world.send('POST', `/v1/sessions/${id}/rotate`, { reason: 'manual' })).body).toEqual({ status: 410, entry: 'sessionExpired', session_id: id, state: 'failed' })
})

test.each(['NOPE', 'STA-RES-01', '__proto__'])('the product %s, unknown or retired, is a productNotFound', async (product_no) => {
  const answer = await world.send('POST', '/v1/sessions', staticBody({ product_no }))
  expect(answer.body).toEqual({ status: 404, entry: 'productNotFound', product_no })
})

test('a product of the other kind is an invalid request', async () => {
  const answer = await world.send('POST', '/v1/sessions', dynamicBody({ product_no: 'STA-DC-01' }))
  expect(answer.body).toEqual({ status: 400, entry: 'invalidRequest', field: 'config.product_no', issue: 'is a static product' })
})

test('a product whose unit was mistyped is an error of our own, with the request id in the log', async () => {
  const answer = await world.send('POST', '/v1/sessions', dynamicBody({ product_no: 'DYN-SAT-01' }))
  expect([answer.status, answer.body]).toEqual([500, { status: 500, entry: 'internalError' }])
  expect(world.errors).toEqual([{ error: new RangeError('the product DYN-SAT-01 is dynamic and priced per "orbit"; write GB for dynamic ones, IP-day for static ones'), where: 'req_1' }])
})

test('a renewal extends the session and its lease, at the price it was bought at, once for each key', async () => {
  const id = await world.buy(staticBody())
  const before = (await world.send('GET', `/v1/sessions/${id}`)).body.data?.['expires_at']
  const renew = (key: string) => world.send('POST', `/v1/sessions/${id}/renew`, { duration_days: 90 }, { ...call('ren'), 'idempotency-key': key })
  const [first, again] = [await renew('r1'), await renew('r1')]
  const after = new Date(Date.parse(String(before)) + 90 * DAY_MS).toISOString()
  expect([first.status, first.headers.get('tollgate-price'), first.body.data?.['expires_at']]).toEqual([200, '27.00', after])
  expect([again.headers.get('tollgate-price'), again.body.data?.['expires_at']]).toEqual(['27.00', after])
  expect(told()).toEqual([['ren/renew', { lease: id, expiresAt: after }]])
  await Promise.all([renew('r2'), renew('r3')])
  expect((await world.send('GET', `/v1/sessions/${id}`)).body.data?.['expires_at']).toBe(new Date(Date.parse(after) + 180 * DAY_MS).toISOString())
})

test('a renewal whose lease the gateway does not know extends nothing and costs nothing', async () => {
  const id = await world.buy(staticBody())
  const { body } = await world.send('GET', `/v1/sessions/${id}`)
  world.gateway.statuses.set('renew', 404)
  const answer = await world.send('POST', `/v1/sessions/${id}/renew`, { duration_days: 30 }, call('ren'))
  expect([answer.status, answer.headers.get('tollgate-price')]).toEqual([500, null])
  expect((await world.send('GET', `/v1/sessions/${id}`)).body).toEqual(body)
})

test('a rotation leads to another proxy of the same session', async () => {
  const id = await world.buy(dynamicBody())
  const { body } = await world.send('POST', `/v1/sessions/${id}/rotate`, { reason: 'captcha' })
  expect(body).toMatchObject({ data: { session_id: id, new_proxy: { port: 10_001 } } })
  expect((await world.send('GET', `/v1/sessions/${id}`)).body).toMatchObject({ data: { proxy: { port: 10_001 } } })
})

test('what the other kind of session does not have is an invalid request', async () => {
  const [dynamic, fixed] = [await world.buy(dynamicBody()), await world.buy(staticBody())]
  expect((await world.send('POST', `/v1/sessions/${dynamic}/renew`, { duration_days: 30 })).body).toEqual({
    status: 400,
    entry: 'invalidRequest',
    issue: 'only a static session can be renewed; create a new one',
  })
  expect((await world.send('POST', `/v1/sessions/${fixed}/rotate`, { reason: 'manual' })).body).toMatchObject({ entry: 'invalidRequest' })
})

test.each([
  ['POST', '/terminate'],
  ['DELETE', ''],
])('%s %s ends the lease and is idempotent; the session still shows, and cannot be changed', async (method, path) => {
  const id = await world.buy(dynamicBody())
  const answers = [await world.send(method, `/v1/sessions/${id}${path}`, undefined, call('end')), await world.send(method, `/v1/sessions/${id}${path}`, undefined, call('end'))]
  expect(answers.map(({ status, body }) => [status, body.data?.status])).toEqual([
    [200, 'terminated'],
    [200, 'terminated'],
  ])
  expect(told()).toEqual([['end/release', { lease: id }]])
  expect((await world.send('GET', `/v1/sessions/${id}`)).body.data).toMatchObject({ status: 'terminated', proxy: null })
  const refused = { status: 410, entry: 'sessionExpired', session_id: id, state: 'terminated' }
  expect((await world.send('POST', `/v1/sessions/${id}/rotate`, { reason: 'manual' })).body).toEqual(refused)
  expect((await world.send('POST', `/v1/sessions/${id}/report-event`, { event_type: 'success' })).body).toEqual(refused)
})

test('a session that is terminated while it is being created is not charged', async () => {
  const { body } = await world.send('POST', '/v1/sessions', dynamicBody(), call('tok'))
  const id = body.data?.session_id ?? ''
  expect((await world.send('POST', `/v1/sessions/${id}/rotate`, { reason: 'manual' })).body).toMatchObject({ entry: 'invalidRequest', issue: 'the session is still being created' })
  await world.send('DELETE', `/v1/sessions/${id}`, undefined, call('end'))
  expect(told().slice(1)).toEqual([
    ['end/release', { lease: id }],
    ['tok/release', {}],
  ])
  world.clock.advance(60_000)
  await expect.poll(() => world.clock.pending()).toBe(0)
  expect(told()).toHaveLength(3)
})

test('when the gateway cannot be reached, terminating fails and may be repeated', async () => {
  const id = await world.buy(dynamicBody())
  world.gateway.statuses.set('release', 0)
  expect((await world.send('DELETE', `/v1/sessions/${id}`, undefined, call('end'))).status).toBe(500)
  expect((await world.send('GET', `/v1/sessions/${id}`)).body.data?.status).toBe('active')
  world.gateway.statuses.clear()
  expect((await world.send('DELETE', `/v1/sessions/${id}`, undefined, call('end'))).body.data?.status).toBe('terminated')
})

test('a session whose time is over is gone, for reading too, and the list still shows it', async () => {
  const id = await world.buy(staticBody())
  const expired_at = (await world.send('GET', `/v1/sessions/${id}`)).body.data?.['expires_at']
  world.clock.advance(30 * DAY_MS)
  const gone = { status: 410, entry: 'sessionExpired', session_id: id, expired_at }
  expect((await world.send('GET', `/v1/sessions/${id}`)).body).toEqual(gone)
  expect((await world.send('POST', `/v1/sessions/${id}/renew`, { duration_days: 30 })).body).toEqual(gone)
  expect((await world.send('DELETE', `/v1/sessions/${id}`)).body).toEqual(gone)
  expect((await world.send('GET', '/v1/sessions')).body).toMatchObject({ data: { sessions: [{ session_id: id, status: 'expired', ip_list: [] }] } })
})

test('a dynamic session is gone when its traffic is used up, and its lease is ended', async () => {
  const id = await world.buy(dynamicBody({ traffic_gb: 1 }))
  const report = (traffic_mb: number) => world.send('POST', `/v1/sessions/${id}/report-event`, { event_type: 'success', traffic_mb }, call('rep'))
  expect((await report(1023)).body.data).toEqual({ recommendation: 'ok' })
  expect(told()).toEqual([])
  await report(1)
  expect(told()).toEqual([['rep/release', { lease: id }]])
  expect((await world.send('GET', `/v1/sessions/${id}`)).body).toMatchObject({ entry: 'sessionExpired', expired_at: new Date(world.clock.wallMs()).toISOString() })
})

test('traffic is counted once the gateway knows that it is used up: an event that it could not hear is reported again', async () => {
  const id = await world.buy(dynamicBody({ traffic_gb: 1 }))
  const report = () => world.send('POST', `/v1/sessions/${id}/report-event`, { event_type: 'success', traffic_mb: 1_024 }, call('rep'))
  world.gateway.statuses.set('release', 0)
  expect((await report()).status).toBe(500)
  expect((await world.send('GET', `/v1/sessions/${id}`)).body.data).toMatchObject({ status: 'active', usage: { used_mb: 0 } })
  world.gateway.statuses.delete('release')
  expect((await report()).status).toBe(200)
  expect(world.gateway.told.at(-1)).toEqual({ path: 'rep/release', body: { lease: id } })
})

test('failures that are reported degrade the health, and a rotation restores it', async () => {
  const id = await world.buy(dynamicBody())
  const report = async () => (await world.send('POST', `/v1/sessions/${id}/report-event`, { event_type: 'block' })).body.data?.['recommendation']
  expect([await report(), await report(), await report()]).toEqual(['consider_rotate', 'consider_rotate', 'rotate_now'])
  const health = async () => (await world.send('GET', `/v1/sessions/${id}`)).body.data?.['health']
  expect(await health()).toBe('degraded')
  await world.send('POST', `/v1/sessions/${id}/rotate`, { reason: 'block' })
  expect(await health()).toBe('ok')
})

test.each([
  ['GET', ''],
  ['DELETE', ''],
  ['POST', '/terminate'],
  ['POST', '/renew'],
  ['POST', '/rotate'],
  ['POST', '/report-event'],
])('%s on a session%s of another account is as if there were none', async (method, path) => {
  const id = await world.buy(dynamicBody())
  const answer = await world.send(method, `/v1/sessions/${id}${path}`, undefined, { 'tollgate-account': 'acc_2' })
  expect(answer.body).toEqual({ status: 404, entry: 'sessionNotFound', session_id: id })
})

test('the account, its balance and the products are told as they are', async () => {
  const headers = {
    'tollgate-plan': 'pro',
    'tollgate-key': 'key_1',
    'tollgate-scopes': 'sessions:read sessions:write',
    'tollgate-usage': '{"balance":{"available":"12.50","held":"1.00","scale":2}}',
  }
  expect((await world.send('GET', '/v1/billing/balance', undefined, headers)).body.data).toEqual({ available: '12.50', held: '1.00', currency: 'CNY' })
  expect((await world.send('GET', '/v1/billing/balance')).body.data).toEqual({ available: null, held: null, currency: 'CNY' })
  expect((await world.send('GET', '/v1/account', undefined, headers)).body.data).toMatchObject({ account_id: 'acc_1', key_id: 'key_1', plan: 'pro', scopes: ['sessions:read', 'sessions:write'] })
  const products = (await world.send('GET', '/v1/products')).body.data?.products
  expect(products?.map(({ product_no }) => product_no)).toEqual(['DYN-RES-01', 'DYN-MOB-01', 'DYN-DC-01', 'DYN-SAT-01', 'STA-ISP-01', 'STA-DC-01'])
  // How many there are in all is the gateway's to know: it says nothing of what is left.
  expect(products?.[0]).toEqual({ product_no: 'DYN-RES-01', name: 'Residential, rotating', type: 'dynamic', price: '3.00', per: 'GB', durations_days: [30] })
})

test('a recharge is paid in its own time and credited to the account that asked for it', async () => {
  const { status, body } = await world.send('POST', '/v1/billing/recharge', { amount: '50' })
  expect([status, body.data]).toMatchObject([201, { amount: '50.00', status: 'pending', created_at: new Date(startMs).toISOString() }])
  const path = `/v1/billing/recharge/${String(body.data?.['recharge_id'])}`
  world.clock.advance(2_500)
  await expect.poll(async () => (await world.send('GET', path)).body.data?.status).toBe('paid')
  expect(credits).toEqual([{ rechargeId: body.data?.['recharge_id'], account: 'acc_1', amount: '50.00' }])
  expect((await world.send('GET', path, undefined, { 'tollgate-account': 'acc_2' })).body).toMatchObject({ status: 404, entry: 'notFound' })
  expect((await world.send('POST', '/v1/billing/recharge', { amount: '0.99' })).body).toMatchObject({ entry: 'invalidRequest', field: 'amount' })
})

test.each([
  ['GET', '/v1/nothing', 404, null],
  ['GET', '/v1/sessions/..%2f', 404, null],
  ['PUT', '/v1/sessions', 405, 'POST, GET'],
  ['GET', '/v1/sessions/ses_1/renew', 405, 'POST'],
])('%s %s is a bare %d', async (method, path, status, allow) => {
  const answer = await world.send(method, path)
  expect([answer.status, answer.headers.get('allow'), answer.body]).toEqual([status, allow, {}])
})

test('HEAD is answered like GET, without the body', async () => {
  const [head, get] = await Promise.all(['HEAD', 'GET'].map((method) => fetch(`${world.url}/v1/products`, { method, headers: { 'tollgate-request-id': 'req_1' } })))
  expect([head?.status, head?.headers.get('content-length'), await head?.text()]).toEqual([200, get?.headers.get('content-length'), ''])
})

test('a body beyond 64 KiB is refused without being kept', async () => {
  expect((await world.send('POST', '/v1/sessions', 'x'.repeat(70_000))).status).toBe(413)
})

test('a call address that is not on loopback is never called', async () => {
  const answer = await world.send('POST', '/v1/sessions', dynamicBody(), { 'tollgate-call': 'http://203.0.113.9/calls/tok' })
  expect([answer.status, world.errors.length]).toEqual([500, 1])
})

test('a caller who hangs up in the middle of the body leaves the service as it was', async () => {
  const socket = createConnection(Number(new URL(world.url).port), '127.0.0.1')
  await new Promise((resolve) => {
    socket.write('POST /v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"typ', resolve)
  })
  socket.destroy()
  expect((await world.send('GET', '/v1/products')).status).toBe(200)
  expect(world.errors).toEqual([])
})

test('alone, without a gateway, it sells to whoever asks', async () => {
  const answer = await fetch(`${world.url}/v1/sessions`, { method: 'POST', body: JSON.stringify(staticBody()) })
  expect([answer.status, await answer.json()]).toMatchObject([201, { data: { status: 'creating' }, meta: { request_id: expect.stringMatching(/^req_[\da-f]{32}$/) } }])
})

test('a stopped service leaves no timer behind', async () => {
  await world.send('POST', '/v1/sessions', dynamicBody())
  await world.send('POST', '/v1/billing/recharge', { amount: '50.00' })
  expect(world.clock.pending()).toBe(2)
  await world.close()
  expect(world.clock.pending()).toBe(0)
  world = await createWorld()
})

test('a busy port rejects instead of crashing', async () => {
  await expect(createNexalayerService().listen(Number(new URL(world.url).port))).rejects.toThrow('EADDRINUSE')
})
