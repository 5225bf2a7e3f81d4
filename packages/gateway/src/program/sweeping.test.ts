import { describe, expect, it } from 'vitest'
import type { Clock } from 'tollgate/engine'
import { applyOne, type Store } from 'tollgate/stores'
import { createMemoryStore } from 'tollgate/stores/memory'
import { createManualClock } from 'tollgate/testing'
import { startSweeping, SWEPT_AT_ONCE } from './sweeping.ts'

const START_MS = Date.UTC(2026, 10, 21, 12)
const money = { subject: 'account:a', name: 'credit', meter: { kind: 'balance', scale: 2 }, limit: 0 } as const

async function holding(clock: Clock, calls: number, holdMs: number): Promise<{ readonly store: Store; held(): Promise<number> }> {
  const store = createMemoryStore({ clock })
  await applyOne(store, { kind: 'grant', subject: money.subject, name: money.name, scale: 2, grantId: 'g', units: 100_000, reason: 'test' })
  for (let at = 0; at < calls; at += 1) {
    await applyOne(store, { kind: 'admit', takes: [{ ...money, cost: 1 }], call: { id: `call_${at}`, accountId: 'a', holdMs, onExpiry: 'release' } })
  }
  return { store, held: async () => (await store.ledger({ limit: 100_000 })).reduce((sum, { kind, units }) => sum + (kind === 'hold' ? units : kind === 'release' ? -units : 0), 0) }
}

describe('what falls due', () => {
  it('while nobody was running is resolved soon after the start, however much it is, and the start does not wait for all of it', async () => {
    const clock = createManualClock(START_MS)
    const { store, held } = await holding(clock, 1_200, 1_000)
    clock.advance(2_000)
    const stop = await startSweeping({ store, clock, alert: () => expect.unreachable() })
    expect(await held()).toBe(1_200 - SWEPT_AT_ONCE)
    for (let slice = 0; slice < 1_200 / SWEPT_AT_ONCE; slice += 1) {
      await expect.poll(() => clock.pending(), { interval: 1 }).toBe(1)
      clock.advance(5)
    }
    await expect.poll(held, { interval: 1 }).toBe(0)
    await stop()
  })

  it('is resolved by a gateway that is not the first, too, as rarely as may be: the first may be gone', async () => {
    const clock = createManualClock(START_MS)
    const { store, held } = await holding(clock, 1, 1_000)
    const stop = await startSweeping({ store, clock, alert: () => expect.unreachable(), takesTurn: () => false })
    clock.advance(4_999)
    await new Promise(setImmediate)
    expect(await held()).toBe(1)
    clock.advance(1)
    await expect.poll(held, { interval: 1 }).toBe(0)
    await stop()
  })

  it('is resolved in slices, after each of which others have as long as it took', async () => {
    const clock = createManualClock(START_MS)
    const { store: memory } = await holding(clock, 2 * SWEPT_AT_ONCE + 1, 1_000)
    clock.advance(2_000)
    const slices: number[] = []
    const store: Store = {
      ...memory,
      async apply(commands) {
        const results = await memory.apply(commands)
        slices.push((results[0] as { readonly calls: number }).calls)
        clock.advance(40)
        return results
      },
    }
    const settled = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))
    const stop = await startSweeping({ store, clock, alert: () => expect.unreachable() })
    for (const expected of [[SWEPT_AT_ONCE], [SWEPT_AT_ONCE, SWEPT_AT_ONCE], [SWEPT_AT_ONCE, SWEPT_AT_ONCE, 1]]) {
      expect(slices).toEqual(expected)
      clock.advance(39)
      await settled()
      expect(slices).toEqual(expected)
      clock.advance(1)
      await settled()
    }
    expect(slices).toEqual([SWEPT_AT_ONCE, SWEPT_AT_ONCE, 1, 0])
    // Nothing is due any more: not before a second has passed.
    clock.advance(999)
    await settled()
    expect(slices).toHaveLength(4)
    await stop()
  })

  it('later is resolved by itself', async () => {
    const clock = createManualClock(START_MS)
    const { store, held } = await holding(clock, 1, 60_000)
    const stop = await startSweeping({ store, clock, alert: () => expect.unreachable() })
    expect(await held()).toBe(1)
    for (let second = 0; second < 60; second += 1) {
      await expect.poll(() => clock.pending(), { interval: 1 }).toBe(1)
      clock.advance(1_000)
    }
    await expect.poll(held, { interval: 1 }).toBe(0)
    await stop()
  })

  it('is left alone once it was stopped, and no timer stays', async () => {
    const clock = createManualClock(START_MS)
    const stop = await startSweeping({ store: createMemoryStore({ clock }), clock, alert: () => expect.unreachable() })
    await stop()
    expect(clock.pending()).toBe(0)
  })
})

it('a store that fails is said once, tried again, and said again only when it had recovered', async () => {
  const clock = createManualClock(START_MS)
  const memory = createMemoryStore({ clock })
  let fails = true
  let sweeps = 0
  const store: Store = { ...memory, apply: (commands) => ((sweeps += 1), fails ? Promise.reject(new Error('the disk is full')) : memory.apply(commands)) }
  const alerts: string[] = []
  const stop = await startSweeping({ store, clock, alert: ({ message }) => alerts.push(message) })
  const next = async (): Promise<void> => {
    const before = sweeps
    await expect.poll(() => clock.pending(), { interval: 1 }).toBe(1)
    clock.advance(30_000)
    await expect.poll(() => sweeps, { interval: 1 }).toBeGreaterThan(before)
    await expect.poll(() => clock.pending(), { interval: 1 }).toBe(1)
  }
  await next()
  expect(alerts).toEqual(['what fell due could not be resolved: the disk is full'])
  fails = false
  await next()
  fails = true
  await next()
  expect(alerts).toHaveLength(2)
  await stop()
})
