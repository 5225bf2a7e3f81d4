import { expect, test } from 'vitest'
import type { Meter, Take } from '../../engine/meters/meter.ts'
import { classOf, decideOnFailure, goesOn, refusesAll, type StoreFailurePolicy } from './failure-policy.ts'

const policy: StoreFailurePolicy = { money: 'refuse', quotas: 'refuse', slots: 'allowLocally', windows: 'allowLocally', patienceMs: 1_000, gateways: () => 4 }
const meters: { readonly [name: string]: Meter } = {
  burst: { kind: 'window', windowMs: 60_000 },
  daily: { kind: 'quota', period: 'day' },
  parallel: { kind: 'lease', of: 'slot' },
  sessions: { kind: 'lease', of: 'session' },
  stock: { kind: 'lease', of: 'stock' },
  credit: { kind: 'balance', scale: 2 },
  spending: { kind: 'spend', scale: 2, over: { kind: 'quota', period: 'day' } },
}
const take = (name: string, limit = 20, cost = 1): Take => ({ subject: 'account:acme', name, meter: meters[name] as Meter, limit, cost })

test('each meter has its class', () => {
  expect(Object.keys(meters).map((name) => [name, classOf(take(name))])).toEqual([
    ['burst', 'windows'],
    ['daily', 'quotas'],
    ['parallel', 'slots'],
    ['sessions', 'money'],
    ['stock', 'money'],
    ['credit', 'money'],
    ['spending', 'money'],
  ])
})

test('a stage is refused where one of its meters is, and says which class', () => {
  expect(decideOnFailure([take('burst'), take('credit')], policy)).toEqual({ kind: 'refuse', because: 'money' })
  expect(decideOnFailure([take('daily'), take('credit')], policy)).toEqual({ kind: 'refuse', because: 'quotas' })
  expect(goesOn([take('burst'), take('credit')], policy)).toBe(false)
  expect(goesOn([take('burst'), take('parallel')], policy)).toBe(true)
})

test('what is counted locally is counted up to an equal part of its limit, which all gateways together do not pass', () => {
  for (const gateways of [1, 2, 3, 4, 7, 20]) {
    const decision = decideOnFailure([take('burst', 20)], { ...policy, gateways: () => gateways })
    if (decision.kind !== 'goOn') throw new Error('it is refused')
    expect((decision.counted[0]?.limit ?? 0) * gateways).toBeLessThanOrEqual(20)
  }
})

test.each([
  ['one call fits where there are more gateways than the limit has units', take('burst', 3), 1],
  ['so does one that is larger than the share', take('burst', 100, 40), 40],
  ['what is larger than the limit does not', take('burst', 30, 40), 30],
  ['a limit of nothing lets nobody in', take('burst', 0), 0],
])('%s', (_, each, limit) => {
  expect(decideOnFailure([each], policy)).toEqual({ kind: 'goOn', counted: [{ ...each, limit }] })
})

test('what is allowed is not counted', () => {
  expect(decideOnFailure([take('burst'), take('credit')], { ...policy, money: 'allow' })).toMatchObject({ kind: 'goOn', counted: [{ name: 'burst' }] })
})

test('a gateway that has never heard of another, not even of itself, takes the whole', () => {
  expect(decideOnFailure([take('burst')], { ...policy, gateways: () => 0 })).toMatchObject({ counted: [{ limit: 20 }] })
})

test('a policy that refuses all is one that need not be asked', () => {
  expect(refusesAll({ ...policy, slots: 'refuse', windows: 'refuse' })).toBe(true)
  expect(refusesAll(policy)).toBe(false)
})
