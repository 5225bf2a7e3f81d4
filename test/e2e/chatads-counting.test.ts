/** What counts, what is given back, and when counters begin anew: for teams of ChatAds, through the whole gateway. */
import { chatadsKeys } from '@tollgate/example-playground'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createWorld } from './playground-world.ts'
import type { Received, World } from './playground-world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const hello = { message: 'hello there' }

function codeOf({ status, body }: Received): string {
  return status === 200 ? 'success' : (body as { error: { code: string } }).error.code
}

/** Requests of the day and of the month, as a successful call of the team tells them. The call itself counts too. */
async function usageAfterOneMore(key: string): Promise<readonly [daily: number, monthly: number]> {
  const { body } = await world.say(key, hello)
  const { usage } = (body as { meta: { usage: { daily_requests: number; monthly_requests: number } } }).meta
  return [usage.daily_requests, usage.monthly_requests]
}

test('the 100th request of a day succeeds, the 101st is told "101 of 100", and so on: refused attempts count', async () => {
  const { key } = await world.addTeam({ limits: { monthly: 1000 } })
  for (let sent = 1; sent <= 100; sent += 1) {
    const { status, body } = await world.say(key, hello)
    expect([status, body]).toMatchObject([200, { meta: { usage: { daily_requests: sent, monthly_requests: sent, free_tier_remaining: 1000 - sent } } }])
  }
  for (const used of [101, 102, 103]) {
    const { status, body } = await world.say(key, hello)
    expect([status, body]).toMatchObject([
      429,
      { error: { code: 'DAILY_QUOTA_EXCEEDED', message: `Daily request limit exceeded. You've used ${used} of 100 requests for today.`, details: { daily_usage: used } } },
    ])
  }
})

test('under concurrency exactly as many requests succeed as the limit has left', async () => {
  const { key, otherKey } = await world.addTeam({}, { daily: 80, monthly: 80 })
  const answers = await Promise.all(Array.from({ length: 60 }, (_, at) => world.say(at % 2 === 0 ? key : otherKey, hello)))
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(20)
  expect(answers.filter((answer) => codeOf(answer) === 'DAILY_QUOTA_EXCEEDED')).toHaveLength(40)
})

test('all keys of a team share one counter', async () => {
  const { key, otherKey } = await world.addTeam()
  expect(await usageAfterOneMore(key)).toEqual([1, 1])
  expect(await usageAfterOneMore(otherKey)).toEqual([2, 2])
})

test('a request that ends in INVALID_INPUT is not counted, whoever found the fault', async () => {
  const { key } = await world.addTeam()
  for (const body of ['', '{"message":', '[]', '{}', '{"message":"  "}', '{"message":"hello","country":"ZZ"}']) {
    expect(codeOf(await world.say(key, body))).toBe('INVALID_INPUT')
  }
  expect(await usageAfterOneMore(key)).toEqual([1, 1])
})

test('a request that ends in CONTENT_BLOCKED is not counted', async () => {
  const { key } = await world.addTeam({ blockedWords: ['casino'] })
  expect(codeOf(await world.say(key, { message: 'a CASINO, please' }))).toBe('CONTENT_BLOCKED')
  expect(codeOf(await world.say(key, { message: 'casinos are not blocked' }))).toBe('success')
  expect(await usageAfterOneMore(key)).toEqual([2, 2])
})

test.each([
  ['INTERNAL_ERROR', 'team_corrupt', chatadsKeys.corruptShard],
  ['SERVICE_UNAVAILABLE', 'team_locked', chatadsKeys.lockedShard],
])('a request that ends in %s is not counted', async (code, team, key) => {
  const { store } = world.playground.gateway
  const used = async () => {
    const take = { subject: `account:${team}`, name: 'daily', meter: { kind: 'quota', period: 'day', counts: 'attempts' }, limit: 5000, cost: 1 } as const
    return (await store.peek([take]))[0]?.used
  }
  expect(codeOf(await world.say(key, hello))).toBe(code)
  expect(await used()).toBe(0)
})

test('a call without a valid key counts for nobody', async () => {
  const { key } = await world.addTeam()
  await world.say(undefined, hello)
  await world.say(`${key}x`, hello)
  expect(await usageAfterOneMore(key)).toEqual([1, 1])
})

test('a new plan holds from the next request on, in both directions', async () => {
  const { id, key } = await world.addTeam({ plan: 'free' }, { daily: 100, monthly: 100 })
  const { directory } = world.playground.gateway
  expect(codeOf(await world.say(key, hello))).toBe('DAILY_QUOTA_EXCEEDED')
  await directory.updateAccount(id, (account) => ({ ...account, plan: 'pro' }))
  expect(await world.say(key, hello)).toMatchObject({ status: 200, body: { meta: { usage: { daily_requests: 102, daily_limit: 5000, is_free_tier: false } } } })
  await directory.updateAccount(id, (account) => ({ ...account, plan: 'free' }))
  expect(await world.say(key, hello)).toMatchObject({ status: 429, body: { error: { details: { daily_usage: 103, daily_limit: 100, plan: 'free' } } } })
})

test('a team over both limits is told of the day, and to wait for the month', async () => {
  const { key } = await world.addTeam({}, { daily: 119, monthly: 119 })
  const { headers, body } = await world.say(key, hello)
  expect(body).toMatchObject({ error: { code: 'DAILY_QUOTA_EXCEEDED', details: { daily_usage: 120, reset_at: '2026-03-11T00:00:00Z' } } })
  expect(headers.get('retry-after')).toBe(String(21.5 * 86_400))
})

test('a burst is refused until the earliest call has left the window, to the second', async () => {
  const { key } = await world.addTeam({ limits: { burst: 2 } })
  expect(codeOf(await world.say(key, hello))).toBe('success')
  world.clock.advance(10_000)
  expect(codeOf(await world.say(key, hello))).toBe('success')
  world.clock.advance(20_500)
  const refused = await world.say(key, hello)
  expect([refused.headers.get('retry-after'), refused.body]).toMatchObject(['30', { error: { code: 'RATE_LIMIT_EXCEEDED', details: { limit: 2, window_seconds: 60, retry_after: 30 } } }])
  world.clock.advance(29_499)
  expect(codeOf(await world.say(key, hello))).toBe('RATE_LIMIT_EXCEEDED')
  world.clock.advance(1)
  expect(codeOf(await world.say(key, hello))).toBe('success')
  expect(codeOf(await world.say(key, hello))).toBe('RATE_LIMIT_EXCEEDED')
})

// The last two move the clock far: they come last.
test('the day begins anew at midnight UTC, not a millisecond sooner', async () => {
  const { key } = await world.addTeam({ limits: { monthly: 1000 } }, { daily: 100, monthly: 100 })
  world.clock.advance(Date.parse('2026-03-10T23:59:59.999Z') - world.clock.wallMs())
  const refused = await world.say(key, hello)
  expect([codeOf(refused), refused.headers.get('retry-after')]).toEqual(['DAILY_QUOTA_EXCEEDED', '1'])
  world.clock.advance(1)
  expect(await usageAfterOneMore(key)).toEqual([1, 102])
})

test('the month begins anew on the first at midnight UTC', async () => {
  const { key } = await world.addTeam({ plan: 'free' }, { monthly: 100 })
  world.clock.advance(Date.parse('2026-03-31T23:59:30Z') - world.clock.wallMs())
  const refused = await world.say(key, hello)
  expect([codeOf(refused), refused.headers.get('retry-after')]).toEqual(['MONTHLY_QUOTA_EXCEEDED', '30'])
  world.clock.advance(30_000)
  expect(await usageAfterOneMore(key)).toEqual([1, 1])
})
