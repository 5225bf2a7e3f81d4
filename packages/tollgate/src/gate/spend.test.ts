/** Money that may be spent, through the gate: who asks at once, what a service says in the end, what is asked again. */
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { checkLedger } from '../engine/money/ledger-check.ts'
import type { SpendMeter, Take } from '../engine/meters/meter.ts'
import { applyOne } from '../stores/store.ts'
import { createWorld, DEADLINE_MS, headersOf, nexalayerApi, nothingSent, serve, serveSent, type Answered, type World } from './fixtures/paid-world.ts'
import type { ApiOptions, RouteOptions } from './gate-options.ts'
import type { PriceRule } from './steps/step-options.ts'

const LIMIT = 5_000
const spending: SpendMeter = { kind: 'spend', scale: 2, over: { kind: 'quota', period: 'day' } }
const usage = { per: 1, amounts: { 'usage.tokens': 1 } }
const hold = { holdMs: DEADLINE_MS, onExpiry: 'release' as const }

/** One price in cents, of a field of the body. */
const routeOf = (path: string, take: Extract<RouteOptions['steps'][number], { kind: 'take' }>['take'], keyed = false): RouteOptions => ({
  methods: ['POST'],
  path,
  steps: [...(keyed ? [{ kind: 'idempotency', header: 'idempotency-key', fingerprint: 'json' } as const] : []), { kind: 'take', take, hold }],
})
const price: PriceRule = { amount: 1, times: [{ kind: 'field', path: 'cents' }] }
const api: Partial<ApiOptions> = {
  meters: { ...nexalayerApi.meters, spending: { meter: spending, per: 'key', limit: LIMIT } },
  routes: [
    routeOf('/v1/counted', [{ meter: 'spending', price }]),
    routeOf('/v1/paid', ['spending', { meter: 'balance', price }]),
    routeOf('/v1/used', [{ meter: 'spending', price, usage }]),
    routeOf('/v1/keyed', [{ meter: 'spending', price }], true),
  ],
}

const worldOf = (units = 1_000_000): Promise<World> => createWorld({ api, units })
const sentTo = (path: string, cents: number) => ({ target: `/nexalayer/v1/${path}`, body: { cents } })

async function reading({ store }: World) {
  const [said] = await store.peek([{ subject: 'key:key_1', name: 'spending', meter: spending, limit: LIMIT, cost: 0 } satisfies Take])
  return said
}
const spent = async (world: World): Promise<number> => (await reading(world))?.used ?? NaN

async function audit(world: World): Promise<void> {
  const said = await reading(world)
  const counters = said === undefined ? [] : [{ subject: said.subject, name: said.name, scale: 2, usedUnits: said.used, resetAtMs: said.resetAtMs, readAtMs: world.clock.wallMs() }]
  expect(checkLedger(await world.store.ledger({ limit: 10_000 }), await world.store.calls({ limit: 10_000 }), counters)).toEqual([])
}

type Ending = 'all' | 'less' | 'more' | 'refused' | 'failed'
const endings: readonly Ending[] = ['all', 'less', 'more', 'refused', 'failed']
const answers: { readonly [ending in Exclude<Ending, 'failed'>]: (cents: number) => { readonly status?: number; readonly headers?: readonly string[] } } = {
  all: () => ({}),
  less: (cents) => ({ headers: ['tollgate-price', (Math.floor(cents / 2) / 100).toFixed(2)] }),
  more: (cents) => ({ headers: ['tollgate-price', ((cents * 2) / 100).toFixed(2)] }),
  refused: () => ({ status: 422 }),
}
const charges: { readonly [ending in Ending]: (cents: number) => number } = { all: (cents) => cents, less: (cents) => Math.floor(cents / 2), more: (cents) => cents, refused: () => 0, failed: () => 0 }

it('of 1,000 calls at once none is admitted beyond the limit, whatever each costs in the end, and what was charged is what counts', async () => {
  const call = fc.record({ path: fc.constantFrom('counted', 'paid'), cents: fc.integer({ min: 1, max: 60 }), ending: fc.constantFrom(...endings), later: fc.boolean() })
  await fc.assert(
    fc.asyncProperty(fc.array(call, { minLength: 1_000, maxLength: 1_000 }), async (calls) => {
      const world = await worldOf()
      let [atWork, charged, most] = [0, 0, 0]
      const refusals: number[] = []
      const open: (() => Promise<void>)[] = []
      await Promise.all(
        calls.map(async ({ path, cents, ending, later }) => {
          const verdict = await world.send(sentTo(path, cents))
          if (verdict.kind === 'answer') {
            refusals.push(verdict.answer.status)
            return
          }
          atWork += cents
          most = Math.max(most, atWork + charged)
          const end = async (): Promise<void> => {
            if (ending === 'failed') await verdict.admitted.failed({ kind: 'refused', detail: 'nobody there' }, nothingSent)
            else await serve(verdict.admitted, answers[ending](cents))
            atWork -= cents
            charged += charges[ending](cents)
          }
          if (later) open.push(end)
          else await end()
        }),
      )
      expect(new Set(refusals)).toEqual(new Set([429]))
      expect(most).toBeLessThanOrEqual(LIMIT)
      expect(await spent(world)).toBe(atWork + charged)
      await audit(world)
      await Promise.all(open.map((end) => end()))
      expect([atWork, await spent(world)]).toEqual([0, charged])
      await audit(world)
    }),
    // A thousand calls are not made fewer to say that they fail.
    { numRuns: 3, endOnFailure: true },
  )
})

it.each<[string, number, number]>([
  ['below what was set aside', 20, 20],
  ['above it: no more than was promised', 90, 50],
  ['nothing', 0, 0],
])('is charged what the answer says was used, %s', async (_, tokens, charged) => {
  const world = await worldOf()
  const admitted = await world.forwarded(sentTo('used', 50))
  expect(await spent(world)).toBe(50)
  await serve(admitted, { body: JSON.stringify({ usage: { tokens } }) })
  expect(await spent(world)).toBe(charged)
  await audit(world)
})

it('is not spent again by a call that is repeated under its key, nor by one whose key is taken', async () => {
  const world = await worldOf()
  const sent = { ...sentTo('keyed', 30), key: 'once' }
  const first = await world.run(sent, { headers: ['content-type', 'application/json', 'tollgate-price', '0.25'] })
  const second: Answered = await world.run(sent, { body: '{"never":"asked"}' })
  expect([first.status, second.status, second.body]).toEqual([200, 200, first.body])
  expect(second.headers['idempotent-replayed']).toBe('true')
  expect((await world.answered({ ...sentTo('keyed', 40), key: 'once' })).status).toBe(409)
  expect(await spent(world)).toBe(25)
  await audit(world)
})

it('counts a call of unknown outcome until its deadline, and gives it back then', async () => {
  const world = await worldOf()
  const admitted = await world.forwarded(sentTo('counted', 4_000))
  await admitted.failed({ kind: 'timeout', phase: 'headers', detail: 'no answer' }, nothingSent)
  expect((await world.answered(sentTo('counted', 2_000))).status).toBe(429)
  await audit(world)
  world.clock.advance(DEADLINE_MS)
  await world.sweep()
  expect(await spent(world)).toBe(0)
  expect((await world.run(sentTo('counted', 2_000))).status).toBe(200)
  await audit(world)
})

it('shows the service what is spent, and what is left, as decimals', async () => {
  const world = await worldOf()
  await world.run(sentTo('counted', 30))
  const { contextHeaders } = await world.forwarded(sentTo('paid', 20))
  expect(JSON.parse(headersOf(contextHeaders)['tollgate-usage'] ?? '')).toMatchObject({ spending: { limit: '50.00', used: '0.50', remaining: '49.50', scale: 2 } })
})

it('holds the limit of a key before that of its account, and both as amounts', async () => {
  const world = await createWorld({ api, units: 1_000_000, account: { limits: { spending: { units: 200, scale: 2 } } }, key: { limits: { spending: { units: 1, scale: 0 } } } })
  expect((await world.run(sentTo('counted', 100))).status).toBe(200)
  expect((await world.answered(sentTo('counted', 1))).status).toBe(429)
  const other = await createWorld({ api, units: 1_000_000, account: { limits: { spending: { units: 200, scale: 2 } } } })
  expect((await other.run(sentTo('counted', 200))).status).toBe(200)
  expect((await other.answered(sentTo('counted', 1))).status).toBe(429)
})

it('refuses a call whose limit of its own was money, where its meter counts things by now', async () => {
  const world = await createWorld({ account: { limits: { minute: { units: 500, scale: 2 } } } })
  const answer = await world.answered()
  expect([answer.status, world.alerts]).toEqual([500, ['configuration: nothing limits the meter minute for the account team_1 on the plan free']])
})

it('what an operator has given back while it ran is not charged by its answer', async () => {
  const world = await worldOf()
  const admitted = await world.forwarded(sentTo('counted', 100))
  expect(await admitted.dispatching?.()).toBe(true)
  await applyOne(world.store, { kind: 'settle', callId: admitted.requestId, outcome: 'released', remembered: true, reason: 'operator', by: 'operator' })
  expect((await serveSent(admitted)).status).toBe(200)
  expect(await spent(world)).toBe(0)
  await audit(world)
})

it('what its service has charged, and is forgotten by the time of its answer, is not charged again', async () => {
  const world = await worldOf()
  const admitted = await world.forwarded(sentTo('counted', 100))
  expect(await admitted.dispatching?.()).toBe(true)
  admitted.judge(200, ['content-type', 'text/event-stream'])
  expect((await world.act(admitted, 'charge', { amount: '0.40' })).status).toBe(200)
  world.clock.advance(86_400_000)
  await world.sweep()
  expect(await world.store.call(admitted.requestId)).toBeUndefined()
  await admitted.completed(200, nothingSent)
  expect((await world.store.ledger({ limit: 10_000 })).filter(({ kind }) => kind === 'spend').map(({ units }) => units)).toEqual([40])
})
