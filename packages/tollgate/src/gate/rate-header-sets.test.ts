/** Contracts that tell several limits: each set of rate headers has the one that it is for, on successes and on refusals. */
import { describe, expect, it } from 'vitest'
import { nexalayer } from '../catalog/contracts.ts'
import type { RateLimitHeadersDeclaration } from '../contract/declare/declaration.ts'
import { defineContract } from '../contract/declare/define-contract.ts'
import { createWorld, nexalayerApi, START_MS, type World, type WorldOptions } from './fixtures/paid-world.ts'
import type { RouteOptions } from './gate-options.ts'

const window = { kind: 'window', windowMs: 60_000, algorithm: 'fixed' } as const
const routes: readonly RouteOptions[] = [
  { methods: ['GET'], path: '/v1/things', steps: [{ kind: 'take', take: ['minute', 'slow', 'slots', { meter: 'tokens', cost: 40 }, { meter: 'balance', price: { amount: 125 } }] }] },
]

function worldOf(rateLimitHeaders: RateLimitHeadersDeclaration, change: WorldOptions = {}): Promise<World> {
  const meters = {
    minute: { meter: window, per: 'key', limit: 10 },
    slow: { meter: window, per: 'account', limit: 3 },
    tokens: { meter: window, per: 'key', limit: 100, inHeaders: 'tokens' },
    slots: { meter: { kind: 'lease', of: 'slot' }, per: 'key', limit: 9, inHeaders: 'concurrent' },
    balance: { ...nexalayerApi.meters['balance'], meter: { kind: 'balance', scale: 2 }, per: 'account', inHeaders: 'credits' },
  } as const
  return createWorld({ ...change, api: { contract: defineContract({ ...nexalayer.declaration, rateLimitHeaders }), meters, routes } })
}

const get = { method: 'GET', target: '/nexalayer/v1/things' } as const
const told = (headers: { readonly [name: string]: string }) => Object.fromEntries(Object.entries(headers).filter(([name]) => /^(?:x-(?:rate|tok|con|cre)|ratelimit)/.test(name)))

describe('several sets', () => {
  const sets = [
    { limit: 'X-Rate-Limit', remaining: 'X-Rate-Left', reset: 'X-Rate-Reset', resetUnit: 'unix' },
    { of: 'tokens', remaining: 'X-Tokens-Left', reset: 'X-Tokens-Reset', resetUnit: 'duration' },
    { of: 'concurrent', limit: 'X-Concurrent-Max', used: 'X-Concurrent-Now', reset: 'X-Concurrent-Reset', resetUnit: 'ms' },
    { of: 'credits', limit: 'X-Credits-Limit', remaining: 'X-Credits' },
    { of: 'unused', remaining: 'X-Rate-Unused' },
  ] as const

  it('each tell their own limit, of several the tightest; what nobody knows is left out', async () => {
    const world = await worldOf(sets)
    const { headers } = await world.run(get)
    expect(told(headers)).toEqual({
      'x-rate-limit': '3', 'x-rate-left': '2', 'x-rate-reset': String(START_MS / 1_000 + 60),
      'x-tokens-left': '60', 'x-tokens-reset': '1m0s',
      'x-concurrent-max': '9', 'x-concurrent-now': '1',
      'x-credits': '8.75',
    })
  })

  it('a refusal tells all of them too, also the ones whose turn had not come', async () => {
    const world = await worldOf(sets)
    for (let count = 0; count < 2; count += 1) await world.run(get)
    const refused = await world.answered(get)
    expect([refused.status, told(refused.headers)]).toMatchObject([429, { 'x-tokens-left': '20', 'x-rate-left': '1', 'x-credits': '7.5', 'x-concurrent-now': '0' }])
    const denied = await worldOf(sets, { account: { status: 'disabled' } })
    expect(told((await denied.answered(get)).headers)).toMatchObject({ 'x-tokens-left': '100', 'x-rate-left': '10', 'x-credits': '10' })
  })
})

it('the fields of draft 11 name each meter that is shown', async () => {
  const { headers } = await (await worldOf('draft-11')).run(get)
  expect(told(headers)).toEqual({
    'ratelimit-policy': '"minute";q=10;w=60, "slow";q=3;w=60, "slots";q=9;qu="concurrent-requests", "tokens";q=100;w=60',
    ratelimit: '"minute";r=9;t=60, "slow";r=2;t=60, "slots";r=8, "tokens";r=60;t=60',
  })
})
