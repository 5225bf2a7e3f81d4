/** Endings that give back while the store does not take them, by a gate over a store that a test makes fail. */
import { describe, expect, it } from 'vitest'
import { createWorld, DEADLINE_MS, nothingSent, serve, type World } from '../fixtures/paid-world.ts'

const slotApi = { routes: [{ methods: ['POST'], path: '/v1/work', steps: [{ kind: 'take' as const, take: ['slots'] }] }] }
const work = { target: '/nexalayer/v1/work' }

async function second(world: World): Promise<void> {
  world.clock.advance(1_000)
  for (let turn = 0; turn < 10; turn += 1) await new Promise(setImmediate)
}

describe('an ending that gives back, and that the store does not take', () => {
  it('is tried again until it does: slots come free long before their deadline', async () => {
    const world = await createWorld({ api: slotApi })
    const held = [await world.forwarded(work), await world.forwarded(work)]
    world.failOn('settle')
    for (const call of held) await call.completed(200, nothingSent)
    for (let seconds = 0; seconds < 5; seconds += 1) await second(world)
    expect(await world.alive('slots')).toBe(2)
    // Said once for each, however often it is tried.
    expect(world.alerts).toEqual(['store: Error: disk full', 'store: Error: disk full'])
    world.failOn(undefined)
    await second(world)
    expect(await world.alive('slots')).toBe(0)
  })

  it('frees money and key', async () => {
    const world = await createWorld()
    const admitted = await world.forwarded({ key: 'k' })
    world.failOn('settle')
    expect((await serve(admitted, { status: 422 })).status).toBe(400)
    world.failOn(undefined)
    expect((await world.answered({ key: 'k' })).status).toBe(409)
    await second(world)
    expect(await world.money()).toEqual({ available: 1_000, held: 0 })
    expect((await world.run({ key: 'k' })).status).toBe(200)
  })

  it('is asked for one at a time while nobody knows whether the store answers, and one that never can is in nobody\'s way', async () => {
    let [asked, stuck] = [0, '']
    let isDown = false
    const world = await createWorld({
      api: slotApi,
      around: (store) => ({
        ...store,
        async apply(commands) {
          const [command] = commands
          if (command?.kind === 'settle' && (isDown || command.callId === stuck)) {
            asked += 1
            throw new Error('down')
          }
          return store.apply(commands)
        },
      }),
    })
    const held = [await world.forwarded(work), await world.forwarded(work)]
    stuck = held[0]?.requestId ?? ''
    isDown = true
    for (const call of held) await call.completed(200, nothingSent)
    expect(asked).toBe(2)
    await second(world)
    expect(asked).toBe(3)
    isDown = false
    for (let seconds = 0; seconds < 3; seconds += 1) await second(world)
    expect(await world.alive('slots')).toBe(1)
  })

  it('is given up when its deadline has done the same', async () => {
    const world = await createWorld()
    const admitted = await world.forwarded()
    world.failOn('settle')
    await serve(admitted, { status: 422 })
    world.clock.advance(DEADLINE_MS)
    for (let seconds = 0; seconds < 2; seconds += 1) await second(world)
    world.failOn(undefined)
    expect(await world.money()).toEqual({ available: 1_000, held: 0 })
    expect(world.clock.pending()).toBe(0)
  })

  it('is owed although its caller was told that it failed: what its service refused is not charged at the deadline', async () => {
    const world = await createWorld({ api: { routes: [{ methods: ['POST'], path: '/v1/kept', steps: [{ kind: 'idempotency', header: 'idempotency-key' }, { kind: 'take', take: [{ meter: 'balance', price: { amount: 100 } }], hold: { holdMs: DEADLINE_MS, onExpiry: 'charge' } }] }] } })
    const sent = { target: '/nexalayer/v1/kept', key: 'k' }
    const admitted = await world.forwarded(sent)
    world.failOn('settle')
    expect((await serve(admitted, { status: 422 })).status).toBe(500)
    world.failOn(undefined)
    await second(world)
    expect(await world.money()).toEqual({ available: 1_000, held: 0 })
    expect((await world.run(sent)).status).toBe(200)
  })

  it('is a charge that nobody was given an answer for: its slots alone come free', async () => {
    const world = await createWorld({ api: { routes: [{ methods: ['POST'], path: '/v1/work', steps: [{ kind: 'take', take: ['slots', { meter: 'balance', price: { amount: 100 } }], hold: { holdMs: DEADLINE_MS, onExpiry: 'release' } }] }] } })
    const admitted = await world.forwarded(work)
    world.failOn('settle')
    await serve(admitted).catch(() => undefined)
    world.failOn(undefined)
    expect(await world.alive('slots')).toBe(1)
    await second(world)
    expect(await world.alive('slots')).toBe(0)
    expect(await world.money()).toEqual({ available: 900, held: 100 })
  })
})
