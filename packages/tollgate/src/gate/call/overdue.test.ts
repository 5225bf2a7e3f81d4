/** Calls over two engines whose process, or whose money, stood still for longer than their hold. */
import { expect, it } from 'vitest'
import { StoreUnavailableError } from '../../engine/store-error.ts'
import { createCompositeStore } from '../../stores/composite/composite-store.ts'
import { createMemoryStore } from '../../stores/resident/memory.ts'
import type { Command } from '../../stores/store.ts'
import type { Clock } from '../../engine/clock.ts'
import { createFailingCounters } from '../fixtures/failing-counters.ts'
import { createWorld, nexalayerApi, nothingSent, type World } from '../fixtures/paid-world.ts'

const HOLD_MS = 10_000
const key = { kind: 'idempotency', header: 'idempotency-key' } as const
const sent = { target: '/nexalayer/v1/work', key: 'k1', body: { n: 1 } }

function apiOf(onExpiry: 'release' | 'charge', ...before: readonly (typeof key)[]) {
  const take = { kind: 'take' as const, take: ['slots', { meter: 'balance', price: { amount: 10 } }], hold: { holdMs: HOLD_MS, onExpiry } }
  return { meters: nexalayerApi.meters, routes: [{ methods: ['POST'], path: '/v1/work', steps: [...before, take] }] }
}

/** Two engines, of which `around` stands around the one with the money. */
function storeOf(around: (commands: readonly Command[], run: () => Promise<readonly unknown[]>) => Promise<readonly unknown[]>) {
  return (clock: Clock) => {
    const memory = createMemoryStore({ clock })
    const apply = (commands: readonly Command[]) => around(commands, async () => memory.apply(commands)) as ReturnType<typeof memory.apply>
    return createCompositeStore({ counters: createFailingCounters(clock), store: { ...memory, apply } })
  }
}

async function pass(world: World, ms: number): Promise<void> {
  world.clock.advance(ms)
  for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate)
}

it.each(['release', 'charge'] as const)('a call that stood still between its key and its slots does not go out: another has run the key (%s)', async (onExpiry) => {
  let meanwhile: (() => Promise<void>) | undefined
  const one = await createWorld({
    api: apiOf(onExpiry, key),
    storeOf: storeOf(async ([command], run) => {
      const results = await run()
      const standStill = command?.kind === 'claim' ? meanwhile : undefined
      if (standStill !== undefined) meanwhile = undefined
      await standStill?.()
      return results
    }),
  })
  const two = await createWorld({ api: apiOf(onExpiry, key), beside: one })
  meanwhile = async () => {
    one.clock.advance(HOLD_MS + 1_000)
    await one.sweep()
    expect(await two.run(sent, { body: '{"by":"two"}' })).toMatchObject({ status: 200 })
  }
  expect((await one.run(sent, { body: '{"by":"one"}' })).status).toBe(502)
  expect(await one.money()).toEqual({ available: 990, held: 0 })
  expect(await one.alive('slots')).toBe(0)
})

it('a call that was not marked as sent before its deadline does not go out, whatever its hold says of one that was', async () => {
  const world = await createWorld({ api: apiOf('charge'), storeOf: storeOf(async ([command], run) => (command?.kind === 'dispatch' ? [{ dispatched: true }] : run())) })
  const admitted = await world.forwarded({ target: sent.target, body: sent.body })
  world.clock.advance(HOLD_MS)
  expect(await admitted.dispatching()).toBe(false)
  await admitted.failed({ kind: 'refused', detail: 'not sent' }, nothingSent)
  expect(await world.money()).toEqual({ available: 1_000, held: 0 })
})

it.each([false, true])('an answer whose money the deadline gave back is not settled by the slots that were kept up (key run again: %s)', async (isRunAgain) => {
  let isAway = false
  const one = await createWorld({
    api: apiOf('release', key),
    storeOf: storeOf((_, run) => (isAway ? Promise.reject(new StoreUnavailableError('money is away', { applied: 'no' })) : run())),
  })
  const two = await createWorld({ api: apiOf('release', key), beside: one })
  const mine = await one.forwarded(sent)
  expect(await mine.dispatching()).toBe(true)
  expect(mine.judge(200, ['content-type', 'text/event-stream']).kind).toBe('pass')
  isAway = true
  for (let second = 0; second < 12; second += 1) await pass(one, 1_000)
  isAway = false
  await one.sweep()
  expect([await one.alive('slots'), await one.money()]).toEqual([1, { available: 1_000, held: 0 }])
  const runAgain = isRunAgain ? (await two.run(sent, { body: 'by two' })).status : undefined

  const completed = async (): Promise<unknown> => mine.completed(200, nothingSent)
  const told = await completed().then(() => 'paid', (error: Error) => error.name)
  expect([runAgain, told]).toEqual(isRunAgain ? [200, 'AnswerOverdueError'] : [undefined, 'paid'])
  expect(await one.money()).toEqual({ available: 990, held: 0 })
  expect(one.alerts).toContainEqual(expect.stringContaining(isRunAgain ? 'another call has its idempotency key by now' : '0.10 was charged afterwards'))
  expect((await two.run(sent, { body: 'by two' })).headers['idempotent-replayed']).toBe('true')
  expect(await one.alive('slots')).toBe(0)
})
