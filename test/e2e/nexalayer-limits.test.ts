/** How often NexaLayer may be called, what its headers say about it, and in which order it checks. */
import { request } from 'node:http'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createWorld } from './nexalayer-world.ts'
import type { Received, World } from './nexalayer-world.ts'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.close())

const codeOf = ({ status, body }: Received) => `${status} ${body.error?.code ?? 'OK'}`
const products = (key?: string) => world.send('GET', '/products', { key })
/** `remaining of limit until reset`, in seconds from noon. */
const rateOf = ({ headers }: Received) =>
  `${headers.get('x-ratelimit-remaining')} of ${headers.get('x-ratelimit-limit')} until ${Number(headers.get('x-ratelimit-reset')) - Date.parse('2026-03-10T12:00:00Z') / 1000}`

test('a window is a minute by the clock: it is whole again when the next one begins, and Retry-After says when', async () => {
  world.clock.advance(20_500)
  const { key } = await world.addCaller('1.00', { limits: { requests: 2 } })
  expect([rateOf(await products(key)), rateOf(await products(key))]).toEqual(['1 of 2 until 60', '0 of 2 until 60'])
  const refused = await products(key)
  expect([codeOf(refused), rateOf(refused), refused.headers.get('retry-after'), refused.body.error?.details]).toEqual([
    '429 RATE_LIMIT_EXCEEDED', '0 of 2 until 60', '40', { limit: 2, window_seconds: 60, retry_after: 40 },
  ])
  world.clock.advance(39_499)
  expect((await products(key)).headers.get('retry-after')).toBe('1')
  world.clock.advance(1)
  expect(rateOf(await products(key))).toBe('1 of 2 until 120')
})

test('each key has a window of its own, for all it asks', async () => {
  const caller = await world.addCaller('1.00', { limits: { requests: 2 } })
  const sister = await caller.addKey()
  await products(caller.key)
  await world.send('GET', '/account', { key: caller.key })
  expect(codeOf(await world.send('GET', '/billing/balance', { key: caller.key }))).toBe('429 RATE_LIMIT_EXCEEDED')
  expect(rateOf(await products(sister))).toBe('1 of 2 until 60')
})

test.each([['standard', 60], ['enterprise', 1_200]])('the plan %s has %d requests a minute', async (plan, limit) => {
  const { key } = await world.addCaller('1.00', { plan })
  expect(rateOf(await products(key))).toBe(`${limit - 1} of ${limit} until 60`)
})

test('strangers have a window by their address, and those who are known are not bothered by it', async () => {
  const { key } = await world.addCaller('1.00')
  for (let asked = 0; asked < 120; asked += 1) expect((await world.send('POST', '/auth/token', { body: { api_key: 'ak_guess', api_secret: 'as_guess' } })).status).toBe(401)
  const refused = await world.send('POST', '/auth/token', { body: { api_key: 'ak_guess', api_secret: 'as_guess' } })
  expect([codeOf(refused), refused.headers.get('retry-after')]).toEqual(['429 RATE_LIMIT_EXCEEDED', '60'])
  expect(codeOf(await products())).toBe('429 RATE_LIMIT_EXCEEDED')
  expect(codeOf(await products(key))).toBe('200 OK')
})

// `send` looks for the three headers and the request id in header and body on each answer that it gets.
test('every response tells the limit, what remains of it and when it is whole again', async () => {
  const { key } = await world.addCaller('0.01')
  const answers = [
    await products(key),
    await products(),
    await products('ak_unknown_key_of_nobody'),
    await world.send('GET', '/nothing', { key }),
    await world.send('GET', '/nothing'),
    await world.send('DELETE', '/products', { key }),
    await world.send('DELETE', '/products'),
    await world.send('GET', '//products', { key }),
    await world.send('GET', '/sessions/a%2fb', { key }),
    await world.send('GET', '/sessions/%zz', { key }),
    await world.send('POST', '/sessions', { key, body: '{' }),
    await world.send('POST', '/sessions', { key, body: 'x'.repeat(70_000) }),
    await world.send('POST', '/sessions', { key, body: '{}', headers: { 'content-type': 'text/plain' } }),
    await world.send('POST', '/auth/token', { body: '{' }),
    await world.buyTraffic(key),
    await world.buyTraffic(key, { product_no: 'DYN-SAT-01' }),
  ]
  expect(answers.map(codeOf)).toEqual([
    '200 OK', '401 AUTH_INVALID_KEY', '401 AUTH_INVALID_KEY', '404 INVALID_REQUEST', '404 INVALID_REQUEST', '405 INVALID_REQUEST', '405 INVALID_REQUEST', '400 INVALID_REQUEST',
    '400 INVALID_REQUEST', '400 INVALID_REQUEST', '400 INVALID_REQUEST', '400 INVALID_REQUEST', '400 INVALID_REQUEST', '400 INVALID_REQUEST', '402 INSUFFICIENT_BALANCE', '402 INSUFFICIENT_BALANCE',
  ])
})

test('HEAD is answered like GET, without the body', async () => {
  const { key } = await world.addCaller('1.00')
  const answer = await fetch(`${world.playground.url}/nexalayer/v1/products`, { method: 'HEAD', headers: { 'x-api-key': key } })
  expect([answer.status, answer.headers.get('x-ratelimit-remaining'), await answer.text()]).toEqual([200, '1199', ''])
})

test('a path that climbs is refused with the headers too', async () => {
  const { port } = new URL(world.playground.url)
  // fetch would tidy the path up.
  const answer = await new Promise<{ status: number | undefined; limit: unknown; body: string }>((resolve, reject) => {
    request({ port, path: '/nexalayer/v1/../v1/products' }, async (response) => {
      let body = ''
      for await (const chunk of response) body += String(chunk)
      resolve({ status: response.statusCode, limit: response.headers['x-ratelimit-limit'], body })
    })
      .on('error', reject)
      .end()
  })
  expect(answer).toEqual({ status: 400, limit: '120', body: expect.stringContaining('"code":"INVALID_REQUEST"') })
})

test('checks come in this order: path, key, account, scope, window, idempotency, request, product, sessions, stock, balance, work', async () => {
  const callers = {
    account: await world.addCaller('1.00', { status: 'disabled', limits: { requests: 0 } }),
    window: await world.addCaller('1.00', { limits: { requests: 0 } }),
    sessions: await world.addCaller('1.00', { limits: { sessions: 0 } }),
    rest: await world.addCaller('1.00'),
    rich: await world.addCaller('100.00'),
  }
  const readOnly = await callers.window.addKey({ scopes: ['read'] })
  const dear = { product_no: 'STA-ISP-01', quantity: 50, country: 'zz-error' }
  const bad = { ...dear, country: 7 }
  expect(codeOf(await world.send('POST', '/session', { body: bad }))).toBe('404 INVALID_REQUEST')
  expect(codeOf(await world.send('POST', '/sessions', { body: bad }))).toBe('401 AUTH_INVALID_KEY')
  expect(codeOf(await world.buyAddresses(callers.account.key, bad))).toBe('403 ACCOUNT_DISABLED')
  expect(codeOf(await world.buyAddresses(readOnly, bad))).toBe('403 AUTH_INSUFFICIENT_PERMISSION')
  expect(codeOf(await world.buyAddresses(callers.window.key, bad))).toBe('429 RATE_LIMIT_EXCEEDED')
  const keyed = { 'idempotency-key': 'k' }
  expect(codeOf(await world.buyTraffic(callers.rich.key, {}, keyed))).toBe('201 OK')
  expect(codeOf(await world.buyAddresses(callers.rich.key, bad, keyed))).toBe('409 IDEMPOTENCY_CONFLICT')
  expect(codeOf(await world.buyAddresses(callers.sessions.key, { ...bad, product_no: 'NONE' }))).toBe('400 INVALID_REQUEST')
  expect(codeOf(await world.buyAddresses(callers.sessions.key, { ...dear, product_no: 'NONE' }))).toBe('404 PRODUCT_NOT_FOUND')
  expect(codeOf(await world.buyAddresses(callers.sessions.key, dear))).toBe('429 SESSION_LIMIT_REACHED')
  expect(codeOf(await world.buyAddresses(callers.rest.key, dear))).toBe('409 PRODUCT_OUT_OF_STOCK')
  expect(codeOf(await world.buyAddresses(callers.rest.key, { ...dear, quantity: 20 }))).toBe('402 INSUFFICIENT_BALANCE')
  expect(codeOf(await world.buyAddresses(callers.rich.key, { ...dear, quantity: 1 }))).toBe('502 BACKEND_ERROR')
})

test('the page shows what the sample accounts have and may', async () => {
  const answer = await fetch(`${world.playground.url}/playground/accounts/nexalayer`)
  const { accounts } = (await answer.json()) as { accounts: { id: string; meters: { name: string; available?: string; limit?: number }[] }[] }
  const metersOf = (id: string) => accounts.find((account) => account.id === id)?.meters ?? []
  expect(metersOf('nexa_fifty_left')).toContainEqual({ name: 'credit', kind: 'balance', available: '50.00', held: '0.00' })
  expect(metersOf('nexa_one_session')).toContainEqual({ name: 'sessions', kind: 'lease', used: 0, limit: 1 })
})
