/** Keys, ids and prices in the query, as most APIs that are only read have them. */
import { describe, expect, it } from 'vitest'
import { beginCall } from './call/call-in-progress.ts'
import type { IncomingCall } from './call.ts'
import { createWorld, nothingSent, type World, type WorldOptions } from './fixtures/paid-world.ts'
import type { ApiOptions, RouteOptions } from './gate-options.ts'

const routes: readonly RouteOptions[] = [
  { methods: ['GET'], path: '/v1/search', steps: [{ kind: 'take', take: [{ meter: 'balance', price: { amount: 5, times: [{ kind: 'query', parameter: 'limit', default: 10 }] } }] }] },
  { methods: ['GET'], path: '/v1/row', steps: [{ kind: 'lookup', table: 'products', by: 'query', name: 'product', resource: 'product' }] },
  { methods: ['GET'], path: '/v1/open', public: true, steps: [] },
  { methods: ['POST'], path: '/v1/keyed', steps: [{ kind: 'idempotency', header: 'idempotency-key', fingerprint: 'bytes' }] },
]
const credentials: ApiOptions['credentials'] = { from: [{ in: 'query', name: 'api_key' }, { in: 'header', name: 'x-api-key' }], prefix: 'ak_' }
const worldOf = (change: WorldOptions = {}): Promise<World> => createWorld({ ...change, api: { credentials, routes, ...change.api } })
const noHeader = ['x-api-key', '']
const secret = 'secret 1'
const written = 'secret%201'

describe('a key in the query', () => {
  it('lets in, and is gone before the service, a fingerprint or the log sees it', async () => {
    const world = await worldOf()
    const admitted = await world.forwarded({ method: 'GET', target: `/nexalayer/v1/search?q=a%20b&api_key=${written}&limit=2`, headers: noHeader })
    expect(admitted.target).toBe('/v1/search?q=a%20b&limit=2')
    await admitted.failed({ kind: 'reset', detail: '' }, nothingSent)
    const rows = JSON.stringify(await world.store.requests({ limit: 10 }))
    expect([rows.includes(secret), rows.includes(written)]).toEqual([false, false])
  })

  it('is taken out of a public route and a wrong path too', async () => {
    const world = await worldOf()
    expect((await world.forwarded({ method: 'GET', target: '/nexalayer/v1/open?api_key=s3&api_key=s4', headers: noHeader })).target).toBe('/v1/open')
    expect((await world.answered({ method: 'GET', target: '/nexalayer/nope?api_key=s3' })).body).not.toContain('s3')
  })

  it('that is missing, wrong, or given twice is refused, and names the parameter', async () => {
    const world = await worldOf()
    const answers = await Promise.all(['', '?api_key=', '?api_key=nope', '?api_key=a&api_key=b'].map((query) => world.answered({ method: 'GET', target: `/nexalayer/v1/search${query}`, headers: noHeader })))
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401])
    expect((await world.store.requests({ limit: 4 })).map(({ refusal }) => refusal?.reason).toSorted()).toEqual(['credential.invalid', 'credential.invalid', 'credential.missing', 'credential.missing'])
  })

  it('may change between two tries of the same keyed call', async () => {
    const world = await worldOf()
    const sent = (query: string, headers: readonly string[]) => ({ method: 'POST', target: `/nexalayer/v1/keyed${query}`, headers: ['idempotency-key', 'k1', ...headers], body: { a: 1 } })
    expect((await world.run(sent('', []), { status: 201, body: 'made' })).status).toBe(201)
    expect((await world.answered(sent(`?api_key=${written}`, noHeader))).headers['idempotent-replayed']).toBe('true')
  })
})

it('a carrier may keep the body of a call in private members', async () => {
  class Call implements IncomingCall {
    readonly method = 'POST'
    readonly target = '/v1?api_key=s3&q=1'
    readonly headers = []
    readonly remoteAddress = '127.0.0.1'
    readonly hasBody = true
    readonly #body = new TextEncoder().encode('x')

    readBody() {
      return Promise.resolve({ kind: 'complete', bytes: this.#body } as const)
    }
  }
  const { call } = beginCall({ credentials } as ApiOptions, new Call(), {} as never)
  expect(call.target).toBe('/v1?q=1')
  expect(await call.readBody(1)).toMatchObject({ bytes: new TextEncoder().encode('x') })
})

it('a price counts a parameter, and a lookup finds the row that one names', async () => {
  const world = await worldOf()
  await world.run({ method: 'GET', target: '/nexalayer/v1/search?limit=3' })
  await world.run({ method: 'GET', target: '/nexalayer/v1/search' })
  expect((await world.money()).available).toBe(1_000 - 15 - 50)
  expect((await world.answered({ method: 'GET', target: '/nexalayer/v1/search?limit=many' })).status).toBe(400)
  const statuses = await Promise.all(['?product=P-2', '?product=P-9', '', '?product=P-1&product=P-2'].map(async (query) => (await world.run({ method: 'GET', target: `/nexalayer/v1/row${query}` })).status))
  expect(statuses).toEqual([200, 404, 400, 400])
})
