/** What can never pass promises no wait: whichever meter, and under whichever status the dialect says it. */
import { describe, expect, it } from 'vitest'
import { openai, problem } from '../catalog/contracts.ts'
import type { Contract } from '../contract/declare/contract.ts'
import type { Meter } from '../engine/meters/meter.ts'
import { createWorld } from './fixtures/paid-world.ts'
import type { MeterOptions } from './gate-options.ts'
import type { TakeOptions } from './steps/step-options.ts'

interface Case {
  readonly meters: { readonly [name: string]: MeterOptions }
  readonly take: readonly (string | TakeOptions)[]
  readonly contract?: Contract
  readonly units?: number
  /** How often it is asked before. */
  readonly before?: number
}

const meterOf = (meter: Meter, limit?: number, per: MeterOptions['per'] = 'key'): MeterOptions => ({ meter, per, ...(limit !== undefined && { limit }) })
const window = (limit: number) => meterOf({ kind: 'window', windowMs: 60_000 }, limit)
const fixed = (limit: number) => meterOf({ kind: 'window', windowMs: 60_000, algorithm: 'fixed', counts: 'attempts' }, limit)
const quota = (limit: number) => meterOf({ kind: 'quota', period: 'day' }, limit)
const lease = (of: 'slot' | 'session' | 'stock', limit: number) => meterOf({ kind: 'lease', of }, limit, 'account')
const money = meterOf({ kind: 'balance', scale: 2 }, undefined, 'account')

async function refused({ meters, take, contract = problem, units = 0, before = 0 }: Case) {
  const world = await createWorld({ units, api: { contract, meters, routes: [{ methods: ['POST'], path: '/v1/sessions', steps: [{ kind: 'take', take }] }] } })
  for (let at = 0; at < before; at += 1) await world.send()
  const answer = await world.answered()
  const [row] = await world.store.requests({ limit: 1 })
  const read = contract.read({ status: answer.status, headers: answer.headers, body: answer.body })
  return { status: answer.status, headers: answer.headers, body: JSON.parse(answer.body) as Record<string, unknown>, row, read }
}

describe('what asks for more than ever fits', () => {
  it.each<[string, Case]>([
    ['a cost above the limit of a window', { meters: { m: window(3) }, take: [{ meter: 'm', cost: 5 }] }],
    ['a cost above the limit, once the window is full', { meters: { m: window(3), n: window(10) }, take: [{ meter: 'n', cost: 4 }, { meter: 'm', cost: 5 }], before: 3 }],
    ['a window of none', { meters: { m: window(0) }, take: ['m'] }],
    ['a window of none that counts attempts', { meters: { m: fixed(0) }, take: ['m'], before: 2 }],
    ['a quota of none', { meters: { m: quota(0) }, take: ['m'] }],
    ['a cost above a quota', { meters: { m: quota(10) }, take: [{ meter: 'm', cost: 11 }] }],
    ['no slots', { meters: { m: lease('slot', 0) }, take: ['m'] }],
    ['more slots than there are', { meters: { m: lease('slot', 2) }, take: [{ meter: 'm', cost: 3 }] }],
    ['no sessions', { meters: { m: lease('session', 0) }, take: ['m'] }],
    ['no stock', { meters: { m: lease('stock', 0) }, take: ['m'] }],
    ['a full window beside a quota of none', { meters: { m: window(1), q: quota(0) }, take: ['m', 'q'] }],
    ['a quota of none behind a full window', { meters: { m: fixed(1), q: quota(0) }, take: ['m', 'q'], before: 2 }],
    ['more money than there is, in a dialect that says so with 429', { meters: { balance: money }, take: [{ meter: 'balance', price: { amount: 500 } }], units: 499, contract: openai }],
  ])('%s: no Retry-After, no wait in the body, and the rule is never', async (_, each) => {
    const { status, headers, body, row } = await refused(each)
    expect(status).toBeGreaterThanOrEqual(400)
    expect(headers['retry-after']).toBeUndefined()
    expect(body).not.toHaveProperty('retry_after')
    expect(body).not.toHaveProperty('reset_at')
    expect(row?.refusal?.facts).toMatchObject({ waitHelps: false })
    expect(row?.refusal?.facts).not.toHaveProperty('retryAfterMs')
  })

  it('is read back as what no program repeats', async () => {
    const { status, body, read } = await refused({ meters: { m: window(3) }, take: [{ meter: 'm', cost: 5 }] })
    expect(status).toBe(429)
    expect(body).toMatchObject({ code: 'rate.limited', limit: 3, used: 0, retryable: false })
    expect(read).toMatchObject({ reason: 'rate.limited', retry: 'never', action: 'pay_or_upgrade' })
  })
})

it('forbids the SDKs of OpenAI, which repeat every 429, to repeat it', async () => {
  const never = await refused({ meters: { m: window(3) }, take: [{ meter: 'm', cost: 5 }], contract: openai })
  expect([never.status, never.headers['x-should-retry'], never.headers['retry-after']]).toEqual([429, 'false', undefined])
  const later = await refused({ meters: { m: window(3) }, take: ['m'], before: 3, contract: openai })
  expect([later.status, later.headers['x-should-retry'], later.headers['retry-after']]).toEqual([429, undefined, '60'])
})

describe('what fits later', () => {
  it.each<[string, Case, string]>([
    ['a window that is full', { meters: { m: window(3) }, take: ['m'], before: 3 }, '60'],
    ['slots that are taken', { meters: { m: lease('slot', 1) }, take: ['m'], before: 1 }, '1'],
    ['sessions that are taken', { meters: { m: lease('session', 1) }, take: ['m'], before: 1 }, '60'],
    ['money that is held and may come back', { meters: { balance: money }, take: [{ meter: 'balance', price: { amount: 300 } }], units: 500, before: 1, contract: openai }, '3600'],
  ])('%s: a wait is told', async (_, each, wait) => {
    const { headers, row, read } = await refused(each)
    expect(headers['retry-after']).toBe(wait)
    expect(row?.refusal?.facts).not.toHaveProperty('waitHelps')
    expect(read?.retryAfterSeconds).toBe(Number(wait))
  })
})
