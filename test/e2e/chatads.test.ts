/**
 * Every answer of the ChatAds page, provoked by its real cause over real sockets. The requests are the playground's own recipes; what they must be
 * answered is written out here once more, from the page, so that contract and recipes cannot agree on something wrong.
 */
import { chatadsRecipes, testNameOf } from '@tollgate/example-playground'
import { afterEach, expect, test } from 'vitest'
import { createWorld } from './playground-world.ts'
import type { World } from './playground-world.ts'

interface Expected {
  readonly status: number
  readonly headers: { readonly [name: string]: string | null }
  readonly body: unknown
}

/** Of a team that may burst to 600 and has made its first call this minute. */
const burstHeaders = { 'x-ratelimit-limit': '600', 'x-ratelimit-remaining': '599', 'x-ratelimit-reset': String(Date.parse('2026-03-10T12:01:00Z') / 1000) }
/** Refused before the limits are asked, but known: the headers say what they are. */
const untouchedBurstHeaders = { ...burstHeaders, 'x-ratelimit-remaining': '600', 'x-ratelimit-reset': String(Date.parse('2026-03-10T12:00:00Z') / 1000) }
const noBurstHeaders = { 'x-ratelimit-limit': null, 'x-ratelimit-remaining': null, 'x-ratelimit-reset': null }

function refusal(status: number, code: string, message: string, details: object = {}, headers: Expected['headers'] = {}): Expected {
  return {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', 'retry-after': null, 'www-authenticate': null, allow: null, ...headers },
    body: { success: false, data: null, error: { code, message, details }, meta: { request_id: expect.any(String) } },
  }
}

function invalid(issue: string, field?: string, message = field === undefined ? issue : `${field} ${issue}`): Expected {
  return refusal(400, 'INVALID_INPUT', `Invalid input: ${message}.`, { ...(field !== undefined && { field }), issue }, burstHeaders)
}

function forbidden(message: string, headers: Expected['headers'] = untouchedBurstHeaders): Expected {
  return refusal(403, 'FORBIDDEN', message, {}, headers)
}

const expected: { readonly [recipe: string]: Expected } = {
  success: {
    status: 200,
    headers: { 'content-type': 'application/json; charset=utf-8', ...burstHeaders },
    body: {
      success: true,
      data: {
        matched: true,
        filled: true,
        ad: {
          product: 'Trailwind 4 running shoes',
          link: 'https://shop.example/p/trailwind-4',
          message: 'Light shoes for road and trail.',
          category: 'sport',
        },
        keyword: 'running shoes',
        intent_score: 0.6,
        intent_level: 'medium',
      },
      error: null,
      meta: {
        request_id: expect.any(String),
        country: null,
        language: 'en',
        usage: { monthly_requests: 1, daily_requests: 1, daily_limit: 5000, is_free_tier: false, free_tier_limit: null, free_tier_remaining: null },
      },
    },
  },
  'malformed-json': invalid('the body is not valid JSON'),
  'no-body': invalid('a JSON body is required'),
  'missing-message': invalid('is required', 'message'),
  'blank-message': invalid('must not be blank', 'message'),
  'message-too-long': invalid('must be at most 5000 characters', 'message'),
  'unknown-country': invalid('must be an ISO 3166-1 alpha-2 country code', 'country'),
  'unknown-path': refusal(404, 'INVALID_INPUT', 'Not found: there is no /chatads/v1/chatads/massages.', { issue: 'there is no /chatads/v1/chatads/massages' }),
  'wrong-method': refusal(405, 'INVALID_INPUT', 'GET is not allowed here.', { issue: 'GET is not allowed here' }, { allow: 'POST' }),
  'missing-key': refusal(401, 'UNAUTHORIZED', 'A valid API key must be supplied in the x-api-key header.', {}, {
    'www-authenticate': 'ApiKey realm="chatads"',
    ...noBurstHeaders,
  }),
  'unknown-key': forbidden('Invalid API key.', noBurstHeaders),
  'revoked-key': forbidden('This API key is disabled, revoked or expired.'),
  'disabled-key': forbidden('This API key is disabled, revoked or expired.'),
  'expired-key': forbidden('This API key is disabled, revoked or expired.'),
  'disabled-account': forbidden('This account is disabled.'),
  'suspended-account': forbidden('This account is disabled.'),
  'not-in-plan': forbidden("This API key has no access to this request."),
  'blocked-word': refusal(422, 'CONTENT_BLOCKED', 'Message contains blocked content.', {}, burstHeaders),
  burst: refusal(429, 'RATE_LIMIT_EXCEEDED', 'Rate limit exceeded.', { limit: 1, window_seconds: 60, retry_after: 60 }, {
    'retry-after': '60',
    ...burstHeaders,
    'x-ratelimit-limit': '1',
    'x-ratelimit-remaining': '0',
  }),
  'daily-limit': refusal(
    429,
    'DAILY_QUOTA_EXCEEDED',
    "Daily request limit exceeded. You've used 120 of 100 requests for today.",
    { daily_limit: 100, daily_usage: 120, plan: 'free', reset_at: '2026-03-11T00:00:00Z' },
    { 'retry-after': String(12 * 3600), ...burstHeaders },
  ),
  'monthly-limit': refusal(
    429,
    'MONTHLY_QUOTA_EXCEEDED',
    "Monthly request limit exceeded. You've used 5001 of 5000 requests for this month.",
    { monthly_limit: 5000, monthly_usage: 5001, plan: 'starter', reset_at: '2026-04-01T00:00:00Z' },
    { 'retry-after': String(21.5 * 86_400), ...burstHeaders },
  ),
  'broken-service': refusal(500, 'INTERNAL_ERROR', 'Server error.', {}, burstHeaders),
  'unavailable-service': refusal(503, 'SERVICE_UNAVAILABLE', 'Service temporarily unavailable.', {}, { 'retry-after': '30', ...burstHeaders }),
}

let world: World | undefined
afterEach(async () => {
  await world?.close()
  world = undefined
})

// A fresh world for each, so that every figure is exact.
for (const recipe of chatadsRecipes.recipes) {
  test(testNameOf(chatadsRecipes, recipe), async () => {
    world = await createWorld()
    const { request, repeat = 1 } = recipe
    for (let sent = 1; sent < repeat; sent += 1) expect((await world.call(request)).status).toBe(200)
    const { status, headers, body } = await world.call(request)

    const wanted = expected[recipe.id]
    const relevant = Object.fromEntries(Object.keys(wanted?.headers ?? {}).map((name) => [name, headers.get(name)]))
    expect({ status, headers: relevant, body }).toEqual(wanted)
  })
}

test('each recipe has an expected answer, and each expected answer a recipe', () => {
  expect(Object.keys(expected).toSorted()).toEqual(chatadsRecipes.recipes.map(({ id }) => id).toSorted())
})
