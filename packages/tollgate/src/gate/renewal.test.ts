/** Credits that renew, through the gate: over the ends of months, by plans, with what was bought beside them. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { problem } from '../catalog/contracts.ts'
import { defineContract } from '../contract/declare/define-contract.ts'
import { checkLedger } from '../engine/money/ledger-check.ts'
import type { Renewal } from '../engine/meters/meter.ts'
import { applyOne } from '../stores/store.ts'
import { createWorld, DEADLINE_MS, headersOf, nexalayerApi, nothingSent, serve, START_MS, type World } from './fixtures/paid-world.ts'
import type { ApiOptions } from './gate-options.ts'

const DECEMBER = Date.UTC(2026, 11, 1)
const JANUARY = Date.UTC(2027, 0, 1)
const { insufficientCredit, ...others } = problem.declaration.entries
/** As `problem`, but whoever finds too little is told when to come again. */
const waiting = defineContract({ ...problem.declaration, entries: { ...others, insufficientCredit: { ...(insufficientCredit ?? { code: '', status: 402, reason: 'credit.insufficient', message: '' }), retry: 'wait', retryAfterSeconds: 3_600 } } })

const apiOf = (more: Partial<Renewal> = {}, contract: ApiOptions['contract'] = waiting): Partial<ApiOptions> => ({
  contract,
  meters: { ...nexalayerApi.meters, credits: { meter: { kind: 'balance', scale: 0, renew: { period: 'month', ...more } }, per: 'account' } },
  plans: { free: { limits: { credits: 100 } }, pro: { limits: { credits: 500 } }, none: { limits: {} } },
  routes: [{ methods: ['POST'], path: '/v1/renders', steps: [{ kind: 'take', take: [{ meter: 'credits', price: { amount: 1, times: [{ kind: 'field', path: 'credits' }] } }], hold: { holdMs: DEADLINE_MS, onExpiry: 'release' } }] }],
})
const sent = (credits: number) => ({ target: '/nexalayer/v1/renders', body: { credits } })
const passTo = (world: World, atMs: number): void => world.clock.advance(atMs - world.clock.wallMs())
const topUp = (world: World, units: number, id: string) => applyOne(world.store, { kind: 'grant', subject: 'account:team_1', name: 'credits', scale: 0, grantId: id, units, reason: 'top-up' })
const changePlan = (world: World, plan: string) => world.directory.updateAccount('team_1', (account) => ({ ...account, plan }))
const charged = (credits: number) => ({ headers: ['content-type', 'application/json', 'tollgate-price', String(credits)] })

async function rows(world: World): Promise<readonly string[]> {
  const all = await world.store.ledger({ subject: 'account:team_1', name: 'credits', limit: 1_000 })
  return all.map(({ kind, units, availableUnits, heldUnits, reason }) => `${kind} ${units} (${availableUnits}+${heldUnits}) ${reason}`)
}
async function audit(world: World): Promise<void> {
  expect(checkLedger(await world.store.ledger({ limit: 10_000 }), await world.store.calls({ limit: 10_000 }))).toEqual([])
}

it('an account that never had any spends its first allowance, then what it bought, and has a new one in the next month', async () => {
  const world = await createWorld({ api: apiOf() })
  for (let call = 0; call < 2; call += 1) expect((await world.run(sent(50))).status).toBe(200)
  expect((await world.answered(sent(1))).status).toBe(402)
  await topUp(world, 30, 't1')
  expect((await world.run(sent(20))).status).toBe(200)
  passTo(world, DECEMBER)
  expect((await world.run(sent(105))).status).toBe(200)
  expect(await rows(world)).toEqual([
    'grant 100 (100+0) renewal', 'hold 50 (50+50) request', 'settle 50 (50+0) request', 'hold 50 (0+50) request', 'settle 50 (0+0) request',
    'grant 30 (30+0) top-up', 'hold 20 (10+20) request', 'settle 20 (10+0) request',
    'grant 100 (110+0) renewal', 'hold 105 (5+105) request', 'settle 105 (5+0) request',
  ])
  await audit(world)
})

describe('who finds too little', () => {
  const refused = async (world: World, credits: number) => {
    const { status, headers, body } = await world.answered(sent(credits))
    const { allowance, period, reset_at, retry } = JSON.parse(body) as Record<string, unknown>
    return { status, wait: headers['retry-after'], allowance, period, reset_at, retry }
  }

  it('is told when the next allowance comes, where that would do, and no wait where it never will', async () => {
    const world = await createWorld({ api: apiOf() })
    await world.run(sent(99))
    const wait = String((DECEMBER - START_MS) / 1_000)
    for (const credits of [2, 100]) expect(await refused(world, credits)).toMatchObject({ status: 402, wait, allowance: 100, period: 'month', reset_at: '2026-12-01T00:00:00Z' })
    expect(await refused(world, 101)).toMatchObject({ status: 402, wait: undefined, allowance: 100, reset_at: undefined })
    passTo(world, DECEMBER - 1)
    expect(await refused(world, 100)).toMatchObject({ wait: '1' })
    passTo(world, DECEMBER)
    expect((await world.run(sent(100))).status).toBe(200)
  })

  it('hears of no wait from a contract that does not say so', async () => {
    const world = await createWorld({ api: apiOf({}, problem) })
    await world.run(sent(100))
    expect(await refused(world, 1)).toMatchObject({ status: 402, wait: undefined, reset_at: '2026-12-01T00:00:00Z' })
  })

  it('on a plan that brings nothing may spend what was bought, and no more', async () => {
    const world = await createWorld({ api: apiOf(), account: { plan: 'none' } })
    await topUp(world, 10, 't1')
    expect((await world.run(sent(10))).status).toBe(200)
    expect(await refused(world, 1)).toMatchObject({ status: 402, wait: undefined, allowance: 0 })
    expect(await rows(world)).toEqual(['grant 10 (10+0) top-up', 'hold 10 (0+10) request', 'settle 10 (0+0) request'])
  })
})

it('a larger plan brings the difference at once, a smaller one holds from the next month on', async () => {
  const world = await createWorld({ api: apiOf() })
  await world.run(sent(100))
  await changePlan(world, 'pro')
  expect((await world.run(sent(400))).status).toBe(200)
  expect((await world.answered(sent(1))).status).toBe(402)
  for (const plan of ['free', 'pro']) {
    await changePlan(world, plan)
    expect((await world.answered(sent(1))).status).toBe(402)
  }
  await changePlan(world, 'free')
  // Nor does a key change what its account is given; the account itself does.
  await world.directory.updateKey('key_1', (key) => ({ ...key, limits: { credits: 9_000 } }))
  expect((await world.answered(sent(1))).status).toBe(402)
  await world.directory.updateAccount('team_1', (account) => ({ ...account, limits: { credits: { units: 510, scale: 0 } } }))
  expect((await world.run(sent(10))).status).toBe(200)
  await world.directory.updateAccount('team_1', (account) => ({ ...account, limits: {} }))
  passTo(world, DECEMBER)
  expect((await world.answered(sent(101))).status).toBe(402)
  expect((await world.run(sent(100))).status).toBe(200)
  await audit(world)
})

it('what is held over the end of a month is charged to it, and what comes back then has expired', async () => {
  const world = await createWorld({ api: apiOf() })
  const admitted = await world.forwarded(sent(80))
  passTo(world, DECEMBER)
  expect((await world.run(sent(90))).status).toBe(200)
  await serve(admitted, charged(30))
  expect((await rows(world)).slice(2)).toEqual(['expire 20 (0+80) expiry', 'grant 100 (100+80) renewal', 'hold 90 (10+170) request', 'settle 90 (10+80) request', 'settle 30 (10+50) price', 'release 50 (60+0) price', 'expire 50 (10+0) expiry'])
  expect((await world.answered(sent(11))).status).toBe(402)
  await audit(world)
})

it('what a deadline gave back and a service charges late is paid out of the allowance that is due by then', async () => {
  const world = await createWorld({ api: apiOf() })
  const { id, holds, ...call } = { id: 'late', accountId: 'team_1', holdMs: DEADLINE_MS, onExpiry: 'release' as const, holds: [{ subject: 'account:team_1', name: 'credits', scale: 0, units: 40, allowance: { scale: 0, units: 100, renew: { period: 'month' as const } } }] }
  passTo(world, DECEMBER + 1)
  const settled = await applyOne(world.store, { kind: 'settle', callId: id, outcome: 'done', chargeUnits: 25, reason: 'price', late: { call: { id, ...call }, holds } })
  expect(settled).toMatchObject({ settled: true, chargedUnits: 25, shortUnits: 0 })
  expect(await rows(world)).toEqual(['grant 100 (100+0) renewal', 'hold 25 (75+25) late: price', 'settle 25 (75+0) late: price'])
  await audit(world)
})

it('a service behind the gateway sees the allowance and when the next one comes', async () => {
  const world = await createWorld({ api: apiOf() })
  const admitted = await world.forwarded(sent(30))
  expect(JSON.parse(headersOf(admitted.contextHeaders)['tollgate-usage'] ?? '')).toEqual({ credits: { available: '70', held: '30', scale: 0, allowance: '100', reset: '2026-12-01T00:00:00.000Z' } })
  await admitted.completed(200, nothingSent)
})

it('of calls at once around the end of a month none is paid twice, and no more than came is spent', async () => {
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('calls' as const), costs: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 12 }), share: fc.integer({ min: 0, max: 100 }) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('pass' as const), days: fc.integer({ min: 1, max: 40 }) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('plan' as const), plan: fc.constantFrom('free', 'pro', 'none') }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('top-up' as const), units: fc.integer({ min: 1, max: 60 }) }) },
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 15 }), fc.constantFrom<Renewal['carry']>(undefined, 1, 'forever'), async (steps, carry) => {
      const world = await createWorld({ api: apiOf(carry === undefined ? {} : { carry }) })
      for (const [at, each] of steps.entries()) {
        if (each.kind === 'pass') world.clock.advance(each.days * 86_400_000)
        else if (each.kind === 'plan') await changePlan(world, each.plan)
        else if (each.kind === 'top-up') await topUp(world, each.units, `t${at}`)
        else await Promise.all(each.costs.map((credits) => world.run(sent(credits), charged(Math.floor((credits * each.share) / 100)))))
        await audit(world)
        const all = await world.store.ledger({ subject: 'account:team_1', name: 'credits', limit: 10_000 })
        const given = new Map<string, number>()
        for (const { reason, atMs, units } of all) {
          const month = new Date(atMs).toISOString().slice(0, 7)
          if (reason === 'renewal') given.set(month, (given.get(month) ?? 0) + units)
        }
        expect(Math.max(0, ...given.values())).toBeLessThanOrEqual(500)
      }
    }),
    { numRuns: 30 },
  )
}, 60_000)

it('a year nobody looked at is one month, when somebody comes again', async () => {
  const world = await createWorld({ api: apiOf() })
  await world.run(sent(10))
  passTo(world, JANUARY + 300 * 86_400_000)
  await world.sweep()
  await world.run(sent(10))
  expect((await rows(world)).filter((row) => !/hold|settle/.test(row))).toEqual(['grant 100 (100+0) renewal', 'expire 90 (0+0) expiry', 'grant 100 (100+0) renewal'])
})
