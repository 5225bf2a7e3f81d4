/** Calls while the store does not answer: by a gate with a policy for it, over a store that a test makes silent. */
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { StoreUnavailableError, type Applied } from '../../engine/store-error.ts'
import { createWorld, nexalayerApi, nothingSent, serve, type World } from '../fixtures/paid-world.ts'
import type { RouteOptions } from '../gate-options.ts'
import type { StoreFailurePolicy } from './failure-policy.ts'

const post = (path: string, take: RouteOptions['steps']): RouteOptions => ({ methods: ['POST'], path, steps: take })
const api = {
  meters: {
    ...nexalayerApi.meters,
    burst: { meter: { kind: 'window' as const, windowMs: 60_000, algorithm: 'fixed' as const, uncountOn: ['upstream.failed' as const] }, per: 'key' as const, limit: 20 },
    daily: { meter: { kind: 'quota' as const, period: 'day' as const }, per: 'key' as const, limit: 40 },
  },
  routes: [
    post('/v1/burst', [{ kind: 'take', take: ['burst'] }]),
    post('/v1/daily', [{ kind: 'take', take: ['burst', 'daily'] }]),
    post('/v1/slot', [{ kind: 'take', take: ['slots'] }]),
    post('/v1/paid', [{ kind: 'take', take: ['burst'] }, { kind: 'take', take: [{ meter: 'balance', price: { amount: 10 } }] }]),
    post('/v1/slot-twice', [{ kind: 'take', take: ['slots'] }, { kind: 'take', take: ['slots'] }]),
    post('/v1/slot-keyed', [{ kind: 'take', take: ['slots'] }, { kind: 'idempotency', header: 'idempotency-key' }, { kind: 'take', take: [{ meter: 'balance', price: { amount: 10 } }] }]),
    post('/v1/keyed-slot', [{ kind: 'idempotency', header: 'idempotency-key' }, { kind: 'take', take: ['slots'] }]),
    post('/v1/keyed', [{ kind: 'idempotency', header: 'idempotency-key' }, { kind: 'take', take: [{ meter: 'balance', price: { amount: 10 } }] }]),
  ],
}
const burst = { target: '/nexalayer/v1/burst' }
const daily = { target: '/nexalayer/v1/daily' }
const slot = { target: '/nexalayer/v1/slot' }
const paid = { target: '/nexalayer/v1/paid' }
const keyed = { target: '/nexalayer/v1/keyed', key: 'k1', body: { n: 1 } }
const slotKeyed = { target: '/nexalayer/v1/slot-keyed', key: 'k1', body: { n: 1 } }
const keyedSlot = { target: '/nexalayer/v1/keyed-slot', key: 'k1', body: { n: 1 } }
const policy: StoreFailurePolicy = { money: 'refuse', quotas: 'refuse', slots: 'allowLocally', windows: 'allowLocally', patienceMs: 1_000, gateways: () => 4 }

/** What the store does with a command meanwhile. */
type Fault = 'none' | 'hangs' | Applied

describe('while the store does not answer', () => {
  let world: World
  let fault: Fault
  /** So many commands before the fault, and so many that meet it. */
  let spared: number
  let failing: number
  let asked: number

  async function begin(change: Partial<StoreFailurePolicy> = {}): Promise<void> {
    fault = 'none'
    spared = 0
    failing = Infinity
    asked = 0
    world = await createWorld({
      api,
      gate: { onStoreFailure: { ...policy, ...change } },
      around: (store) => ({
        ...store,
        async apply(commands) {
          if (fault === 'none' || commands.some(({ kind }) => kind === 'log' || kind === 'put')) return store.apply(commands)
          asked += 1
          if (asked <= spared || asked > spared + failing) return store.apply(commands)
          if (fault === 'hangs') return new Promise(() => undefined)
          throw new StoreUnavailableError('the connection broke', { applied: fault })
        },
      }),
    })
  }
  const statuses = async (sent: object, times: number): Promise<readonly number[]> => {
    const all: number[] = []
    for (let count = 0; count < times; count += 1) all.push((await world.run(sent)).status)
    return all
  }
  const admittedOf = (all: readonly number[]): number => all.filter((status) => status === 200).length

  beforeEach(() => begin())

  it('windows are counted here, up to the share of this gateway, and what its headers say is that share', async () => {
    expect(admittedOf(await statuses(burst, 3))).toBe(3)
    fault = 'no'
    const all = await statuses(burst, 8)
    expect([admittedOf(all), all.filter((status) => status === 429).length]).toEqual([5, 3])
    expect((await world.run(burst)).headers['x-ratelimit-limit']).toBe('5')
  })

  it('it is said once, and once more when the store answers again: from then on it counts', async () => {
    fault = 'no'
    await statuses(burst, 3)
    expect(world.alerts).toEqual([expect.stringMatching(/^store: the store does not answer \(the connection broke\): until it does, windows and slots are counted by this gateway alone, up to 1\/4 of each limit, quotas and money are refused$/)])
    fault = 'none'
    // Nobody has asked it since.
    expect((await world.run(burst)).headers['x-ratelimit-limit']).toBe('5')
    world.clock.advance(1_000)
    expect((await world.run(burst)).headers['x-ratelimit-limit']).toBe('20')
    expect(world.alerts).toHaveLength(2)
    expect(world.alerts[1]).toContain('answers again')
  })

  it('one call each second asks the store, and the others do not wait for it', async () => {
    fault = 'no'
    await statuses(burst, 4)
    expect(asked).toBe(1)
    world.clock.advance(1_000)
    await statuses(burst, 4)
    expect(asked).toBe(2)
  })

  it('a store that hangs is waited for as long as patience lasts, once', async () => {
    fault = 'hangs'
    const first = world.run(burst)
    await vi.waitFor(() => expect(asked).toBe(1), { timeout: 60_000 })
    world.clock.advance(1_000)
    expect((await first).status).toBe(200)
    expect(await statuses(burst, 2)).toEqual([200, 200])
  })

  it('what must be exact is refused in the dialect, and with when to come again', async () => {
    fault = 'no'
    for (const sent of [daily, paid]) {
      const { status, headers, error } = await world.answered(sent)
      expect([status, headers['retry-after'], error?.code]).toEqual([502, '1', 'BACKEND_ERROR'])
    }
    fault = 'none'
    expect(await world.money()).toEqual({ available: 1_000, held: 0 })
  })

  it('slots are counted here until their calls end, and none stays behind', async () => {
    await begin({ gateways: () => 1 })
    fault = 'unknown'
    const held = [await world.forwarded(slot), await world.forwarded(slot)]
    expect((await world.answered(slot)).status).toBe(429)
    await held[0]?.completed(200, nothingSent)
    const third = await world.forwarded(slot)
    fault = 'none'
    world.clock.advance(2_000)
    await held[1]?.completed(200, nothingSent)
    await third.completed(200, nothingSent)
    expect(await world.alive('slots')).toBe(0)
    expect(await statuses(slot, 2)).toEqual([200, 200])
    expect(world.alerts.filter((alert) => alert.startsWith('price'))).toEqual([])
  })

  it('a call may take several slots that are let pass', async () => {
    await begin({ slots: 'allow' })
    fault = 'no'
    expect(await statuses({ target: '/nexalayer/v1/slot-twice' }, 3)).toEqual([200, 200, 200])
  })

  it('a count is given back where it was counted', async () => {
    fault = 'no'
    for (let count = 0; count < 8; count += 1) {
      const admitted = await world.forwarded(burst)
      await serve(admitted, { status: 500, body: '' })
    }
    expect(admittedOf(await statuses(burst, 6))).toBe(5)
  })

  it('money that is let pass costs nothing meanwhile, is not taken afterwards, and its key is kept here', async () => {
    await begin({ money: 'allow' })
    fault = 'no'
    expect(await statuses(paid, 2)).toEqual([200, 200])
    expect((await world.run(keyed, { status: 200, body: '{"ok":1}' })).status).toBe(200)
    expect((await world.answered(keyed)).headers['idempotent-replayed']).toBe('true')
    fault = 'none'
    world.clock.advance(1_000)
    expect(await world.money()).toEqual({ available: 1_000, held: 0 })
    expect(await statuses(paid, 1)).toEqual([200])
    expect(await world.money()).toEqual({ available: 990, held: 0 })
    expect(world.alerts.filter((alert) => alert.startsWith('price'))).toEqual([])
  })

  it.each([
    ['whose slot is counted here, and the store answers its claim', slotKeyed, 0, 'the store did not answer when this call came, and has not heard of it: its money is refused'],
    ['that has its key in the store, which then fails', keyedSlot, 1, 'the connection broke'],
  ])('a keyed call %s is refused: its answer would be kept for no key, and the key be run again', async (_, sent, before, because) => {
    fault = 'no'
    spared = before
    failing = 1
    const { status, error } = await world.answered(sent)
    expect([status, error?.code]).toEqual([502, 'BACKEND_ERROR'])
    expect(world.alerts.at(-1)).toBe(`store: StoreUnavailableError: ${because}`)
    fault = 'none'
    world.clock.advance(1_000)
    expect((await world.run(sent, { status: 200, body: '{"ok":1}' })).status).toBe(200)
    expect((await world.answered(sent)).headers['idempotent-replayed']).toBe('true')
    expect(await world.alive('slots')).toBe(0)
  })

  it('a keyed call whose slot is counted here is wholly kept here where money is let pass', async () => {
    await begin({ money: 'allow' })
    fault = 'no'
    failing = 1
    expect((await world.run(slotKeyed, { status: 200, body: '{"ok":1}' })).status).toBe(200)
    expect((await world.answered(slotKeyed)).headers['idempotent-replayed']).toBe('true')
    expect(await world.money()).toEqual({ available: 1_000, held: 0 })
    expect(world.alerts.filter((alert) => !alert.startsWith('store: the store'))).toEqual([])
  })

  it('money of which nobody knows whether it was taken is never let pass, and comes back', async () => {
    await begin({ money: 'allow' })
    fault = 'unknown'
    expect((await world.answered(keyed)).status).toBe(502)
    fault = 'none'
    expect(await world.money()).toEqual({ available: 1_000, held: 0 })
  })

  it('a mistake of ours is no failure of the store', async () => {
    world = await createWorld({ api, gate: { onStoreFailure: policy }, around: (store) => ({ ...store, apply: (commands) => (commands.some(({ kind }) => kind === 'admit') ? Promise.reject(new TypeError('a slip')) : store.apply(commands)) }) })
    expect((await world.answered(burst)).status).toBe(502)
  })
})
