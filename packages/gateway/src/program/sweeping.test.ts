import { describe, expect, it } from 'vitest'
import type { Clock } from 'tollgate/engine'
import { applyOne, type Store } from 'tollgate/stores'
import { createMemoryStore } from 'tollgate/stores/memory'
import { createManualClock } from 'tollgate/testing'
import { startSweeping } from './sweeping.ts'

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
  it('while nobody was running is resolved at the start, however much it is', async () => {
    const clock = createManualClock(START_MS)
    const { store, held } = await holding(clock, 1_200, 1_000)
    clock.advance(2_000)
    const stop = await startSweeping({ store, clock, alert: () => expect.unreachable() })
    expect(await held()).toBe(0)
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
