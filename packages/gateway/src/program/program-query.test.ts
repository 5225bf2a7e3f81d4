/** Keys, checks and prices in the query and in forms, over sockets: what most APIs have that are asked by GET or by a page. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { request } from 'undici'
import { startGateway } from './program.ts'

interface Answered {
  readonly status: number
  readonly body: { readonly code?: string; readonly field?: string; readonly issue?: string; readonly url?: string; readonly type?: string; readonly bytes?: string }
}

async function start() {
  const service = createServer((incoming, response) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({ url: incoming.url, type: incoming.headers['content-type'], bytes: Buffer.concat(chunks).toString('latin1') }))
    })
  })
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void service.close().closeAllConnections())
  const logged: string[] = []
  const gateway = await startGateway({
    log: { info: (...line) => void logged.push(JSON.stringify(line)), warn: (...line) => void logged.push(JSON.stringify(line)), error: (...line) => void logged.push(JSON.stringify(line)) },
    config: {
      listen: { port: 0 },
      admin: { port: 0, token: 'token-0123456789' },
      store: 'memory',
      upstreams: { service: `http://127.0.0.1:${(service.address() as AddressInfo).port}` },
      apis: {
        maps: {
          mount: '/maps',
          contract: 'problem',
          credentials: { from: [{ query: 'api_key' }], prefix: 'mk_' },
          meters: { credit: { balance: { scale: 2 }, per: 'account' } },
          plans: { basic: {} },
          routes: [
            {
              on: 'GET /search',
              steps: [
                { validate: { query: { type: 'object', additionalProperties: false, required: ['q'], properties: { q: { type: 'string', minLength: 2 }, limit: { type: 'integer', maximum: 50 }, tag: { type: 'array', items: { enum: ['a', 'b'] } } } } } },
                { take: [{ meter: 'credit', price: { amount: '0.01', times: [{ query: 'limit', default: 10 }] } }] },
              ],
            },
            {
              on: 'POST /render',
              steps: [
                { validate: { form: { type: 'object', required: ['title', 'copies'], properties: { title: { type: 'string', maxLength: 9 }, copies: { type: 'integer', minimum: 1 }, picture: { type: 'string' } } } } },
                { take: [{ meter: 'credit', price: { amount: '0.10', times: [{ field: 'copies' }] } }] },
              ],
            },
          ],
        },
      },
    },
  })
  onTestFinished(() => gateway.close())
  const admin = async (method: 'GET' | 'POST', path: string, body?: unknown) => {
    const answer = await request(`${gateway.adminUrl}${path}`, { method, headers: { authorization: 'Bearer token-0123456789', 'content-type': 'application/json' }, ...(body !== undefined && { body: JSON.stringify(body) }) })
    return (await answer.body.json()) as Record<string, unknown>
  }
  await admin('POST', '/v1/accounts', { id: 'acme', api: 'maps', name: 'Acme', plan: 'basic' })
  const { secret } = (await admin('POST', '/v1/accounts/acme/keys', {})) as { secret: string }
  await admin('POST', '/v1/accounts/acme/grants', { amount: '5.00', reason: 'test' })
  const ask = async (path: string, init: { readonly method?: 'POST'; readonly headers?: { readonly [name: string]: string }; readonly body?: string | Buffer } = {}): Promise<Answered> => {
    const { statusCode, body } = await request(`${gateway.url}/maps${path}`, init)
    return { status: statusCode, body: (await body.json()) as Answered['body'] }
  }
  const available = async () => JSON.stringify(await admin('GET', '/v1/accounts/acme/balances'))
  return { secret, ask, admin, logged, available }
}

it('a key in the query lets in and goes no further; the query is checked as its schema says, and paid by', async () => {
  const { secret, ask, admin, logged, available } = await start()
  expect(await ask(`/search?q=rome&api_key=${secret}&limit=20&tag=a&tag=b`)).toMatchObject({ status: 200, body: { url: '/search?q=rome&limit=20&tag=a&tag=b' } })
  expect(await ask(`/search?api_key=${secret}&q=ro%20me`)).toMatchObject({ status: 200, body: { url: '/search?q=ro%20me' } })
  expect(await available()).toContain('4.70')
  const refused = await Promise.all(
    ['', 'q=r', 'q=rome&limit=51', 'q=rome&limit=ten', 'q=rome&tag=c', 'q=a1&q=b1', 'q=rome&zoom=1'].map(async (query) => {
      const { status, body } = await ask(`/search?api_key=${secret}&${query}`)
      return [status, body.code, body.field]
    }),
  )
  expect(refused).toEqual([
    [422, 'field.missing', 'q'], [422, 'field.invalid', 'q'], [422, 'field.invalid', 'limit'], [422, 'field.invalid', 'limit'], [422, 'field.invalid', 'tag.0'], [422, 'field.invalid', 'q'], [422, 'field.invalid', 'zoom'],
  ])
  expect(await ask('/search?q=rome')).toMatchObject({ status: 401, body: { code: 'credential.missing', parameter: 'api_key' } })
  expect(await available()).toContain('4.70')
  expect(logged.join('\n')).not.toContain(secret)
  expect(JSON.stringify(await admin('GET', '/v1/requests?limit=50'))).not.toContain(secret)
})

it('a form is checked and paid by its fields, urlencoded or in parts, and goes on as it came', async () => {
  const { secret, ask, available } = await start()
  const encoded = 'title=a+b&copies=3'
  const post = (type: string, body: string | Buffer) => ask(`/render?api_key=${secret}`, { method: 'POST', headers: { 'content-type': type }, body })
  expect(await post('application/x-www-form-urlencoded', encoded)).toMatchObject({ status: 200, body: { url: '/render', bytes: encoded } })
  const parts = ['--x', 'Content-Disposition: form-data; name="title"', '', 'é', '--x', 'Content-Disposition: form-data; name="copies"', '', '2', '--x', 'Content-Disposition: form-data; name="picture"; filename="a.png"', 'Content-Type: image/png', '', '\u0000\u0001', '--x--', ''].join('\r\n')
  expect(await post('multipart/form-data; boundary=x', Buffer.from(parts))).toMatchObject({ status: 200, body: { bytes: Buffer.from(parts).toString('latin1') } })
  expect(await available()).toContain('4.50')
  const refused = await Promise.all([
    post('application/x-www-form-urlencoded', 'title=a'),
    post('application/x-www-form-urlencoded', 'title=a&copies=0'),
    post('application/x-www-form-urlencoded', 'title=a&copies=1&copies=2'),
    post('multipart/form-data; boundary=x', '--x\r\nContent-Disposition: form-data; name="title"\r\n\r\nbroken off'),
    post('multipart/form-data', parts),
    post('application/json', '{"title":"a","copies":1}'),
  ])
  expect(refused.map(({ status, body }) => [status, body.code, body.field])).toEqual([
    [422, 'field.missing', 'copies'], [422, 'field.invalid', 'copies'], [422, 'field.invalid', 'copies'], [400, 'request.invalid', undefined], [400, 'request.invalid', undefined], [415, 'request.unsupported_media', undefined],
  ])
  expect(await available()).toContain('4.50')
})
