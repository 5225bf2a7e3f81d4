/** A service under a mount: what it is told of it, and its redirects and cookies as callers see them. */
import { describe, expect, it, onTestFinished } from 'vitest'
import type { FileInput } from '../config/shape/file-shape.ts'
import { loadConfig } from '../config/load-config.ts'
import { formatProblem } from '../config/read/config-problem.ts'
import { putAcme } from '../fixtures/acme.ts'
import { createService } from '../fixtures/paid-program.ts'
import { startGateway } from './program.ts'

const KEY = 'mk_a_key_of_this_test_only'

async function start({ api = {}, trust = 'none', basePath = '' }: { readonly api?: object; readonly trust?: unknown; readonly basePath?: string } = {}) {
  const service = await createService()
  const config = {
    listen: { port: 0, trust },
    admin: { port: 0 },
    calls: { port: 0 },
    store: 'memory',
    upstreams: { service: `http://127.0.0.1:${service.port}${basePath}` },
    apis: {
      shop: {
        mount: '/eu/shop',
        credentials: { from: [{ header: 'x-api-key' }], prefix: 'mk_' },
        plans: { free: {} },
        routes: [{ on: 'POST /orders', steps: [{ idempotency: {} }] }, { on: '* /{path...}', public: true }],
        ...api,
      },
    },
  }
  const gateway = await startGateway({ config: config as unknown as FileInput })
  onTestFinished(() => gateway.close())
  await putAcme(gateway.directory, { api: 'shop', key: KEY })
  return { gateway, service }
}

describe('a service under a mount', () => {
  it('is told the prefix that callers see, after those of trusted proxies, and no stranger’s', async () => {
    const { gateway, service } = await start()
    await fetch(`${gateway.url}/eu/shop/a`, { headers: { 'X-Forwarded-Prefix': '/evil' } })
    const behind = await start({ trust: 1 })
    await fetch(`${behind.gateway.url}/eu/shop/a`, { headers: { 'X-Forwarded-Prefix': '/api/' } })
    const kept = await start({ api: { keepMount: true } })
    await fetch(`${kept.gateway.url}/eu/shop/a`)
    const root = await start({ api: { mount: '/' } })
    await fetch(`${root.gateway.url}/a`)
    const told = [service, behind.service, kept.service, root.service].map(({ seen }) => [seen[0]?.on, seen[0]?.headers['x-forwarded-prefix']])
    expect(told).toEqual([['GET /a', '/eu/shop'], ['GET /a', '/api/eu/shop'], ['GET /eu/shop/a', undefined], ['GET /a', undefined]])
  })

  it('keeps its Location and its cookies as they are, unless it is said otherwise', async () => {
    const { gateway, service } = await start()
    service.answerBy((_, response) => response.writeHead(302, { Location: '/login', 'Set-Cookie': 'a=b; Path=/' }).end())
    const answer = await fetch(`${gateway.url}/eu/shop/a`, { redirect: 'manual' })
    expect([answer.headers.get('location'), answer.headers.get('set-cookie')]).toEqual(['/login', 'a=b; Path=/'])
  })

  it('redirects within the mount, so that who follows arrives', async () => {
    for (const basePath of ['', '/v2']) {
      const { gateway, service } = await start({ api: { rewrite: ['location', 'cookies'] }, basePath })
      service.answerBy(({ on }, response) => {
        if (on === `GET ${basePath}/login`) return response.end('welcome')
        return response.writeHead(302, { Location: `http://127.0.0.1:${service.port}${basePath}/login`, 'Set-Cookie': ['a=b; Path=/', `c=d; Path=${basePath}/x`] }).end()
      })
      expect(await (await fetch(`${gateway.url}/eu/shop/a`)).text()).toBe('welcome')
      const answer = await fetch(`${gateway.url}/eu/shop/a`, { redirect: 'manual' })
      expect([answer.headers.get('location'), answer.headers.getSetCookie()]).toEqual(['/eu/shop/login', ['a=b; Path=/eu/shop', 'c=d; Path=/eu/shop/x']])
    }
  })

  it('gives the same again to who repeats a call under its key', async () => {
    const { gateway, service } = await start({ api: { rewrite: ['location'] } })
    service.answerBy((_, response) => response.writeHead(201, { Location: '/orders/7' }).end('{}'))
    const order = () => fetch(`${gateway.url}/eu/shop/orders`, { method: 'POST', headers: { 'x-api-key': KEY, 'idempotency-key': 'k' }, body: '{}' })
    const [first, again] = [await order(), await order()]
    expect([first, again].map(({ status, headers }) => [status, headers.get('location'), headers.get('idempotent-replayed')])).toEqual([[201, '/eu/shop/orders/7', null], [201, '/eu/shop/orders/7', 'true']])
    expect(service.seen.length).toBe(1)
  })
})

it('to rewrite what the service writes by itself is refused', () => {
  const api = { mount: '/shop', keepMount: true, rewrite: ['location'], routes: [{ on: 'GET /a', public: true }] }
  const loaded = loadConfig({ store: 'memory', upstreams: { a: 'http://127.0.0.1:1' }, apis: { a: api } } as unknown as FileInput, { environment: {}, baseDir: '/srv' })
  expect(loaded.ok ? [] : loaded.problems.map(formatProblem)).toEqual(['apis.a.rewrite: has nothing to do: with keepMount the service sees the mount and writes it by itself; take one of the two away'])
})
