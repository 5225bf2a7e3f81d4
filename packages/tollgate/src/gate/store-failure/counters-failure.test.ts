/** Calls while the counters of a store of two engines do not answer: by a gate with a policy for it. Money, keys and their answers are as ever. */
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { StoreUnavailableError } from '../../engine/store-error.ts'
import { createCompositeStore } from '../../stores/composite/composite-store.ts'
import { createMemoryStore } from '../../stores/resident/memory.ts'
import type { Store } from '../../stores/store.ts'
import { createFailingCounters, type CountersFault, type FailingCounters } from '../fixtures/failing-counters.ts'
import { createWorld, nexalayerApi, nothingSent, serve, type Answered, type World } from '../fixtures/paid-world.ts'
import type { RouteOptions } from '../gate-options.ts'
import type { StoreFailurePolicy } from './failure-policy.ts'

const HOLD_MS = 10_000
const PATIENCE_MS = 1_000

const post = (path: string, ...steps: RouteOptions['steps']): RouteOptions => ({ methods: ['POST'], path, steps })
const money = { meter: 'balance', price: { amount: 10 } }
const key = { kind: 'idempotency', header: 'idempotency-key' } as const
const hold = { holdMs: HOLD_MS, onExpiry: 'release' } as const
const api = {
  meters: {
    ...nexalayerApi.meters,
    burst: { meter: { kind: 'window' as const, windowMs: 60_000, algorithm: 'fixed' as const, uncountOn: ['upstream.failed' as const] }, per: 'key' as const, limit: 20 },
    daily: { meter: { kind: 'quota' as const, period: 'day' as const }, per: 'key' as const, limit: 40 },
  },
  routes: [
    post('/v1/burst', { kind: 'take', take: ['burst'] }),
    post('/v1/slot', { kind: 'take', take: ['slots'], hold }),
    post('/v1/both', { kind: 'take', take: ['burst', money], hold }),
    post('/v1/dear', { kind: 'take', take: ['burst', { meter: 'balance', price: { amount: 5_000 } }], hold }),
    post('/v1/daily', { kind: 'take', take: ['daily', money], hold }),
    post('/v1/all', { kind: 'take', take: ['slots'] }, key, { kind: 'take', take: ['burst', money], hold }),
    post('/v1/slot-and-dear', { kind: 'take', take: ['slots'] }, { kind: 'take', take: ['burst', { meter: 'balance', price: { amount: 5_000 } }], hold }),
    post('/v1/paid-key', key, { kind: 'take', take: [money], hold }),
  ],
}
const to = (path: string, sent: object = {}): object => ({ target: `/nexalayer/v1/${path}`, ...sent })
const keyed = to('all', { key: 'k1', body: { n: 1 } })
const policy: StoreFailurePolicy = { money: 'refuse', quotas: 'refuse', slots: 'allowLocally', windows: 'allowLocally', patienceMs: PATIENCE_MS, gateways: () => 4 }

describe('while the counters of a composite store do not answer', () => {
  let world: World
  let counters: FailingCounters
  let store: Store

  async function begin(change: Partial<StoreFailurePolicy> = {}, failing: (commandKind: string) => Error | undefined = () => undefined): Promise<void> {
    world = await createWorld({
      api,
      gate: { onStoreFailure: { ...policy, ...change } },
      storeOf(clock) {
        counters = createFailingCounters(clock)
        const memory = createMemoryStore({ clock })
        store = {
          ...memory,
          apply(commands) {
            const [error] = commands.flatMap(({ kind }) => failing(kind) ?? [])
            return error === undefined ? memory.apply(commands) : Promise.reject(error)
          },
        }
        return createCompositeStore({ counters, store })
      },
    })
  }

  const statusesOf = async (sent: object, times: number): Promise<readonly number[]> => {
    const all: number[] = []
    for (let count = 0; count < times; count += 1) all.push((await world.run(sent)).status)
    return all
  }
  /** With the patience of one hanging engine, once. */
  const patiently = async <R>(run: () => Promise<R>): Promise<R> => {
    const before = counters.asked.length
    const running = run()
    await vi.waitFor(() => expect(counters.asked.length).toBeGreaterThan(before), { timeout: 60_000 })
    world.clock.advance(PATIENCE_MS)
    return running
  }
  const toldAbout = (kind: string): readonly string[] => world.alerts.filter((alert) => alert.startsWith(kind))

  beforeEach(() => begin())

  it.each(['no', 'unknown'] as const)('a stage of a window and money goes on, up to the share, and money is exact (%s)', async (fault) => {
    counters.fail(fault)
    expect(await statusesOf(to('both'), 7)).toEqual([200, 200, 200, 200, 200, 429, 429])
    expect(await world.money()).toEqual({ available: 950, held: 0 })
    counters.fail('none')
    world.clock.advance(1_000)
    expect((await world.run(to('both'))).headers['x-ratelimit-limit']).toBe('20')
    expect(await world.money()).toEqual({ available: 940, held: 0 })
    expect(toldAbout('store')).toEqual([
      expect.stringMatching(/^store: the counters do not answer \(.*\): until they do, windows and slots are counted by this gateway alone, up to 1\/4 of each limit, quotas are refused$/),
      'store: the counters answer again: everything is counted there',
    ])
  })

  it('a quota is refused in the dialect, and the money beside it is not touched', async () => {
    counters.fail('no')
    const { status, headers } = await world.answered(to('daily'))
    expect([status, headers['retry-after']]).toEqual([502, '1'])
    counters.fail('none')
    expect(await world.money()).toEqual({ available: 1_000, held: 0 })
  })

  it('what money then refuses is not counted here either, and an earlier slot stays', async () => {
    await begin({ gateways: () => 1 })
    counters.fail('no')
    expect(await statusesOf(to('dear'), 30)).toEqual(Array.from({ length: 30 }, () => 402))
    expect(await statusesOf(to('slot-and-dear'), 3)).toEqual([402, 402, 402])
    expect(await statusesOf(to('burst'), 21)).toEqual([...Array.from({ length: 20 }, () => 200), 429])
  })

  it('an engine that hangs is waited for once, at the admission, and not at the settlement', async () => {
    counters.fail('hangs')
    expect((await patiently(() => world.run(to('both')))).status).toBe(200)
    // The clock stands still from here on.
    expect(await statusesOf(to('both'), 3)).toEqual([200, 200, 200])
    expect(counters.asked).toEqual(['admit'])
    expect(await world.money()).toEqual({ available: 960, held: 0 })
  })

  it('where it begins to hang meanwhile, a settlement waits for it once, and the next call not at all', async () => {
    const admitted = await world.forwarded(to('both'))
    counters.fail('hangs')
    expect((await patiently(() => serve(admitted))).status).toBe(200)
    expect((await world.run(to('both'))).status).toBe(200)
    expect(await world.money()).toEqual({ available: 980, held: 0 })
  })

  it.each<CountersFault>(['unknown', 'hangs'])('what it may have counted all the same is given back there: no slot stays, although its call was refused here (%s)', async (fault) => {
    await begin({ gateways: () => 2 })
    counters.fail('no')
    const held = await world.forwarded(to('slot'))
    counters.fail(fault)
    world.clock.advance(1_000)
    const refused = fault === 'hangs' ? await patiently(() => world.answered(to('slot'))) : await world.answered(to('slot'))
    expect(refused.status).toBe(429)
    counters.fail('none')
    await settled()
    expect(await world.alive('slots')).toBe(1)
    world.clock.advance(1_000)
    await world.run(to('burst'))
    await settled()
    expect(await world.alive('slots')).toBe(0)
    await held.completed(200, nothingSent)
  })

  it.each<CountersFault>(['no', 'hangs'])('a long paid call keeps its hold, and is charged (%s)', async (fault) => {
    const admitted = await world.forwarded(to('both'))
    counters.fail(fault)
    for (let half = 0; half < 6; half += 1) {
      world.clock.advance(HOLD_MS / 2)
      await settled()
      if (fault === 'hangs' && half === 0) {
        world.clock.advance(PATIENCE_MS)
        await settled()
      }
    }
    expect(await world.money()).toEqual({ available: 990, held: 10 })
    expect((await serve(admitted)).status).toBe(200)
    expect(await world.money()).toEqual({ available: 990, held: 0 })
  })

  it('of a call that has slots there alone nobody knows, and it is asked again', async () => {
    const admitted = await world.forwarded(to('slot'))
    counters.fail('no')
    world.clock.advance(HOLD_MS / 2)
    await settled()
    counters.fail('none')
    for (let tries = 0; tries < 3; tries += 1) {
      world.clock.advance(HOLD_MS / 16)
      await settled()
    }
    expect(world.alerts.at(-1)).toContain('answer again')
    world.clock.advance(HOLD_MS / 2 - HOLD_MS / 16)
    expect(await world.alive('slots')).toBe(1)
    await admitted.completed(200, nothingSent)
    expect(await world.alive('slots')).toBe(0)
  })

  it('a keyed call whose slot is counted here is bound, charged and kept there: the same again is its answer', async () => {
    counters.fail('no')
    const first = await world.run(keyed, { status: 200, body: '{"n":1}' })
    counters.fail('none')
    world.clock.advance(1_000)
    const again = (await world.answered(keyed)) satisfies Answered
    expect([first.status, again.status, again.body, again.headers['idempotent-replayed']]).toEqual([200, 200, '{"n":1}', 'true'])
    expect(await world.money()).toEqual({ available: 990, held: 0 })
    expect(await world.alive('slots')).toBe(0)
    expect(toldAbout('price')).toEqual([])
    expect(toldAbout('internal')).toEqual([])
  })

  it('a call whose slots are let pass without being counted goes on to its key and its money', async () => {
    await begin({ slots: 'allow', windows: 'allow' })
    counters.fail('no')
    expect(await statusesOf(keyed, 1)).toEqual([200])
    world.clock.advance(1_001)
    expect((await world.run(to('all', { key: 'k2', body: { n: 1 } }))).status).toBe(200)
    expect(await world.money()).toEqual({ available: 980, held: 0 })
  })

  it('slots are counted here until their calls end, and none stays behind', async () => {
    await begin({ gateways: () => 1 })
    counters.fail('no')
    const held = [await world.forwarded(to('slot')), await world.forwarded(to('slot'))]
    expect((await world.answered(to('slot'))).status).toBe(429)
    world.clock.advance(HOLD_MS / 2)
    await settled()
    world.clock.advance(HOLD_MS / 2 + 1)
    expect((await world.answered(to('slot'))).status).toBe(429)
    await held[0]?.completed(200, nothingSent)
    const third = await world.forwarded(to('slot'))
    counters.fail('none')
    for (const call of [held[1], third]) await call?.completed(200, nothingSent)
    expect(await world.alive('slots')).toBe(0)
  })

  it('slots of calls that have ended meanwhile come free as soon as their engine answers', async () => {
    const held = [await world.forwarded(to('slot')), await world.forwarded(to('slot'))]
    counters.fail('no')
    for (const call of held) await call.completed(200, nothingSent)
    counters.fail('none')
    expect(await world.alive('slots')).toBe(2)
    world.clock.advance(1_000)
    await world.run(to('burst'))
    await settled()
    expect(await world.alive('slots')).toBe(0)
  })

  it('a count is given back where it was counted', async () => {
    await world.run(to('burst'))
    const there = await world.forwarded(to('burst'))
    counters.fail('no')
    for (let count = 0; count < 8; count += 1) await serve(await world.forwarded(to('both')), { status: 500, body: '' })
    expect((await statusesOf(to('burst'), 6)).filter((status) => status === 200)).toHaveLength(5)
    counters.fail('none')
    world.clock.advance(1_000)
    await world.run(to('burst'))
    await serve(there, { status: 500, body: '' })
    expect((await world.run(to('burst'))).headers['x-ratelimit-remaining']).toBe('17')
  })

  it('a call that has bound its key pays, although nobody can say whether it has slots', async () => {
    counters.fail('no')
    await world.run(to('burst'))
    expect((await world.run(to('paid-key', { key: 'k2', body: {} }))).status).toBe(200)
    expect((await world.answered(to('paid-key', { key: 'k2', body: {} }))).headers['idempotent-replayed']).toBe('true')
    expect(await world.money()).toEqual({ available: 990, held: 0 })
  })

  it('a call that has slots there, of which nobody can say whether it lives, is refused, and why is said', async () => {
    counters.fail('no', 1)
    expect((await world.answered(keyed)).status).toBe(502)
    expect(counters.asked.slice(0, 2)).toEqual(['admit', 'extend'])
    expect(world.alerts.at(-1)).toBe('store: StoreUnavailableError: the counters are gone')
    counters.fail('none')
    expect((await world.run(keyed)).status).toBe(200)
    expect(await world.money()).toEqual({ available: 990, held: 0 })
  })

  it('counters that have lost their data count anew, and money is not concerned', async () => {
    expect(await statusesOf(to('both'), 20)).toEqual(Array.from({ length: 20 }, () => 200))
    const open = await world.forwarded(to('paid-key', { key: 'k4', body: {} }))
    counters.loseData()
    expect((await world.run(to('both'))).status).toBe(200)
    expect((await serve(open)).status).toBe(200)
    expect(await world.money()).toEqual({ available: 1_000 - 220, held: 0 })
  })

  it('money that fails by a mistake of ours leaves no count here', async () => {
    let slips = false
    await begin({}, (kind) => (slips && kind === 'admit' ? new TypeError('a slip') : undefined))
    counters.fail('no')
    slips = true
    expect(await statusesOf(to('both'), 6)).toEqual(Array.from({ length: 6 }, () => 502))
    slips = false
    expect(await statusesOf(to('both'), 6)).toEqual([200, 200, 200, 200, 200, 429])
  })

  it('the other way about: where money is away and let pass, windows are counted where they ever are', async () => {
    let isAway = true
    const ofMoney = new Set(['claim', 'admit', 'dispatch', 'settle', 'extend'])
    await begin({ money: 'allow', windows: 'refuse', slots: 'refuse' }, (kind) => (isAway && ofMoney.has(kind) ? new StoreUnavailableError('the database is gone') : undefined))
    expect((await world.run(to('both'))).headers).toMatchObject({ 'x-ratelimit-limit': '20', 'x-ratelimit-remaining': '19' })
    expect((await world.run(keyed, { status: 200, body: '{"n":1}' })).status).toBe(200)
    expect((await world.answered(keyed)).headers['idempotent-replayed']).toBe('true')
    expect(toldAbout('store').filter((alert) => alert.includes('until'))).toEqual(['store: the store does not answer (the database is gone): until it does, money is not counted'])
    isAway = false
    world.clock.advance(1_000)
    expect(await world.money()).toEqual({ available: 1_000, held: 0 })
    expect((await world.run(to('both'))).headers['x-ratelimit-remaining']).toBe('17')
    expect(await world.money()).toEqual({ available: 990, held: 0 })
    expect(await world.alive('slots')).toBe(0)
  })

  it('a meter that is counted beside money stays and falls with it, on a route that does not reserve, too', async () => {
    let isAway = false
    world = await createWorld({
      api,
      gate: { onStoreFailure: policy },
      storeOf(clock) {
        const memory = createMemoryStore({ clock })
        const apply = (commands: Parameters<Store['apply']>[0]): ReturnType<Store['apply']> => (isAway ? Promise.reject(new StoreUnavailableError('money is away', { applied: 'no' })) : memory.apply(commands))
        return createCompositeStore({ counters: createFailingCounters(clock), store: { ...memory, apply }, keptWithMoney: (meter) => meter === 'burst' })
      },
    })
    expect(await statusesOf(to('burst'), 2)).toEqual([200, 200])
    isAway = true
    expect(await statusesOf(to('burst'), 2)).toEqual([502, 502])
    expect(await statusesOf(to('slot'), 1)).toEqual([200])
    isAway = false
    world.clock.advance(1_000)
    expect((await world.run(to('burst'))).headers['x-ratelimit-remaining']).toBe('17')
  })

  /** What was begun in this turn has come to its end. */
  async function settled(): Promise<void> {
    for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve))
  }
})
