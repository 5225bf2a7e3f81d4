import { createManualClock, flush } from '@tollgate/example-parts/testing/manual-clock'
import { expect, test } from 'vitest'
import { createRecharges } from './recharges.ts'
import type { Credit } from './recharges.ts'

function open(credit: ((credit: Credit) => Promise<void>) | undefined) {
  const clock = createManualClock(0)
  const errors: unknown[] = []
  const recharges = createRecharges({ clock, randomHex: () => '1', credit, onError: (error, where) => errors.push([where, error]) })
  const { recharge_id: id } = recharges.create('acc_1', 5000)
  return {
    errors,
    status: () => recharges.find('acc_1', id)?.status,
    foreign: () => recharges.find('acc_2', id),
    async pass(ms: number) {
      clock.advance(ms)
      await flush()
    },
  }
}

test('a recharge is pending, then confirming, then paid, and credited once', async () => {
  const credits: Credit[] = []
  const world = open(async (credit) => void credits.push(credit))
  expect([world.status(), world.foreign()]).toEqual(['pending', undefined])
  await world.pass(2_000)
  expect([world.status(), credits]).toEqual(['confirming', []])
  await world.pass(500)
  await world.pass(3_600_000)
  expect([world.status(), credits]).toEqual(['paid', [{ rechargeId: 'rch_1', account: 'acc_1', amount: '50.00' }]])
})

test('a credit that fails is tried again with the same id, and until then nothing is called paid', async () => {
  const ids: string[] = []
  const world = open(async ({ rechargeId }) => {
    ids.push(rechargeId)
    if (ids.length < 3) throw new Error('the gateway is away')
  })
  await world.pass(2_500)
  expect([world.status(), world.errors.length]).toEqual(['confirming', 1])
  await world.pass(1_000)
  await world.pass(2_000)
  expect([world.status(), ids]).toEqual(['paid', ['rch_1', 'rch_1', 'rch_1']])
})

test('where nobody can credit, nobody pays, and the recharge expires', async () => {
  const world = open(undefined)
  await world.pass(30 * 60_000 - 1)
  expect(world.status()).toBe('pending')
  await world.pass(1)
  expect(world.status()).toBe('expired')
})
