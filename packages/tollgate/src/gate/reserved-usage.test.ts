/** Tokens per minute, through the gate: reserved before a call, counted by what its answer says, beside the money of the same answer. */
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { checkLedger } from '../engine/money/ledger-check.ts'
import type { Meter } from '../engine/meters/meter.ts'
import { createWorld, DEADLINE_MS, nexalayerApi, nothingSent, serve, type Sent, type World } from './fixtures/paid-world.ts'
import type { ApiOptions, RouteOptions } from './gate-options.ts'
import type { TakeOptions, UsageRule } from './steps/step-options.ts'

const LIMIT = 1_000
const tpm: Meter = { kind: 'window', windowMs: 60_000 }
const monthly: Meter = { kind: 'quota', period: 'month' }
const usage: UsageRule = { per: 1, amounts: { 'usage.total_tokens': 1 } }
const hold = { holdMs: DEADLINE_MS, onExpiry: 'release' as const }
const reserve: TakeOptions = { meter: 'tpm', reserve: { kind: 'field', path: 'max_tokens', default: 100 }, usage }
const money: TakeOptions = { meter: 'balance', price: { amount: 50 }, usage: { per: 100, amounts: { 'usage.total_tokens': 1 } } }

const routeOf = (path: string, take: readonly (string | TakeOptions)[], keyed = false): RouteOptions => ({
  methods: ['POST'],
  path,
  steps: [...(keyed ? [{ kind: 'idempotency', header: 'idempotency-key', fingerprint: 'json' } as const] : []), { kind: 'take', take, hold }],
})
const api: Partial<ApiOptions> = {
  meters: { ...nexalayerApi.meters, tpm: { meter: tpm, per: 'key', limit: LIMIT }, monthly: { meter: monthly, per: 'account', limit: 100_000 } },
  routes: [
    routeOf('/v1/chat', [reserve]),
    routeOf('/v1/both', [reserve, { meter: 'monthly', reserve: 1, usage: { per: 1_000, amounts: { 'usage.total_tokens': 1 } } }, money]),
    routeOf('/v1/events', [{ ...reserve, usage: { ...usage, perEvent: 2 } }]),
    routeOf('/v1/keyed', [reserve], true),
    routeOf('/v1/costly', [reserve, { ...money, chargeOn: ['2xx', 'resource.not_found'] }]),
  ],
}
const worldOf = (): Promise<World> => createWorld({ api, units: 100_000 })
const sentTo = (path: string, max_tokens?: number): Sent => ({ target: `/nexalayer/v1/${path}`, body: { max_tokens } })
const said = (total_tokens: unknown) => ({ body: JSON.stringify({ usage: { total_tokens } }) })
const events = { headers: ['content-type', 'text/event-stream'] }

async function counted({ store }: World, name: 'tpm' | 'monthly' = 'tpm'): Promise<number> {
  const [reading] = await store.peek([name === 'tpm' ? { subject: 'key:key_1', name, meter: tpm, limit: LIMIT, cost: 0 } : { subject: 'account:team_1', name, meter: monthly, limit: LIMIT, cost: 0 }])
  return reading?.used ?? NaN
}

it.each<[string, unknown, number]>([
  ['less than was reserved', 40, 40],
  ['nothing', 0, 0],
  ['more, also above the limit', 1_500, 1_500],
  ['no count: what was reserved', 'many', 100],
  ['a part of one: what was reserved', 1.5, 100],
])('an answer counts what it says was used: %s', async (_, tokens, units) => {
  const world = await worldOf()
  const admitted = await world.forwarded(sentTo('chat'))
  expect(await counted(world)).toBe(100)
  await serve(admitted, said(tokens))
  expect(await counted(world)).toBe(units)
  expect(world.alerts.map((each) => each.replace(/^.*, so/, 'so'))).toEqual(units === 100 ? ['so that what was used is not known; what was reserved stays counted'] : [])
  expect((await world.send(sentTo('chat'))).kind).toBe(units > LIMIT ? 'answer' : 'admitted')
})

it('one answer counts tokens of several meters and charges money, each by its own rule', async () => {
  const world = await worldOf()
  await world.run(sentTo('both'), said(2_345))
  expect([await counted(world), await counted(world, 'monthly'), await world.money()]).toEqual([2_345, 3, { available: 100_000 - 24, held: 0 }])
  world.clock.advance(60_000)
  await world.run(sentTo('both'), { ...events, body: 'data: {"usage":null}\n\ndata: {"usage":{"total_tokens":10}}\n\ndata: [DONE]\n\n' })
  expect([await counted(world), await counted(world, 'monthly'), await world.money()]).toEqual([10, 4, { available: 100_000 - 25, held: 0 }])
  // A price that the service says is the money's alone.
  await world.run(sentTo('both'), { ...said(20), headers: ['content-type', 'application/json', 'tollgate-price', '0.40'] })
  expect([await counted(world), await world.money()]).toEqual([30, { available: 100_000 - 65, held: 0 }])
  // One that it will say later waits; what was used does not.
  const later = await world.forwarded(sentTo('both'))
  await serve(later, { ...said(7), headers: ['content-type', 'application/json', 'tollgate-price', 'later'] })
  expect([await counted(world), await world.money()]).toEqual([37, { available: 100_000 - 115, held: 50 }])
  expect((await world.act(later, 'charge', { amount: '0.01' })).status).toBe(200)
  expect([await counted(world), await world.money()]).toEqual([37, { available: 100_000 - 66, held: 0 }])
})

it('a refusal and a failure count nothing, an answer that never came counts until its deadline', async () => {
  const world = await worldOf()
  await world.run(sentTo('chat'), { status: 422, body: '{}' })
  await (await world.forwarded(sentTo('chat'))).failed({ kind: 'refused', detail: 'nobody there' }, nothingSent)
  expect(await counted(world)).toBe(0)
  await (await world.forwarded(sentTo('both'))).failed({ kind: 'timeout', phase: 'headers', detail: 'no answer' }, nothingSent)
  expect(await counted(world, 'monthly')).toBe(1)
  world.clock.advance(DEADLINE_MS)
  await world.sweep()
  expect(await counted(world, 'monthly')).toBe(0)
})

it('a stream that breaks off, or whose caller leaves, counts what it said so far, otherwise what was reserved', async () => {
  const world = await worldOf()
  async function broken(path: string, kind: 'client_gone' | 'reset', body: string): Promise<number> {
    world.clock.advance(120_000)
    const admitted = await world.forwarded(sentTo(path))
    await admitted.dispatching?.()
    const judgement = admitted.judge(200, events.headers)
    if (judgement.kind === 'pass') judgement.tap?.(new TextEncoder().encode(body))
    const failure = kind === 'reset' ? ({ kind, detail: 'reset' } as const) : ({ kind, sent: true, detail: 'gone' } as const)
    await admitted.brokenMidStream(failure, 200, events.headers, nothingSent)
    return counted(world)
  }
  const word = 'data: {"text":"word"}\n\n'
  expect(await broken('chat', 'client_gone', word)).toBe(100)
  expect(await broken('chat', 'client_gone', `${word}data: {"usage":{"total_tokens":7}}\n\n`)).toBe(7)
  expect(await broken('events', 'client_gone', word + word)).toBe(4)
  expect(await broken('events', 'reset', word + word + word)).toBe(6)
})

it('a repeat under its key reserves and counts nothing more', async () => {
  const world = await worldOf()
  const sent = { ...sentTo('keyed'), key: 'once' }
  await world.run(sent, said(40))
  const again = await world.answered(sent)
  expect([again.headers['idempotent-replayed'], await counted(world)]).toEqual(['true', 40])
})

it('a refusal that is kept for its key counts nothing, and one that costs what it says', async () => {
  const world = await createWorld({ api: { ...api, routes: (api.routes ?? []).map((route) => ({ ...route, steps: route.steps.map((step) => (step.kind === 'idempotency' ? { ...step, storeStatuses: ['2xx', 404] } : step)) })) }, units: 100_000 })
  const problem = { status: 404, headers: ['content-type', 'application/problem+json'] }
  const kept = { ...sentTo('keyed'), key: 'once' }
  for (const path of ['keyed', 'costly']) {
    for (const [body, units] of [[{}, 0], [{ usage: { total_tokens: 300 } }, path === 'costly' ? 300 : 0]] as const) {
      world.clock.advance(60_000)
      await world.run(path === 'keyed' ? { ...kept, key: `once ${units} ${JSON.stringify(body)}` } : sentTo(path), { ...problem, body: JSON.stringify({ reason: 'resource.not_found', ...body }) })
      expect([path, body, await counted(world)]).toEqual([path, body, units])
    }
  }
})

it('where nothing is left nobody begins, also who asks to reserve nothing', async () => {
  const world = await worldOf()
  await world.run(sentTo('chat', 0), said(LIMIT))
  const refused = await world.answered(sentTo('chat', 0))
  expect([refused.status, refused.error?.details]).toMatchObject([429, { retry_after: 60 }])
  expect((await world.answered(sentTo('chat', LIMIT + 1))).status).toBe(429)
})

it('of 1,000 calls at once none is admitted beyond the limit, and what counts is what was used or is still reserved', async () => {
  const call = fc.record({ max: fc.integer({ min: 1, max: 60 }), used: fc.integer({ min: 0, max: 90 }), path: fc.constantFrom('chat', 'both'), ending: fc.constantFrom('said', 'unsaid', 'failed'), later: fc.boolean() })
  await fc.assert(
    fc.asyncProperty(fc.array(call, { minLength: 1_000, maxLength: 1_000 }), async (calls) => {
      const world = await worldOf()
      let [reserved, used] = [0, 0]
      const refusals = new Set<number>()
      const open: (() => Promise<void>)[] = []
      await Promise.all(
        calls.map(async ({ max, used: tokens, path, ending, later }) => {
          const verdict = await world.send(sentTo(path, max))
          if (verdict.kind === 'answer') {
            refusals.add(verdict.answer.status)
            return
          }
          reserved += max
          const end = async (): Promise<void> => {
            if (ending === 'failed') await verdict.admitted.failed({ kind: 'refused', detail: 'nobody there' }, nothingSent)
            else await serve(verdict.admitted, ending === 'said' ? said(tokens) : {})
            reserved -= max
            used += ending === 'failed' ? 0 : ending === 'said' ? tokens : max
          }
          if (later) open.push(end)
          else await end()
        }),
      )
      expect([await counted(world), [...refusals]]).toEqual([reserved + used, [429]])
      await Promise.all(open.map((end) => end()))
      expect([reserved, await counted(world)]).toEqual([0, used])
      expect(checkLedger(await world.store.ledger({ limit: 10_000 }), await world.store.calls({ limit: 10_000 }))).toEqual([])
    }),
    { numRuns: 3, endOnFailure: true },
  )
})

it.each<[string, TakeOptions, string]>([
  ['without a usage', { meter: 'tpm', reserve: 5 }, 'it reserves of "tpm" and has no usage'],
  ['of money', { meter: 'balance', reserve: 5, price: { amount: 1 }, usage }, 'it reserves of "balance", which is no window or quota'],
  ['beside a cost', { ...reserve, cost: 1 }, 'it takes both a cost and a reserve of "tpm"'],
  ['in parts', { ...reserve, reserve: 1.5 }, 'has 1.5, which is no whole number'],
  ['never, and used', { meter: 'tpm', usage }, 'only a balance has price, usage and chargeOn'],
])('a gate is not built that reserves %s', async (_, take, problem) => {
  await expect(createWorld({ api: { ...api, routes: [routeOf('/v1/x', [take])] } })).rejects.toThrow(problem)
})
