import { describe, expect, it, vi } from 'vitest'
import { applyOne } from '../../stores/store.ts'
import type { Admitted } from '../call.ts'
import { createSession, createWorld, DEADLINE_MS, nothingSent, serve, serveSent, START_MS, type World } from '../fixtures/paid-world.ts'
import type { RouteOptions } from '../gate-options.ts'
import type { Handler } from './handled-call.ts'

const DAY_MS = 86_400_000

/** One span after another, with a turn of the event loop after each, for what the store has said. */
async function pass(world: World, spans: number, spanMs = DEADLINE_MS / 2): Promise<void> {
  for (let span = 0; span < spans; span += 1) {
    world.clock.advance(spanMs)
    await new Promise(setImmediate)
  }
}

/** When the gate has asked the store for more time, and until when, in ms since the start. */
function watchExtensions(world: World): [atMs: number, deadlineMs: number][] {
  const seen: [number, number][] = []
  const apply = world.store.apply
  vi.spyOn(world.store, 'apply').mockImplementation((commands) => {
    for (const command of commands) {
      if (command.kind !== 'extend') continue
      const atMs = world.clock.wallMs() - START_MS
      seen.push([atMs, atMs + command.holdMs])
    }
    return apply(commands)
  })
  return seen
}

const deadlineOf = async (world: World, { requestId }: Admitted): Promise<number> => ((await world.store.call(requestId))?.deadlineMs ?? NaN) - START_MS

describe('a call in hand', () => {
  it('has its deadline set anew whenever half of its hold has passed', async () => {
    const world = await createWorld()
    const extensions = watchExtensions(world)
    const admitted = await world.forwarded()
    world.clock.advance(DEADLINE_MS / 2 - 1)
    expect(extensions).toEqual([])
    await pass(world, 3)
    expect(extensions).toEqual([0.5, 1, 1.5].map((holds) => [holds * DEADLINE_MS, (holds + 1) * DEADLINE_MS]))
    expect(await deadlineOf(world, admitted)).toBe(2.5 * DEADLINE_MS)
  })

  it.each<[string, (admitted: Admitted) => Promise<unknown>]>([
    ['an answer', (admitted) => serve(admitted)],
    ['a price that follows', (admitted) => serve(admitted, { headers: ['tollgate-price', 'later'] })],
    ['a refusal', (admitted) => serve(admitted, { status: 422 })],
    ['a failure', (admitted) => admitted.failed({ kind: 'reset', detail: '' }, nothingSent)],
    ['a stream that breaks', (admitted) => admitted.brokenMidStream({ kind: 'timeout', phase: 'body', detail: '' }, 200, [], nothingSent)],
    ['a caller who is gone', (admitted) => admitted.brokenMidStream({ kind: 'client_gone', detail: '' }, 200, [], nothingSent)],
  ])('is let go by %s', async (_, end) => {
    const world = await createWorld()
    const extensions = watchExtensions(world)
    const admitted = await world.forwarded({ key: 'k' })
    await pass(world, 3)
    expect(extensions).toHaveLength(3)
    await end(admitted)
    await pass(world, 3)
    expect(extensions).toHaveLength(3)
    expect(world.clock.pending()).toBe(0)
  })

  it('whose price follows holds until the deadline that was set last', async () => {
    const world = await createWorld()
    const admitted = await world.forwarded()
    await pass(world, 3)
    await serve(admitted, { headers: ['tollgate-price', 'later'] })
    world.clock.advance(DEADLINE_MS - 1)
    await world.sweep()
    expect(await world.money()).toEqual({ available: 900, held: 100 })
    world.clock.advance(1)
    await world.sweep()
    expect(await world.money()).toEqual({ available: 1_000, held: 0 })
  })

  it('is no longer kept when its service or an operator has settled it', async () => {
    const world = await createWorld()
    const extensions = watchExtensions(world)
    const charged = await world.forwarded()
    const byHand = await world.forwarded()
    await world.act(charged, 'charge', { amount: '0.40' })
    await applyOne(world.store, { kind: 'settle', callId: byHand.requestId, outcome: 'released', reason: 'by hand', by: 'operator' })
    await pass(world, 5)
    expect(extensions).toHaveLength(2)
    expect(await world.money()).toEqual({ available: 960, held: 0 })
  })

  it('whose service has charged it before it answers is never too late', async () => {
    const world = await createWorld()
    const admitted = await world.forwarded()
    await world.act(admitted, 'charge', { amount: '0.40' })
    await pass(world, 10)
    expect((await serve(admitted)).status).toBe(200)
    expect(await world.money()).toEqual({ available: 960, held: 0 })
  })

  it.each([
    ['although its record is forgotten by then, since its key is kept for less than its hold', 60_000, 0],
    ['although the store could not say so at once', 86_400_000, 1],
  ])('whose service has charged it is never too late, %s', async (_, keptMs, failures) => {
    let failing = 0
    const world = await createWorld({
      api: { routes: [{ ...createSession, steps: createSession.steps.map((step) => (step.kind === 'idempotency' ? { ...step, keptMs } : step)) }] },
      around: (store) => ({ ...store, call: (id) => (failing-- > 0 ? Promise.reject(new Error('away')) : store.call(id)) }),
    })
    const admitted = await world.forwarded({ key: 'k' })
    expect(await admitted.dispatching?.()).toBe(true)
    await world.act(admitted, 'charge', { amount: '0.40' })
    failing = failures
    for (let span = 0; span < 10; span += 1) {
      await pass(world, 1, DEADLINE_MS / 4)
      await world.sweep()
    }
    expect((await serveSent(admitted)).status).toBe(200)
    expect(await world.money()).toEqual({ available: 960, held: 0 })
  })

  it('is tried again soon when the store does not take it, and lost only when it never does', async () => {
    const world = await createWorld()
    const admitted = await world.forwarded()
    world.failOn('extend')
    await pass(world, 1)
    expect(world.alerts).toEqual(['store: Error: disk full'])
    world.failOn(undefined)
    world.clock.advance(DEADLINE_MS / 16)
    expect(await deadlineOf(world, admitted)).toBe((0.5 + 1 / 16 + 1) * DEADLINE_MS)

    world.failOn('extend')
    await pass(world, 20, DEADLINE_MS / 16)
    expect(world.alerts.length).toBeGreaterThan(5)
    expect(await world.money()).toEqual({ available: 1_000, held: 0 })
    world.failOn(undefined)
    await pass(world, 2)
    expect(await world.money()).toEqual({ available: 1_000, held: 0 })
    expect(world.clock.pending()).toBe(0)
  })

  it('keeps its slots too, where it has nothing else', async () => {
    const world = await createWorld({ api: { routes: [{ methods: ['POST'], path: '/v1/work', steps: [{ kind: 'take', take: ['slots'] }] }] } })
    const target = '/nexalayer/v1/work'
    const forwards = [await world.forwarded({ target }), await world.forwarded({ target })]
    await pass(world, 6, DAY_MS / 2)
    expect((await world.answered({ target })).status).toBe(429)
    for (const admitted of forwards) await admitted.completed(200, nothingSent)
    expect(await world.alive('slots')).toBe(0)
  })

  it('may be one that the gateway answers by itself', async () => {
    let finish: () => void = () => undefined
    const handler: Handler = () => new Promise((resolve) => void (finish = () => resolve({ kind: 'success', status: 200, data: {} })))
    const world = await createWorld({ api: { routes: [{ ...createSession, handler: 'slow' }] }, gate: { handlers: { slow: handler } } })
    const answered = world.answered()
    await expect.poll(() => world.money()).toEqual({ available: 900, held: 100 })
    await pass(world, 5)
    finish()
    expect((await answered).status).toBe(200)
    expect(await world.money()).toEqual({ available: 900, held: 0 })
  })
})

describe('all calls in hand together', () => {
  it('wait by one timer, and those that hold nothing by none', async () => {
    const world = await createWorld({ units: 10_000, api: { routes: [createSession, { methods: ['GET'], path: '/v1/free', steps: [{ kind: 'take', take: ['minute'] }] }] } })
    await world.forwarded({ method: 'GET', target: '/nexalayer/v1/free' })
    expect(world.clock.pending()).toBe(0)
    for (let count = 0; count < 50; count += 1) {
      await world.forwarded()
      world.clock.advance(1)
    }
    expect(world.clock.pending()).toBe(1)
  })

  it('are extended, those that are nearly due along with the first, at most 500 in one go', async () => {
    const world = await createWorld({ units: 100_000 })
    const extensions = watchExtensions(world)
    const forwards: Admitted[] = []
    const begin = async (count: number): Promise<void> => {
      while (count-- > 0) forwards.push(await world.forwarded())
    }
    await begin(600)
    world.clock.advance(DEADLINE_MS / 20)
    await begin(100)
    world.clock.advance(DEADLINE_MS / 20)
    await begin(100)
    const wake = vi.spyOn(world.clock, 'after')
    await pass(world, 1, 0.4 * DEADLINE_MS)
    expect(extensions.map(([atMs]) => atMs)).toEqual(Array.from({ length: 700 }, () => DEADLINE_MS / 2))
    expect(wake.mock.calls.map(([delayMs]) => delayMs)).toEqual([0, DEADLINE_MS / 10])
    await pass(world, 6)
    const deadlines = await Promise.all(forwards.map((admitted) => deadlineOf(world, admitted)))
    expect(Math.min(...deadlines)).toBeGreaterThan(world.clock.wallMs() - START_MS)
  })

  it('of different holds are each extended in their own time', async () => {
    const [, , lookup, stage] = createSession.steps
    const short: RouteOptions = { ...createSession, path: '/v1/short', steps: [...(lookup === undefined ? [] : [lookup]), { ...(stage as object), hold: { holdMs: 1_000, onExpiry: 'release' } } as RouteOptions['steps'][number]] }
    const world = await createWorld({ api: { routes: [createSession, short] } })
    const extensions = watchExtensions(world)
    await world.forwarded()
    await world.forwarded({ target: '/nexalayer/v1/short' })
    await pass(world, 4, 500)
    expect(extensions).toEqual([500, 1_000, 1_500, 2_000].map((atMs) => [atMs, atMs + 1_000]))
  })
})
