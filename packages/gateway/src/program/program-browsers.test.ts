/** What browsers and shared caches make of the gateway's answers: the list of origins, over real sockets and in a real browser. */
import { describe, expect, it, onTestFinished } from 'vitest'
import type { FileInput } from '../config/shape/file-shape.ts'
import { putAcme } from '../fixtures/acme.ts'
import { BROWSER_TEST_MS, mayBrowse, openPage } from '../fixtures/browser.ts'
import { createService, type Service } from '../fixtures/paid-program.ts'
import { rawCall } from '../proxy/fixtures/loopback.ts'
import { startGateway } from './program.ts'

const KEY = 'bk_a_key_of_this_test_only'
const PAGE = 'https://app.example.com'

async function start(cors: unknown, more: Record<string, unknown> = {}) {
  const service: Service = await createService()
  const api = {
    contract: 'problem',
    cors,
    credentials: { from: [{ header: 'x-api-key' }], prefix: 'bk_' },
    meters: { minute: { window: '60s', limit: 100, per: 'key' } },
    plans: { free: {} },
    routes: [
      { on: 'GET /v1/things', steps: [{ take: ['minute'] }] },
      { on: 'POST /v1/orders', steps: [{ idempotency: { store: ['2xx', 409] } }] },
      { on: 'GET /v1/free', public: true },
    ],
  }
  const config = {
    listen: { port: 0 },
    admin: { port: 0 },
    calls: { port: 0 },
    store: 'memory',
    upstreams: { service: `http://127.0.0.1:${service.port}` },
    apis: { shop: { mount: '/shop', ...api }, ...more },
  }
  const gateway = await startGateway({ config: config as unknown as FileInput })
  onTestFinished(() => gateway.close())
  await putAcme(gateway.directory, { api: 'shop', key: KEY })

  /** A page at `origin` asks; `path` goes out as it stands. */
  async function ask(on: string, origin?: string, headers: { readonly [name: string]: string } = {}) {
    const [method = '', path = ''] = on.split(' ')
    const lines = Object.entries({ Host: 'a', 'x-api-key': KEY, ...(origin !== undefined && { Origin: origin }), ...headers, Connection: 'close', ...(method === 'POST' && { 'Content-Length': '2' }) })
    const text = await rawCall(gateway.port, `${method} ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${method === 'POST' ? '{}' : ''}`).closed
    const [head = '', body = ''] = text.split('\r\n\r\n', 2)
    const fields = head.split('\r\n').slice(1).map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()] as const)
    const valuesOf = (name: string) => fields.filter(([each]) => each === name).map(([, value]) => value)
    return { status: Number(head.split(' ')[1]), body, valuesOf, valueOf: (name: string) => valuesOf(name).join(' + ') || undefined }
  }
  const preflight = (path: string, origin = PAGE, method = 'GET') => ask(`OPTIONS ${path}`, origin, { 'Access-Control-Request-Method': method, 'Access-Control-Request-Headers': 'x-api-key' })
  return { gateway, service, ask, preflight }
}

describe('an answer of the service', () => {
  it('depends on the origin, beside what the service says that it depends on, whoever asks', async () => {
    const { service, ask } = await start({ origins: [PAGE] })
    service.answerBy((_, response) => response.writeHead(200, { 'Cache-Control': 'public, max-age=60', Vary: ['Accept-Encoding', 'Accept'], 'Access-Control-Expose-Headers': 'X-Total', 'X-Total': '3' }).end('[]'))
    for (const origin of [PAGE, 'https://evil.example', undefined]) {
      const answer = await ask('GET /shop/v1/things', origin)
      expect(answer.valuesOf('vary')).toEqual(['Origin, Accept-Encoding, Accept'])
      expect(answer.valueOf('access-control-allow-origin')).toBe(origin === PAGE ? PAGE : undefined)
    }
    const exposed = (await ask('GET /shop/v1/things', PAGE)).valuesOf('access-control-expose-headers')
    expect(exposed).toEqual([expect.stringMatching(/^Retry-After, .*WWW-Authenticate, Allow, Idempotent-Replayed, X-Total$/)])
  })

  it('does not pass the list by with headers of its own', async () => {
    const { service, ask } = await start({ origins: [PAGE] })
    service.answerBy((_, response) => response.writeHead(200, { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Credentials': 'true', 'ACCESS-CONTROL-ALLOW-METHODS': 'PUT', 'Access-Control-Max-Age': '9' }).end('secret'))
    for (const path of ['/shop/v1/things', '/shop/v1/free']) {
      const stranger = await ask(`GET ${path}`, 'https://evil.example')
      expect(['origin', 'credentials', 'methods'].map((what) => stranger.valueOf(`access-control-allow-${what}`))).toEqual([undefined, undefined, undefined])
      expect((await ask(`GET ${path}`, PAGE)).valuesOf('access-control-allow-origin')).toEqual([PAGE])
    }
  })

  it('of an API without a list is what the service says', async () => {
    const { service, ask } = await start(undefined)
    service.answerBy((_, response) => response.writeHead(200, { 'Access-Control-Allow-Origin': '*', Vary: 'Accept' }).end('{}'))
    const answer = await ask('GET /shop/v1/things', 'https://anybody.example')
    expect([answer.valueOf('access-control-allow-origin'), answer.valueOf('vary')]).toEqual(['*', 'Accept'])
  })

  it('that is given again is for the page that asks now, not for the one that asked first', async () => {
    const other = 'https://other.example.com'
    for (const status of [200, 409]) {
      const { service, ask } = await start({ origins: [PAGE, other] })
      service.answerBy((_, response) => response.writeHead(status, { 'content-type': status === 200 ? 'application/json' : 'application/problem+json', 'Access-Control-Allow-Origin': PAGE, Vary: 'Accept' }).end(`{"status":${status}}`))
      const key = { 'Idempotency-Key': 'k1' }
      expect((await ask('POST /shop/v1/orders', PAGE, key)).valueOf('access-control-allow-origin')).toBe(PAGE)
      const again = await ask('POST /shop/v1/orders', other, key)
      expect([again.valueOf('idempotent-replayed'), again.valuesOf('access-control-allow-origin')]).toEqual(['true', [other]])
      expect(again.valueOf('vary')).toContain('Origin')
      const stranger = await ask('POST /shop/v1/orders', 'https://evil.example', key)
      expect([stranger.valueOf('idempotent-replayed'), stranger.valueOf('access-control-allow-origin')]).toEqual(['true', undefined])
    }
  })
})

describe('a refusal', () => {
  it('can be read by a listed page, wherever it comes from', async () => {
    const { ask } = await start({ origins: [PAGE] })
    for (const [on, status, headers] of [
      ['GET /shop/v1/things', 401, { 'x-api-key': 'wrong' }],
      ['GET /shop/v1/nothing', 404, {}],
      ['PUT /shop/v1/things', 405, {}],
      ['GET /shop/v1%2fthings', 400, {}],
      ['GET //shop/v1/things', 400, {}],
      ['GET /elsewhere', 404, {}],
      ['GET /shop/v1/things', 400, { Expect: 'a miracle' }],
      [`GET /shop/${'x'.repeat(9_000)}`, 413, {}],
    ] as const) {
      const answer = await ask(on, PAGE, headers)
      expect([on.slice(0, 40), answer.status, answer.valueOf('access-control-allow-origin'), answer.valueOf('vary')]).toEqual([on.slice(0, 40), status, PAGE, 'Origin'])
      const stranger = await ask(on, 'https://evil.example', headers)
      expect([stranger.status, stranger.valueOf('access-control-allow-origin'), stranger.valueOf('vary')]).toEqual([status, undefined, 'Origin'])
    }
  })
})

describe('a preflight', () => {
  it.each(['/shop/v1/things', '/shop/v1%2fthings', '/shop/%ff', '/shop/%zz', '/shop//v1', '//shop/v1', '/shop/./v1', '/shop/../v1', '/shop/%2e%2e/v1', '/shop/a;b', '/shop/a%5cb', '/shop/a%00b', '/elsewhere', `/shop/${'x'.repeat(9_000)}`])(
    'to %s is answered, so that the page reads the refusal of what it asks for then',
    async (path) => {
      const { preflight } = await start({ origins: [PAGE] })
      const answer = await preflight(path)
      expect([answer.status, answer.valueOf('access-control-allow-origin'), answer.valueOf('access-control-allow-headers')]).toEqual([204, PAGE, 'x-api-key, idempotency-key, content-type'])
      expect((await preflight(path, 'https://evil.example')).valueOf('access-control-allow-origin')).toBeUndefined()
    },
  )

  it('is answered where several APIs are and none of them is meant', async () => {
    const more = { docs: { mount: '/docs', upstream: 'service', cors: { origins: ['https://docs.example.com'] }, routes: [{ on: 'GET /', public: true }] } }
    const { ask, preflight } = await start({ origins: [PAGE] }, more)
    for (const origin of [PAGE, 'https://docs.example.com']) {
      for (const path of ['/elsewhere', '//shop/v1']) {
        expect((await preflight(path, origin)).valueOf('access-control-allow-origin')).toBe(origin)
        expect((await ask(`GET ${path}`, origin)).valueOf('access-control-allow-origin')).toBe(origin)
      }
    }
    expect((await preflight('/shop/v1/things', 'https://docs.example.com')).valueOf('access-control-allow-origin')).toBeUndefined()
  })
})

describe.skipIf(!mayBrowse)('a page in Chromium', () => {
  it('reads answers, refusals and their headers where it is listed, and nothing of a service that says "*" where it is not', { timeout: BROWSER_TEST_MS }, async () => {
    const page = await openPage()
    const { gateway, service } = await start(
      { origins: [page.origin], exposeHeaders: ['x-total'] },
      { closed: { mount: '/closed', upstream: 'service', contract: 'problem', cors: { origins: [PAGE] }, routes: [{ on: 'GET /', public: true }] } },
    )
    service.answerBy((_, response) => response.writeHead(200, { 'content-type': 'application/json', 'Access-Control-Allow-Origin': '*', 'X-Total': '3', 'X-Hidden': '1' }).end('{"ok":true}'))
    const seen = await page.run(`
      const at = '${gateway.url}'
      const ask = (path, init) => fetch(at + path, init).then(
        async (answer) => ({ status: answer.status, body: await answer.text(), headers: Object.fromEntries(answer.headers) }),
        (error) => String(error),
      )
      const key = { 'x-api-key': '${KEY}' }
      const order = { method: 'POST', headers: { ...key, 'content-type': 'application/json', 'idempotency-key': 'k1' }, body: '{}' }
      return {
        good: await ask('/shop/v1/things', { headers: key }),
        unreadable: await ask('/shop/v1%2Fthings', { headers: key }),
        unknown: await ask('/nowhere', { headers: key }),
        method: await ask('/shop/v1/things', { method: 'DELETE', headers: key }),
        bad: await ask('/shop/v1/things', { headers: { 'x-api-key': 'bk_wrong' } }),
        first: await ask('/shop/v1/orders', order),
        again: await ask('/shop/v1/orders', order),
        closed: await ask('/closed/'),
      }
    `)
    expect(seen).toMatchObject({
      good: { status: 200, body: '{"ok":true}', headers: { 'x-total': '3', 'x-ratelimit-limit': '100' } },
      unreadable: { status: 400, body: expect.stringContaining('encoded slash') },
      unknown: { status: 404 },
      method: { status: 405, headers: { allow: 'GET, HEAD' } },
      bad: { status: 401, headers: { 'www-authenticate': expect.any(String) } },
      first: { status: 200 },
      again: { status: 200, headers: { 'idempotent-replayed': 'true' } },
      closed: 'TypeError: Failed to fetch',
    })
    expect((seen as { good: { headers: object } }).good.headers).not.toHaveProperty('x-hidden')
  })
})
