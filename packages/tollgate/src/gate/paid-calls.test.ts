import { describe, expect, it } from 'vitest'
import { StoreUnavailableError } from '../engine/store-error.ts'
import { applyOne, type Command, type Store } from '../stores/store.ts'
import { createMemoryStore } from '../stores/resident/memory.ts'
import type { Admitted, UpstreamFailure } from './call.ts'
import { createSession, createWorld, DEADLINE_MS, headersOf, nexalayerApi, nothingSent, serve, serveSent, type World } from './fixtures/paid-world.ts'
import type { RouteOptions } from './gate-options.ts'
import type { StageOptions, UsageRule } from './steps/step-options.ts'

const encode = (text: string): Uint8Array => new TextEncoder().encode(text)
const quantity = (count: number) => ({ body: { config: { product_no: 'P-1', quantity: count } } })
const [, , , stage] = createSession.steps as [unknown, unknown, unknown, StageOptions]

/** As the proxy does it: marked, then sent. */
async function sent(admitted: Admitted): Promise<Admitted> {
  expect(await admitted.dispatching?.()).not.toBe(false)
  return admitted
}

describe('a paid call', () => {
  it('holds its price before the service sees it, and is charged when it is answered', async () => {
    const world = await createWorld()
    const admitted = await world.forwarded(quantity(3))
    expect(await world.money()).toEqual({ available: 700, held: 300 })
    await serve(admitted)
    expect(await world.money()).toEqual({ available: 700, held: 0 })
    expect(await world.ledger()).toEqual([
      { kind: 'hold', units: 300, reason: 'request' },
      { kind: 'settle', units: 300, reason: 'request' },
    ])
  })

  it('tells the service what there is, in decimals, and where to settle', async () => {
    const world = await createWorld()
    const context = headersOf((await world.forwarded(quantity(3))).contextHeaders)
    expect(JSON.parse(context['tollgate-usage'] ?? '')).toMatchObject({
      balance: { available: '7.00', held: '3.00', scale: 2 },
      sessions: { limit: 1_000, used: 1, remaining: 999 },
      stock: { limit: 2_000, used: 3, remaining: 1_997 },
    })
    expect(context['tollgate-call']).toMatch(/^http:\/\/127\.0\.0\.1:9092\/calls\/nexalayer:team_1:req_[0-9a-f]{32}:[0-9a-f]{64}$/)
  })

  it('marks the dispatch in the same commit when nothing comes after the money, else right before it is sent', async () => {
    const world = await createWorld()
    const admitted = await world.forwarded()
    expect((await world.store.call(admitted.requestId))?.state).toBe('dispatched')

    const later = await createWorld({ api: { routes: [{ ...createSession, steps: [...createSession.steps, { kind: 'validate', check: () => [] }] }] } })
    const waiting = await later.forwarded()
    expect((await later.store.call(waiting.requestId))?.state).toBe('claimed')
    expect(await waiting.dispatching?.()).toBe(true)
    expect((await later.store.call(waiting.requestId))?.state).toBe('dispatched')
  })

  it('that is refused by a later step has cost nothing', async () => {
    const validate = () => [{ rule: 'never', issue: 'is never right' }]
    const world = await createWorld({ api: { routes: [{ ...createSession, steps: [...createSession.steps, { kind: 'validate', check: validate }] }] } })
    expect((await world.answered()).error?.code).toBe('INVALID_REQUEST')
    expect(await world.money()).toEqual({ available: 1_000, held: 0 })
    expect(await world.alive('stock')).toBe(0)
    expect(await world.ledger()).toMatchObject([{ kind: 'hold' }, { kind: 'release', reason: 'refused: request.invalid' }])
  })

  it('that ends in a fault of ours before it is sent has cost nothing either', async () => {
    const validate = () => {
      throw new Error('a bug of ours')
    }
    const world = await createWorld({ api: { routes: [{ ...createSession, steps: [...createSession.steps, { kind: 'validate', check: validate }] }] } })
    expect((await world.answered()).status).toBe(500)
    expect(await world.money()).toEqual({ available: 1_000, held: 0 })
  })

  it('1,000 at once of 0.10 on 5.00: exactly 50 are admitted', async () => {
    const world = await createWorld({ units: 500 })
    const verdicts = await Promise.all(Array.from({ length: 1_000 }, () => world.send({ body: { config: { product_no: 'P-2' } } })))
    expect(verdicts.filter(({ kind }) => kind === 'admitted').length).toBe(50)
    expect(await world.money()).toEqual({ available: 0, held: 500 })
  })
})

describe('what is not there is refused, and then nothing is taken', () => {
  const takenOf = async (world: Awaited<ReturnType<typeof createWorld>>) => [await world.money(), await world.alive('sessions'), await world.alive('stock')]

  it('money, with both amounts', async () => {
    const world = await createWorld({ units: 250 })
    const refused = await world.answered(quantity(3))
    expect(refused).toMatchObject({ status: 402, error: { code: 'INSUFFICIENT_BALANCE', details: { current_balance: 2.5, required_amount: 3 } } })
    expect(refused.error?.message).toContain('Current balance: 2.50; required: 3.00')
    expect(await takenOf(world)).toEqual([{ available: 250, held: 0 }, 0, 0])
  })

  it('stock, with what is left', async () => {
    const world = await createWorld({ api: { tables: { products: { 'P-1': { price: 1, stock: 4 } } } } })
    await world.forwarded(quantity(3))
    expect(await world.answered(quantity(2))).toMatchObject({
      status: 409,
      error: { code: 'PRODUCT_OUT_OF_STOCK', details: { product_no: 'P-1', available: 1, requested: 2 } },
    })
    expect(await world.alive('stock')).toBe(3)
    expect(await world.money()).toMatchObject({ held: 3 })
  })

  it('a place for a session', async () => {
    const world = await createWorld({ account: { limits: { sessions: 1 } } })
    await world.forwarded()
    expect(await world.answered()).toMatchObject({ status: 429, error: { code: 'SESSION_LIMIT_REACHED', details: { limit: 1, active: 1 } }, headers: { 'retry-after': '60' } })
    expect(await world.money()).toMatchObject({ held: 100 })
  })

  it('a session that will expire says when', async () => {
    const world = await createWorld({ account: { limits: { sessions: 1 } } })
    const admitted = await world.forwarded()
    await world.act(admitted, 'lease', { id: 'ses_1', expiresAt: new Date(world.clock.wallMs() + 5_000).toISOString() })
    expect((await world.answered()).headers['retry-after']).toBe('5')
  })

  it('a product that nobody sells, and one whose price is no number', async () => {
    const world = await createWorld()
    expect(await world.answered({ body: { config: { product_no: 'constructor' } } })).toMatchObject({ status: 404, error: { code: 'PRODUCT_NOT_FOUND', details: { product_no: 'constructor' } } })
    expect(await world.answered({ body: { config: {} } })).toMatchObject({ error: { code: 'INVALID_REQUEST', details: { field: 'config.product_no' } } })
    expect(await world.answered({ body: { config: { product_no: ['P-1'] } } })).toMatchObject({ error: { code: 'INVALID_REQUEST' } })
    expect(await world.answered({ body: { config: { product_no: 'P-3' } } })).toMatchObject({ status: 500, error: { code: 'INTERNAL_ERROR' } })
    expect(world.alerts.join()).toContain('12,00')
    expect(await world.answered(quantity(2 ** 53))).toMatchObject({ error: { code: 'INVALID_REQUEST' } })
    expect(await world.money()).toEqual({ available: 1_000, held: 0 })
  })
})

describe('the price that the service says', () => {
  it.each([
    ['0.25', 975, 'settle', /^$/],
    ['0.250', 975, 'settle', /^$/],
    ['0', 1_000, 'release', /^$/],
    ['2.00', 900, 'settle', /1\.00 more was asked than was held/],
    ['0.255', 900, 'settle', /no amount of its balance/],
    ['-1', 900, 'settle', /no amount of its balance/],
    ['0.10, 0.20', 900, 'settle', /no amount of its balance/],
    ['free', 900, 'settle', /no amount of its balance/],
  ])('%j leaves %i units', async (price, available, last, alert) => {
    const world = await createWorld()
    await serve(await world.forwarded(), { headers: ['Tollgate-Price', price] })
    expect(await world.money()).toEqual({ available, held: 0 })
    expect((await world.ledger()).map(({ kind }) => kind)).toContain(last)
    expect(world.alerts.join()).toMatch(alert)
  })

  it('later: the hold stays, until the service charges', async () => {
    const world = await createWorld()
    const admitted = await world.forwarded()
    await serve(admitted, { status: 201, headers: ['tollgate-price', 'later'] })
    expect(await world.money()).toEqual({ available: 900, held: 100 })
    expect(await world.act(admitted, 'charge', { amount: '0.40' })).toEqual({ status: 200, body: { charged: '0.40' } })
    expect(await world.money()).toEqual({ available: 960, held: 0 })
  })

  it.each([
    ['release', 1_000],
    ['charge', 900],
  ] as const)('later and never: at the deadline the hold ends by %s', async (onExpiry, available) => {
    const steps = [...createSession.steps.slice(0, 3), { ...stage, kind: 'take' as const, hold: { holdMs: DEADLINE_MS, onExpiry } }]
    const world = await createWorld({ api: { routes: [{ ...createSession, steps }] } })
    const admitted = await world.forwarded()
    await serve(admitted, { headers: ['tollgate-price', 'later'] })
    world.clock.advance(DEADLINE_MS)
    expect(await world.money()).toEqual({ available, held: 0 })
    await world.sweep()
    expect((await world.act(admitted, 'charge', { amount: '0.40' })).status).toBe(410)
    expect(await world.money()).toEqual({ available, held: 0 })
  })

  it.each([101, 200, 201, 204, 205, 206, 226, 300, 301, 302, 303, 307, 308])('a success costs, a redirect among them: %i', async (status) => {
    const world = await createWorld()
    await serve(await world.forwarded(), { status, headers: ['location', '/x'] })
    expect(await world.money()).toEqual({ available: 900, held: 0 })
  })

  it('what has not changed is free, unless it says a price', async () => {
    const world = await createWorld()
    await serve(await world.forwarded(), { status: 304, headers: [] })
    expect(await world.money()).toEqual({ available: 1_000, held: 0 })
    await serve(await world.forwarded(), { status: 304, headers: ['tollgate-price', '1.00'] })
    expect(await world.money()).toEqual({ available: 900, held: 0 })
  })

  it.each([
    [['2xx'], [[200, 900], [302, 1_000], [304, 1_000], [101, 900]]],
    [[200, 303, 304], [[200, 900], [204, 1_000], [303, 900], [302, 1_000], [304, 900]]],
    [['3xx'], [[200, 1_000], [307, 900], [304, 1_000]]],
  ] as const)('a route may say which answers cost: %j', async (chargeOn, ends) => {
    for (const [status, available] of ends) {
      const world = await createWorld({ api: { routes: [{ methods: ['POST'], path: '/v1/sessions', steps: [{ kind: 'take', take: [{ meter: 'balance', price: { amount: 100 }, chargeOn }] }] }] } })
      await serve(await world.forwarded(), { status, headers: [] })
      expect([status, await world.money()]).toEqual([status, { available, held: 0 }])
    }
  })

  it('a redirect that was paid is kept for its key', async () => {
    const world = await createWorld()
    await serve(await world.forwarded({ key: 'k' }), { status: 303, headers: ['location', '/v1/sessions/7'], body: '' })
    expect(await world.answered({ key: 'k' })).toMatchObject({ status: 303, headers: { location: '/v1/sessions/7', 'idempotent-replayed': 'true' } })
    expect(await world.money()).toEqual({ available: 900, held: 0 })
  })

  it('an answer that costs nothing raises no alert where it says nothing of what was used', async () => {
    const usage: UsageRule = { per: 1, amounts: { tokens: 1 } }
    const world = await createWorld({ api: { routes: [{ methods: ['GET'], path: '/v1/sessions', steps: [{ kind: 'take', take: [{ meter: 'balance', price: { amount: 100 }, usage }] }] }] } })
    await serve(await world.forwarded({ method: 'GET' }), { status: 304, headers: [] })
    expect(world.alerts).toEqual([])
    await serve(await world.forwarded({ method: 'GET' }), { status: 302, headers: [] })
    expect(world.alerts).toEqual(['upstream: the answer is of no media type, and neither JSON nor a stream of events, so that what was used is not known; all that was held is charged'])
  })
})

describe('the price of what was used', () => {
  const usage: UsageRule = { per: 10, amounts: { 'usage.tokens': 3 }, perEvent: 2 }
  const chat: RouteOptions = { methods: ['POST'], path: '/v1/chat', steps: [{ kind: 'take', take: [{ meter: 'balance', price: { amount: 100 }, usage }] }] }
  const start = async () => {
    const world = await createWorld({ api: { routes: [chat] } })
    return { world, admitted: await world.forwarded({ target: '/nexalayer/v1/chat' }) }
  }
  const json = ['content-type', 'application/json; charset=utf-8']
  const events = ['content-type', 'text/event-stream']

  it.each([
    ['a JSON answer', { headers: json, body: '{"usage":{"tokens":21}}' }, 993, 0],
    ['a stream', { headers: events, body: 'data: {"usage":{"tokens":21}}\n\ndata: [DONE]\n\n' }, 993, 0],
    ['more than was held', { headers: json, body: '{"usage":{"tokens":99999}}' }, 900, 1],
    ['an answer that does not say', { headers: json, body: '{}' }, 900, 1],
    ['an answer that is compressed all the same', { headers: [...json, 'content-encoding', 'gzip'], body: '{"usage":{"tokens":21}}' }, 900, 1],
    ['one that is compressed twice', { headers: [...events, 'content-encoding', 'gzip', 'content-encoding', 'gzip'], body: '\u001f\u008b' }, 900, 1],
    ['an answer with a price', { headers: [...json, 'tollgate-price', '0.50'], body: '{"usage":{"tokens":21}}' }, 950, 0],
  ])('%s', async (_, answer, available, alerts) => {
    const { world, admitted } = await start()
    expect(headersOf(admitted.contextHeaders)['accept-encoding']).toBe('identity')
    await serve(admitted, answer)
    expect(await world.money()).toEqual({ available, held: 0 })
    expect(world.alerts.length).toBe(alerts)
  })

  const gone: UpstreamFailure = { kind: 'client_gone', detail: 'closed', sent: true }
  const reset: UpstreamFailure = { kind: 'reset', detail: 'ECONNRESET' }
  it.each([
    [gone, events, 'data: {}\n\ndata: {}\n\ndata: {"us', { available: 996, held: 0 }],
    [reset, events, 'data: {}\n\ndata: {}\n\n', { available: 996, held: 0 }],
    [gone, events, 'data: {"usage":{"tokens":10}}\n\n', { available: 997, held: 0 }],
    [gone, json, '{"usa', { available: 900, held: 0 }],
    [reset, json, '{"usa', { available: 900, held: 100 }],
  ])('of a broken answer what was delivered is charged, where that is known: %j %j %j', async (failure, headers, delivered, money) => {
    const { world, admitted } = await start()
    const judgement = await sent(admitted).then((ready) => ready.judge(200, headers))
    if (judgement.kind === 'pass') judgement.tap?.(encode(delivered))
    await admitted.brokenMidStream(failure, 200, headers, nothingSent)
    expect(await world.money()).toEqual(money)
  })
})

describe('how a call without an answer ends', () => {
  it.each([
    [{ kind: 'refused', detail: '' }, true],
    [{ kind: 'timeout', phase: 'connect', detail: '' }, true],
    [{ kind: 'request_body', problem: 'broken', detail: '' }, true],
    [{ kind: 'client_gone', sent: false, detail: '' }, true],
    [{ kind: 'client_gone', sent: true, detail: '' }, false],
    [{ kind: 'client_gone', detail: '' }, false],
    [{ kind: 'timeout', phase: 'headers', detail: '' }, false],
    [{ kind: 'reset', detail: '' }, false],
    [{ kind: 'garbage', detail: '' }, false],
  ] as const)('%j: given back at once is %s', async (failure, isDefinite) => {
    const world = await createWorld()
    const admitted = await sent(await world.forwarded())
    await admitted.failed(failure, nothingSent)
    await admitted.failed({ kind: 'refused', detail: 'again' }, nothingSent)
    expect(await world.money()).toEqual(isDefinite ? { available: 1_000, held: 0 } : { available: 900, held: 100 })
    expect((await world.store.call(admitted.requestId))?.state).toBe(isDefinite ? undefined : 'unknown')
    world.clock.advance(DEADLINE_MS)
    expect(await world.money()).toEqual({ available: 1_000, held: 0 })
  })

  it.each([
    [400, [], 1_000, 0],
    [404, ['content-type', 'application/problem+json'], 1_000, 0],
    [500, [], 1_000, 0],
    [502, [], 1_000, 0],
    [429, [], 1_000, 0],
    [504, [], 900, 100],
    [502, ['tollgate-price', 'later'], 900, 100],
  ])('a service that answers %i %j leaves %i units, and %i held', async (status, headers, available, held) => {
    const world = await createWorld()
    await serve(await world.forwarded(), { status, headers, body: '{}' })
    expect(await world.money()).toEqual({ available, held })
    expect(await world.alive('stock')).toBe(held === 0 ? 0 : 1)
  })
})

describe('a caller who goes away', () => {
  const usage: UsageRule = { per: 10, amounts: { 'usage.tokens': 3 }, perEvent: 2 }
  const chat: RouteOptions = { methods: ['POST'], path: '/v1/chat', steps: [{ kind: 'take', take: [{ meter: 'balance', price: { amount: 100 }, usage }] }] }
  const slot: RouteOptions = { methods: ['POST'], path: '/v1/work', steps: [{ kind: 'take', take: ['slots'] }] }

  /** Whether the answer ends with a caller who goes now. */
  function endsNow(judgement: ReturnType<Admitted['judge']>): boolean | undefined {
    return judgement.kind === 'pass' ? judgement.endsWithCaller?.() : undefined
  }
  const show = (judgement: ReturnType<Admitted['judge']>, text: string): void => judgement.kind === 'pass' ? judgement.tap?.(new TextEncoder().encode(text)) : undefined
  const events = ['content-type', 'text/event-stream']

  it('does not stop what is paid for before its head has said what it costs, and from there only what must be read for it goes on', async () => {
    const world = await createWorld({ api: { routes: [createSession, chat, slot] } })
    const fixed = await world.forwarded()
    expect(fixed.outlivesCaller).toBe(true)
    expect(endsNow(fixed.judge(200, ['content-type', 'application/json']))).toBe(true)
    const used = await world.forwarded({ target: '/nexalayer/v1/chat' })
    expect(endsNow(used.judge(200, ['content-type', 'application/json']))).toBe(false)
    expect((await world.forwarded({ target: '/nexalayer/v1/work' })).outlivesCaller).toBe(false)
  })

  it('does not stop a stream before something has come that has a price: it is heard to its end, and charged what it says', async () => {
    const world = await createWorld({ api: { routes: [chat] } })
    const admitted = await sent(await world.forwarded({ target: '/nexalayer/v1/chat' }))
    const stream = admitted.judge(200, events)
    expect(endsNow(stream)).toBe(false)
    show(stream, ': thinking\n\nevent: ping\n\n')
    expect(endsNow(stream)).toBe(false)
    show(stream, 'data: {"text":"a"}\n\n')
    expect(endsNow(stream)).toBe(true)
    show(stream, 'data: {"usage":{"tokens":100}}\n\n')
    await admitted.completed(200, nothingSent)
    expect(await world.money()).toEqual({ available: 970, held: 0 })
  })

  it.each<[string, string, number]>([
    ['nothing that has a price, and would hear no more of it, pays all that is held', ': thinking\n\n', 900],
    ['two events, pays these', 'data: {"text":"a"}\n\ndata: {"text":"b"}\n\n', 996],
    ['figures, pays these', 'data: {"usage":{"tokens":100}}\n\n', 970],
  ])('after a stream has shown %s', async (_, text, available) => {
    const world = await createWorld({ api: { routes: [chat] } })
    const admitted = await sent(await world.forwarded({ target: '/nexalayer/v1/chat' }))
    show(admitted.judge(200, events), text)
    await admitted.brokenMidStream({ kind: 'client_gone', detail: '', sent: true }, 200, events, nothingSent)
    expect(await world.money()).toEqual({ available, held: 0 })
  })

  it('does not stop a stream of whose events none has a price until all figures are there', async () => {
    const { perEvent: _, ...figuresOnly } = usage
    const world = await createWorld({ api: { routes: [{ ...chat, steps: [{ kind: 'take', take: [{ meter: 'balance', price: { amount: 100 }, usage: figuresOnly }] }] }] } })
    const stream = (await sent(await world.forwarded({ target: '/nexalayer/v1/chat' }))).judge(200, events)
    show(stream, 'data: {"text":"a"}\n\n')
    expect(endsNow(stream)).toBe(false)
    show(stream, 'data: {"usage":{"tokens":100}}\n\n')
    expect(endsNow(stream)).toBe(true)
  })

  it.each([
    [200, [], 900],
    [200, ['tollgate-price', '0.30'], 970],
    [302, [], 900],
    [304, [], 1_000],
  ] as const)('when the head is %i %j leaves %i units and no hold', async (status, headers, available) => {
    const world = await createWorld()
    const admitted = await sent(await world.forwarded())
    admitted.judge(status, headers)
    await admitted.brokenMidStream({ kind: 'client_gone', detail: '', sent: true }, status, headers, nothingSent)
    expect(await world.money()).toEqual({ available, held: 0 })
  })
})

describe('an answer that takes longer than the hold', () => {
  it('keeps it, and the key, and is charged at its end what it says', async () => {
    const world = await createWorld()
    const admitted = await sent(await world.forwarded({ key: 'k' }))
    admitted.judge(200, ['tollgate-price', '0.30'])
    for (let times = 0; times < 3; times += 1) {
      world.clock.advance(DEADLINE_MS)
      await world.sweep()
      expect(await world.money()).toEqual({ available: 900, held: 100 })
      expect((await world.answered({ key: 'k' })).error?.details).toEqual({ reason: 'in_progress' })
    }
    await admitted.completed(200, nothingSent)
    expect(await world.money()).toEqual({ available: 970, held: 0 })
    expect((await world.answered({ key: 'k' })).headers['idempotent-replayed']).toBe('true')
    expect(world.alerts).toEqual([])
  })

  it('to begin is passed on and charged', async () => {
    const world = await createWorld()
    const admitted = await sent(await world.forwarded())
    for (let times = 0; times < 10; times += 1) {
      world.clock.advance(DEADLINE_MS / 4)
      await world.sweep()
    }
    expect((await serve(admitted)).status).toBe(200)
    expect(await world.money()).toEqual({ available: 900, held: 0 })
  })

  it.each([
    ['marked as it was let in', createSession.steps],
    ['still to be marked', [...createSession.steps, { kind: 'blockWords' as const, field: 'config.product_no', words: ['never'] }]],
  ])('and that is %s is not sent when its hold is over: another gateway may have sent it under its key by now', async (_, steps) => {
    const world = await createWorld({ api: { routes: [{ ...createSession, steps }] } })
    const admitted = await world.forwarded({ key: 'k' })
    world.failOn('extend')
    world.clock.advance(DEADLINE_MS)
    expect(await admitted.dispatching?.()).toBe(false)
    expect(await admitted.failed({ kind: 'refused', detail: 'not dispatched' }, nothingSent)).toMatchObject({ status: 502 })
    expect(await world.money()).toEqual({ available: 1_000, held: 0 })
    expect((await world.run({ key: 'k' })).status).toBe(200)
  })

  it('to begin is not passed on when the hold could not be kept up and the money has gone back', async () => {
    const world = await createWorld()
    const admitted = await sent(await world.forwarded())
    world.failOn('extend')
    world.clock.advance(DEADLINE_MS)
    expect(await serveSent(admitted, { body: 'the work' })).toMatchObject({ status: 504, error: { code: 'BACKEND_TIMEOUT' } })
    expect(await world.money()).toEqual({ available: 1_000, held: 0 })
    expect(world.alerts).toContain('upstream: the answer came after the hold was over, which could not be kept up, and is not passed on')
  })

  describe('and that began before its hold could not be kept up', () => {
    /** Begun, and overslept: the money has gone back. */
    async function overslept(change: Parameters<typeof createWorld>[0] = {}, key?: string) {
      const world = await createWorld(change)
      const admitted = await sent(await world.forwarded(key === undefined ? {} : { key }))
      admitted.judge(200, ['tollgate-price', '0.30'])
      world.failOn('extend')
      world.clock.advance(2 * DEADLINE_MS)
      await world.sweep()
      expect(await world.money()).toMatchObject({ held: 0 })
      return { world, admitted }
    }
    const given = ['hold 100 request', 'release 100 deadline']
    const rows = async (world: World): Promise<string[]> => (await world.ledger()).map(({ kind, units, reason }) => `${kind} ${units} ${reason}`)

    it('is charged afterwards', async () => {
      const { world, admitted } = await overslept()
      await admitted.completed(200, nothingSent)
      expect(await rows(world)).toEqual([...given, 'hold 30 late: price', 'settle 30 late: price'])
      expect(await world.money()).toEqual({ available: 970, held: 0 })
      expect(world.alerts.at(-1)).toBe('price: the hold was over before the answer, and was given back: 0.30 was charged afterwards')
    })

    it('is charged what is there by then', async () => {
      const { world, admitted } = await overslept({ units: 100 })
      await applyOne(world.store, { kind: 'debit', subject: 'account:team_1', name: 'balance', scale: 2, debitId: 'd', units: 80, reason: 'test' })
      await admitted.completed(200, nothingSent)
      expect(await world.money()).toEqual({ available: 0, held: 0 })
      expect(world.alerts.at(-1)).toBe('price: the hold was over before the answer, and was given back: 0.20 was charged afterwards; 0.10 more was not there')
    })

    it('is charged although its caller goes', async () => {
      const { world, admitted } = await overslept()
      await admitted.brokenMidStream({ kind: 'client_gone', detail: '', sent: true }, 200, [], nothingSent)
      expect(await world.money()).toEqual({ available: 970, held: 0 })
    })

    it('keeps its answer for its key', async () => {
      const { world, admitted } = await overslept({}, 'k')
      await admitted.completed(200, nothingSent)
      expect((await world.answered({ key: 'k' })).headers['idempotent-replayed']).toBe('true')
      expect(await world.money()).toEqual({ available: 970, held: 0 })
    })

    it('keeps its answer for its key where it costs nothing', async () => {
      const world = await createWorld()
      const admitted = await sent(await world.forwarded({ key: 'k' }))
      admitted.judge(200, ['tollgate-price', '0'])
      world.failOn('extend')
      world.clock.advance(2 * DEADLINE_MS)
      await admitted.completed(200, nothingSent)
      expect((await world.answered({ key: 'k' })).headers['idempotent-replayed']).toBe('true')
      expect(await rows(world)).toEqual(given)
      expect(world.alerts.at(-1)).toBe('price: the hold was over before the answer, and was given back: it costs nothing, and its answer was kept afterwards')
    })

    it('keeps its answer for its key where nothing but the key is held', async () => {
      const hold = { holdMs: DEADLINE_MS, onExpiry: 'release' } as const
      const world = await createWorld({ api: { routes: [{ ...createSession, steps: [{ kind: 'idempotency', header: 'idempotency-key' }, { kind: 'take', take: ['slots'], hold }] }] } })
      const admitted = await sent(await world.forwarded({ key: 'k' }))
      admitted.judge(200, [])
      world.failOn('extend')
      world.clock.advance(2 * DEADLINE_MS)
      await world.sweep()
      await admitted.completed(200, nothingSent)
      expect((await world.answered({ key: 'k' })).headers['idempotent-replayed']).toBe('true')
      expect(await rows(world)).toEqual([])
    })

    const notPassedOn = 'price: the hold was over before the answer, and was given back: nothing is charged, and it is not passed on, since another call has its idempotency key by now'

    it('is not charged where another call has its key by now: that one is, and gives the answer of the key', async () => {
      const { world, admitted } = await overslept({}, 'k')
      await world.run({ key: 'k' })
      expect(await admitted.completed(200, nothingSent, false)).toMatchObject({ status: 504 })
      expect(await world.money()).toEqual({ available: 900, held: 0 })
      expect(world.alerts).toContain(notPassedOn)
      expect((await world.answered({ key: 'k' })).headers['idempotent-replayed']).toBe('true')
    })

    it('breaks off where another call has its key by now, and its head is out', async () => {
      const { world, admitted } = await overslept({}, 'k')
      await world.run({ key: 'k' })
      await expect(admitted.completed(200, nothingSent)).rejects.toThrow('another call has its idempotency key by now')
      expect(await world.money()).toEqual({ available: 900, held: 0 })
      expect(world.alerts).toContain(notPassedOn)
    })

    it('is charged, and kept for its key, where the store has lost the call, as a standby may that was behind', async () => {
      let standby: Store | undefined
      let [isBehind, hasTakenOver] = [false, false]
      const world = await createWorld({
        storeOf(clock) {
          standby = createMemoryStore({ clock })
          return createMemoryStore({ clock })
        },
        around(primary) {
          const current = (): Store => (hasTakenOver ? (standby as Store) : primary)
          const apply: Store['apply'] = async (commands) => {
            if (!isBehind && !hasTakenOver) await standby?.apply(commands)
            return current().apply(commands)
          }
          return { ...primary, apply, ledger: (query) => current().ledger(query), peek: (takes) => current().peek(takes), call: (id) => current().call(id), get: (collection, id) => current().get(collection, id) }
        },
      })
      isBehind = true
      const admitted = await sent(await world.forwarded({ key: 'k' }))
      admitted.judge(200, ['tollgate-price', '0.30'])
      hasTakenOver = true
      expect(await world.money()).toEqual({ available: 1_000, held: 0 })
      await admitted.completed(200, nothingSent)
      expect(await world.money()).toEqual({ available: 970, held: 0 })
      expect((await world.answered({ key: 'k' })).headers['idempotent-replayed']).toBe('true')
    })

    it('is not charged where its service had released it before', async () => {
      const world = await createWorld()
      const admitted = await sent(await world.forwarded())
      admitted.judge(200, [])
      expect((await world.act(admitted, 'release')).status).toBe(200)
      world.clock.advance(2 * DEADLINE_MS)
      await admitted.completed(200, nothingSent)
      expect(await rows(world)).toEqual(['hold 100 request', 'release 100 released by the service'])
    })
  })

  it('whose price comes later is not passed on, either: its key may be another call\'s by now', async () => {
    const later = { headers: ['content-type', 'application/json', 'tollgate-price', 'later'] }
    const world = await createWorld()
    const admitted = await sent(await world.forwarded({ key: 'k' }))
    world.failOn('extend')
    world.clock.advance(DEADLINE_MS)
    await world.sweep()
    const other = await world.run({ key: 'k' }, { ...later, body: '{"by":"two"}' })
    expect(other.status).toBe(200)
    expect((await serveSent(admitted, { ...later, body: '{"by":"one"}' })).status).toBe(504)
    expect((await world.answered({ key: 'k' })).body).toBe(other.body)
  })

  it('whose price comes later is not passed on where nobody could write it down: its key would be run again', async () => {
    const world = await createWorld()
    const admitted = await sent(await world.forwarded({ key: 'k' }))
    admitted.judge(200, ['content-type', 'application/json', 'tollgate-price', 'later'])
    world.failOn('settle')
    expect(await admitted.completed(200, nothingSent, false)).toMatchObject({ status: 500 })
  })

  it('whose price comes later is not passed on where the deadline came after its head', async () => {
    const world = await createWorld()
    const admitted = await sent(await world.forwarded({ key: 'k' }))
    admitted.judge(200, ['content-type', 'application/json', 'tollgate-price', 'later'])
    world.failOn('extend')
    world.clock.advance(DEADLINE_MS)
    await world.sweep()
    expect(await admitted.completed(200, nothingSent, false)).toMatchObject({ status: 504 })
    expect(world.alerts).toContain('price: the hold was over before the answer, and was given back: nothing is charged, and it is not passed on, since its price was to come later')
    expect((await world.run({ key: 'k' })).status).toBe(200)
  })

  it('to begin is passed on where the deadline has charged it', async () => {
    const steps = [...createSession.steps.slice(0, 3), { ...stage, kind: 'take' as const, hold: { holdMs: DEADLINE_MS, onExpiry: 'charge' as const } }]
    const world = await createWorld({ api: { routes: [{ ...createSession, steps }] } })
    const admitted = await sent(await world.forwarded())
    world.failOn('extend')
    world.clock.advance(DEADLINE_MS)
    expect((await serve(admitted)).status).toBe(200)
    expect(await world.money()).toEqual({ available: 900, held: 0 })
  })
})

describe('when the store fails', () => {
  it('an answer whose charge cannot be written does not go out whole, and the log says so', async () => {
    const world = await createWorld()
    const admitted = await world.forwarded()
    world.failOn('settle')
    await expect(serve(admitted)).rejects.toThrow('disk full')
    world.failOn(undefined)
    expect(await world.store.request(admitted.requestId)).toMatchObject({ refusal: { reason: 'internal', midStream: true } })
    expect(await world.money()).toEqual({ available: 900, held: 100 })
    world.clock.advance(DEADLINE_MS)
    expect(await world.money()).toEqual({ available: 1_000, held: 0 })
  })

  it('an answer whose charge cannot be written is a refusal where its head is not out yet', async () => {
    const world = await createWorld()
    const admitted = await world.forwarded()
    world.failOn('settle')
    admitted.judge(200, [])
    const instead = await admitted.completed(200, nothingSent, false)
    expect([instead?.status, JSON.parse(instead?.body ?? '').error.code]).toEqual([500, 'INTERNAL_ERROR'])
    expect(instead?.body).not.toContain('disk')
    world.failOn(undefined)
    const logged = await world.store.request(admitted.requestId)
    expect(logged).toMatchObject({ status: 500, refusal: { reason: 'internal', cause: expect.stringContaining('disk full') } })
    expect(logged?.refusal?.midStream).toBeUndefined()
    expect(await world.money()).toEqual({ available: 900, held: 100 })
  })

  it.each([
    ['a key, which could not keep it', { key: 'k' }, 500],
    ['no key', {}, 201],
  ])('an answer of no charge that cannot be written, under %s', async (_, sentWith, status) => {
    const world = await createWorld()
    const admitted = await world.forwarded(sentWith)
    world.failOn('settle')
    admitted.judge(201, ['tollgate-price', '0'])
    expect((await admitted.completed(201, nothingSent, false))?.status ?? 201).toBe(status)
  })

  it('a refusal goes out although nothing can be given back yet', async () => {
    const world = await createWorld()
    const admitted = await world.forwarded()
    world.failOn('settle')
    expect((await serve(admitted, { status: 500 })).error?.code).toBe('BACKEND_ERROR')
    expect(world.alerts.join()).toContain('disk full')
  })

  it('a refusal does not go out where the deadline would charge it', async () => {
    const steps = [...createSession.steps.slice(0, 3), { ...stage, kind: 'take' as const, hold: { holdMs: DEADLINE_MS, onExpiry: 'charge' as const } }]
    const world = await createWorld({ api: { routes: [{ ...createSession, steps }] } })
    const admitted = await sent(await world.forwarded())
    world.failOn('settle')
    expect((await serve(admitted, { status: 422 })).error?.code).toBe('INTERNAL_ERROR')
  })

  it('money that cannot be held, and a dispatch that cannot be marked, send nothing', async () => {
    const world = await createWorld({ api: { routes: [{ ...createSession, steps: [...createSession.steps, { kind: 'validate', check: () => [] }] }] } })
    const admitted = await world.forwarded()
    world.failOn('dispatch')
    expect(await serve(admitted)).toMatchObject({ status: 502, error: { code: 'BACKEND_ERROR' } })
    expect(await world.money()).toEqual({ available: 1_000, held: 0 })
    world.failOn('admit')
    expect((await world.answered()).error?.code).toBe('BACKEND_ERROR')
  })
})

/** Around a store that cannot say what became of these commands; of each it is asked `times` times in vain. */
function losing(kind: Command['kind'], { happened, times }: { readonly happened: boolean; readonly times: number }): { readonly around: (store: Store) => Store; readonly asked: () => readonly string[] } {
  let lost = 0
  const asked: string[] = []
  const around = (store: Store): Store => ({
    ...store,
    async apply(commands) {
      const [command] = commands
      if (command?.kind !== kind || (command.kind === 'admit' && command.call === undefined)) return store.apply(commands)
      asked.push(JSON.stringify(command))
      if (lost === times) return store.apply(commands)
      lost += 1
      if (happened) await store.apply(commands)
      throw new StoreUnavailableError('the connection broke', { applied: 'unknown' })
    },
  })
  return { around, asked: () => asked }
}

describe('a store that cannot say whether it was done', () => {
  const charging = { ...stage, kind: 'take' as const, hold: { holdMs: DEADLINE_MS, onExpiry: 'charge' as const } }
  const steps = [...createSession.steps.slice(0, 3), charging]
  const cases = (['claim', 'admit', 'dispatch', 'settle'] as const).flatMap((kind) => [true, false].map((happened) => [kind, happened ? 'was done' : 'was not done', happened] as const))

  it.each(cases)('is asked once more under the same name: %s, which %s, is done once', async (kind, _, happened) => {
    // The check that comes last parts the dispatch from the stage.
    const routes = [{ ...createSession, steps: [...steps, { kind: 'validate' as const, check: () => [] }] }]
    const { around, asked } = losing(kind, { happened, times: 1 })
    const world = await createWorld({ api: { routes }, around })
    const before = { sessions: await world.alive('sessions'), stock: await world.alive('stock') }
    const admitted = await world.forwarded({ key: 'k1' })
    expect(await world.money()).toEqual({ available: 900, held: 100 })
    expect(await world.alive('sessions')).toBe(before.sessions + 1)
    expect((await serve(admitted)).status).toBe(200)
    expect(asked()).toHaveLength(2)
    expect(asked()[1]).toBe(asked()[0])
    expect(await world.money()).toEqual({ available: 900, held: 0 })
    expect((await world.ledger()).map(({ kind: moved, units }) => ({ kind: moved, units }))).toEqual([{ kind: 'hold', units: 100 }, { kind: 'settle', units: 100 }])
    expect((await world.run({ key: 'k1' })).headers['idempotent-replayed']).toBe('true')
    expect(world.alerts).toEqual([])
  })

  it('slots are taken once, too, in each stage that takes them, also where two are the same', async () => {
    const { around, asked } = losing('admit', { happened: true, times: 1 })
    const slot = { kind: 'take' as const, take: ['slots'] }
    const world = await createWorld({ api: { routes: [{ methods: ['POST'], path: '/v1/work', steps: [slot, slot] }] }, around })
    const admitted = await world.forwarded({ target: '/nexalayer/v1/work' })
    expect([asked().length, await world.alive('slots')]).toEqual([3, 2])
    await serve(admitted)
    expect(await world.alive('slots')).toBe(0)
  })

  it('what only counts has no name, and is not asked again', async () => {
    let asked = 0
    const around = (store: Store): Store => ({
      ...store,
      async apply(commands) {
        if (commands[0]?.kind !== 'admit') return store.apply(commands)
        asked += 1
        throw new StoreUnavailableError('the connection broke', { applied: 'unknown' })
      },
    })
    const world = await createWorld({ around })
    expect(await world.answered()).toMatchObject({ status: 502, error: { code: 'BACKEND_ERROR' } })
    expect(asked).toBe(1)
  })

  it.each([
    [true, 'unknown'],
    [false, 'unknown'],
    [true, 'no'],
  ] as const)('money that may be held or not, which it could not say twice, is given back with the refusal, and never charged at the deadline (done: %s, the second time %s)', async (happened, second) => {
    let asked = 0
    const around = (store: Store): Store => ({
      ...store,
      async apply(commands) {
        if (commands[0]?.kind !== 'admit' || commands[0].call === undefined || asked === 2) return store.apply(commands)
        asked += 1
        if (happened && asked === 1) await store.apply(commands)
        throw new StoreUnavailableError('the connection broke', { applied: asked === 1 ? 'unknown' : second })
      },
    })
    const world = await createWorld({ api: { routes: [{ ...createSession, steps }] }, around })
    const before = { sessions: await world.alive('sessions'), stock: await world.alive('stock') }
    expect(await world.answered()).toMatchObject({ status: 502, error: { code: 'BACKEND_ERROR' } })
    expect(asked).toBe(2)
    expect(await world.money()).toEqual({ available: 1_000, held: 0 })
    expect({ sessions: await world.alive('sessions'), stock: await world.alive('stock') }).toEqual(before)
    world.clock.advance(2 * DEADLINE_MS)
    expect(await world.money()).toEqual({ available: 1_000, held: 0 })
    await world.run()
    expect((await world.ledger()).filter(({ kind }) => kind === 'settle' || kind === 'release').map(({ kind }) => kind).toSorted()).toEqual(happened ? ['release', 'settle'] : ['settle'])
  })

  it.each([true, false])('a key that may be bound or not, which it could not say twice, is free again with the refusal (done: %s)', async (happened) => {
    const { around, asked } = losing('claim', { happened, times: 2 })
    const world = await createWorld({ api: { routes: [{ ...createSession, steps }] }, around })
    expect(await world.answered({ key: 'k1' })).toMatchObject({ status: 502, error: { code: 'BACKEND_ERROR' } })
    expect(asked()).toHaveLength(2)
    expect((await world.run({ key: 'k1' })).status).toBe(200)
  })

  it('a take-over that may have happened or not leaves the outcome as unknown as it was, and the key free for the next', async () => {
    let lost = 0
    const around = (store: Store): Store => ({
      ...store,
      async apply(commands) {
        const results = store.apply(commands)
        if (commands[0]?.kind !== 'claim' || commands[0].redispatch !== true || lost === 2) return results
        lost += 1
        await results
        throw new StoreUnavailableError('the connection broke', { applied: 'unknown' })
      },
    })
    const world = await createWorld({ api: { service: { isIdempotent: true }, routes: [{ ...createSession, steps }] }, around })
    await (await world.forwarded({ key: 'k1' })).failed({ kind: 'timeout', phase: 'headers', detail: '' }, nothingSent)
    expect((await world.answered({ key: 'k1' })).status).toBe(502)
    expect(await world.money()).toEqual({ available: 900, held: 100 })
    expect((await world.run({ key: 'k1' })).status).toBe(200)
    expect(await world.money()).toEqual({ available: 900, held: 0 })
  })
})

describe('slots', () => {
  const work: RouteOptions = { methods: ['POST'], path: '/v1/work', steps: [{ kind: 'take', take: ['slots'] }] }
  const target = '/nexalayer/v1/work'

  it('at most so many calls are in flight at once; the next is told to come back soon', async () => {
    const world = await createWorld({ api: { routes: [work] } })
    const first = await world.forwarded({ target })
    await world.forwarded({ target })
    expect(await world.answered({ target })).toMatchObject({ status: 429, error: { code: 'RATE_LIMIT_EXCEEDED', details: { limit: 2, retry_after: 1 } }, headers: { 'retry-after': '1' } })
    await first.completed(200, nothingSent)
    await world.forwarded({ target })
  })

  it('of a gate that is gone come free for the others when its heart no longer beats, and not before', async () => {
    const world = await createWorld({ api: { routes: [work] }, gate: { owner: 'gw_1' } })
    const slots = (owner: string) => applyOne(world.store, { kind: 'admit', owner, takes: [{ subject: 'key:key_1', name: 'slots', meter: { kind: 'lease', of: 'slot' }, limit: 2, cost: 1 }], call: { id: `probe of ${owner}`, accountId: 'team_1', holdMs: 1_000, onExpiry: 'release' } })
    await applyOne(world.store, { kind: 'beat', owner: 'gw_1', ttlMs: 10_000 })
    await world.forwarded({ target })
    await world.forwarded({ target })
    world.clock.advance(9_999)
    expect((await slots('gw_2')).admitted).toBe(false)
    world.clock.advance(1)
    expect((await slots('gw_2')).admitted).toBe(true)
    expect((await world.answered({ target })).status).toBe(429)
  })

  it.each([
    ['an answer', (admitted: Admitted) => admitted.completed(200, nothingSent)],
    ['a refusal of the service', (admitted: Admitted) => admitted.answerFor(500, [], undefined, nothingSent)],
    ['a time-out', (admitted: Admitted) => admitted.failed({ kind: 'timeout', phase: 'headers', detail: '' }, nothingSent)],
    ['a caller who went away', (admitted: Admitted) => admitted.failed({ kind: 'client_gone', detail: '' }, nothingSent)],
    ['a broken stream', (admitted: Admitted) => admitted.brokenMidStream({ kind: 'reset', detail: '' }, 200, [], nothingSent)],
  ])('%s frees the slot', async (_, end) => {
    const world = await createWorld({ api: { routes: [work] } })
    for (let count = 0; count < 5; count += 1) await end(await world.forwarded({ target }))
    expect(await world.alive('slots')).toBe(0)
  })

  it('a refusal by a later step frees the slot too', async () => {
    const world = await createWorld({ api: { routes: [{ ...work, steps: [...work.steps, { kind: 'validate', check: () => [{ rule: 'x', issue: 'y' }] }] }] } })
    for (let count = 0; count < 5; count += 1) expect((await world.answered({ target })).error?.code).toBe('INVALID_REQUEST')
    expect(await world.alive('slots')).toBe(0)
  })
})

it('a route that costs nothing leaves no record and no trace of money', async () => {
  const world = await createWorld({ api: { routes: [{ methods: ['GET'], path: '/v1/balance', steps: [{ kind: 'read', meters: ['balance', 'sessions'] }] }] } })
  const admitted = await world.forwarded({ method: 'GET', target: '/nexalayer/v1/balance' })
  const context = headersOf(admitted.contextHeaders)
  expect(JSON.parse(context['tollgate-usage'] ?? '')).toMatchObject({ balance: { available: '10.00', held: '0.00', scale: 2 }, sessions: { used: 0 } })
  expect(context['tollgate-call']).toBeUndefined()
  await serve(admitted)
  expect(await world.store.call(admitted.requestId)).toBeUndefined()
  expect(nexalayerApi.routes).toHaveLength(1)
})
