/** Paths that the service reads otherwise than the gateway: one with the habits of Express, which takes case and a final slash for nothing. */
import { request as ask } from 'node:http'
import { text } from 'node:stream/consumers'
import { expect, it, onTestFinished } from 'vitest'
import { applyOne } from 'tollgate/stores'
import type { FileInput } from '../config/shape/file-shape.ts'
import { putAcme } from '../fixtures/acme.ts'
import { createService } from '../fixtures/paid-program.ts'
import { startGateway } from './program.ts'

type Api = FileInput['apis'][string]

/** `GET /a?b` → `/a?b` */
const targetOf = (on: string): string => on.slice(on.indexOf(' ') + 1)

async function world(routes: Api['routes'], changes: Partial<Api> = {}) {
  const service = await createService()
  service.answerBy(({ on }, response) => {
    const url = targetOf(on)
    const path = url.split('?', 1)[0]?.toLowerCase().replace(/\/$/, '')
    response.end(path === '/v1/files/export' ? 'the export' : `the file ${url}`)
  })
  const gateway = await startGateway({
    config: {
      listen: { port: 0 },
      admin: { port: 0, token: 'token-0123456789' },
      calls: { port: 0 },
      store: 'memory',
      upstreams: { files: `http://127.0.0.1:${service.port}` },
      apis: {
        files: {
          mount: '/',
          credentials: { from: [{ header: 'x-api-key' }], prefix: 'fk_' },
          meters: { credit: { balance: { scale: 2 }, per: 'account' } },
          plans: { basic: {} },
          routes,
          ...changes,
        },
      },
    },
  })
  onTestFinished(() => gateway.close())
  await putAcme(gateway.directory, { api: 'files', plan: 'basic', key: 'fk_1' })
  await applyOne(gateway.store, { kind: 'grant', subject: 'account:acme', name: 'credit', scale: 2, grantId: 'first', units: 10_000, reason: 'test' })

  /** For the path as it is written: `fetch` would mend it. */
  function get(path: string, method: 'GET' | 'HEAD' = 'GET', headers: Record<string, string> = { 'x-api-key': 'fk_1' }): Promise<{ readonly status: number; readonly body: string }> {
    return new Promise((resolve, reject) => {
      const asked = ask({ port: gateway.port, host: '127.0.0.1', path, method, headers, agent: false }, (answer) => {
        text(answer).then((body) => resolve({ status: answer.statusCode ?? 0, body }), reject)
      })
      asked.on('error', reject).end()
    })
  }
  return { gateway, get, served: () => service.seen.map(({ on }) => targetOf(on)) }
}

const exported: Api['routes'][number] = { on: 'GET /v1/files/export', scopes: ['export'], steps: [{ take: [{ meter: 'credit', price: '5.00' }] }] }

it('what another route asks scopes and money for is not served in another spelling', async () => {
  const { get, served } = await world([exported, { on: 'GET /v1/files/{id}' }, { on: '* /{path...}' }])
  expect(await get('/v1/files/export')).toMatchObject({ status: 403 })
  for (const path of ['/v1/files/Export', '/v1/files/EXPORT', '/v1/files/export/', '/V1/files/export', '/v1/Files/Export/', '/v1/files/%45xport', '/v1/files/e%78port']) {
    expect([path, (await get(path)).status, (await get(path, 'HEAD')).status]).toEqual([path, 400, 400])
  }
  expect(served()).toEqual([])
  expect((await get('/v1/files/exports')).body).toBe('the file /v1/files/exports')
  expect((await get('/v1/files/Export')).body).toContain('the path is /v1/files/export in another spelling')
})

it('is checked as that route where the API says that its service ignores the difference', async () => {
  const { get, served } = await world([exported, { on: 'GET /v1/files/{id}' }, { on: '* /{path...}' }], { paths: { case: 'ignore', finalSlash: 'ignore' } })
  for (const path of ['/v1/files/Export', '/v1/files/export/', '/V1/FILES/EXPORT/']) expect([path, (await get(path)).status]).toEqual([path, 403])
  expect(served()).toEqual([])
  expect((await get('/v1/Files/Five/')).body).toBe('the file /v1/Files/Five/')
})

it('a public route is no way to what asks for a key', async () => {
  const { get, served } = await world([{ on: 'GET /v1/files/export' }, { on: 'GET /v1/files/{id}', public: true }])
  const statuses = await Promise.all(['/v1/files/export', '/v1/files/Export', '/v1/files/a'].map(async (path) => (await get(path, 'GET', {})).status))
  expect(statuses).toEqual([401, 400, 200])
  expect(served()).toEqual(['/v1/files/a'])
})

it('an encoded slash is data where a parameter takes it: for the route, the log and the service alike', async () => {
  const { get, gateway, served } = await world([{ on: 'GET /models/{model:encoded}' }, { on: 'GET /files/{id}' }, { on: 'GET /tree/{path:encoded...}' }])
  const paths = ['/models/openai%2Fgpt-4', '/models/openai%2fgpt-4?x=%2F', '/models/a%3Bb', '/models/a%252Fb', '/tree/a%2Fb/c']
  for (const path of paths) expect([path, (await get(path)).status]).toEqual([path, 200])
  expect(served()).toEqual(paths)
  for (const path of ['/files/a%2Fb', '/models/a%2F..%2Fb', '/models/..%2Fadmin', '/models/%2e%2e', '/models/a;b', '/models%2Fx', '/models/a%5Cb']) expect([path, (await get(path)).status]).toEqual([path, 400])
  expect(served()).toHaveLength(paths.length)
  const rows = await gateway.store.requests({ limit: 100 })
  expect(rows.find(({ path }) => path === '/models/openai%2Fgpt-4')).toMatchObject({ status: 200, route: 'GET /models/{model:encoded}' })
})
