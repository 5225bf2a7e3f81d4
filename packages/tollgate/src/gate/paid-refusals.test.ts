/** Refusals that cost: a search without a hit was a search. What the service says decides, and only what the service says. */
import { describe, expect, it } from 'vitest'
import { openai } from '../catalog/contracts.ts'
import { createSession, createWorld, DEADLINE_MS, serve, serveSent, type ServiceAnswer, type WorldOptions } from './fixtures/paid-world.ts'
import type { RouteOptions } from './gate-options.ts'
import type { TakeOptions } from './steps/step-options.ts'

const json = ['content-type', 'application/json']
const problem = (members: object, status = 404, headers: readonly string[] = []): ServiceAnswer => ({ status, headers: ['content-type', 'application/problem+json', ...headers], body: JSON.stringify(members) })
const envelope = (code: string, status = 404, headers: readonly string[] = []): ServiceAnswer => ({ status, headers: [...json, ...headers], body: JSON.stringify({ success: false, data: null, error: { code, message: 'No.', details: {} }, meta: { request_id: 'r' } }) })
const noHit = problem({ entry: 'productNotFound' })

const all = { available: 1_000, held: 0 }
const paid = { available: 900, held: 0 }

/** A search at 1.00, with a key where the caller sends one. */
function searching(chargeOn?: TakeOptions['chargeOn'], change: Partial<TakeOptions> = {}): RouteOptions {
  const take: TakeOptions = { meter: 'balance', price: { amount: 100 }, ...(chargeOn !== undefined && { chargeOn }), ...change }
  return { methods: ['POST'], path: '/v1/sessions', steps: [{ kind: 'idempotency', header: 'idempotency-key' }, { kind: 'take', take: ['sessions', 'slots', take], hold: { holdMs: DEADLINE_MS, onExpiry: 'release' } }] }
}
const search = (route: RouteOptions, more: WorldOptions['api'] = {}) => createWorld({ api: { routes: [route], ...more } })

describe('a refusal that its route names', () => {
  it.each<[string, TakeOptions['chargeOn'], ServiceAnswer, typeof all]>([
    ['by its reason', ['resource.not_found'], noHit, paid],
    ['by the family of that', ['resource.*'], noHit, paid],
    ['by its entry', ['productNotFound'], noHit, paid],
    ['said as a reason', ['resource.not_found'], problem({ reason: 'resource.not_found', resource: 'product' }), paid],
    ['in the envelope of the contract', ['productNotFound'], envelope('PRODUCT_NOT_FOUND'), paid],
    ['within a 200', ['productNotFound'], envelope('PRODUCT_NOT_FOUND', 200), paid],
    ['under another status', ['productNotFound'], envelope('PRODUCT_NOT_FOUND', 500), paid],
    ['by a bare 404', ['resource.not_found'], { status: 404, headers: [], body: '' }, paid],
    ['another one', ['resource.gone', 'productOutOfStock'], noHit, all],
    ['none', undefined, noHit, all],
    ['statuses alone', ['2xx'], envelope('PRODUCT_NOT_FOUND', 200), all],
  ])('costs what is held: %s', async (_, chargeOn, answer, money) => {
    const world = await search(searching(chargeOn))
    const refused = await world.run({}, answer)
    expect(refused.status).toBeGreaterThanOrEqual(400)
    expect(await world.money()).toEqual(money)
    expect([await world.alive('sessions'), await world.alive('slots')]).toEqual([0, 0])
    expect(world.alerts).toEqual([])
  })

  it('stands in the ledger with its reason, and in the request log as what it is', async () => {
    const world = await search(searching(['resource.*']))
    await world.run({}, noHit)
    expect(await world.ledger()).toEqual([
      { kind: 'hold', units: 100, reason: 'request' },
      { kind: 'settle', units: 100, reason: 'refused: resource.not_found' },
    ])
    const [row] = await world.store.requests({ limit: 1 })
    expect(row).toMatchObject({ status: 404, refusal: { entry: 'productNotFound', reason: 'resource.not_found' } })
  })

  it.each<[TakeOptions['chargeOn'], typeof all]>([
    [['resource.not_found'], paid],
    [['resource.not_found', 204], all],
    [['resource.not_found', '2xx'], paid],
  ])('leaves successes as they are, unless statuses stand beside it: %j', async (chargeOn, money) => {
    const world = await search(searching(chargeOn))
    await world.run({}, { status: 200, headers: json, body: '{"success":true}' })
    expect(await world.money()).toEqual(money)
  })

  it('costs what was used, where the refusal says so; else all that is held, with an alert', async () => {
    const usage = { per: 1, amounts: { searches: 7 } }
    const world = await search(searching(['resource.not_found'], { usage }))
    await world.run({}, problem({ entry: 'productNotFound', searches: 3 }))
    expect([await world.money(), world.alerts]).toEqual([{ available: 979, held: 0 }, []])
    await world.run({}, noHit)
    expect(await world.money()).toEqual({ available: 879, held: 0 })
    expect(world.alerts).toEqual(['upstream: the refusal has no figure of searches, so that what was used is not known; all that was held is charged'])
    await world.run({}, problem({ entry: 'invalidRequest' }, 400))
    expect(await world.money()).toEqual({ available: 879, held: 0 })
  })

  it('costs as what it becomes, where the service speaks another contract', async () => {
    const blocked: ServiceAnswer = { status: 404, headers: json, body: JSON.stringify({ error: { message: 'No such model.', type: 'invalid_request_error', param: null, code: 'model_not_found' } }) }
    const world = await search(searching(['resource.not_found']), { service: { speaks: openai } })
    expect((await world.run({}, blocked)).status).toBe(404)
    expect(await world.money()).toEqual(paid)
  })
})

describe('is never charged by its name', () => {
  it("a refusal of the gateway's own: the service has not worked", async () => {
    const [, , lookup] = createSession.steps
    const take = { kind: 'take' as const, take: [{ meter: 'balance', price: { amount: 100 }, chargeOn: ['resource.*', 'request.*', 'internal'] }] }
    const world = await search({ ...createSession, steps: [take, ...(lookup === undefined ? [] : [lookup])] })
    expect(await world.answered({ body: { config: { product_no: 'P-9' } } })).toMatchObject({ status: 404, error: { code: 'PRODUCT_NOT_FOUND' } })
    expect(await world.money()).toEqual(all)
    expect(await world.ledger()).toMatchObject([{ kind: 'hold' }, { kind: 'release', reason: 'refused: resource.not_found' }])
  })

  it.each<[string, ServiceAnswer]>([
    ['that it refuses us', { status: 401, headers: [], body: '' }],
    ['that it refuses us, in words', envelope('INSUFFICIENT_BALANCE', 402)],
    ['a failure', { status: 500, headers: [], body: 'Traceback' }],
    ['a name that the contract does not have', problem({ entry: 'nope' })],
    ['a code that the contract does not have, in a 200', envelope('NOPE', 200)],
  ])('what the gateway makes of an answer that does not say it: %s', async (_, answer) => {
    const world = await search(searching(['upstream.*', 'internal']))
    expect((await world.run({}, answer)).status).toBeGreaterThanOrEqual(500)
    expect(await world.money()).toEqual(all)
  })

  it('no answer at all', async () => {
    const world = await search(searching(['upstream.*']))
    const admitted = await world.forwarded()
    await admitted.dispatching?.()
    await admitted.failed({ kind: 'refused', detail: '' }, { bytesIn: 0, bytesOut: 0, attempts: [] })
    expect(await world.money()).toEqual(all)
  })

  it('a failure that the service itself says is', async () => {
    const world = await search(searching(['upstream.failed']))
    expect((await world.run({}, problem({ entry: 'backendError' }, 502))).status).toBe(502)
    expect(await world.money()).toEqual(paid)
  })
})

describe('a price that the service says with its refusal', () => {
  it.each<[string, TakeOptions['chargeOn'], number, RegExp]>([
    ['0.30', undefined, 970, /^$/],
    ['0.30', ['resource.not_found'], 970, /^$/],
    ['0', ['resource.not_found'], 1_000, /^$/],
    ['9.00', undefined, 900, /8\.00 more was asked than was held/],
    ['much', undefined, 1_000, /said a price of "much" with its refusal/],
    ['much', ['resource.not_found'], 900, /said a price of "much" with its refusal/],
  ])('%s is charged, whatever its route names (%j)', async (price, chargeOn, available, alerts) => {
    const world = await search(searching(chargeOn))
    expect((await world.run({}, problem({ entry: 'productNotFound' }, 404, ['tollgate-price', price]))).error?.code).toBe('PRODUCT_NOT_FOUND')
    expect(await world.money()).toEqual({ available, held: 0 })
    expect(world.alerts.join()).toMatch(alerts)
  })

  it.each<[string, ServiceAnswer]>([
    ['within a 200', envelope('PRODUCT_NOT_FOUND', 200, ['tollgate-price', '0.30'])],
    ['of a bare status', { status: 422, headers: ['tollgate-price', '0.30'], body: '' }],
    ['of a failure', { status: 500, headers: ['tollgate-price', '0.30'], body: '' }],
    ['of a deadline of its own', { status: 504, headers: ['tollgate-price', '0.30'], body: '' }],
  ])('%s, too', async (_, answer) => {
    const world = await search(searching())
    await world.run({}, answer)
    expect(await world.money()).toEqual({ available: 970, held: 0 })
    expect((await world.ledger()).at(-1)).toMatchObject({ kind: 'release', units: 70, reason: expect.stringMatching(/^refused: /) })
  })

  it('later keeps the hold, also where its route names it', async () => {
    const world = await search(searching(['resource.not_found']))
    const admitted = await world.forwarded()
    await serve(admitted, problem({ entry: 'productNotFound' }, 404, ['tollgate-price', 'later']))
    expect(await world.money()).toEqual({ available: 900, held: 100 })
    expect(await world.act(admitted, 'charge', { amount: '0.40' })).toEqual({ status: 200, body: { charged: '0.40' } })
  })

  it('means nothing where nothing is held that it could cost', async () => {
    const world = await search({ methods: ['POST'], path: '/v1/sessions', steps: [{ kind: 'idempotency', header: 'idempotency-key' }, { kind: 'take', take: ['sessions'] }] })
    await world.run({ key: 'k' }, problem({ entry: 'productNotFound' }, 404, ['tollgate-price', '1']))
    expect((await world.run({ key: 'k' })).status).toBe(200)
    expect(world.alerts).toEqual([])
  })
})

describe('a refusal that was paid', () => {
  it.each<[string, ServiceAnswer]>([
    ['by its name', noHit],
    ['by its price', problem({ entry: 'productNotFound' }, 404, ['tollgate-price', '1.00'])],
  ])('%s is kept for its key, which pays once and hears the same', async (_, answer) => {
    const world = await search(searching(['resource.not_found']))
    const first = await world.run({ key: 'k' }, answer)
    const second = await world.answered({ key: 'k' })
    expect(second).toMatchObject({ status: 404, body: first.body, headers: { 'idempotent-replayed': 'true', 'x-request-id': first.headers['x-request-id'] } })
    expect(second.headers['tollgate-price']).toBeUndefined()
    expect(await world.money()).toEqual(paid)
    await world.run({ key: 'other' }, answer)
    expect(await world.money()).toEqual({ available: 800, held: 0 })
  })

  it('and one that cost nothing leaves its key free', async () => {
    const world = await search(searching(['resource.gone']))
    await world.run({ key: 'k' }, noHit)
    expect((await world.run({ key: 'k' })).status).toBe(200)
    expect(await world.money()).toEqual(paid)
  })

  it('does not go out where it cannot be written down', async () => {
    const world = await search(searching(['resource.not_found']))
    const admitted = await world.forwarded({ key: 'k' })
    world.failOn('settle')
    expect((await serve(admitted, noHit)).error?.code).toBe('INTERNAL_ERROR')
    const rows = await world.store.requests({ limit: 10 })
    expect(rows.map(({ status }) => status)).toEqual([500])
  })

  it('is not given out when its money has gone back', async () => {
    const world = await search(searching(['resource.not_found']))
    const admitted = await world.forwarded()
    await admitted.dispatching?.()
    world.failOn('extend')
    world.clock.advance(DEADLINE_MS)
    expect(await serveSent(admitted, noHit)).toMatchObject({ status: 504 })
    expect(await world.money()).toEqual(all)
  })
})
