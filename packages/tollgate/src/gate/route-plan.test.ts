import { describe, expect, it } from 'vitest'
import { createSession, nexalayerApi } from './fixtures/paid-world.ts'
import type { ApiOptions, RouteOptions } from './gate-options.ts'
import type { StepOptions } from './steps/step-options.ts'
import { checkApi, createRoutePlan } from './route-plan.ts'

const plan = (steps: readonly StepOptions[], route: Partial<RouteOptions> = {}, api: Partial<ApiOptions> = {}) =>
  createRoutePlan({ ...nexalayerApi, ...api }, { methods: ['POST'], path: '/v1/x', steps, ...route })
const balance = { meter: 'balance', price: { amount: 1 } }

describe('the plan of a route', () => {
  it('says what its steps have in common', () => {
    expect(createRoutePlan({ ...nexalayerApi, service: { isIdempotent: true } }, createSession)).toMatchObject({
      hold: { holdMs: 300_000, onExpiry: 'release' },
      balance: { name: 'balance', scale: 2 },
      hasAfterlife: true,
      isRepeatable: true,
      lastStage: createSession.steps[3],
    })
  })

  it('of calls that only occupy a slot gives them a day; money ten minutes', () => {
    expect(plan([{ kind: 'take', take: ['slots'] }]).hold.holdMs).toBe(86_400_000)
    expect(plan([{ kind: 'take', take: [balance] }]).hold).toEqual({ holdMs: 600_000, onExpiry: 'release' })
    expect(plan([{ kind: 'take', take: ['minute'] }])).toMatchObject({ balance: undefined, hasAfterlife: false })
  })

  it.each<[string, readonly StepOptions[], Partial<RouteOptions>?]>([
    ['there is no meter "constructor"', [{ kind: 'take', take: ['constructor'] }]],
    ['no handler is called "constructor"; there is none', [], { handler: 'constructor' }],
    ['there is no meter "toString"', [{ kind: 'read', meters: ['toString'] }]],
    ['"usage..all" is no path of a figure', [{ kind: 'take', take: [{ ...balance, usage: { per: 1, amounts: { 'usage..all': 1 } } }] }]],
    ['-1, which is no whole number', [{ kind: 'take', take: [{ ...balance, usage: { per: 1, amounts: { all: { kind: 'figure', amount: 1, parts: { some: -1 } } } } }] }]],
    ['only a balance has price, usage and chargeOn', [{ kind: 'take', take: [{ meter: 'minute', chargeOn: ['2xx'] }] }]],
    ['taken without a price', [{ kind: 'take', take: ['balance'] }]],
    ['more than one balance', [{ kind: 'take', take: [balance] }, { kind: 'take', take: [balance] }]],
    ['only a balance has price, usage and chargeOn', [{ kind: 'take', take: [{ meter: 'minute', price: { amount: 1 } }] }]],
    ['more than one idempotency step', [{ kind: 'idempotency', header: 'a' }, { kind: 'idempotency', header: 'b' }]],
    ['its idempotency step must come before "balance" is taken', [{ kind: 'take', take: ['minute', balance] }, { kind: 'idempotency', header: 'a' }]],
    ['its idempotency step must come before "sessions" is taken', [{ kind: 'take', take: ['slots'] }, { kind: 'take', take: ['sessions'] }, { kind: 'idempotency', header: 'a' }, { kind: 'take', take: [balance] }]],
    ['its idempotency step must come before "minute" is taken', [{ kind: 'take', take: [{ meter: 'minute', reserve: 5, usage: { per: 1, amounts: { all: 1 } } }] }, { kind: 'idempotency', header: 'a' }]],
    ['a public route knows no account', [{ kind: 'idempotency', header: 'a' }], { public: true }],
    ['more than once how long', [{ kind: 'take', take: [balance], hold: { holdMs: 1, onExpiry: 'release' } }, { kind: 'take', take: ['slots'], hold: { holdMs: 1, onExpiry: 'charge' } }]],
    ['hold.holdMs', [{ kind: 'take', take: [balance], hold: { holdMs: 0, onExpiry: 'release' } }]],
    ['looks none up', [{ kind: 'take', take: ['stock'] }]],
    ['no table "constructor"', [{ kind: 'lookup', table: 'constructor', by: 'field', name: 'x', resource: 'product' }]],
    ['1.5, which is no whole number', [{ kind: 'take', take: [{ meter: 'balance', price: { amount: 1.5 } }] }]],
    ['-1, which is no whole number', [{ kind: 'take', take: [{ meter: 'balance', price: { amount: 1, times: [{ kind: 'field', path: 'x', default: -1 }] } }] }]],
    ['per: 0', [{ kind: 'take', take: [{ meter: 'balance', price: { amount: 1, times: [{ kind: 'field', path: 'x', per: 0 }] } }] }]],
    ['NaN, which is no whole number', [{ kind: 'take', take: [{ ...balance, usage: { per: Number.NaN, amounts: {} } }] }]],
  ])('refuses options that make no sense: %s', (problem, steps, route) => {
    expect(() => plan(steps, route)).toThrow(problem)
    expect(() => plan(steps, route)).toThrow('nexalayer, route POST /v1/x')
  })

  it('an API that would keep per lease what outlives its call is refused', () => {
    const each = (meter: ApiOptions['meters'][string]['meter']): ApiOptions => ({ ...nexalayerApi, meters: { each: { meter, per: 'lease' } } })
    for (const of of ['session', 'stock'] as const) expect(() => checkApi(each({ kind: 'lease', of }))).toThrow('the meter "each" is per lease; what outlives its call cannot be')
    expect(() => checkApi(each({ kind: 'balance', scale: 2 }))).toThrow('per lease')
    expect(() => checkApi(each({ kind: 'lease', of: 'slot' }))).not.toThrow()
    expect(() => checkApi(each({ kind: 'window', windowMs: 1_000 }))).not.toThrow()
  })

  it('a meter per lease is taken behind the step that finds it', () => {
    const api: ApiOptions = { ...nexalayerApi, meters: { each: { meter: { kind: 'lease', of: 'slot' }, per: 'lease', limit: 1 } } }
    const steps: readonly StepOptions[] = [{ kind: 'take', take: ['each'] }, { kind: 'lease', param: 'id' }]
    const planOf = (order: readonly StepOptions[]) => createRoutePlan(api, { methods: ['POST'], path: '/v1/x', steps: order })
    expect(() => planOf(steps)).toThrow('nexalayer, route POST /v1/x: it takes a meter per lease before a lease is at hand')
    expect(() => planOf(steps.toReversed())).not.toThrow()
  })

  it('an API whose strangers cannot be counted is refused', () => {
    const day = (timeZone: string): ApiOptions => ({ ...nexalayerApi, meters: { day: { meter: { kind: 'quota', period: 'day', timeZone }, per: 'key' } } })
    expect(() => checkApi(day('Europe/Berlin'))).not.toThrow()
    expect(() => checkApi(day('Europe/Berln'))).toThrow('the meter "day" follows "Europe/Berln", which is no time zone')
    expect(() => checkApi({ ...nexalayerApi, unauthenticatedMeter: 'stranger' })).not.toThrow()
    for (const unauthenticatedMeter of ['minute', 'nothing', 'constructor']) expect(() => checkApi({ ...nexalayerApi, unauthenticatedMeter })).toThrow(unauthenticatedMeter)
  })
})
