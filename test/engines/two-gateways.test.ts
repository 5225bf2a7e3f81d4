/** Two whole gateways on one Postgres: what one is told holds for both, and money is exact over both. */
import { checkLedger } from 'tollgate/engine'
import type { RunningGateway } from '@tollgate/gateway'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { atOnce, isProving } from '../runs.ts'
import { freshDatabase } from '../servers/postgres.ts'
import { accountId, call, callMany, createEngineWorld, openAccount, operate, type EngineWorld } from './engine-world.ts'

/** What is promised to operators. */
const EVERYWHERE_WITHIN_MS = 2_000

let world: EngineWorld
let here: RunningGateway
let there: RunningGateway
let secret: string
let keyId: string

beforeAll(async () => {
  world = await createEngineWorld({ count: 2, store: { postgres: await freshDatabase() } })
  ;[here, there] = world.gateways as [RunningGateway, RunningGateway]
  ;({ secret, keyId } = await openAccount(here, 500))
})

afterAll(() => world.close())

const key = () => ({ 'x-api-key': secret })

it(`of ${atOnce} calls of 0.10 that come to both at once, 5.00 pay exactly 50`, async () => {
  const asked = world.asked()
  const statuses = await callMany(world.gateways, atOnce, 64, (gateway) => call(gateway, 'POST', '/v1/words', key()))
  expect(Object.fromEntries(statuses)).toEqual({ 200: 50, 402: atOnce - 50 })
  expect(world.asked() - asked).toBe(50)
  const rows = await there.store.ledger({ limit: 10_000 })
  expect(rows.filter(({ kind }) => kind === 'settle')).toHaveLength(50)
  expect(checkLedger(rows, await here.store.calls({ limit: 10_000 }))).toEqual([])
  expect(await there.store.balance(`account:${accountId}`, 'credit')).toMatchObject({ availableUnits: 0, heldUnits: 0, chargedUnits: 500 })
})

it('a rate limit holds over both', async () => {
  const statuses = await callMany(world.gateways, 300, 32, (gateway) => call(gateway, 'GET', '/v1/look', key()))
  expect(Object.fromEntries(statuses)).toEqual({ 200: 100, 429: 200 })
})

interface Change {
  readonly what: string
  readonly change: (by: RunningGateway) => Promise<unknown>
  readonly isSeen: (status: number, body: string) => boolean
}

const changes: readonly Change[] = [
  { what: 'a suspended account', change: (by) => operate(by, 'PATCH', `/v1/accounts/${accountId}`, { status: 'suspended' }), isSeen: (status, body) => status === 403 && body.includes('suspended') },
  { what: 'one that is active again', change: (by) => operate(by, 'PATCH', `/v1/accounts/${accountId}`, { status: 'active' }), isSeen: (status) => status === 200 || status === 429 },
  { what: 'a switch', change: (by) => operate(by, 'PUT', '/v1/apis/words/maintenance', { on: true }), isSeen: (status) => status === 503 },
  { what: 'a switch that is off again', change: (by) => operate(by, 'PUT', '/v1/apis/words/maintenance', { on: false }), isSeen: (status) => status === 200 || status === 429 },
  { what: 'a revoked key', change: (by) => operate(by, 'PATCH', `/v1/keys/${keyId}`, { status: 'revoked' }), isSeen: (status) => status === 401 },
]

it.each(changes)('$what is seen at once where it was said, and by the other within two seconds', async ({ change, isSeen }) => {
  const look = (at: RunningGateway) => call(at, 'GET', '/v1/look', key())
  for (const gateway of [here, there]) await look(gateway)
  await change(here)
  const sinceMs = performance.now()
  const first = await look(here)
  expect([first.status, isSeen(first.status, first.body)]).toEqual([first.status, true])
  await expect.poll(async () => {
    const { status, body } = await look(there)
    return isSeen(status, body)
  }, { interval: 20 }).toBe(true)
  // What a busy machine adds is not the gateway's.
  expect(performance.now() - sinceMs).toBeLessThan(isProving ? EVERYWHERE_WITHIN_MS : 10 * EVERYWHERE_WITHIN_MS)
})

it('each says which engine it has, and that it answers', async () => {
  for (const gateway of world.gateways) {
    const { status, body } = await call(gateway, 'GET', '/readyz')
    expect([status, JSON.parse(body)]).toEqual([200, { status: 'ready', engines: { postgres: 'up' } }])
  }
  const metrics = await (await fetch(`${here.adminUrl}/metrics`, { headers: { authorization: `Bearer ${here.adminToken}` } })).text()
  expect(metrics).toContain('tollgate_engine_up{engine="postgres"} 1')
  expect(Number(/^tollgate_engine_round_trip_duration_seconds_count\{engine="postgres"\} (\d+)$/m.exec(metrics)?.[1])).toBeGreaterThan(100)
  // Many calls in one transaction, and what they paid.
  const groups = (suffix: string): number => Number(new RegExp(`^tollgate_store_group_commands_${suffix} (\\d+)$`, 'm').exec(metrics)?.[1])
  expect(groups('sum')).toBeGreaterThan(groups('count'))
  expect(metrics).toMatch(/^tollgate_money_\w+\{[^}]*\} [1-9]/m)
})
