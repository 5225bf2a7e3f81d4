/** What a client holds to where servers, programs and networks do what nobody expects of them. */
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { problem } from '../catalog/dialects.ts'
import { ApiError } from './api-error.ts'
import { createClient, wrapFetch } from './create-client.ts'
import { toNetworkFailure } from './failure.ts'
import { createJumpingClock, createScriptedFetch, json } from './fixtures/scripted-fetch.ts'
import { receivedOf, stream } from './streams/stream.ts'

const closing: (() => void)[] = []
afterEach(() => closing.splice(0).forEach((close) => close()))

async function serve(answer: (request: string) => string): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = []
  const server = createServer((socket) => {
    socket.on('error', () => {})
    closing.push(() => socket.destroy())
    socket.on('data', (data) => {
      asked.push(String(data).split('\r\n')[0] ?? '')
      socket.write(answer(String(data)))
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  closing.push(() => server.close())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}

it('a POST that was answered by a redirect to where nobody listens is not sent again', async () => {
  const gone = createServer()
  await once(gone.listen(0, '127.0.0.1'), 'listening')
  const { port } = gone.address() as AddressInfo
  gone.close()
  const { url, asked } = await serve(() => `HTTP/1.1 303 X\r\nLocation: http://127.0.0.1:${port}/result\r\nContent-Length: 0\r\n\r\n`)
  const { error } = await createClient({ baseUrl: url, backoff: { baseMs: 1 }, budget: false }).result('/pay', { method: 'POST', body: 'x' })
  expect(asked).toEqual(['POST /pay HTTP/1.1'])
  expect(error).toMatchObject({ reason: 'outcome.unknown' })
})

it('and one that never went out is', async () => {
  const gone = createServer()
  await once(gone.listen(0, '127.0.0.1'), 'listening')
  const { port } = gone.address() as AddressInfo
  gone.close()
  for (const host of ['127.0.0.1', 'localhost']) {
    const { error } = await createClient({ baseUrl: `http://${host}:${port}`, backoff: { baseMs: 1 }, budget: false }).result('/pay', { method: 'POST', body: 'x' })
    expect(error).toMatchObject({ reason: 'network.failed', attempts: { length: 3 } })
  }
})

it('retryAt is a date', () => {
  const error = new ApiError({ reason: 'rate.limited', message: '', source: 'api', retry: 'wait', action: 'wait', retryAtMs: Number.MAX_SAFE_INTEGER })
  expect(() => error.retryAt?.toISOString()).not.toThrow()
})

it('refresh that throws at once', async () => {
  const lost: unknown[] = []
  const hear = (reason: unknown): void => void lost.push(reason)
  process.on('unhandledRejection', hear)
  closing.push(() => process.off('unhandledRejection', hear))
  let asked = 0
  const refresh = () => {
    asked += 1
    throw new Error('no')
  }
  const api = createClient({ baseUrl: 'http://api.test', fetch: async () => json(200, {}), credentials: { refresh } })
  const { error } = await api.result('/x')
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect([error?.reason, asked, lost]).toEqual(['credential.missing', 1, []])
})

it.each([{}, '', { token: 'a\r\nb' }, { token: 5 }, null])('what refresh gives is a token: %j', async (given) => {
  const clock = createJumpingClock()
  const { fetch, sent } = createScriptedFetch(clock, json(200, {}))
  const api = createClient({ baseUrl: 'http://api.test', fetch, clock, credentials: { refresh: async () => given as never } })
  const { error } = await clock.until(api.result('/x'))
  expect(sent.map(({ headers }) => headers.get('authorization'))).toEqual([])
  expect(error?.reason).toBe('credential.missing')
})

it('an expiry that is no number is none', async () => {
  const clock = createJumpingClock()
  const { fetch } = createScriptedFetch(clock, json(200, {}))
  let asked = 0
  const api = createClient({ baseUrl: 'http://api.test', fetch, clock, credentials: { refresh: async () => ({ token: `t${++asked}`, expiresAtMs: Number.NaN }) } })
  for (let n = 0; n < 3; n++) await clock.until(api.result('/x'))
  expect(asked).toBe(1)
})

it('wrapFetch and a status beyond 599', async () => {
  const { url } = await serve(() => 'HTTP/1.1 999 X\r\nContent-Length: 2\r\n\r\n{}')
  const response = await wrapFetch(fetch, { attempts: 1 })(`${url}/x`)
  expect([response.status, response.ok, response.headers.get('x-should-retry'), await response.text()]).toEqual([999, false, 'false', '{}'])
})

it.each([{ idempotencyKey: '' }, { headers: { 'Idempotency-Key': '' } }])('an empty key is none: %j', async (init) => {
  const clock = createJumpingClock()
  const { fetch, sent } = createScriptedFetch(clock, json(500, {}), json(200, {}))
  const api = createClient({ baseUrl: 'http://api.test', fetch, clock, idempotencyHeader: 'Idempotency-Key' })
  await clock.until(api.result('/x', { method: 'POST', ...init }))
  expect(sent.map(({ headers }) => (headers.get('idempotency-key') ?? '').length > 10)).toEqual([true, true])
  const { fetch: other, sent: sentOnce } = createScriptedFetch(clock, json(500, {}))
  await clock.until(createClient({ baseUrl: 'http://api.test', fetch: other, clock }).result('/x', { method: 'POST', idempotencyKey: '' }))
  expect(sentOnce.length).toBe(1)
})

it.each(['1e400', '-5', '0', '99999999999999999999999999', '3155760000', 'Sun, 06 Nov 1994 08:49:37 GMT', 'Sun, 06 Nov 9994 08:49:37 GMT', '2030-01-01T00:00:00Z', 'abc', '', '1,2,3', '0x10', '١٢'])('Retry-After: %s', async (value) => {
  const clock = createJumpingClock()
  const { fetch, sent } = createScriptedFetch(clock, new Response('{}', { status: 429, headers: /^[ -~]*$/.test(value) ? { 'retry-after': value } : {} }))
  const { error } = await clock.until(createClient({ baseUrl: 'http://api.test', fetch, clock, budget: false, contract: problem }).result('/x'))
  expect(error?.retryAfterMs === undefined || (Number.isFinite(error.retryAfterMs) && error.retryAfterMs >= 0)).toBe(true)
  expect(() => error?.retryAt?.toISOString()).not.toThrow()
  expect(sent.length).toBeLessThanOrEqual(3)
})

it('a stream of events that say nothing fills no memory', async () => {
  let sent = 0
  const body = () =>
    new ReadableStream({
      pull(controller) {
        if (sent++ < 50) controller.enqueue(new TextEncoder().encode('data:\n\n'.repeat(1_000)))
        else controller.error(new Error('broken'))
      },
    })
  const api = createClient({ baseUrl: 'http://api.test', fetch: async () => new Response(body(), { headers: { 'content-type': 'text/event-stream' } }), budget: false })
  let caught: unknown
  try {
    for await (const _ of stream(api, '/x')) continue
  } catch (error) {
    caught = error
  }
  expect(receivedOf(caught).length).toBeGreaterThan(0)
  expect(receivedOf(caught).length).toBeLessThan(20_000)
})
const at = (cause: object) => new TypeError('fetch failed', { cause: Object.assign(new Error(), cause) })
it.each([
  ['https://api.test/x', { code: 'ECONNREFUSED', port: 443, address: '1.2.3.4' }, true],
  ['https://api.test/x', { code: 'ECONNREFUSED', port: 80, address: '1.2.3.4' }, false],
  ['https://API.test', { code: 'ENOTFOUND', hostname: 'api.test' }, true],
  ['https://api.test', { code: 'ENOTFOUND', hostname: 'other.test' }, false],
  ['http://[::1]:8080/x?y', { code: 'ECONNREFUSED', port: 8080, address: '::1' }, true],
  ['http://127.0.0.1:8080', { code: 'ECONNREFUSED', port: 8080, address: '::1' }, false],
  ['https://api.test/x', { code: 'UND_ERR_CONNECT_TIMEOUT', message: 'Connect Timeout Error (attempted address: api.test:443, timeout: 10000ms)' }, true],
  ['https://api.test/x', { code: 'UND_ERR_CONNECT_TIMEOUT', message: 'Connect Timeout Error (attempted address: other.test:443, timeout: 10000ms)' }, false],
  ['http://localhost:81/x', { code: 'ECONNREFUSED', errors: [{ port: 81, address: '::1' }, { port: 81, address: '127.0.0.1' }] }, true],
  ['http://localhost:81/x', { code: 'ECONNREFUSED', errors: [{ port: 82, address: '::1' }] }, false],
])('%s and %j', (url, cause, isUndone) => expect(toNetworkFailure(at(cause), url).isUndone).toBe(isUndone))
