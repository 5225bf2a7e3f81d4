import { describe, expect, it } from 'vitest'
import type { Admitted } from './call.ts'
import { createSession, createWorld, headersOf, nexalayerApi, serve, type World } from './fixtures/paid-world.ts'
import type { ApiOptions, RouteOptions } from './gate-options.ts'

const DAY_MS = 86_400_000
const show: RouteOptions = { methods: ['GET'], path: '/v1/sessions/{id}', steps: [{ kind: 'lease', param: 'id', allow: ['active', 'terminated'] }] }
const renew: RouteOptions = {
  methods: ['POST'],
  path: '/v1/sessions/{id}/renew',
  steps: [
    { kind: 'lease', param: 'id' },
    { kind: 'lookup', table: 'products', by: 'leased', name: 'stock', resource: 'product' },
    { kind: 'take', take: [{ meter: 'balance', price: { amount: { kind: 'column', column: 'price' }, times: [{ kind: 'leased', meter: 'stock' }, { kind: 'field', path: 'days', per: 30 }] } }] },
  ],
}

const target = '/nexalayer/v1/sessions/ses_1'
const get = { method: 'GET', target } as const

async function withSession(expiresAt: string | null = null): Promise<{ readonly world: World; readonly admitted: Admitted }> {
  const world = await createWorld({ api: { routes: [createSession, show, renew] } })
  const admitted = await world.forwarded({ body: { config: { product_no: 'P-1', quantity: 3 } } })
  expect((await world.act(admitted, 'lease', { id: 'ses_1', expiresAt })).status).toBe(200)
  await serve(admitted, { status: 201 })
  return { world, admitted }
}

describe('a session', () => {
  it('lives on after the call that took it, and its service is told that it is active', async () => {
    const { world } = await withSession()
    expect(await world.alive('sessions')).toBe(1)
    expect(headersOf((await world.forwarded(get)).contextHeaders)).toMatchObject({ 'tollgate-lease': 'active' })
  })

  it('that never was, and one of another account, are not told apart', async () => {
    const { world } = await withSession()
    const foreign = await world.answered({ ...get, headers: ['x-api-key', 'secret 2'] })
    const unknown = await world.answered({ ...get, target: '/nexalayer/v1/sessions/ses_9', headers: ['x-api-key', 'secret 2'] })
    expect(foreign).toMatchObject({ status: 404, error: { code: 'SESSION_NOT_FOUND', details: { session_id: 'ses_1' } } })
    expect({ ...foreign.error, details: {} }).toEqual({ ...unknown.error, details: {} })
  })

  it('of a product whose stock nothing limits remembers the product, and how much of it', async () => {
    const world = await createWorld({ api: { routes: [createSession, show, renew] } })
    const admitted = await world.forwarded({ body: { config: { product_no: 'P-2', quantity: 3 } } })
    const usage = JSON.parse(headersOf(admitted.contextHeaders)['tollgate-usage'] ?? '') as Record<string, unknown>
    expect(usage).toMatchObject({ stock: { limit: null, used: 3, remaining: null }, sessions: { limit: 1_000, used: 1, remaining: 999 } })
    await world.act(admitted, 'lease', { id: 'ses_1', expiresAt: null })
    await serve(admitted, { status: 201 })
    expect(await world.alive('stock', 'P-2')).toBe(3)
    expect((await world.run({ target: `${target}/renew`, body: { days: 60 } })).status).toBe(200)
    expect(await world.money()).toEqual({ available: 1_000 - 30 - 60, held: 0 })
    await world.act(admitted, 'release', { lease: 'ses_1' })
    expect(await world.alive('stock', 'P-2')).toBe(0)
  })

  it('that has expired is gone, from the very instant and without a sweep', async () => {
    const { world } = await withSession('2026-11-22T12:00:00Z')
    world.clock.advance(DAY_MS - 1)
    await world.forwarded(get)
    world.clock.advance(1)
    expect(await world.answered(get)).toMatchObject({ status: 410, error: { code: 'SESSION_EXPIRED', details: { session_id: 'ses_1', expired_at: '2026-11-22T12:00:00Z', status: 'expired' } } })
    await world.sweep()
    expect(await world.answered(get)).toMatchObject({ status: 410, error: { details: { expired_at: '2026-11-22T12:00:00Z' } } })
    expect(await world.alive('sessions')).toBe(0)
  })

  it('that was terminated may be shown, but not changed', async () => {
    const { world, admitted } = await withSession()
    expect(await world.act(admitted, 'release', { lease: 'ses_1' })).toMatchObject({ status: 200, body: { lease: 'ses_1', state: 'terminated' } })
    expect(await world.alive('stock')).toBe(0)
    expect(headersOf((await world.forwarded(get)).contextHeaders)).toMatchObject({ 'tollgate-lease': 'terminated' })
    expect(await world.answered({ target: `${target}/renew`, body: { days: 30 } })).toMatchObject({ status: 410, error: { details: { status: 'terminated' } } })
  })

  it('is renewed at the price of what it occupies', async () => {
    const { world } = await withSession('2026-11-22T12:00:00Z')
    const before = await world.money()
    const renewal = await world.forwarded({ target: `${target}/renew`, body: { days: 31 } })
    // 3 of the product at 1.00, for two started months.
    expect(await world.money()).toEqual({ available: before.available - 600, held: 600 })
    expect(await world.act(renewal, 'renew', { lease: 'ses_1', expiresAt: '2026-12-22T12:00:00Z' })).toEqual({
      status: 200,
      body: { lease: 'ses_1', state: 'active', expiresAt: '2026-12-22T12:00:00Z' },
    })
    world.clock.advance(2 * DAY_MS)
    await world.forwarded(get)
  })

  it('an id like a name of the prototype is an unknown session', async () => {
    const { world } = await withSession()
    for (const id of ['constructor', '__proto__', '%00', 'a'.repeat(300)]) expect((await world.answered({ ...get, target: `/nexalayer/v1/sessions/${id}` })).status).toBeGreaterThanOrEqual(400)
  })
})

it('what a call took and nobody named ends with it', async () => {
  const world = await createWorld()
  await world.run({ body: { config: { product_no: 'P-1', quantity: 3 } } })
  expect([await world.alive('sessions'), await world.alive('stock')]).toEqual([0, 0])
})

describe('a meter per lease', () => {
  const work: RouteOptions = { methods: ['POST'], path: '/v1/sessions/{id}/work', steps: [{ kind: 'lease', param: 'id' }, { kind: 'take', take: ['oneAtOnce', 'pace'] }] }
  const meters: ApiOptions['meters'] = {
    ...nexalayerApi.meters,
    oneAtOnce: { meter: { kind: 'lease', of: 'slot' }, per: 'lease', limit: 1 },
    pace: { meter: { kind: 'window', windowMs: 60_000 }, per: 'lease', limit: 3 },
  }
  const on = (id: string) => ({ target: `/nexalayer/v1/sessions/${id}/work`, body: {} })

  /** Two sessions of one account. */
  async function working(): Promise<World> {
    const world = await createWorld({ api: { meters, routes: [createSession, work] } })
    for (const id of ['ses_1', 'ses_2']) {
      const admitted = await world.forwarded()
      await world.act(admitted, 'lease', { id, expiresAt: null })
      await serve(admitted, { status: 201 })
    }
    return world
  }

  it('lets one call at once work on each session, and the next when that has ended, however it did', async () => {
    const world = await working()
    const first = await world.forwarded(on('ses_1'))
    expect(await world.answered(on('ses_1'))).toMatchObject({ status: 429, error: { code: 'RATE_LIMIT_EXCEEDED', details: { limit: 1 } }, headers: { 'retry-after': '1' } })
    const other = await world.forwarded(on('ses_2'))
    await first.failed({ kind: 'timeout', phase: 'headers', detail: '' }, { bytesIn: 0, bytesOut: 0, attempts: [] })
    await serve(other)
    expect((await world.run(on('ses_1'))).status).toBe(200)
  })

  it('counts the calls of each session by itself, and no refused one', async () => {
    const world = await working()
    for (let calls = 0; calls < 3; calls += 1) expect((await world.run(on('ses_1'))).status).toBe(200)
    expect((await world.answered(on('ses_1'))).status).toBe(429)
    expect((await world.run(on('ses_2'))).status).toBe(200)
    world.clock.advance(60_000)
    expect((await world.run(on('ses_1'))).status).toBe(200)
  })

  it('is not asked for a session that is none of the caller\'s', async () => {
    const world = await working()
    expect((await world.answered({ ...on('ses_1'), headers: ['x-api-key', 'secret 2'] })).status).toBe(404)
    expect((await world.run(on('ses_1'))).status).toBe(200)
  })
})
