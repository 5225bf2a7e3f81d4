import { beforeEach, expect, it } from 'vitest'
import { createManualClock, type ManualClock } from '../../testing/manual-clock.ts'
import type { Take } from '../../engine/meters/meter.ts'
import type { ReturningCounters } from '../../engine/counters.ts'
import { createFailingCounters, type FailingCounters } from '../fixtures/failing-counters.ts'
import { degradeCounters } from './degrading-counters.ts'
import { createLeftThere } from './left-there.ts'
import type { StoreFailurePolicy } from './failure-policy.ts'

const policy: StoreFailurePolicy = { money: 'refuse', quotas: 'refuse', slots: 'allowLocally', windows: 'allowLocally', patienceMs: 1_000, gateways: () => 4 }
const slot: Take = { subject: 'key:k', name: 'slots', meter: { kind: 'lease', of: 'slot' }, limit: 50_000, cost: 1 }
const burst: Take = { subject: 'key:k', name: 'burst', meter: { kind: 'window', windowMs: 60_000 }, limit: 1_000_000, cost: 1 }

let clock: ManualClock
let engine: FailingCounters
let counters: ReturningCounters

beforeEach(() => {
  clock = createManualClock(0)
  engine = createFailingCounters(clock)
  counters = degradeCounters(engine, { policy, clock, alert: () => undefined })
})

const admit = async (id: string, take: Take = slot, admission = '1'): Promise<void> => void (await counters.apply([{ kind: 'admit', takes: [take], call: { id, accountId: 'a', holdMs: 600_000, onExpiry: 'release' }, admission }]))
const free = async (id: string): Promise<void> => {
  await Promise.resolve(counters.apply([{ kind: 'free', callId: id }])).catch(() => undefined)
}
const usedThere = async (take: Take): Promise<number | undefined> => (await engine.peek([take]))[0]?.used
/** Somebody asks, and is answered. */
async function askAgain(id: string): Promise<void> {
  clock.advance(1_001)
  await admit(id, burst)
  await turns()
}
async function turns(): Promise<void> {
  for (let turn = 0; turn < 1_000; turn += 1) await new Promise(setImmediate)
}

it('slots of calls that ended meanwhile come free although the counters fail once more just as they are back', async () => {
  for (let call = 0; call < 5; call += 1) await admit(`c${call}`)
  engine.fail('no')
  for (let call = 0; call < 5; call += 1) await free(`c${call}`)
  // For one answer.
  engine.fail('no', 1)
  await askAgain('back')
  expect(engine.asked.filter((kind) => kind === 'free').length).toBeGreaterThan(1)
  engine.fail('none')
  expect(await usedThere(slot)).toBe(5)
  await askAgain('back for good')
  expect(await usedThere(slot)).toBe(0)
})

it('what they may have counted is taken back although they fail once more just as they are back', async () => {
  engine.fail('unknown')
  await admit('c1')
  engine.fail('no', 1)
  await askAgain('back')
  engine.fail('none')
  await askAgain('back for good')
  expect(await usedThere(slot)).toBe(0)
})

it('what was to be given back for a refused call, while they were silent, is given back when they answer', async () => {
  await admit('c1')
  await admit('c1', burst, '2')
  engine.fail('no')
  await expect(counters.takeBack({ takes: [slot], callId: 'c1', admission: '1', accountId: 'a' })).rejects.toThrow('gone')
  engine.fail('none')
  await askAgain('back')
  expect(await usedThere(slot)).toBe(0)
})

it('calls that take no slots there do not crowd out one that does', async () => {
  await admit('has a slot')
  engine.fail('no')
  await admit('counts', burst)
  await admit('has a slot here')
  await free('has a slot here')
  for (let call = 0; call < 10_000; call += 1) await free(`paid ${call}`)
  await free('has a slot')
  engine.fail('none')
  engine.asked.length = 0
  await askAgain('back')
  expect(await usedThere(slot)).toBe(0)
  expect(engine.asked.filter((kind) => kind === 'free')).toHaveLength(1)
})

it('what was taken back leaves no trace of its call: there is room for those that come after', async () => {
  const left = createLeftThere(engine, clock, () => false)
  const command = (id: string) => ({ kind: 'admit' as const, takes: [slot], call: { id, accountId: 'a', holdMs: 600_000, onExpiry: 'release' as const }, admission: '1' })
  for (let lost = 0; lost < 100_000; lost += 1) {
    left.tookSlots(command(`lost ${lost}`))
    left.toTakeBack({ takes: [slot], callId: `lost ${lost}`, admission: '1', accountId: 'a' })
    if (lost % 10_000 === 9_999) await left.putRight()
  }
  await engine.apply([command('mine')])
  left.tookSlots(command('mine'))
  left.notFreed('mine')
  await left.putRight()
  expect(await usedThere(slot)).toBe(0)
})
