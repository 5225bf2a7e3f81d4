/** What operators do to LEAPERone while it runs, what breaks behind it, and what the log keeps of it. */
import { leaperoneKeys } from '@tollgate/example-playground'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createWorld } from './leaperone-world.ts'
import type { Received, World } from './leaperone-world.ts'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.close())

const CREDIT = 1_000_000
const internal = { error: { message: 'Internal server error.', type: 'server_error', code: 'internal_error' } }
const answered = ({ status, text }: Received) => [status, JSON.parse(text) as unknown]

test('a service that cannot be reached is 500, and nothing is charged', async () => {
  const caller = await world.addCaller('1')
  await world.playground.services.leaperone.close()
  expect(answered(await world.chat(caller.key, 'Hello'))).toEqual([500, internal])
  expect(answered(await world.order(caller.key, 'A harbour'))).toEqual([500, internal])
  expect(await caller.money()).toEqual({ available: CREDIT, held: 0 })
})

test('maintenance and overload are 500, since the page has no 503; they say when to come back and charge nothing', async () => {
  const caller = await world.addCaller('1')
  const { directory } = world.playground.gateway
  await directory.updateSwitches('leaperone', () => ({ maintenance: { on: true, untilMs: world.clock.wallMs() + 90_500 } }))
  const closed = await world.chat(caller.key, 'Hello')
  expect([answered(closed), closed.headers.get('retry-after')]).toEqual([[500, internal], '91'])
  await directory.updateSwitches('leaperone', () => ({ overload: { on: true } }))
  expect(answered(await world.chat(caller.key, 'Hello'))).toEqual([500, internal])
  await directory.updateSwitches('leaperone', () => ({}))
  expect((await world.chat(caller.key, 'Hello')).status).toBe(200)
  expect((await caller.ledger()).map(({ kind }) => kind)).toEqual(['grant', 'hold', 'settle', 'release'])
})

test('a key that is revoked is refused from the next call on, its sister keys are not', async () => {
  const { directory } = world.playground.gateway
  await directory.updateKey('leaper_key_valid', (key) => ({ ...key, status: 'revoked', revokedAtMs: world.clock.wallMs() }))
  expect((await world.chat(leaperoneKeys.valid, 'Hello')).status).toBe(401)
  expect((await world.chat(leaperoneKeys.colleague, 'Hello')).status).toBe(200)
})

test('an order that the service never ends is given back at its deadline', async () => {
  const caller = await world.addCaller('1')
  expect((await world.order(caller.key, 'A harbour')).status).toBe(200)
  expect(await caller.money()).toEqual({ available: 500_000, held: 500_000 })
  // With its service gone, nobody will settle it.
  await world.playground.services.leaperone.close()
  world.clock.advance(10 * 60_000 - 1)
  expect((await caller.money()).held).toBe(500_000)
  await world.whileTimePasses(expect.poll(() => caller.money(), { interval: 5 }).toEqual({ available: CREDIT, held: 0 }))
})

test('the stack of what breaks stays in the log, under the request id that the caller has', async () => {
  const { headers, text } = await world.chat(leaperoneKeys.valid, 'What is in the attic?')
  const requestId = headers.get('x-request-id') ?? ''
  expect(text).not.toMatch(/attic|theme|Error:/)
  expect(world.logged.filter((line) => line.includes(requestId) && line.includes('the theme attic is damaged or lost'))).toHaveLength(1)
})

test('the request log tells of each call who, what was decided and why, and never a secret', async () => {
  const { headers } = await world.chat(leaperoneKeys.almostEmpty, 'Hello', { model: 'gpt-5' })
  const row = await world.playground.gateway.store.request(headers.get('x-request-id') ?? '')
  expect(row).toMatchObject({
    api: 'leaperone',
    accountId: 'leaper_almost_empty',
    keyId: 'leaper_key_of_almost_empty',
    plan: 'starter',
    method: 'POST',
    path: '/leaperone/v1/chat/completions',
    status: 402,
    refusal: { entry: 'insufficientCredits', code: 'insufficient_credits', reason: 'credit.insufficient', facts: { balance: { units: 10_000, scale: 6 }, required: { units: 112_640, scale: 6 } } },
  })
  expect(JSON.stringify([row, world.logged])).not.toContain(leaperoneKeys.almostEmpty)
})

test('a stream that breaks is logged as broken, though its status was 200', async () => {
  const { headers } = await world.whileTimePasses(world.chat(leaperoneKeys.valid, 'What is in the attic?', { stream: true }))
  await expect.poll(() => world.playground.gateway.store.request(headers.get('x-request-id') ?? '')).toMatchObject({
    status: 200,
    refusal: { entry: 'internalError', midStream: true },
  })
})
