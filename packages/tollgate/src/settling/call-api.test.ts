import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { StoreUnavailableError } from '../engine/store-error.ts'
import { createWorld, headersOf, serve, type World } from '../gate/fixtures/paid-world.ts'
import { checkLedger } from '../engine/money/ledger-check.ts'
import type { Admitted } from '../gate/call.ts'

const later = { status: 201, headers: ['tollgate-price', 'later'] } as const
const pathOf = (admitted: Admitted): string => new URL(headersOf(admitted.contextHeaders)['tollgate-call'] ?? '').pathname

async function withOpenCall(): Promise<{ readonly world: World; readonly admitted: Admitted }> {
  const world = await createWorld()
  const admitted = await world.forwarded()
  await serve(admitted, later)
  return { world, admitted }
}

it('a body that is nested too deep is no body: the words are repeated nowhere', async () => {
  const { world, admitted } = await withOpenCall()
  const deep = `{"expiresAt":null,"id":${'['.repeat(20_000)}${']'.repeat(20_000)}}`
  expect(await world.act(admitted, 'lease', deep)).toMatchObject({ status: 400, body: { detail: 'the body must be a JSON object' } })
})

describe('a store that cannot say what became of it', () => {
  const expiresAt = '2026-12-21T00:00:00Z'
  const said: readonly (readonly [action: string, body: object, told: object])[] = [
    ['charge', { amount: '0.40' }, { charged: '0.40' }],
    ['release', {}, { released: true }],
    ['lease', { id: 'ses_1', expiresAt }, { lease: 'ses_1', state: 'active', expiresAt }],
    ['renew', { lease: 'ses_0', expiresAt }, { lease: 'ses_0', state: 'active', expiresAt }],
    ['release', { lease: 'ses_0' }, { lease: 'ses_0', state: 'terminated', expiresAt: null }],
  ]

  /** Two calls with a hold and a session each, the first of which is called ses_0; from then on the store does what it is asked, or does not, and breaks off. */
  async function troubled(times: number, isDone: boolean) {
    let left = 0
    let asked = 0
    const world = await createWorld({
      around: (store) => ({
        ...store,
        async apply(commands) {
          asked += 1
          if (left === 0) return store.apply(commands)
          left -= 1
          if (isDone) await store.apply(commands)
          throw new StoreUnavailableError('the connection broke', { applied: 'unknown' })
        },
      }),
    })
    const [first, second] = [await world.forwarded(), await world.forwarded()]
    for (const admitted of [first, second]) await serve(admitted, later)
    await world.act(first, 'lease', { id: 'ses_0', expiresAt: null })
    left = times
    asked = 0
    return { world, call: second, asked: () => asked }
  }

  it.each(said.flatMap((each) => [[true, ...each] as const, [false, ...each] as const]))('is asked once more (done by then: %s): %s %j', async (isDone, action, body, told) => {
    const { world, call } = await troubled(1, isDone)
    expect(await world.act(call, action, body)).toEqual({ status: 200, body: told })
    expect(world.alerts).toEqual([])
    expect(checkLedger(await world.store.ledger({ limit: 20 }), await world.store.calls({ limit: 10 }))).toEqual([])
  })

  it.each(said)('and not a third time: %s %j may have been done, so the service asks again', async (action, body, told) => {
    const { world, call, asked } = await troubled(2, true)
    expect((await world.act(call, action, body)).status).toBe(503)
    expect(asked()).toBe(2)
    expect(await world.act(call, action, body)).toEqual({ status: 200, body: told })
  })
})

describe('twice has the effect of once', () => {
  it('charge: the same again is as true, another amount comes too late', async () => {
    const { world, admitted } = await withOpenCall()
    const first = await world.act(admitted, 'charge', { amount: '0.40' })
    expect(await world.act(admitted, 'charge', { amount: '0.40' })).toEqual(first)
    expect(first).toEqual({ status: 200, body: { charged: '0.40' } })
    expect((await world.act(admitted, 'charge', { amount: '0.30' })).status).toBe(410)
    expect((await world.act(admitted, 'release')).status).toBe(410)
    expect(await world.money()).toEqual({ available: 960, held: 0 })
    expect((await world.ledger()).map(({ kind, units }) => [kind, units])).toEqual([
      ['hold', 100],
      ['settle', 40],
      ['release', 60],
    ])
  })

  it('release: the money comes back once, the same again is as true, a charge comes too late', async () => {
    const { world, admitted } = await withOpenCall()
    for (let count = 0; count < 3; count += 1) {
      expect(await world.act(admitted, 'release')).toEqual({ status: 200, body: { released: true } })
      expect((await world.act(admitted, 'charge', { amount: '0.40' })).status).toBe(410)
      expect((await world.act(admitted, 'charge', { amount: '0.00' })).status).toBe(410)
    }
    expect(await world.money()).toEqual({ available: 1_000, held: 0 })
    expect((await world.ledger()).map(({ kind }) => kind)).toEqual(['hold', 'release'])
    const calls = await world.store.calls({ limit: 10 })
    expect(calls.map(({ state, chargedUnits, ended }) => [state, chargedUnits, ended?.by])).toEqual([['done', 0, 'release']])
    expect(checkLedger((await world.store.ledger({ limit: 10 })).filter(({ callId }) => callId !== undefined), calls).filter(({ kind }) => kind === 'call_differs' || kind === 'lost_hold')).toEqual([])
  })

  it('release of a call with a key: the key is free at once, and the next call under it does not touch the first', async () => {
    const world = await createWorld()
    const admitted = await world.forwarded({ key: 'k' })
    await serve(admitted, later)
    expect((await world.act(admitted, 'release')).status).toBe(200)
    const next = await world.forwarded({ key: 'k' })
    await serve(next, later)
    expect((await world.act(admitted, 'release')).status).toBe(200)
    expect(await world.act(next, 'charge', { amount: '0.40' })).toEqual({ status: 200, body: { charged: '0.40' } })
    expect((await world.act(admitted, 'release')).status).toBe(200)
    expect((await world.act(next, 'release')).status).toBe(410)
    expect(await world.money()).toEqual({ available: 960, held: 0 })
  })

  it('release after the deadline gave it back already: too late, however often', async () => {
    const { world, admitted } = await withOpenCall()
    world.clock.advance(86_400_000)
    for (let count = 0; count < 2; count += 1) expect((await world.act(admitted, 'release')).status).toBe(410)
  })

  it('charge: more than is held is short by the same each time, and any other amount comes too late', async () => {
    const { world, admitted } = await withOpenCall()
    for (let count = 0; count < 2; count += 1) expect(await world.act(admitted, 'charge', { amount: '1.50' })).toEqual({ status: 200, body: { charged: '1.00', short: '0.50' } })
    for (const amount of ['1.00', '1.20', '1.60', '0.40']) expect((await world.act(admitted, 'charge', { amount })).status).toBe(410)
    const second = await withOpenCall()
    await second.world.act(second.admitted, 'charge', { amount: '0.40' })
    expect((await second.world.act(second.admitted, 'charge', { amount: '0.50' })).status).toBe(410)
  })

  it('a lease whose time is over meanwhile: naming and renewing it again say so, as they said the end', async () => {
    const { world, admitted } = await withOpenCall()
    const naming = { id: 'ses_1', expiresAt: new Date(world.clock.wallMs() + 60_000).toISOString() }
    const renewing = { lease: 'ses_1', expiresAt: new Date(world.clock.wallMs() + 120_000).toISOString() }
    expect(await world.act(admitted, 'lease', naming)).toMatchObject({ status: 200, body: { state: 'active' } })
    expect(await world.act(admitted, 'renew', renewing)).toMatchObject({ status: 200, body: { state: 'active' } })
    world.clock.advance(120_000)
    for (let count = 0; count < 2; count += 1) {
      expect(await world.act(admitted, 'lease', naming)).toMatchObject({ status: 200, body: { lease: 'ses_1', state: 'expired' } })
      expect(await world.act(admitted, 'renew', renewing)).toMatchObject({ status: 200, body: { lease: 'ses_1', state: 'expired' } })
    }
    expect((await world.act(admitted, 'renew', { lease: 'ses_1', expiresAt: null })).status).toBe(410)
    expect(await world.alive('sessions')).toBe(0)
  })

  it.each(['lease', 'renew'])('%s with an end that has been: the same answer each time', async (action) => {
    const { world, admitted } = await withOpenCall()
    if (action === 'renew') await world.act(admitted, 'lease', { id: 'ses_1', expiresAt: null })
    const ask = () => world.act(admitted, action, { [action === 'renew' ? 'lease' : 'id']: 'ses_1', expiresAt: '2001-01-01T00:00:00Z' })
    const first = await ask()
    expect(first).toMatchObject({ status: 200, body: { state: 'expired' } })
    expect(await ask()).toEqual(first)
  })

  it('a lease: named, renewed and ended twice', async () => {
    const { world, admitted } = await withOpenCall()
    for (let count = 0; count < 2; count += 1) {
      expect(await world.act(admitted, 'lease', { id: 'ses_1', expiresAt: '2026-12-21T00:00:00Z' })).toEqual({ status: 200, body: { lease: 'ses_1', state: 'active', expiresAt: '2026-12-21T00:00:00Z' } })
    }
    for (let count = 0; count < 2; count += 1) {
      expect(await world.act(admitted, 'renew', { lease: 'ses_1', expiresAt: null })).toEqual({ status: 200, body: { lease: 'ses_1', state: 'active', expiresAt: null } })
    }
    for (let count = 0; count < 2; count += 1) expect((await world.act(admitted, 'release', { lease: 'ses_1' })).body).toMatchObject({ state: 'terminated' })
    expect((await world.act(admitted, 'renew', { lease: 'ses_1', expiresAt: null })).status).toBe(410)
    expect((await world.act(admitted, 'lease', { id: 'ses_1', expiresAt: null })).status).toBe(410)
    expect(await world.alive('sessions')).toBe(0)
    expect(await world.money()).toMatchObject({ held: 100 })
  })
})

it('more than was held is cut to it, and the service is told what is short', async () => {
  const { world, admitted } = await withOpenCall()
  expect(await world.act(admitted, 'charge', { amount: '1.50' })).toEqual({ status: 200, body: { charged: '1.00', short: '0.50' } })
  expect(await world.money()).toEqual({ available: 900, held: 0 })
})

it('a service may charge before its answer has gone out; the key gets the answer all the same', async () => {
  for (const answer of [later, { status: 201, headers: ['tollgate-price', '0.40'] }]) {
    const world = await createWorld()
    const admitted = await world.forwarded({ key: 'k' })
    expect((await world.act(admitted, 'charge', { amount: '0.40' })).status).toBe(200)
    await serve(admitted, answer)
    expect((await world.answered({ key: 'k' })).headers['idempotent-replayed']).toBe('true')
    expect(await world.money()).toEqual({ available: 960, held: 0 })
  }
})

it('an id that another call has taken is a conflict, and leases of other accounts are unknown', async () => {
  const world = await createWorld()
  const mine = await world.forwarded()
  const theirs = await world.forwarded({ headers: ['x-api-key', 'secret 2'] })
  await world.act(mine, 'lease', { id: 'ses_1', expiresAt: null })
  expect((await world.act(theirs, 'lease', { id: 'ses_1', expiresAt: null })).status).toBe(409)
  expect((await world.act(theirs, 'release', { lease: 'ses_1' })).status).toBe(404)
  expect((await world.act(theirs, 'renew', { lease: 'ses_1', expiresAt: null })).status).toBe(404)
})

it('a failing store is said to be one, without its words, and the request may be repeated', async () => {
  const { world, admitted } = await withOpenCall()
  world.failOn('settle')
  const failed = await world.act(admitted, 'charge', { amount: '0.40' })
  expect(failed).toMatchObject({ status: 503, body: { detail: expect.stringContaining('repeat') } })
  expect(JSON.stringify(failed)).not.toContain('disk')
  world.failOn(undefined)
  expect((await world.act(admitted, 'charge', { amount: '0.40' })).status).toBe(200)
})

describe('bad input', () => {
  it.each([
    ['charge', {}],
    ['charge', { amount: 0.25 }],
    ['charge', { amount: '-1' }],
    ['charge', { amount: '0.255' }],
    ['charge', { amount: '1e2' }],
    ['lease', { expiresAt: null }],
    ['lease', { id: '', expiresAt: null }],
    ['lease', { id: 'a b', expiresAt: null }],
    ['lease', { id: 'x'.repeat(257), expiresAt: null }],
    ['lease', { id: 'ses_1' }],
    ['lease', { id: 'ses_1', expiresAt: 'tomorrow' }],
    ['lease', { id: 'ses_1', expiresAt: 5 }],
    ['lease', { id: 'ses_1', expiresAt: '2026-99-99T00:00:00Z' }],
    ['renew', { lease: ['ses_1'], expiresAt: null }],
    ['release', { lease: null }],
    ['charge', []],
    ['charge', 'amount'],
  ])('%s %j is refused with what to write instead', async (action, body) => {
    const { world, admitted } = await withOpenCall()
    const refused = await world.act(admitted, action, body)
    expect(refused).toMatchObject({ status: 400, body: { title: 'Bad Request', status: 400 } })
    expect(await world.money()).toEqual({ available: 900, held: 100 })
  })

  it('only POST, only known actions, only a whole address', async () => {
    const { world, admitted } = await withOpenCall()
    const ask = async (method: string, path: string) => (await world.callApi.handle(method, path, undefined)).status
    const path = pathOf(admitted)
    expect(await ask('GET', `${path}/charge`)).toBe(405)
    for (const wrong of ['', '/', '/constructor', '/__proto__', '/charge/', '/charge/x', 'x/charge']) expect(await ask('POST', path + wrong)).toBe(404)
    for (const wrong of ['/', '/calls', '/calls/', '/calls/x/charge', '/calls//charge', '/other/charge']) expect(await ask('POST', wrong)).toBe(404)
    expect((await world.callApi.handle('POST', `${path}/charge`, new TextEncoder().encode('{'))).status).toBe(400)
  })

  it('no bytes and no path make it fail', async () => {
    const { world, admitted } = await withOpenCall()
    const actions = fc.constantFrom('charge', 'release', 'lease', 'renew', 'nothing')
    await fc.assert(
      fc.asyncProperty(actions, fc.oneof(fc.uint8Array(), fc.json().map((text) => new TextEncoder().encode(text))), fc.string(), async (action, body, junk) => {
        const answers = [await world.callApi.handle('POST', `${pathOf(admitted)}/${action}${junk}`, body), await world.callApi.handle(junk, junk, body)]
        for (const answer of answers) {
          expect([200, 400, 404, 405, 409, 410]).toContain(answer.status)
          JSON.parse(answer.body)
        }
      }),
    )
  })
})
