import { expect, it } from 'vitest'
import { applyOne, type Store } from 'tollgate/stores'
import { createMemoryStore } from 'tollgate/stores/memory'
import { createManualClock } from 'tollgate/testing'
import { BEAT_TTL_MS, startHeartbeat } from './heartbeat.ts'

const slot = { subject: 'account:a', name: 'slots', meter: { kind: 'lease', of: 'slot' }, limit: 1, cost: 1 } as const

it('keeps the slots of a gateway for a minute, lets them go once it has stopped, and leaves no timer', async () => {
  const clock = createManualClock(Date.UTC(2026, 10, 21, 12))
  const memory = createMemoryStore({ clock })
  let beats = 0
  let fails = false
  const store: Store = { ...memory, apply: (commands) => ((beats += 1), fails ? Promise.reject(new Error('the disk is full')) : memory.apply(commands)) }
  const ask = (owner: string) => applyOne(memory, { kind: 'admit', takes: [slot], owner, call: { id: `call of ${owner}`, accountId: 'a', holdMs: 3_600_000, onExpiry: 'release' } })
  const stop = await startHeartbeat({ store, clock, owner: 'gw_1' })
  expect((await ask('gw_1')).admitted).toBe(true)
  const second = async (): Promise<void> => {
    await expect.poll(() => clock.pending(), { interval: 1, timeout: 20_000 }).toBe(1)
    clock.advance(1_000)
  }
  for (let at = 0; at < 60; at += 1) {
    // Two that are lost do no harm.
    fails = beats > 3 && beats < 6
    await second()
    expect((await ask('gw_2')).admitted).toBe(false)
  }
  expect(beats).toBe(21)
  await expect.poll(() => clock.pending(), { interval: 1, timeout: 20_000 }).toBe(1)
  stop()
  expect(clock.pending()).toBe(0)
  clock.advance(BEAT_TTL_MS)
  expect((await ask('gw_2')).admitted).toBe(true)
})
