/**
 * Every answer of the JoggAI page, provoked by its real cause over real sockets. The requests are the playground's own recipes; what they must be
 * answered is written out here once more, from the page, so that contract and recipes cannot agree on something wrong.
 */
import { apis, testNameOf } from '@tollgate/example-playground'
import { afterEach, expect, test } from 'vitest'
import { createWorld } from './jogg-world.ts'
import type { World } from './jogg-world.ts'
import { NOON } from './playground-world.ts'

interface Expected {
  readonly status: number
  readonly headers: { readonly [name: string]: unknown }
  readonly body: unknown
  /** What the calls before it are answered. */
  readonly before?: readonly number[]
}

const NOON_SECONDS = NOON / 1000

/** GET is never limited, and says nothing of limits; nor does what has no route. */
const unlimited = { 'x-ratelimit-limit': null, 'x-ratelimit-remaining': null, 'x-ratelimit-reset': null }

/** The first POST of a key in a minute that begins at noon. */
function posted(limit: number, remaining = limit - 1) {
  const reset = remaining === limit ? NOON_SECONDS : NOON_SECONDS + 60
  return { 'x-ratelimit-limit': String(limit), 'x-ratelimit-remaining': String(remaining), 'x-ratelimit-reset': String(reset) }
}

function refusal(status: number, code: number, msg: string, rate: object, headers: Expected['headers'] = {}): Expected {
  return {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', 'retry-after': null, 'www-authenticate': null, allow: null, ...rate, ...headers },
    body: { code, msg, data: null },
  }
}

function success(data: unknown, rate: object, before: readonly number[] = []): Expected {
  const headers = { 'content-type': 'application/json; charset=utf-8', 'retry-after': null, 'www-authenticate': null, 'tollgate-price': null, ...rate }
  return { status: 200, headers, body: { code: 0, msg: 'Success', data }, before }
}

const partner = posted(600)
const standard = posted(20)

const invalid = (issue: string) => refusal(400, 40_000, `Parameter error: ${issue}`, partner)
const notFound = (rate: object) => refusal(404, 10_104, 'Record not found', rate)
const invalidKey = (rate: object) => refusal(401, 10_105, 'Invalid API key', rate, { 'www-authenticate': 'ApiKey realm="jogg"' })
const unpaid = refusal(402, 18_020, 'Insufficient credit', standard)
const noAccess = (rate: object) => refusal(403, 18_025, 'No permission to call APIs', rate)
const broken = (rate: object) => refusal(500, 50_000, 'System error', rate)
const limited = (limit: number, before: readonly number[]): Expected => ({
  ...refusal(429, 429, 'Rate limit exceeded. Please try again later.', posted(limit, 0), { 'retry-after': '60' }),
  before,
})

const videoId = expect.stringMatching(/^video_[\da-f]{32}$/)
const mediaUrl = (file: string) => expect.stringMatching(new RegExp(String.raw`^http://localhost:\d+/jogg/media/video_[\da-f]{32}/${file}\.svg$`))
const made = { video_id: videoId, video_name: null, duration_seconds: 6, created_at: NOON_SECONDS }

const expected: { readonly [recipe: string]: Expected } = {
  order: success({ video_id: videoId }, partner),
  'short-form': success({ video_id: videoId }, partner),
  completed: success({ ...made, status: 'completed', progress: 100, video_url: mediaUrl('video'), cover_url: mediaUrl('cover'), error_msg: null }, unlimited, [200]),
  failed: success(
    { ...made, status: 'failed', progress: 0, video_url: null, cover_url: null, error_msg: 'avatar 140 cannot be drawn: its asset is damaged' },
    unlimited,
    [200],
  ),
  'own-avatar': success(
    { avatars: [{ avatar_id: 9_001, name: 'The keeper', aspect_ratio: 'portrait', style: 'social', gender: 'male', age: 'senior' }] },
    unlimited,
  ),
  'remaining-quota': success({ remaining_quota: 5 }, unlimited),
  webhook: success(null, unlimited, [200]),
  'post-limit': limited(20, Array.from({ length: 20 }, () => 400)),
  'key-limit': limited(1, [200]),
  'unknown-video': notFound(unlimited),
  'foreign-video': { ...notFound(unlimited), before: [200] },
  'unknown-avatar': notFound(partner),
  'foreign-avatar': notFound(standard),
  'unknown-voice': notFound(partner),
  'unknown-endpoint': notFound(unlimited),
  'unknown-path': notFound(unlimited),
  'missing-key': invalidKey(unlimited),
  'wrong-header': invalidKey(unlimited),
  'unknown-key': invalidKey(unlimited),
  'revoked-key': invalidKey(posted(600, 600)),
  'disabled-key': invalidKey(posted(600, 600)),
  'expired-key': invalidKey(posted(600, 600)),
  'nothing-left': unpaid,
  'length-beyond-balance': unpaid,
  'recording-beyond-balance': unpaid,
  'no-access': noAccess(posted(20, 20)),
  'closed-account': noAccess(unlimited),
  'suspended-account': noAccess(unlimited),
  'missing-avatar': invalid('avatar_id is required'),
  'malformed-json': invalid('the body is not valid JSON'),
  'no-body': invalid('a JSON body is required'),
  'screen-style': invalid('screen_style must be one of 1, 2, 3'),
  'script-too-long': invalid('voice.script must be at most 6000 characters'),
  'script-and-recording': invalid('voice.audio_url must not be given beside voice.script: choose one of them'),
  'private-webhook': invalid('webhook_url must be reachable from the internet'),
  'wrong-method': refusal(405, 40_000, 'Parameter error: GET is not allowed here', unlimited, { allow: 'POST' }),
  'broken-shelf': broken(partner),
  'broken-voices': broken(unlimited),
}

let world: World | undefined
afterEach(async () => {
  await world?.close()
  world = undefined
})

// A fresh world for each, so that every figure is exact.
for (const recipe of apis.jogg.recipes) {
  test(testNameOf(apis.jogg, recipe), async () => {
    world = await createWorld()
    const answers = await world.run(recipe.id)
    const before = answers.slice(0, -1).map(({ status }) => status)

    const wanted = expected[recipe.id]
    const got = answers.at(-1)
    const headers = Object.fromEntries(Object.keys(wanted?.headers ?? {}).map((name) => [name, got?.headers.get(name)]))
    expect({ before, status: got?.status, headers, body: got && (JSON.parse(got.text) as unknown) }).toEqual({ before: [], ...wanted })
  })
}

test('each recipe has an expected answer, and each expected answer a recipe', () => {
  expect(Object.keys(expected).toSorted()).toEqual(apis.jogg.recipes.map(({ id }) => id).toSorted())
})
