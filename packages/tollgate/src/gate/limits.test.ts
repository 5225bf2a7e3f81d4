import { describe, expect, it } from 'vitest'
import { refuse } from '../contract/declare/refusal.ts'
import { createWorld, headersOf, nexalayerApi, type World, type WorldOptions } from './fixtures/paid-world.ts'
import type { Handler } from './call/handled-call.ts'
import type { RouteOptions } from './gate-options.ts'

const routes: readonly RouteOptions[] = [
  { methods: ['GET'], path: '/v1/products', scopes: ['read'], steps: [{ kind: 'take', take: ['minute'] }] },
  { methods: ['GET'], path: '/v1/open', public: true, steps: [] },
  { methods: ['POST'], path: '/v1/token', public: true, steps: [{ kind: 'take', take: ['stranger'] }], handler: 'ok' },
]
const world = (change: WorldOptions = {}): Promise<World> => createWorld({ ...change, gate: { handlers: { ok: async () => ({ kind: 'success', status: 200, data: { ok: true } }) }, ...change.gate }, api: { routes, unauthenticatedMeter: 'stranger', ...change.api } })
const products = { method: 'GET', target: '/nexalayer/v1/products' } as const
const noKey = ['x-api-key', '']
const rate = (headers: { readonly [name: string]: string }) => [headers['x-ratelimit-limit'], headers['x-ratelimit-remaining']].join(' ')

describe('rate headers stand on every answer', () => {
  it('to strangers they are those of their address: unknown path, wrong method, no key, wrong key', async () => {
    for (const sent of [{ target: '/nexalayer/nope', headers: noKey }, { ...products, method: 'PUT', headers: noKey }, { ...products, headers: noKey }, { ...products, headers: ['x-api-key', 'wrong'] }]) {
      const answer = await (await world()).answered(sent)
      expect(answer.status).toBeGreaterThanOrEqual(401)
      expect(rate(answer.headers)).toBe('3 2')
    }
  })

  it('maintenance has them too', async () => {
    const closed = await world()
    await closed.directory.updateSwitches('nexalayer', () => ({ maintenance: { on: true } }))
    expect(rate((await closed.answered(products)).headers)).toBe('3 2')
  })

  it('to whoever is known but refused they are those of the key, and nothing is counted', async () => {
    for (const change of [{ key: { scopes: ['write'] } }, { account: { status: 'disabled' as const } }, { key: { status: 'revoked' as const } }]) {
      const refusing = await world(change)
      for (let count = 0; count < 2; count += 1) expect(rate((await refusing.answered(products)).headers)).toBe('5000 5000')
    }
  })

  it('a path that no server should read, an unknown one and a wrong method have them: of the address, or of the key if it is good', async () => {
    const stray = [{ target: '/nexalayer/v1/%2e%2e/x', status: 400 }, { target: '/nexalayer/v1/a%zz', status: 400 }, { target: '/nexalayer/nope', status: 404 }, { target: '/elsewhere', status: 404 }, { ...products, method: 'PUT', status: 405 }]
    for (const { status, ...sent } of stray) {
      const stranger = await (await world()).answered({ ...sent, headers: noKey })
      expect([stranger.status, rate(stranger.headers)]).toEqual([status, '3 2'])
      const open = await world()
      const known = await open.answered(sent)
      expect([known.status, rate(known.headers)]).toEqual([status, '5000 5000'])
      expect(await open.store.requests({ limit: 2 })).toMatchObject([{ requestId: known.headers['x-request-id'], status, accountId: 'team_1' }])
    }
  })

  it('what one route has used up is not told of another, nor of what has no route; what all take is', async () => {
    const window = { kind: 'window', windowMs: 60_000 } as const
    const meters = { few: { meter: window, per: 'key', limit: 2 }, many: { meter: window, per: 'key', limit: 900 }, every: { meter: window, per: 'key', limit: 7_000 } } as const
    const told = async (takes: readonly string[]) => {
      const open = await createWorld({ api: { meters, routes: [{ methods: ['GET'], path: '/few', steps: [{ kind: 'take', take: ['few', ...takes] }] }, { methods: ['GET'], path: '/paid', scopes: ['pay'], steps: [{ kind: 'take', take: ['many', ...takes] }] }] } })
      for (let count = 0; count < 2; count += 1) await open.forwarded({ method: 'GET', target: '/nexalayer/few' })
      const answers: string[] = []
      for (const [method, target] of [['GET', 'few'], ['PUT', 'paid'], ['GET', 'none'], ['GET', '%2e'], ['GET', 'paid']] as const) {
        const { status, headers } = await open.answered({ method, target: `/nexalayer/${target}` })
        answers.push(`${status} ${rate(headers)}`)
      }
      return answers
    }
    expect(await told([])).toEqual(['429 2 0', '405  ', '404  ', '400  ', '403 900 900'])
    expect(await told(['every'])).toEqual(['429 2 0', '405 7000 6998', '404 7000 6998', '400 7000 6998', '403 7000 6998'])
  })

  it('a failure of ours has them, once the limits have been looked at', async () => {
    const failing = await world({ api: { routes: [{ methods: ['GET'], path: '/v1/broken', steps: [{ kind: 'take', take: ['minute'] }], handler: 'broken' }] }, gate: { handlers: { broken: () => Promise.reject(new Error('a bug of ours')) } } })
    const answer = await failing.answered({ method: 'GET', target: '/nexalayer/v1/broken' })
    expect([answer.status, rate(answer.headers)]).toEqual([500, '5000 4999'])
  })

  it('a preflight shows those of the address and takes nothing; it is found by its id', async () => {
    const open = await world({ api: { cors: { origins: ['https://app.example'], allowHeaders: ['x-api-key'], maxAgeSeconds: 60 } } })
    const asking = { method: 'OPTIONS', target: '/nexalayer/v1/products', headers: ['origin', 'https://app.example', 'access-control-request-method', 'GET'] }
    for (let count = 0; count < 5; count += 1) {
      const answer = await open.answered(asking)
      expect([answer.status, rate(answer.headers), answer.headers['access-control-allow-origin']]).toEqual([204, '3 3', 'https://app.example'])
      expect(await open.store.request(answer.headers['x-request-id'] ?? '')).toMatchObject({ method: 'OPTIONS', status: 204 })
    }
  })

  it('what nothing limits is counted and told, and is no rate to be shown', async () => {
    const open = await world({ key: { scopes: ['read'] }, api: { plans: { free: { limits: {}, unlimited: ['minute'] } } } })
    for (const used of [1, 2]) {
      const admitted = await open.forwarded(products)
      expect(JSON.parse(headersOf(admitted.contextHeaders)['tollgate-usage'] ?? '')).toMatchObject({ minute: { limit: null, used, remaining: null } })
      expect(headersOf(admitted.answerHeaders)).not.toHaveProperty('x-ratelimit-limit')
    }
  })

  it('an answer of the gateway’s own has them', async () => {
    const answer = await (await world()).answered({ target: '/nexalayer/v1/token' })
    expect(answer).toMatchObject({ status: 200, headers: { 'cache-control': 'no-store' } })
    expect(JSON.parse(answer.body)).toMatchObject({ success: true, data: { ok: true }, error: null, meta: { request_id: answer.headers['x-request-id'] } })
    expect(rate(answer.headers)).toBe('3 2')
  })
})

describe('strangers are limited by their address', () => {
  it('wherever they knock, and told when to come back; another address is another', async () => {
    const open = await world()
    await open.forwarded({ method: 'GET', target: '/nexalayer/v1/open' })
    await open.answered({ target: '/nexalayer/v1/token' })
    expect((await open.answered({ ...products, headers: ['x-api-key', 'wrong'] })).status).toBe(401)
    const fourth = await open.answered({ target: '/nexalayer/nope', headers: noKey })
    expect(fourth).toMatchObject({ status: 429, error: { code: 'RATE_LIMIT_EXCEEDED' } })
    expect(Number(fourth.headers['retry-after'])).toBeGreaterThan(0)
    expect((await open.answered({ method: 'GET', target: '/nexalayer/v1/open' })).status).toBe(429)
    expect((await open.answered({ target: '/nexalayer/nope', headers: noKey, remoteAddress: '203.0.113.8' })).status).toBe(404)
  })

  it('are counted once, also where the route counts them itself and then refuses', async () => {
    const answer = await (await world({ gate: { handlers: { ok: async () => refuse('credential.invalid') } } })).answered({ target: '/nexalayer/v1/token' })
    expect(answer.status).toBe(401)
    expect(rate(answer.headers)).toBe('3 2')
  })

  it('a good key is not concerned, even from the same address', async () => {
    const open = await world({ key: { scopes: ['read'] } })
    for (const headers of [noKey, []]) for (let count = 0; count < 5; count += 1) await open.answered({ target: '/nexalayer/nope', headers })
    expect((await open.answered({ target: '/nexalayer/nope' })).status).toBe(404)
    expect((await open.send(products)).kind).toBe('admitted')
  })

  it('a store that fails changes nothing of what is said', async () => {
    const failing = await world()
    failing.failOn('admit')
    expect((await failing.answered({ target: '/nexalayer/nope' })).status).toBe(404)
    expect((await failing.answered({ target: '/nexalayer/v1/token' })).status).toBe(502)
  })
})

describe('handlers', () => {
  const handled = (handler: Handler): Promise<World> => world({ gate: { handlers: { own: handler } }, api: { routes: [{ methods: ['POST'], path: '/v1/x/{id}', steps: [{ kind: 'take', take: [{ meter: 'balance', price: { amount: 100 } }] }], handler: 'own' }] } })
  const target = '/nexalayer/v1/x/7'

  it('are given the call, and what it holds is charged before their answer goes out', async () => {
    const paid = await handled(async ({ principal, params, readings, readJson }) => {
      const body = await readJson()
      return { kind: 'success', status: 201, data: { account: principal?.account.id ?? '', id: params['id'] ?? '', meters: readings.map(({ name }) => name), known: body.kind === 'found' } }
    })
    const answer = await paid.answered({ target })
    expect(answer.status).toBe(201)
    expect(JSON.parse(answer.body)).toMatchObject({ data: { account: 'team_1', id: '7', meters: ['balance'], known: true } })
    expect(await paid.money()).toEqual({ available: 900, held: 0 })
    expect(await paid.store.requests({ limit: 5 })).toMatchObject([{ status: 201, accountId: 'team_1' }])
  })

  it('may refuse, which costs nothing', async () => {
    const paid = await handled(async () => refuse('resource.not_found', { resource: 'product', id: '7' }, { source: 'client' }))
    expect(await paid.answered({ target })).toMatchObject({ status: 404, error: { code: 'PRODUCT_NOT_FOUND' } })
    expect(await paid.money()).toEqual({ available: 1_000, held: 0 })
  })

  it('that throw are an internal error, whose cause stays inside; nobody knows what they have done', async () => {
    const paid = await handled(() => Promise.reject(new Error('a bug of ours')))
    const answer = await paid.answered({ target })
    expect(answer).toMatchObject({ status: 500, error: { code: 'INTERNAL_ERROR' } })
    expect(answer.body).not.toContain('bug')
    expect(await paid.money()).toEqual({ available: 900, held: 100 })
  })

  it('whose charge cannot be written give no answer that could be relied on', async () => {
    const paid = await handled(async () => ({ kind: 'success', status: 200, data: null }))
    paid.failOn('settle')
    expect((await paid.answered({ target })).status).toBe(500)
    expect(await paid.store.requests({ limit: 5 })).toHaveLength(1)
  })
})

it('a quota of a time zone starts anew at its midnight: so says the refusal, and so it is', async () => {
  const day = { meter: { kind: 'quota', period: 'day', timeZone: 'America/New_York' }, per: 'account', limit: 1 } as const
  const gate = await world({ api: { meters: { ...nexalayerApi.meters, day }, routes: [{ methods: ['GET'], path: '/v1/products', steps: [{ kind: 'take', take: ['day'] }] }] } })
  // 7 in the morning there, so that 17 hours are left.
  expect((await gate.run(products)).status).toBe(200)
  expect((await gate.answered(products)).headers['retry-after']).toBe(String(17 * 3_600))
  gate.clock.advance(17 * 3_600_000 - 1)
  expect((await gate.answered(products)).status).toBe(429)
  gate.clock.advance(1)
  expect((await gate.run(products)).status).toBe(200)
})
