/** What AI-Powered API counts: a monthly quota, windows of a minute, an hour and a day, those of endpoints, and what is in flight. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { codeOf, createWorld, NOON_SECONDS, rateOf, SLOW_MS } from './ai-api-world.ts'
import type { Received, World } from './ai-api-world.ts'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.close())

const MINUTE = 60
const HOUR = 3_600
const TO_MIDNIGHT = 12 * HOUR
const text = { prompt: 'Hello sea', model: 'gpt-3.5-turbo' }

const look = (key: string | undefined): Promise<Received> => world.ask(key, 'GET', '/v1/models')
const write = (key: string | undefined): Promise<Received> => world.ask(key, 'POST', '/v1/generate', text)

async function codesOf(count: number, call: () => Promise<Received>): Promise<readonly (string | number)[]> {
  const codes: (string | number)[] = []
  for (let sent = 0; sent < count; sent += 1) codes.push(codeOf(await call()))
  return codes
}

describe('the headers of the rate', () => {
  test.each([
    ['the minute', {}, [60, 59, MINUTE]],
    ['the hour', { hour: 10 }, [10, 9, HOUR]],
    ['the day', { day: 10 }, [10, 9, TO_MIDNIGHT]],
    ['the endpoint', { models: 10 }, [10, 9, MINUTE]],
    ['the hour, before a day with more left', { minute: 40, hour: 10, day: 20, models: 30 }, [10, 9, HOUR]],
  ] as const)('report whichever has the least share left: %s', async (_, limits, [limit, remaining, seconds]) => {
    const key = await world.addKey({ limits })
    expect(rateOf(await look(key))).toEqual([limit, remaining, NOON_SECONDS + seconds])
  })

  test('change over as one of them fills up and another one empties', async () => {
    const key = await world.addKey({ limits: { minute: 4, hour: 5 } })
    const seen: (readonly number[])[] = []
    for (let sent = 0; sent < 3; sent += 1) seen.push(rateOf(await look(key)))
    world.clock.advance(MINUTE * 1000)
    seen.push(rateOf(await look(key)))
    expect(seen.map(([limit, remaining]) => [limit, remaining])).toEqual([[4, 3], [4, 2], [4, 1], [5, 1]])
  })

  test('speak of the endpoint that was called, and of no other one', async () => {
    const key = await world.addKey({ limits: { generate: 3 } })
    expect(rateOf(await write(key))).toEqual([3, 2, NOON_SECONDS + MINUTE])
    expect(rateOf(await look(key))).toEqual([60, 58, NOON_SECONDS + MINUTE])
  })

  test('never show the monthly quota, even when it is what refuses', async () => {
    const key = await world.addKey({ limits: { month: 1 } })
    expect(rateOf(await look(key))).toEqual([60, 59, NOON_SECONDS + MINUTE])
    const refused = await look(key)
    expect([codeOf(refused), ...rateOf(refused)]).toEqual(['QUOTA_EXCEEDED', 60, 59, NOON_SECONDS + MINUTE])
  })

  test('are on every answer: successes, refusals, unknown paths, and whatever strangers ask for', async () => {
    const key = await world.addKey()
    const calls: readonly [key: string | undefined, method: string, path: string][] = [
      [key, 'GET', '/v1/models'],
      [key, 'GET', '/v1/nothing'],
      [key, 'DELETE', '/v1/models'],
      [key, 'GET', '/v1/files/file_1'],
      [undefined, 'GET', '/v1/models'],
      [undefined, 'GET', '/v1/nothing'],
      [undefined, 'GET', '/images/nothing.png'],
      ['aik_nobody_has_been_given_this_key', 'POST', '/v1/generate'],
    ]
    for (const [caller, method, path] of calls) expect(rateOf(await world.ask(caller, method, path)), `${method} ${path}`).not.toContain(Number.NaN)
  })
})

describe('a window', () => {
  test.each([
    ['minute', MINUTE],
    ['hour', HOUR],
    ['day', TO_MIDNIGHT],
    ['models', MINUTE],
  ])('that is full (%s) refuses with its own figures, and lets through again when it has said', async (name, seconds) => {
    const key = await world.addKey({ limits: { [name]: 2 } })
    expect(await codesOf(2, () => look(key))).toEqual([200, 200])

    const { status, headers, body } = await look(key)
    expect({ status, retryAfter: headers.get('retry-after'), body }).toEqual({
      status: 429,
      retryAfter: String(seconds),
      body: {
        success: false,
        error: {
          code: 'RATE_LIMIT_EXCEEDED',
          message: 'Rate limit exceeded',
          details: { retry_after: seconds, limit: 2, reset_time: NOON_SECONDS + seconds },
        },
        meta: { request_id: headers.get('x-request-id'), timestamp: '2026-03-10T12:00:00Z' },
      },
    })
    world.clock.advance(seconds * 1000 - 1)
    expect(codeOf(await look(key))).toBe('RATE_LIMIT_EXCEEDED')
    world.clock.advance(1)
    expect(codeOf(await look(key))).toBe(200)
  })

  test('of several that are full, the wait is until all of them let through', async () => {
    const key = await world.addKey({ limits: { minute: 1, hour: 1 } })
    await look(key)
    expect((await look(key)).headers.get('retry-after')).toBe(String(HOUR))
  })

  test('who is refused is counted by none: neither by the other windows nor by the month', async () => {
    const key = await world.addKey({ limits: { minute: 1, month: 2, models: 5 } })
    expect(await codesOf(4, () => look(key))).toEqual([200, ...Array.from({ length: 3 }, () => 'RATE_LIMIT_EXCEEDED')])
    world.clock.advance(MINUTE * 1000)
    expect(codeOf(await look(key))).toBe(200)
  })

  test('strangers are counted by their address, whatever they call', async () => {
    const codes = await codesOf(300, () => look(undefined))
    expect(new Set(codes)).toEqual(new Set(['MISSING_API_KEY']))
    expect(await codesOf(1, () => look('aik_nobody_has_been_given_this_key'))).toEqual(['RATE_LIMIT_EXCEEDED'])
    expect(codeOf(await look(await world.addKey()))).toBe(200)
  })
})

describe('the monthly quota', () => {
  test('comes before the rate: 403 without a wait', async () => {
    const key = await world.addKey({ limits: { month: 1, minute: 1, hour: 1, day: 1, slots: 1 } })
    expect(codeOf(await write(key))).toBe(200)
    const { status, headers, body } = await write(key)
    expect({ status, retryAfter: headers.get('retry-after'), body }).toMatchObject({
      status: 403,
      retryAfter: null,
      body: { error: { code: 'QUOTA_EXCEEDED', message: 'Monthly quota exceeded', details: { quota: 1, used: 1, reset_at: '2026-04-01T00:00:00Z' } } },
    })
  })

  test('begins anew with the month', async () => {
    const key = await world.addKey({ limits: { month: 1 } })
    expect(await codesOf(2, () => look(key))).toEqual([200, 'QUOTA_EXCEEDED'])
    world.clock.advance(Date.parse('2026-04-01T00:00:00Z') - world.clock.wallMs())
    expect(codeOf(await look(key))).toBe(200)
  })

  test('comes before the request is read', async () => {
    const key = await world.addKey({ limits: { month: 0 } })
    expect(codeOf(await world.ask(key, 'POST', '/v1/generate', '{"broken'))).toBe('QUOTA_EXCEEDED')
  })
})

describe('calls in flight', () => {
  test('are limited by what is really at work, and their places are free again as they end', async () => {
    const key = await world.addKey({ limits: { slots: 2 } })
    const [one, other] = [await world.slowText(key), await world.slowText(key)]
    expect(world.slowTexts()).toBe(2)

    const { status, headers, body } = await write(key)
    expect({ status, retryAfter: headers.get('retry-after'), body }).toMatchObject({
      status: 429,
      retryAfter: '1',
      body: { error: { code: 'CONCURRENT_LIMIT_EXCEEDED', details: { limit: 2, in_flight: 2, retry_after: 1 } } },
    })
    // What takes no place is not kept from it.
    expect(codeOf(await look(key))).toBe(200)

    world.clock.advance(SLOW_MS)
    expect([codeOf(await one.answer), codeOf(await other.answer)]).toEqual([200, 200])
    expect(codeOf(await write(key))).toBe(200)
  })

  test('of a caller who hangs up make room as well, and the service stops working for nobody', async () => {
    const key = await world.addKey({ limits: { slots: 1 } })
    const { answer, abort } = await world.slowText(key)
    expect(codeOf(await write(key))).toBe('CONCURRENT_LIMIT_EXCEEDED')
    abort()
    await expect(answer).rejects.toThrow(/abort/i)
    await expect.poll(() => world.slowTexts()).toBe(0)
    await expect.poll(async () => codeOf(await write(key))).toBe(200)
  })

  test('that fail make room as well', async () => {
    const key = await world.addKey({ limits: { slots: 1 } })
    const broken = () => world.ask(key, 'POST', '/v1/generate', { ...text, prompt: 'Напиши о море' })
    const garbage = () => world.ask(key, 'POST', '/v1/analyze', { text: '天気', tasks: ['keywords'], language: 'ja' })
    expect([...(await codesOf(2, broken)), ...(await codesOf(2, garbage)), codeOf(await write(key))]).toEqual([
      'PROCESSING_ERROR', 'PROCESSING_ERROR', 'SERVICE_UNAVAILABLE', 'SERVICE_UNAVAILABLE', 200,
    ])
  })

  test('come after the rate', async () => {
    const key = await world.addKey({ limits: { minute: 1, slots: 1 } })
    const { answer } = await world.slowText(key)
    expect(codeOf(await write(key))).toBe('RATE_LIMIT_EXCEEDED')
    world.clock.advance(SLOW_MS)
    await answer
  })

  test('of one key are nobody else’s', async () => {
    const { answer } = await world.slowText(await world.addKey({ limits: { slots: 1 } }))
    expect(codeOf(await write(await world.addKey({ limits: { slots: 1 } })))).toBe(200)
    world.clock.advance(SLOW_MS)
    await answer
  })
})
