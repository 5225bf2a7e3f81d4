/** The same order twice at NexaLayer: one session, one charge, whatever became of the first. At the end of each test the whole ledger is added up once more. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createWorld } from './nexalayer-world.ts'
import type { Caller, Received, World } from './nexalayer-world.ts'
import { NOON } from './playground-world.ts'

const DAY_MS = 86_400_000
const K1 = { 'idempotency-key': 'k1' }

let world: World
let caller: Caller
beforeEach(async () => {
  world = await createWorld()
  caller = await world.addCaller('100.00')
})
afterEach(() => world.close())

const idOf = ({ body }: Received) => String(body.data?.['session_id'])
const codeOf = ({ status, body }: Received) => `${status} ${body.error?.code ?? 'OK'}`
const sessionsOf = async ({ key }: Caller) => (await world.send('GET', '/sessions', { key })).body.data?.['sessions']

test('a repeat gets the first answer under its own request id, for a day, however far the session has come', async () => {
  const { key } = caller
  const first = await world.buyTraffic(key, {}, K1)
  const repeats = [await world.buyTraffic(key, {}, K1)]
  await world.until(key, idOf(first), 'active')
  repeats.push(await world.buyTraffic(key, {}, K1))
  world.clock.advance(NOON + DAY_MS - 1 - world.clock.wallMs())
  repeats.push(await world.buyTraffic(key, {}, K1))
  for (const repeat of repeats) {
    expect([repeat.status, repeat.body, repeat.headers.get('idempotent-replayed')]).toEqual([201, first.body, 'true'])
    expect(repeat.headers.get('x-request-id')).toBe(first.headers.get('x-request-id'))
  }
  expect(await caller.movements()).toEqual(['hold 15.00 request', 'settle 15.00 price'])

  world.clock.advance(1)
  const anew = await world.buyTraffic(key, {}, K1)
  expect([anew.status, anew.headers.get('idempotent-replayed'), idOf(anew) === idOf(first)]).toEqual([201, null, false])
  expect(await caller.money()).toEqual({ available: '70.00', held: '15.00' })
})

test('the same request is what says the same, in whatever order and spacing', async () => {
  const send = (body: string) => world.send('POST', '/sessions', { key: caller.key, headers: K1, body })
  const first = await send('{"type":"dynamic","config":{"product_no":"DYN-RES-01","traffic_gb":1}}')
  const again = await send('{ "config": { "traffic_gb": 1, "product_no": "DYN-RES-01" }, "type": "dynamic" }')
  expect([again.headers.get('idempotent-replayed'), again.body]).toEqual(['true', first.body])
})

test('another request with the same key is refused, and takes nothing', async () => {
  const first = await world.buyTraffic(caller.key, {}, K1)
  const other = await world.buyTraffic(caller.key, { traffic_gb: 6 }, K1)
  expect([codeOf(other), other.body.error?.details, other.headers.get('retry-after')]).toEqual(['409 IDEMPOTENCY_CONFLICT', { reason: 'payload_mismatch' }, null])
  expect(await caller.movements()).toEqual(['hold 15.00 request'])
  expect((await world.buyTraffic(caller.key, {}, K1)).body).toEqual(first.body)
})

test('a key belongs to one account and one operation', async () => {
  const stranger = await world.addCaller('100.00')
  const mine = await world.buyAddresses(caller.key, {}, K1)
  const theirs = await world.buyAddresses(stranger.key, {}, K1)
  expect([theirs.status, theirs.headers.get('idempotent-replayed'), idOf(mine) === idOf(theirs)]).toEqual([201, null, false])
  await world.until(caller.key, idOf(mine), 'active')
  const renewed = await world.send('POST', `/sessions/${idOf(mine)}/renew`, { key: caller.key, headers: K1, body: { duration_days: 30 } })
  expect([renewed.status, renewed.headers.get('idempotent-replayed')]).toEqual([200, null])
})

test('of many orders at once with one key one is carried out; the others are replayed, or told to come back', async () => {
  const answers = await Promise.all(Array.from({ length: 40 }, () => world.buyTraffic(caller.key, {}, K1)))
  expect(answers.filter(({ status, headers }) => status === 201 && headers.get('idempotent-replayed') === null)).toHaveLength(1)
  for (const answer of answers.filter(({ status }) => status !== 201)) {
    expect([codeOf(answer), answer.body.error?.details, answer.headers.get('retry-after')]).toEqual(['409 IDEMPOTENCY_CONFLICT', { reason: 'in_progress' }, '1'])
  }
  expect(await caller.movements()).toEqual(['hold 15.00 request'])
  expect(await sessionsOf(caller)).toHaveLength(1)
})

test('what failed for sure, or was refused, frees its key', async () => {
  const poor = await world.addCaller('10.00')
  const order = () => world.buyTraffic(poor.key, {}, K1)
  expect([codeOf(await order()), codeOf(await order())]).toEqual(['402 INSUFFICIENT_BALANCE', '402 INSUFFICIENT_BALANCE'])
  await world.send('POST', '/billing/recharge', { key: poor.key, body: { amount: '5.00' } })
  world.clock.advance(2_500)
  await expect.poll(poor.money).toEqual({ available: '15.00', held: '0.00' })
  expect(codeOf(await order())).toBe('201 OK')

  const failing = () => world.buyTraffic(caller.key, { country: 'zz-error' }, K1)
  expect([codeOf(await failing()), codeOf(await failing())]).toEqual(['502 BACKEND_ERROR', '502 BACKEND_ERROR'])
  expect(codeOf(await world.buyTraffic(caller.key, {}, K1))).toBe('201 OK')
})

const silent = () => world.buyTraffic(caller.key, { country: 'zz-timeout' }, K1)

test('an order of unknown outcome keeps its money held until it is known', async () => {
  expect(codeOf(await world.silence(silent()))).toBe('504 BACKEND_TIMEOUT')
  expect(await caller.money()).toEqual({ available: '85.00', held: '15.00' })
  expect(await sessionsOf(caller)).toMatchObject([{ status: 'creating' }])
  await world.whileTimePasses(expect.poll(caller.money).toEqual({ available: '85.00', held: '0.00' }))
  expect(await sessionsOf(caller)).toMatchObject([{ status: 'active' }])
  expect(await caller.movements()).toEqual(['hold 15.00 request', 'settle 15.00 price'])
})

test('asked again while its outcome is unknown, the order goes out once more with the same money, and is charged once', async () => {
  const first = await world.silence(silent())
  expect(codeOf(first)).toBe('504 BACKEND_TIMEOUT')
  const again = await silent()
  // The backend had taken it: nobody has to wait a second time.
  expect([codeOf(again), again.headers.get('idempotent-replayed')]).toEqual(['201 OK', null])
  const third = await silent()
  expect([third.body, third.headers.get('idempotent-replayed')]).toEqual([again.body, 'true'])
  await world.until(caller.key, idOf(again), 'active')
  expect(await sessionsOf(caller)).toHaveLength(1)
  // The hold passes from the first call to the second, in one step.
  expect(await caller.movements()).toEqual(['hold 15.00 request', 'release 15.00 redispatch', 'hold 15.00 redispatch', 'settle 15.00 price'])
})

test('asked again after it was charged, the order is told and not paid twice', async () => {
  await world.silence(silent())
  await world.whileTimePasses(expect.poll(caller.money).toEqual({ available: '85.00', held: '0.00' }))
  await expect.poll(() => sessionsOf(caller)).toMatchObject([{ status: 'active' }])
  const again = await silent()
  expect([codeOf(again), again.body.data]).toMatchObject(['201 OK', { status: 'active', price: '15.00' }])
  expect(await sessionsOf(caller)).toHaveLength(1)
  expect(await caller.movements()).toEqual(['hold 15.00 request', 'settle 15.00 price'])
})

test('while the first is on its way, a second order with its key is told when to come back', async () => {
  const first = silent()
  await expect.poll(caller.movements).toEqual(['hold 15.00 request'])
  const second = await silent()
  expect([codeOf(second), second.body.error?.details, second.headers.get('retry-after')]).toEqual(['409 IDEMPOTENCY_CONFLICT', { reason: 'in_progress' }, '1'])
  expect(codeOf(await world.whileTimePasses(first))).toBe('504 BACKEND_TIMEOUT')
  expect(await caller.movements()).toEqual(['hold 15.00 request'])
})

test('a renewal that is asked for again extends and costs once', async () => {
  const id = idOf(await world.buyAddresses(caller.key))
  await world.until(caller.key, id, 'active')
  const renew = () => world.send('POST', `/sessions/${id}/renew`, { key: caller.key, headers: K1, body: { duration_days: 30 } })
  const first = await renew()
  expect(first.body.data).toMatchObject({ expires_at: '2026-05-09T12:00:02.000Z' })
  const again = await renew()
  expect([again.body, again.headers.get('idempotent-replayed')]).toEqual([first.body, 'true'])
  expect((await world.send('GET', `/sessions/${id}`, { key: caller.key })).body.data).toEqual(first.body.data)
  expect(await caller.money()).toEqual({ available: '94.00', held: '0.00' })
})

test.each([
  ['too long', 'x'.repeat(300), '400 INVALID_REQUEST'],
  ['quoted, as the standard has it', '"k1"', '201 OK'],
])('a key that is %s: %s', async (_, key, code) => {
  expect(codeOf(await world.buyTraffic(caller.key, {}, { 'idempotency-key': key }))).toBe(code)
})
