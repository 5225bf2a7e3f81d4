/** A session's life at NexaLayer, and what it costs at each step. At the end of each test the whole ledger is added up once more. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { atOnce } from '../runs.ts'
import { createWorld } from './nexalayer-world.ts'
import type { Caller, Received, World } from './nexalayer-world.ts'

const DAY_MS = 86_400_000

let world: World
let caller: Caller
beforeEach(async () => {
  world = await createWorld()
  caller = await world.addCaller('100.00')
})
afterEach(() => world.close())

const idOf = ({ body }: Received) => String(body.data?.['session_id'])
const codeOf = ({ status, body }: Received) => `${status} ${body.error?.code ?? 'OK'}`
const get = (path: string, key = caller.key) => world.send('GET', path, { key })
const post = (path: string, body?: unknown, key = caller.key) => world.send('POST', path, { key, body })

test('a static session is created, paid, renewed and terminated, and the balance says what happened', async () => {
  const { key } = caller
  const id = idOf(await world.buyAddresses(key))
  expect(await caller.movements()).toEqual(['hold 3.00 request'])
  expect((await get('/billing/balance')).body.data).toEqual({ available: '97.00', held: '3.00', currency: 'CNY' })

  await world.until(key, id, 'active')
  expect(await caller.movements()).toEqual(['hold 3.00 request', 'settle 3.00 price'])
  expect(await caller.money()).toEqual({ available: '97.00', held: '0.00' })

  const renewed = await post(`/sessions/${id}/renew`, { duration_days: 90 })
  expect(renewed.body.data).toMatchObject({ expires_at: '2026-07-08T12:00:02.000Z' })
  expect((await caller.movements()).slice(2)).toEqual(['hold 9.00 request', 'settle 9.00 price'])
  expect(await caller.money()).toEqual({ available: '88.00', held: '0.00' })

  expect(codeOf(await post(`/sessions/${id}/rotate`, { reason: 'manual' }))).toBe('400 INVALID_REQUEST')
  expect((await post(`/sessions/${id}/terminate`)).body.data).toMatchObject({ status: 'terminated' })
  // What is left of its time is forfeited.
  expect(await caller.money()).toEqual({ available: '88.00', held: '0.00' })
  expect((await caller.movements()).length).toBe(4)
  expect((await get('/sessions')).body.data).toMatchObject({ sessions: [{ session_id: id, status: 'terminated' }] })
})

test('a dynamic session is created, paid, rotated, reported on and terminated, and only its creation costs', async () => {
  const { key } = caller
  const id = idOf(await world.buyTraffic(key))
  expect(await caller.money()).toEqual({ available: '85.00', held: '15.00' })
  await world.until(key, id, 'active')
  expect(await caller.money()).toEqual({ available: '85.00', held: '0.00' })

  expect((await post(`/sessions/${id}/rotate`, { reason: 'http_403' })).body.data).toMatchObject({ new_proxy: { port: 10_001 } })
  const recommendations: unknown[] = []
  for (const event_type of ['success', 'captcha', 'block', 'timeout', 'rate_limit']) {
    recommendations.push((await post(`/sessions/${id}/report-event`, { event_type, traffic_mb: 100 })).body.data?.['recommendation'])
  }
  expect(recommendations).toEqual(['ok', 'consider_rotate', 'consider_rotate', 'rotate_now', 'pause'])
  expect((await get(`/sessions/${id}`)).body.data).toMatchObject({ health: 'degraded', usage: { used_mb: 500 } })
  expect(codeOf(await post(`/sessions/${id}/renew`, { duration_days: 30 }))).toBe('400 INVALID_REQUEST')
  expect((await world.send('DELETE', `/sessions/${id}`, { key })).body.data).toMatchObject({ status: 'terminated' })
  expect(await caller.movements()).toEqual(['hold 15.00 request', 'settle 15.00 price'])
})

test('a session that is terminated before it is there costs nothing, however long one waits', async () => {
  const id = idOf(await world.buyAddresses(caller.key))
  await post(`/sessions/${id}/terminate`)
  expect(await caller.money()).toEqual({ available: '100.00', held: '0.00' })
  await world.whileTimePasses(expect.poll(() => world.clock.wallMs()).toBeGreaterThan(Date.parse('2026-03-10T12:00:10Z')))
  expect((await get(`/sessions/${id}`)).body.data).toMatchObject({ status: 'terminated' })
  expect(await caller.money()).toEqual({ available: '100.00', held: '0.00' })
})

test('terminating twice is terminating once, whichever way', async () => {
  const id = idOf(await world.buyTraffic(caller.key))
  await world.until(caller.key, id, 'active')
  const first = await post(`/sessions/${id}/terminate`)
  const again = [await post(`/sessions/${id}/terminate`), await world.send('DELETE', `/sessions/${id}`, { key: caller.key })]
  for (const answer of again) expect([answer.status, answer.body.data]).toEqual([200, first.body.data])
})

test('a backend that fails after the 201 fails the session, and releases money, place and stock', async () => {
  const { key } = await world.addCaller('100.00', { limits: { sessions: 1 } })
  const first = await world.buyAddresses(key, { product_no: 'STA-ISP-01', quantity: 15, country: 'zz-late' })
  expect(first.body.data).toMatchObject({ status: 'creating', price: '67.50' })
  expect(codeOf(await world.buyAddresses(key))).toBe('429 SESSION_LIMIT_REACHED')
  expect(codeOf(await world.buyAddresses(caller.key, { product_no: 'STA-ISP-01', quantity: 15 }))).toBe('409 PRODUCT_OUT_OF_STOCK')

  const failed = await world.until(key, idOf(first), 'failed')
  expect(failed.body.data).toMatchObject({ failure: 'not_allocated', ip_list: [] })
  await expect.poll(async () => (await get('/billing/balance', key)).body.data).toMatchObject({ available: '100.00', held: '0.00' })
  expect(codeOf(await post(`/sessions/${idOf(first)}/renew`, { duration_days: 30 }, key))).toBe('410 SESSION_EXPIRED')
  expect((await world.buyAddresses(key)).status).toBe(201)
  expect((await world.buyAddresses(caller.key, { product_no: 'STA-ISP-01', quantity: 15 })).status).toBe(201)
})

test.each(['zz-error', 'zz-garbage', 'zz-refused'])('a backend that fails at once (%s) leaves nothing behind', async (country) => {
  expect(codeOf(await world.buyTraffic(caller.key, { country }))).toBe('502 BACKEND_ERROR')
  expect(await caller.movements()).toEqual(['hold 15.00 request', 'release 15.00 refused: upstream.failed'])
  expect((await get('/sessions')).body.data).toEqual({ sessions: [] })
})

test('an error of our own is said to be ours, is in the log under the request id, and costs nothing', async () => {
  const answer = await world.buyTraffic(caller.key, { product_no: 'DYN-SAT-01' })
  expect(codeOf(answer)).toBe('500 INTERNAL_ERROR')
  expect(await caller.money()).toEqual({ available: '100.00', held: '0.00' })
  expect(world.logged.filter((line) => line.includes('orbit') && line.includes(answer.body.meta.request_id))).toHaveLength(1)
})

test('a session ends at its time, to the millisecond; its owner is told when, anybody else nothing', async () => {
  const stranger = await world.addCaller('1.00')
  const id = idOf(await world.buyAddresses(caller.key))
  const { body } = await world.until(caller.key, id, 'active')
  const expiresAt = String(body.data?.['expires_at'])
  world.clock.advance(Date.parse(expiresAt) - world.clock.wallMs() - 1)
  expect((await get(`/sessions/${id}`)).body.data).toMatchObject({ status: 'active' })
  world.clock.advance(1)
  for (const answer of [await get(`/sessions/${id}`), await post(`/sessions/${id}/renew`, { duration_days: 30 }), await post(`/sessions/${id}/terminate`)]) {
    expect([codeOf(answer), answer.body.error?.details]).toEqual(['410 SESSION_EXPIRED', { session_id: id, expired_at: expiresAt.replace('.000', ''), status: 'expired' }])
  }
  expect(codeOf(await get(`/sessions/${id}`, stranger.key))).toBe('404 SESSION_NOT_FOUND')
  expect((await get('/sessions')).body.data).toMatchObject({ sessions: [{ session_id: id, status: 'expired' }] })
  // Long after its bookkeeping has been swept, too.
  world.clock.advance(5 * DAY_MS)
  expect(codeOf(await get(`/sessions/${id}`))).toBe('410 SESSION_EXPIRED')
})

test('to another account a session is as if there were none, whatever it asks', async () => {
  const stranger = await world.addCaller('100.00')
  const id = idOf(await world.buyAddresses(caller.key))
  await world.until(caller.key, id, 'active')
  const asked = [
    await get(`/sessions/${id}`, stranger.key),
    await world.send('DELETE', `/sessions/${id}`, { key: stranger.key }),
    await post(`/sessions/${id}/terminate`, undefined, stranger.key),
    await post(`/sessions/${id}/renew`, { duration_days: 30 }, stranger.key),
    await post(`/sessions/${id}/rotate`, { reason: 'manual' }, stranger.key),
    await post(`/sessions/${id}/report-event`, { event_type: 'success' }, stranger.key),
  ]
  for (const answer of asked) expect([codeOf(answer), answer.body.error?.details]).toEqual(['404 SESSION_NOT_FOUND', { session_id: id }])
  expect(await stranger.movements()).toEqual([])
  expect((await get('/sessions', stranger.key)).body.data).toEqual({ sessions: [] })
  expect((await get(`/sessions/${id}`)).body.data).toMatchObject({ status: 'active' })
})

test('a session limit counts what is created or active, and Retry-After says when the next one ends by itself', async () => {
  const { key } = await world.addCaller('100.00', { plan: 'standard' })
  const [first] = [await world.buyTraffic(key, { traffic_gb: 1 }), await world.buyTraffic(key, { traffic_gb: 1 }), await world.buyTraffic(key, { traffic_gb: 1 })]
  const early = await world.buyTraffic(key, { traffic_gb: 1 })
  expect([codeOf(early), early.headers.get('retry-after'), early.body.error?.details]).toEqual(['429 SESSION_LIMIT_REACHED', '60', { limit: 3, active: 3 }])
  await world.until(key, idOf(first), 'active')
  const later = await world.buyTraffic(key, { traffic_gb: 1 })
  expect(codeOf(later)).toBe('429 SESSION_LIMIT_REACHED')
  // It became active a moment ago, however long that was.
  const endsInMs = Number(later.headers.get('retry-after')) * 1_000
  expect(endsInMs).toBeLessThanOrEqual(30 * DAY_MS)
  expect(endsInMs).toBeGreaterThan(29 * DAY_MS)
  await post(`/sessions/${idOf(first)}/terminate`, undefined, key)
  expect((await world.buyTraffic(key, { traffic_gb: 1 })).status).toBe(201)
})

test('stock is shared by all accounts, and free again when a session ends', async () => {
  const other = await world.addCaller('100.00')
  const buy = (key: string, quantity: number) => world.buyAddresses(key, { product_no: 'STA-ISP-01', quantity })
  const first = await buy(caller.key, 12)
  const refused = await buy(other.key, 9)
  expect([codeOf(refused), refused.body.error?.details]).toEqual(['409 PRODUCT_OUT_OF_STOCK', { product_no: 'STA-ISP-01', available: 8, requested: 9 }])
  expect((await buy(other.key, 8)).status).toBe(201)
  await post(`/sessions/${idOf(first)}/terminate`)
  expect((await buy(other.key, 12)).status).toBe(201)
  expect(await other.money()).toEqual({ available: '10.00', held: '90.00' })
})

test('a renewal that cannot be paid changes nothing', async () => {
  const { key, money } = await world.addCaller('5.00')
  const id = idOf(await world.buyAddresses(key))
  const { body } = await world.until(key, id, 'active')
  const refused = await post(`/sessions/${id}/renew`, { duration_days: 30 }, key)
  expect([codeOf(refused), refused.body.error]).toEqual([
    '402 INSUFFICIENT_BALANCE',
    { code: 'INSUFFICIENT_BALANCE', message: 'Insufficient balance. Current balance: 2.00; required: 3.00', details: { current_balance: 2, required_amount: 3 } },
  ])
  expect(await money()).toEqual({ available: '2.00', held: '0.00' })
  expect((await get(`/sessions/${id}`, key)).body.data).toEqual(body.data)
})

test('of a stage that refuses nothing is taken: no place, no stock, no money', async () => {
  const poor = await world.addCaller('5.00', { limits: { sessions: 1 } })
  expect(codeOf(await world.buyAddresses(poor.key, { product_no: 'STA-ISP-01', quantity: 20 }))).toBe('402 INSUFFICIENT_BALANCE')
  expect(await poor.movements()).toEqual([])
  expect((await world.buyAddresses(caller.key, { product_no: 'STA-ISP-01', quantity: 20 })).status).toBe(201)
  expect((await world.buyTraffic(poor.key, { traffic_gb: 1 })).status).toBe(201)
})

test('a recharge is paid in its own time, once, and can be spent', async () => {
  const { key, money, movements } = await world.addCaller('1.00')
  expect(codeOf(await world.buyAddresses(key))).toBe('402 INSUFFICIENT_BALANCE')
  const id = String((await post('/billing/recharge', { amount: '50' }, key)).body.data?.['recharge_id'])
  expect((await get(`/billing/recharge/${id}`, key)).body.data).toMatchObject({ status: 'pending', amount: '50.00' })
  world.clock.advance(2_500)
  await expect.poll(async () => (await get(`/billing/recharge/${id}`, key)).body.data).toMatchObject({ status: 'paid' })
  expect([await money(), await movements()]).toEqual([{ available: '51.00', held: '0.00' }, ['grant 50.00 recharge']])
  expect((await get('/billing/balance', key)).body.data).toEqual({ available: '51.00', held: '0.00', currency: 'CNY' })
  expect((await world.buyAddresses(key)).status).toBe(201)
  expect(codeOf(await get(`/billing/recharge/${id}`))).toBe('404 INVALID_REQUEST')
})

test.each(['0.99', '10000.01', '5,00', '-5.00', '1e3', 50, null])('a recharge of %j is refused', async (amount) => {
  const answer = await post('/billing/recharge', { amount })
  expect([codeOf(answer), answer.body.error?.details]).toMatchObject(['400 INVALID_REQUEST', { field: 'amount' }])
})

test(`of ${atOnce} orders at once exactly those are accepted that can be paid for`, async () => {
  const { key, money } = await world.addCaller('5.00', { limits: { requests: 2_000 } })
  const answers: string[] = []
  const lane = async () => {
    for (let sent = 0; sent < atOnce / 200; sent += 1) answers.push(codeOf(await world.buyTraffic(key, { product_no: 'DYN-DC-01', traffic_gb: 1 })))
  }
  await Promise.all(Array.from({ length: 200 }, lane))
  expect([answers.filter((code) => code === '201 OK').length, answers.filter((code) => code === '402 INSUFFICIENT_BALANCE').length]).toEqual([50, atOnce - 50])
  expect(await money()).toEqual({ available: '0.00', held: '5.00' })
  const listed = (await get('/sessions', key)).body.data?.['sessions'] as { session_id: string }[]
  expect(listed).toHaveLength(50)
  await world.whileTimePasses(expect.poll(money).toEqual({ available: '0.00', held: '0.00' }))
  // A session is active when its service has heard that it is paid for, a moment after it is.
  const sessions = async (): Promise<unknown> => (await get('/sessions', key)).body.data?.['sessions']
  await expect.poll(sessions, { timeout: 30_000 }).toEqual(listed.map((each) => expect.objectContaining({ session_id: each.session_id, status: 'active', price: '0.10' })))
})
