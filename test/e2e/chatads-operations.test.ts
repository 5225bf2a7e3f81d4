/** The order in which ChatAds checks a request, and what operators do to it while it runs. */
import { chatadsKeys } from '@tollgate/example-playground'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createWorld, NOON } from './playground-world.ts'
import type { Received, World } from './playground-world.ts'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.close())

const hello = { message: 'hello there' }
const tooLong = JSON.stringify({ message: `casino ${'x'.repeat(5000)}` })

function codeOf({ status, body }: Received): string {
  return status === 200 ? 'success' : (body as { error: { code: string } }).error.code
}

test('checks come in this order: path, key, account, burst, day, month, request, words, work', async () => {
  const { addTeam, say } = world
  const past = { daily: 5001, monthly: 50_001 }
  const all = { plan: 'pro', limits: { burst: 0 }, blockedWords: ['casino'] } as const
  const teams = {
    account: await addTeam({ ...all, status: 'disabled' }, past),
    burst: await addTeam(all, past),
    day: await addTeam({ ...all, limits: {} }, past),
    month: await addTeam({ ...all, limits: {} }, { monthly: 50_001 }),
    request: await addTeam({ ...all, limits: {} }),
  }
  const wrongPath = { method: 'POST', path: '/chatads/v1/nothing', headers: {}, body: tooLong }
  expect((await world.call(wrongPath)).status).toBe(404)
  expect(codeOf(await say(undefined, tooLong))).toBe('UNAUTHORIZED')
  expect(codeOf(await say(teams.account.key, tooLong))).toBe('FORBIDDEN')
  expect(codeOf(await say(teams.burst.key, tooLong))).toBe('RATE_LIMIT_EXCEEDED')
  expect(codeOf(await say(teams.day.key, tooLong))).toBe('DAILY_QUOTA_EXCEEDED')
  expect(codeOf(await say(teams.month.key, tooLong))).toBe('MONTHLY_QUOTA_EXCEEDED')
  expect(codeOf(await say(teams.request.key, tooLong))).toBe('INVALID_INPUT')
  // The service would refuse the country, but it is not asked.
  expect(codeOf(await say(teams.request.key, { message: 'casino', country: 'ZZ' }))).toBe('CONTENT_BLOCKED')
  expect(codeOf(await say(teams.request.key, hello))).toBe('success')
})

test('of several faults in one request, the field that is documented first is named', async () => {
  const { body } = await world.say(chatadsKeys.valid, { min_intent: 'huge', country: 'Germany', message: ' ' })
  expect(body).toMatchObject({ error: { details: { field: 'message', issue: 'must not be blank' } } })
})

test('a blank key is a missing key, and header names may be written in any case', async () => {
  expect((await world.say('  ', hello)).status).toBe(401)
  const headers = { 'X-API-KEY': chatadsKeys.valid, 'Content-Type': 'application/json' }
  expect((await world.call({ method: 'POST', path: '/chatads/v1/chatads/messages', headers, body: JSON.stringify(hello) })).status).toBe(200)
})

test('a key that is revoked is refused from the next request on, its sister keys are not', async () => {
  const { directory } = world.playground.gateway
  expect((await world.say(chatadsKeys.valid, hello)).status).toBe(200)
  await directory.updateKey('key_valid', (key) => ({ ...key, status: 'revoked', revokedAtMs: world.clock.wallMs() }))
  expect((await world.say(chatadsKeys.valid, hello)).status).toBe(403)
  expect((await world.say(chatadsKeys.spare, hello)).status).toBe(200)
})

test('maintenance answers everybody 503 with the exact wait, and ends by itself', async () => {
  await world.playground.gateway.directory.updateSwitches('chatads', () => ({ maintenance: { on: true, untilMs: NOON + 90_500 } }))
  const refused = await world.say(undefined, hello)
  expect([refused.status, codeOf(refused), refused.headers.get('retry-after')]).toEqual([503, 'SERVICE_UNAVAILABLE', '91'])
  world.clock.advance(90_500)
  expect((await world.say(chatadsKeys.valid, hello)).status).toBe(200)
})

test('maintenance without an end and overload ask to come back after the wait of the contract', async () => {
  const { directory } = world.playground.gateway
  for (const switches of [{ maintenance: { on: true } }, { overload: { on: true } }]) {
    await directory.updateSwitches('chatads', () => switches)
    const refused = await world.say(chatadsKeys.valid, hello)
    expect([refused.status, codeOf(refused), refused.headers.get('retry-after')]).toEqual([503, 'SERVICE_UNAVAILABLE', '30'])
  }
  await directory.updateSwitches('chatads', () => ({}))
  expect((await world.say(chatadsKeys.valid, hello)).status).toBe(200)
})

test('nothing that is switched for the API touches the page', async () => {
  await world.playground.gateway.directory.updateSwitches('chatads', () => ({ maintenance: { on: true } }))
  expect((await fetch(world.playground.url)).status).toBe(200)
})

test('a service that cannot be reached is 503, and its request is not counted', async () => {
  const { key } = await world.addTeam()
  await world.playground.services.chatads.close()
  const refused = await world.say(key, hello)
  expect([refused.status, codeOf(refused), refused.headers.has('retry-after')]).toEqual([503, 'SERVICE_UNAVAILABLE', true])
  const row = await world.playground.gateway.store.request(refused.headers.get('x-request-id') ?? '')
  expect(row?.uncounted?.toSorted()).toEqual(['daily', 'monthly'])
})

test('when usage cannot be counted nobody is let through: 503', async () => {
  expect((await world.say(chatadsKeys.valid, hello)).status).toBe(200)
  await world.playground.gateway.store.close()
  expect(codeOf(await world.say(chatadsKeys.valid, hello))).toBe('SERVICE_UNAVAILABLE')
})

test('the stack of an internal error stays in the log, under the request id that the caller has', async () => {
  const { headers, body } = await world.say(chatadsKeys.corruptShard, hello)
  const requestId = headers.get('x-request-id') ?? ''
  expect(JSON.stringify(body)).not.toMatch(/SyntaxError|JSON|team_corrupt/)
  expect(world.logged.filter((line) => line.includes(requestId) && line.includes('SyntaxError'))).toHaveLength(1)
})

test('the request log tells of each call who, what was decided and why, and never a secret', async () => {
  const { headers } = await world.say(chatadsKeys.daily, hello)
  const row = await world.playground.gateway.store.request(headers.get('x-request-id') ?? '')
  expect(row).toMatchObject({
    api: 'chatads',
    accountId: 'team_daily',
    keyId: 'key_of_team_daily',
    plan: 'free',
    method: 'POST',
    path: '/chatads/v1/chatads/messages',
    status: 429,
    refusal: { entry: 'dailyQuotaExceeded', code: 'DAILY_QUOTA_EXCEEDED', reason: 'quota.exhausted', facts: { used: 120, limit: 100 } },
  })
  expect(JSON.stringify(row)).not.toContain(chatadsKeys.daily)
})
