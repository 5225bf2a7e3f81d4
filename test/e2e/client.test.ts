/** The client of this library at the five services: each rule by which their pages say how to repeat is seen, over real sockets, with what it cost. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { joggKeys } from '@tollgate/example-playground'
import { RateLimitError } from 'openai'
import { createClient, isApiError, refusalOf, wrapFetch, type ApiError, type FetchLike } from 'tollgate/client'
import { aiApi, chatads, jogg, leaperone, nexalayer } from 'tollgate/dialects'
import type { createManualClock } from 'tollgate/testing'
import { expect, onTestFinished, test } from 'vitest'
import { createWorld as createAiApiWorld } from './ai-api-world.ts'
import { createWorld as createJoggWorld, scriptOf } from './jogg-world.ts'
import { createWorld as createLeaperoneWorld } from './leaperone-world.ts'
import { createWorld as createNexalayerWorld } from './nexalayer-world.ts'
import { createWorld as createChatadsWorld, NOON } from './playground-world.ts'

type Clock = ReturnType<typeof createManualClock>

const HOUR_MS = 3_600_000

interface World {
  readonly clock: Clock
  close(): Promise<void>
}

/** Closed when the test is over. */
async function open<W extends World>(opening: Promise<W>): Promise<W> {
  const world = await opening
  onTestFinished(() => world.close())
  return world
}

/** What goes over the wire, and when. `lose`: the answer to this request is lost on its way. */
function watched(clock: Clock, lose: (index: number) => boolean = () => false) {
  const sent: { readonly atMs: number; readonly key: string | null; readonly authorization: string | null }[] = []
  const answers: Response[] = []
  const watching: FetchLike = async (input, init) => {
    const { headers } = new Request(input, init)
    const index = sent.push({ atMs: clock.wallMs(), key: headers.get('idempotency-key'), authorization: headers.get('authorization') }) - 1
    const answer = await fetch(input, init)
    if (lose(index)) {
      await answer.text()
      throw new TypeError('fetch failed', { cause: Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }) })
    }
    answers.push(answer)
    return answer
  }
  return { fetch: watching, sent, answers }
}

/** Lets time pass while the client waits: a second at once, when nothing else is under way. */
async function passing<T>(clock: Clock, work: Promise<T>): Promise<T> {
  const timer = setInterval(() => clock.advance(500), 25)
  return work.finally(() => clearInterval(timer))
}

const errorOf = (work: Promise<unknown>): Promise<ApiError> =>
  work.then(
    () => expect.unreachable(),
    (error: unknown) => (isApiError(error) ? error : Promise.reject(error as Error)),
  )
const because = ({ attempts }: ApiError) => attempts.map((attempt) => attempt.because)

test('NexaLayer: an expired JWT is refreshed once, for all calls, and they go on', async () => {
  const world = await open(createNexalayerWorld())
  const caller = await world.addCaller('100.00')
  const apiKey = await caller.addKey({ tokenSecret: 'as_secret' })
  let asked = 0
  const refresh = async () => {
    asked += 1
    const { body } = await world.send('POST', '/auth/token', { body: { api_key: apiKey, api_secret: 'as_secret' } })
    return String(body.data?.['token'])
  }
  const { fetch: watching, sent } = watched(world.clock)
  const options = { baseUrl: `${world.playground.url}/nexalayer/v1`, contract: nexalayer, fetch: watching, clock: world.clock }

  // That its end is known by nobody here makes the refusal be met.
  const blind = createClient({ ...options, credentials: { token: { token: await refresh(), expiresAtMs: Infinity }, refresh } })
  expect((await blind('/account')).status).toBe(200)
  world.clock.advance(HOUR_MS)
  const answers = await Promise.all(Array.from({ length: 5 }, () => blind('/account')))
  expect([answers.map(({ status }) => status), asked, sent.length]).toEqual([[200, 200, 200, 200, 200], 2, 11])

  // Who reads it in the token is never refused.
  const seeing = createClient({ ...options, credentials: { token: await refresh(), refresh } })
  world.clock.advance(HOUR_MS - 20_000)
  expect([(await seeing('/account')).status, asked, sent.length]).toEqual([200, 4, 12])
})

test('NexaLayer: a wrong key is never tried again, with no credentials either', async () => {
  const world = await open(createNexalayerWorld())
  const { fetch: watching, sent } = watched(world.clock)
  const api = createClient({ baseUrl: `${world.playground.url}/nexalayer/v1`, contract: nexalayer, fetch: watching, credentials: { header: 'X-Api-Key', token: 'ak_wrong', refresh: async () => 'ak_other' } })
  expect(await errorOf(api.json('/account'))).toMatchObject({ code: 'AUTH_INVALID_KEY', status: 401, because: 'never', action: 'authenticate' })
  expect(sent).toHaveLength(1)
})

test('NexaLayer: on 429 it waits as long as it was told, to the second, and then it passes', async () => {
  const world = await open(createNexalayerWorld())
  const { key } = await world.addCaller('1.00', { limits: { requests: 2 } })
  const { fetch: watching, sent } = watched(world.clock)
  const api = createClient({ baseUrl: `${world.playground.url}/nexalayer/v1`, contract: nexalayer, fetch: watching, clock: world.clock, credentials: { header: 'X-Api-Key', token: key } })
  await api.json('/products')
  await api.json('/products')
  expect(await passing(world.clock, api.json('/products'))).toMatchObject({ success: true })
  expect(sent).toHaveLength(4)
  expect((sent[3]?.atMs ?? 0) - (sent[2]?.atMs ?? 0)).toBeGreaterThanOrEqual(60_000)

  const hasty = createClient({ baseUrl: `${world.playground.url}/nexalayer/v1`, contract: nexalayer, clock: world.clock, waitMaxMs: 5_000, credentials: { header: 'X-Api-Key', token: key } })
  await hasty('/products')
  const error = await errorOf(hasty.json('/products'))
  expect(error).toMatchObject({ code: 'RATE_LIMIT_EXCEEDED', because: 'wait_too_long', meter: { limit: 2, remaining: 0 } })
  // Whole seconds are told, and they are never too few.
  expect((error.retryAtMs ?? -1) % 60_000).toBeGreaterThanOrEqual(0)
  expect((error.retryAtMs ?? -1) % 60_000).toBeLessThan(1_000)
})

test('NexaLayer: on 402 it stops at once; on 502 it backs off under one key, and is charged nothing', async () => {
  const world = await open(createNexalayerWorld())
  const poor = await world.addCaller('1.00')
  const { fetch: watching, sent } = watched(world.clock)
  const options = { baseUrl: `${world.playground.url}/nexalayer/v1`, contract: nexalayer, fetch: watching, clock: world.clock, random: () => 0.9 } as const
  const order = (country: string) => ({ method: 'POST', json: { type: 'dynamic', config: { product_no: 'DYN-RES-01', traffic_gb: 1, country } } })
  const pennies = createClient({ ...options, credentials: { header: 'X-Api-Key', token: poor.key } })
  expect(await errorOf(pennies.json('/sessions', order('us')))).toMatchObject({ code: 'INSUFFICIENT_BALANCE', status: 402, because: 'never', action: 'pay_or_upgrade' })
  expect(sent).toHaveLength(1)

  const rich = await world.addCaller('100.00')
  const api = createClient({ ...options, credentials: { header: 'X-Api-Key', token: rich.key } })
  const failed = await errorOf(passing(world.clock, api.json('/sessions', order('zz-error'))))
  expect([failed.code, failed.status, because(failed)]).toEqual(['BACKEND_ERROR', 502, ['backoff', 'backoff', 'attempts_used']])
  const [, first, second, third] = sent
  expect([first?.key, second?.key, third?.key]).toEqual([failed.idempotencyKey, failed.idempotencyKey, failed.idempotencyKey])
  expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThanOrEqual(450)
  expect((third?.atMs ?? 0) - (second?.atMs ?? 0)).toBeGreaterThanOrEqual(900)
  expect(await rich.money()).toEqual({ available: '100.00', held: '0.00' })
})

test('NexaLayer: an order whose answer was lost is asked for again by its key, replayed, and paid once', async () => {
  const world = await open(createNexalayerWorld())
  const caller = await world.addCaller('100.00')
  const { fetch: watching, sent, answers } = watched(world.clock, (index) => index === 0)
  const api = createClient({ baseUrl: `${world.playground.url}/nexalayer/v1`, contract: nexalayer, fetch: watching, clock: world.clock, credentials: { header: 'X-Api-Key', token: caller.key } })
  const order = { method: 'POST', json: { type: 'dynamic', config: { product_no: 'DYN-RES-01', traffic_gb: 1 } } }
  expect(await passing(world.clock, api.json('/sessions', order))).toMatchObject({ success: true })
  expect([sent.length, sent[1]?.key === sent[0]?.key, answers[0]?.headers.get('idempotent-replayed')]).toEqual([2, true, 'true'])
  expect((await caller.movements()).filter((line) => line.startsWith('hold'))).toHaveLength(1)
})

test('JoggAI: the code in a 200 is the error, with the status that it means; what is a success stays one', async () => {
  const examples = fileURLToPath(new URL('../../examples', import.meta.url))
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-client-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const config = join(folder, 'tollgate.yaml')
  writeFileSync(config, readFileSync(join(examples, 'playground/tollgate.yaml'), 'utf8').replaceAll(' ../', ` ${examples}/`).replace('contract: jogg ', 'contract: { use: jogg, alwaysStatus: 200 } '))
  const world = await open(createJoggWorld({ config }))
  const { fetch: watching, sent } = watched(world.clock)
  const at = (key: string) => createClient({ baseUrl: `${world.playground.url}/jogg`, contract: jogg, fetch: watching, clock: world.clock, waitMaxMs: 1_000, credentials: { header: 'X-Api-Key', token: key } })
  const order = { method: 'POST', json: { avatar: { avatar_id: 81 }, aspect_ratio: 'portrait', screen_style: 1, ...scriptOf(10) } }

  const poor = await errorOf(at(joggKeys.penniless).json('/v2/create_video_from_avatar', order))
  expect(poor).toMatchObject({ code: 18_020, status: 402, reason: 'credit.insufficient', because: 'never', attempts: [{ status: 200 }] })
  const response = await at(joggKeys.penniless)('/v2/create_video_from_avatar', order)
  expect([response.status, refusalOf(response)?.status, await response.json()]).toMatchObject([200, 402, { code: 18_020 }])
  expect(await at(joggKeys.valid).json('/v2/create_video_from_avatar', order)).toMatchObject({ code: 0 })
  expect(sent).toHaveLength(3)

  // 50000 is a failure of the system: what only looks is repeated, what is paid for is not, since JoggAI knows no keys.
  const looking = await errorOf(passing(world.clock, at(joggKeys.corruptShelf).json('/v2/voices/custom')))
  expect([looking.code, because(looking)]).toEqual([50_000, ['backoff', 'backoff', 'attempts_used']])
  const paying = await errorOf(at(joggKeys.corruptShelf).json('/v2/create_video_from_avatar', { ...order, json: { ...order.json, voice: { voice_id: 'custom_first_take', script: 'Hello' } } }))
  expect([paying.code, because(paying)]).toEqual([50_000, ['not_repeatable']])
})

test('ChatAds: a rate is waited for, a quota is not, though both are 429', async () => {
  const world = await open(createChatadsWorld())
  const spent = await world.addTeam({}, { daily: 100 })
  const { fetch: watching, sent } = watched(world.clock)
  const at = (key: string) => createClient({ baseUrl: `${world.playground.url}/chatads/v1/chatads`, contract: chatads, fetch: watching, clock: world.clock, credentials: { header: 'X-Api-Key', token: key } })
  const hello = { method: 'POST', json: { message: 'hello there' } }
  const error = await errorOf(at(spent.key).json('/messages', hello))
  expect(error).toMatchObject({ code: 'DAILY_QUOTA_EXCEEDED', status: 429, because: 'never', action: 'wait_for_reset', retryAtMs: NOON + 12 * HOUR_MS })
  expect(sent).toHaveLength(1)

  const quick = at((await world.addTeam({ limits: { burst: 2 } })).key)
  await quick.json('/messages', hello)
  await quick.json('/messages', hello)
  // A POST without a key: repeated all the same, since a 429 has done nothing.
  expect(await passing(world.clock, quick.json('/messages', hello))).toMatchObject({ success: true })
  expect(sent.length).toBe(5)
})

test('AI-Powered API: a minute is waited for, and a key that lacks a scope is not asked twice', async () => {
  const world = await open(createAiApiWorld())
  const { fetch: watching, sent } = watched(world.clock)
  const at = (token: string) => createClient({ baseUrl: `${world.playground.url}/ai-api/v1`, contract: aiApi, fetch: watching, clock: world.clock, credentials: { token } })
  const api = at(await world.addKey({ limits: { minute: 2 } }))
  await api.json('/models')
  await api.json('/models')
  expect(await passing(world.clock, api.json('/models'))).toMatchObject({ success: true })
  expect((sent[3]?.atMs ?? 0) - (sent[2]?.atMs ?? 0)).toBeGreaterThanOrEqual(60_000)
  const { length } = sent
  expect(await errorOf(at(await world.addKey({}, { scopes: [] })).json('/generate', { method: 'POST', json: { prompt: 'Hi', model: 'gpt-3.5-turbo' } }))).toMatchObject({ reason: 'permission.denied', because: 'never' })
  expect(sent).toHaveLength(length + 1)
})

test('LEAPERone: OpenAI’s own client takes the wrapped fetch, and waits by it', async () => {
  const world = await open(createLeaperoneWorld())
  const caller = await world.addCaller('1', { plan: 'free' })
  const { fetch: watching, sent } = watched(world.clock)
  const say = (options: { readonly waitMaxMs: number }) =>
    world.client(caller.key, { fetch: wrapFetch(watching, { contract: leaperone, clock: world.clock, ...options }) }).chat.completions.create({ model: 'auto', messages: [{ role: 'user', content: 'Hello' }] })
  for (let n = 0; n < 5; n++) await say({ waitMaxMs: 0 })
  await expect(say({ waitMaxMs: 0 })).rejects.toBeInstanceOf(RateLimitError)
  expect(sent).toHaveLength(6)
  expect(await passing(world.clock, say({ waitMaxMs: 60_000 }))).toMatchObject({ object: 'chat.completion' })
  expect(sent).toHaveLength(8)
  expect((sent[7]?.atMs ?? 0) - (sent[6]?.atMs ?? 0)).toBeGreaterThanOrEqual(59_000)
})
