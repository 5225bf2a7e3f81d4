import { describe, expect, it } from 'vitest'
import type { UpstreamFailure } from './call.ts'
import { createSession, createWorld, DEADLINE_MS, headersOf, nothingSent, serve, type ServiceAnswer, type World } from './fixtures/paid-world.ts'
import type { ApiOptions, RouteOptions } from './gate-options.ts'
import type { RequestCheck } from './steps/request-check.ts'
import type { IdempotencyOptions, StepOptions } from './steps/step-options.ts'

const created: ServiceAnswer = { status: 201, headers: ['content-type', 'application/json', 'set-cookie', 'a=b', 'tollgate-price', '0.40', 'connection', 'x-hop', 'x-hop', '1', 'x-own', '2', 'X-Request-Id', 'theirs'], body: '{"session":"é"}' }
const timeout: UpstreamFailure = { kind: 'timeout', phase: 'headers', detail: '' }
const day = 86_400_000

/** The route with other settings of its key. */
function keyed(change: Partial<IdempotencyOptions>): RouteOptions {
  const steps = createSession.steps.map((step): StepOptions => (step.kind === 'idempotency' ? { ...step, ...change } : step))
  return { ...createSession, steps }
}

const worldWith = (change: Partial<IdempotencyOptions>, api: Partial<ApiOptions> = {}): Promise<World> => createWorld({ api: { routes: [keyed(change)], ...api } })
const idempotent: Partial<ApiOptions> = { service: { isIdempotent: true } }

describe('the same key again', () => {
  it('gives the same answer under its own request id, says so, and costs nothing', async () => {
    const world = await createWorld()
    const first = await world.run({ key: 'k' }, created)
    const again = await world.answered({ key: '"k"' })
    expect(again).toMatchObject({ status: 201, body: '{"session":"é"}', headers: { 'idempotent-replayed': 'true', 'x-own': '2', 'content-type': 'application/json' } })
    expect(again.headers['x-request-id']).toBe(first.headers['x-request-id'])
    for (const name of ['set-cookie', 'tollgate-price', 'x-hop', 'connection']) expect(again.headers).not.toHaveProperty(name)
    // Rate headers are those of now.
    expect(Number(again.headers['x-ratelimit-remaining'])).toBe(Number(first.headers['x-ratelimit-remaining']) - 1)
    expect(await world.money()).toEqual({ available: 960, held: 0 })
    expect((await world.ledger()).map(({ kind }) => kind)).toEqual(['hold', 'settle', 'release'])
    const [row] = await world.store.requests({ limit: 1 })
    expect(row?.timings).toHaveProperty('replayed')
  })

  it('has each header once: those of the service give way to ours', async () => {
    const world = await createWorld()
    await world.run({ key: 'k' }, created)
    const verdict = await world.send({ key: 'k' })
    const names = verdict.kind === 'answer' ? verdict.answer.headers.filter((_, at) => at % 2 === 0).map((name) => name.toLowerCase()) : []
    expect(names).toContain('x-request-id')
    expect(names).toEqual([...new Set(names)])
  })

  it('frees what was taken on the way to it', async () => {
    const world = await createWorld({ api: { routes: [{ ...createSession, steps: [{ kind: 'take', take: ['slots'] }, ...createSession.steps] }] } })
    await world.run({ key: 'k' }, created)
    for (let count = 0; count < 5; count += 1) expect((await world.answered({ key: 'k' })).status).toBe(201)
    expect(await world.alive('slots')).toBe(0)
  })

  it('gives bytes that are no text as they were', async () => {
    const world = await createWorld()
    const body = Uint8Array.from({ length: 256 }, (_, byte) => byte)
    await world.run({ key: 'k' }, { headers: ['content-type', 'image/png'], body })
    expect((await world.answered({ key: 'k' })).bytes).toEqual(body)
  })

  it('for another request is a mismatch; what JSON says in another order is the same', async () => {
    const world = await createWorld()
    const body = (text: string) => ({ key: 'k', bytes: new TextEncoder().encode(text) })
    await world.run(body('{"config":{"product_no":"P-1","quantity":1}}'), created)
    expect((await world.answered(body('{ "config": {"quantity":1, "product_no":"P-1"} }'))).status).toBe(201)
    expect(await world.answered(body('{"config":{"product_no":"P-1","quantity":2}}'))).toMatchObject({ status: 409, error: { code: 'IDEMPOTENCY_CONFLICT', details: { reason: 'payload_mismatch' } } })
    expect((await world.answered({ ...body('{"config":{"product_no":"P-1","quantity":1}}'), target: '/nexalayer/v1/sessions?x=1' })).status).toBe(409)
  })

  it.each([
    ['a number that no double holds, and null', '{"config":{"product_no":"P-1"},"limit":1e400}', '{"config":{"product_no":"P-1"},"limit":null}'],
    ['two numbers that one double stands for', '{"config":{"product_no":"P-1"},"order":9007199254740993}', '{"config":{"product_no":"P-1"},"order":9007199254740992}'],
    ['0 and its negative', '{"config":{"product_no":"P-1"},"shift":-0}', '{"config":{"product_no":"P-1"},"shift":0}'],
  ])('%s are two requests', async (_, one, other) => {
    const world = await createWorld()
    const sent = (text: string) => ({ key: 'k', bytes: new TextEncoder().encode(text) })
    await world.run(sent(one), created)
    expect(await world.answered(sent(other))).toMatchObject({ status: 409, error: { details: { reason: 'payload_mismatch' } } })
    expect((await world.answered(sent(one))).headers['idempotent-replayed']).toBe('true')
  })

  it('with a member twice is no request at all, since nobody knows which one the service reads', async () => {
    const world = await createWorld()
    for (const units of ['1,"units":2', '2,"units":2']) expect((await world.answered({ key: 'k', bytes: new TextEncoder().encode(`{"config":{"product_no":"P-1"},"units":${units}}`) })).status).toBe(400)
    await world.forwarded({ key: 'k' })
  })

  it('for a form that a check has read, its bytes count: two files may have one name', async () => {
    const check: RequestCheck = { parameters: () => [], body: { isRequired: true, checkFor: () => ({ read: async () => ({ file: 'cat.png' }), check: () => [] }) } }
    const steps: RouteOptions['steps'] = [{ kind: 'validate', check }, { kind: 'idempotency', header: 'idempotency-key', fingerprint: 'json' }]
    const world = await createWorld({ api: { routes: [{ methods: ['POST'], path: '/v1/sessions', steps }] } })
    const upload = (bytes: string) => ({ key: 'k', bytes: new TextEncoder().encode(bytes), headers: ['content-type', 'multipart/form-data; boundary=x'] })
    await world.run(upload('one cat'), created)
    expect((await world.answered(upload('another cat'))).status).toBe(409)
    expect((await world.answered(upload('one cat'))).status).toBe(201)
  })

  it('while the first one runs: told to come back, and nothing is taken', async () => {
    const world = await createWorld()
    const first = await world.forwarded({ key: 'k' })
    expect(await world.answered({ key: 'k' })).toMatchObject({ status: 409, error: { details: { reason: 'in_progress' } }, headers: { 'retry-after': '1' } })
    expect(await world.money()).toEqual({ available: 900, held: 100 })
    await serve(first, created)
    expect((await world.answered({ key: 'k' })).status).toBe(201)
  })

  it('of two that come together one runs', async () => {
    const world = await createWorld()
    const verdicts = await Promise.all(Array.from({ length: 20 }, () => world.send({ key: 'k' })))
    expect(verdicts.filter(({ kind }) => kind === 'admitted').length).toBe(1)
    expect(await world.money()).toEqual({ available: 900, held: 100 })
  })

  it('of another account, or for another operation, is another key', async () => {
    const other: RouteOptions = { ...createSession, path: '/v1/others' }
    const world = await createWorld({ api: { routes: [createSession, other] } })
    await world.run({ key: 'k' }, created)
    expect((await world.send({ key: 'k', headers: ['x-api-key', 'secret 2'] })).kind).toBe('admitted')
    expect((await world.send({ key: 'k', target: '/nexalayer/v1/others' })).kind).toBe('admitted')
  })

  it('runs anew when the answer is no longer kept', async () => {
    const world = await createWorld()
    await world.run({ key: 'k' }, created)
    world.clock.advance(day - 1)
    expect((await world.answered({ key: 'k' })).status).toBe(201)
    world.clock.advance(1)
    await world.forwarded({ key: 'k' })
  })

  it('after a failure runs anew: only successes are kept, unless declared', async () => {
    const world = await createWorld()
    expect((await world.run({ key: 'k' }, { status: 500 })).status).toBe(502)
    await world.forwarded({ key: 'k' })

    const keeping = await worldWith({ storeStatuses: ['2xx', 409] })
    const conflict: ServiceAnswer = { status: 409, headers: ['content-type', 'application/problem+json'], body: '{"entry":"productOutOfStock"}' }
    const first = await keeping.run({ key: 'k' }, conflict)
    const again = await keeping.answered({ key: 'k' })
    expect(again).toMatchObject({ status: 409, body: first.body, headers: { 'idempotent-replayed': 'true', 'x-request-id': first.headers['x-request-id'] } })
    expect(await keeping.money()).toEqual({ available: 1_000, held: 0 })
    expect(await keeping.alive('stock')).toBe(0)
  })

  it('an outcome that nobody knows is not kept, whatever its status', async () => {
    const world = await worldWith({ storeStatuses: ['5xx'] })
    expect((await world.run({ key: 'k' }, { status: 504 })).status).toBe(504)
    expect(await world.money()).toEqual({ available: 900, held: 100 })
    expect((await world.store.calls({ state: 'unknown', limit: 10 })).length).toBe(1)
  })

  it('after a refusal of the gateway’s own runs anew: a 402 does not outlive the recharge', async () => {
    const world = await createWorld({ units: 50 })
    expect((await world.answered({ key: 'k' })).status).toBe(402)
    await world.store.apply([{ kind: 'grant', subject: 'account:team_1', name: 'balance', scale: 2, grantId: 'second', units: 100, reason: 'recharge' }])
    expect((await world.run({ key: 'k' }, created)).status).toBe(201)
  })
})

describe('an answer whose price is still to come', () => {
  const later: ServiceAnswer = { ...created, headers: ['content-type', 'application/json', 'tollgate-price', 'later'] }

  it('is replayed before and after the charge, which comes once', async () => {
    const world = await createWorld({ api: idempotent })
    const admitted = await world.forwarded({ key: 'k' })
    await serve(admitted, later)
    expect(await world.answered({ key: 'k' })).toMatchObject({ status: 201, body: created.body })
    expect(await world.act(admitted, 'charge', { amount: '0.40' })).toMatchObject({ status: 200 })
    expect(await world.answered({ key: 'k' })).toMatchObject({ status: 201, body: created.body })
    expect(await world.money()).toEqual({ available: 960, held: 0 })
  })

  it('is forgotten when the service gives all back', async () => {
    const world = await createWorld()
    const admitted = await world.forwarded({ key: 'k' })
    await serve(admitted, later)
    expect(await world.act(admitted, 'release')).toEqual({ status: 200, body: { released: true } })
    expect(await world.money()).toEqual({ available: 1_000, held: 0 })
    await world.forwarded({ key: 'k' })
  })
})

describe('an outcome that nobody knows', () => {
  it('is answered as a time-out, and not run again, by an upstream that does not know the key', async () => {
    const world = await createWorld()
    await (await world.forwarded({ key: 'k' })).failed(timeout, nothingSent)
    expect(await world.answered({ key: 'k' })).toMatchObject({ status: 504, error: { code: 'BACKEND_TIMEOUT' } })
    expect(await world.money()).toEqual({ available: 900, held: 100 })
    world.clock.advance(DEADLINE_MS)
    await world.forwarded({ key: 'k' })
  })

  it('is asked for again under the same hold, with the key, where the upstream knows it', async () => {
    const world = await createWorld({ api: idempotent })
    await (await world.forwarded({ key: '"k"' })).failed(timeout, nothingSent)
    const second = await world.forwarded({ key: 'k' })
    expect(headersOf(second.contextHeaders)).toMatchObject({ 'idempotency-key': 'k', 'accept-encoding': 'identity' })
    expect(await world.money()).toEqual({ available: 900, held: 100 })
    expect((await world.answered({ key: 'k' })).error?.details).toEqual({ reason: 'in_progress' })
    await serve(second, created)
    expect(await world.money()).toEqual({ available: 960, held: 0 })
    expect((await world.answered({ key: 'k' })).headers['x-request-id']).toBe(second.requestId)
    expect((await world.ledger()).filter(({ kind }) => kind === 'settle')).toEqual([{ kind: 'settle', units: 40, reason: 'price' }])
  })

  it('stays unknown when the second attempt is refused before it is sent', async () => {
    const world = await createWorld({ api: idempotent })
    await (await world.forwarded({ key: 'k' })).failed(timeout, nothingSent)
    world.failOn('admit')
    // The window is taken before the key; only the money comes after it.
    expect((await world.answered({ key: 'k' })).status).toBe(502)
    world.failOn(undefined)
    const second = await world.forwarded({ key: 'k' })
    await second.failed({ kind: 'refused', detail: '' }, nothingSent)
    expect(await world.money()).toEqual({ available: 1_000, held: 0 })
  })

  it('the end of the first attempt, come late, changes nothing', async () => {
    const world = await createWorld({ api: idempotent })
    const first = await world.forwarded({ key: 'k' })
    await first.failed(timeout, nothingSent)
    const second = await world.forwarded({ key: 'k' })
    expect((await world.act(first, 'charge', { amount: '1.00' })).status).toBe(410)
    await serve(second, created)
    expect((await world.act(first, 'release')).status).toBe(410)
    expect(await world.money()).toEqual({ available: 960, held: 0 })
  })
})

describe('an answer that was charged and not kept', () => {
  const long: ServiceAnswer = { ...created, body: 'x'.repeat(101) }

  it('is never charged again, and not run again by an upstream that does not know the key', async () => {
    const world = await worldWith({ answerBytesMax: 100 })
    await world.run({ key: 'k' }, long)
    expect((await world.answered({ key: 'k' })).status).toBe(504)
    expect(await world.money()).toEqual({ available: 960, held: 0 })
  })

  it('is asked for again, for nothing, where the upstream knows the key', async () => {
    const world = await worldWith({ answerBytesMax: 100 }, idempotent)
    await world.run({ key: 'k' }, long)
    const again = await world.run({ key: 'k' }, long)
    expect(again).toMatchObject({ status: 201, body: long.body })
    expect(await world.money()).toEqual({ available: 960, held: 0 })
    expect(await world.alive('sessions')).toBe(0)
  })
})

describe('the header', () => {
  it('is asked for where it is required, and free elsewhere', async () => {
    const world = await worldWith({ required: true })
    expect(await world.answered()).toMatchObject({ status: 400, error: { code: 'INVALID_REQUEST' } })
    const [row] = await world.store.requests({ limit: 1 })
    expect(row?.refusal?.reason).toBe('idempotency.missing')
    await (await createWorld()).forwarded()
  })

  it('that is no key is refused before anything is taken', async () => {
    const world = await createWorld()
    expect(await world.answered({ key: 'k'.repeat(256) })).toMatchObject({ status: 400, error: { details: { field: 'idempotency-key' } } })
    expect(await world.ledger()).toEqual([])
  })
})

it('a call with a key outlives its caller: the answer waits for whoever asks again', async () => {
  const world = await createWorld()
  const admitted = await world.forwarded({ key: 'k' })
  expect(admitted.outlivesCaller).toBe(true)
  const judgement = admitted.judge(200, [])
  expect(judgement.kind === 'pass' && judgement.endsWithCaller?.()).toBe(false)
})

it('a claim that cannot be written sends nothing', async () => {
  const world = await createWorld()
  world.failOn('claim')
  expect((await world.answered({ key: 'k' })).error?.code).toBe('BACKEND_ERROR')
  expect(world.alerts.join()).toContain('disk full')
})

it('a body that is nested without end is refused', async () => {
  const world = await createWorld()
  expect((await world.answered({ key: 'k', bytes: new TextEncoder().encode('['.repeat(4_000) + ']'.repeat(4_000)) })).error?.code).toBe('INVALID_REQUEST')
})
