/** OpenAI's own client for JavaScript, pointed at the gateway: it must not notice that this is not OpenAI. */
import { readFileSync } from 'node:fs'
import { leaperoneKeys } from '@tollgate/example-playground'
import { APIError, AuthenticationError, BadRequestError, InternalServerError, NotFoundError, RateLimitError, toFile } from 'openai'
import type OpenAI from 'openai'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createWorld } from './leaperone-world.ts'
import type { World } from './leaperone-world.ts'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.close())

const ask = (content: string) => [{ role: 'user' as const, content }]
const say = (client: OpenAI, content = 'Tell me of the sea', model = 'auto') => client.chat.completions.create({ model, messages: ask(content) })

async function errorOf(work: Promise<unknown>): Promise<APIError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof APIError)) throw new Error(`not an error of the API: ${String(error)}`)
  return error
}

test('a completion comes with its id in the log of the gateway', async () => {
  const completion = await say(world.client(leaperoneKeys.valid))
  expect(completion).toMatchObject({ object: 'chat.completion', model: 'gpt-5-nano', choices: [{ finish_reason: 'stop' }] })
  expect(await world.playground.gateway.store.request(completion['_request_id'] ?? '')).toMatchObject({ accountId: 'leaper_studio', keyId: 'leaper_key_valid', status: 200 })
})

test('a stream is read, and its helper puts it together to the same completion', async () => {
  const client = world.client(leaperoneKeys.valid)
  const whole = await say(client)
  const streamed = client.chat.completions.stream({ model: 'auto', messages: ask('Tell me of the sea'), stream_options: { include_usage: true } })
  const { choices, usage } = await world.whileTimePasses(streamed.finalChatCompletion())
  expect([choices[0]?.message.content, choices[0]?.finish_reason, usage]).toEqual([whole.choices[0]?.message.content, 'stop', whole.usage])
})

interface Wanted {
  readonly class: new (...given: never[]) => APIError
  readonly status: number
  readonly type: string
  readonly code: string
}

const wanted: { readonly [what: string]: Wanted & { readonly call: () => Promise<unknown> } } = {
  'an unknown model': {
    class: BadRequestError, status: 400, type: 'invalid_request_error', code: 'model_not_found',
    call: () => say(world.client(leaperoneKeys.valid), 'Hello', 'gpt-2'),
  },
  'no messages': {
    class: BadRequestError, status: 400, type: 'invalid_request_error', code: 'invalid_request',
    call: () => world.client(leaperoneKeys.valid).chat.completions.create({ model: 'auto', messages: [] }),
  },
  'no key': {
    class: AuthenticationError, status: 401, type: 'authentication_error', code: 'missing_api_key',
    call: () => say(world.client('x', { defaultHeaders: { authorization: null } })),
  },
  'an unknown key': {
    class: AuthenticationError, status: 401, type: 'authentication_error', code: 'invalid_api_key',
    call: () => say(world.client(leaperoneKeys.unknown)),
  },
  'an account without a plan': {
    class: AuthenticationError, status: 401, type: 'authentication_error', code: 'invalid_api_key',
    call: () => say(world.client(leaperoneKeys.noPlan)),
  },
  'too few credits': {
    class: APIError, status: 402, type: 'billing_error', code: 'insufficient_credits',
    call: () => say(world.client(leaperoneKeys.almostEmpty), 'Hello', 'gpt-5'),
  },
  'a model that is not there': {
    class: NotFoundError, status: 404, type: 'not_found_error', code: 'not_found',
    call: () => world.client(leaperoneKeys.valid).models.retrieve('gpt-2'),
  },
  'an expired task': {
    class: APIError, status: 410, type: 'not_found_error', code: 'resource_expired',
    call: () => world.client(leaperoneKeys.valid).get('/images/generations/img_0a1b2c3d4e5f60718293a4b5c6d7e8f9'),
  },
  'a full window': {
    class: RateLimitError, status: 429, type: 'rate_limit_error', code: 'rate_limit_exceeded',
    call: async () => {
      for (let sent = 0; sent < 6; sent += 1) await say(world.client(leaperoneKeys.free))
    },
  },
  'a model that breaks down': {
    class: InternalServerError, status: 500, type: 'server_error', code: 'internal_error',
    call: () => say(world.client(leaperoneKeys.valid), 'What is in the attic?'),
  },
}

test.each(Object.entries(wanted))('%s is thrown as the class for its status, with type, code and request id', async (_, { call, class: expectedClass, ...expected }) => {
  const error = await errorOf(call())
  expect(error.constructor).toBe(expectedClass)
  expect(error).toMatchObject(expected)
  expect(Object.keys(error.error as object)).toEqual(['message', 'type', 'code'])
  expect(error.headers?.get('x-request-id')).toBe(error.requestID)
  const row = await world.playground.gateway.store.request(error.requestID ?? '')
  expect(row).toMatchObject({ status: expected.status, refusal: { code: expected.code } })
})

test('what fails in mid-stream is thrown with its words, after what was delivered', async () => {
  const stream = await world.client(leaperoneKeys.valid).chat.completions.create({ model: 'auto', messages: ask('What is in the attic?'), stream: true })
  let text = ''
  const reading = (async () => {
    for await (const { choices } of stream) text += choices[0]?.delta.content ?? ''
  })()
  const error = await errorOf(world.whileTimePasses(reading))
  expect(error).toMatchObject({ type: 'server_error', code: 'internal_error', error: { message: 'Internal server error.' } })
  expect(text).toBe('Of attic I know only what can be seen from here.')
})

test('a full window is tried again when Retry-After has passed, and not before', async () => {
  const { key } = await world.addCaller('1', { limits: { chat: 1 } })
  await say(world.client(key))
  world.clock.advance(58_500)
  const sent: { readonly status: number; readonly atMs: number; readonly retryAfter: string | null }[] = []
  const watched: typeof fetch = async (...request) => {
    const answer = await fetch(...request)
    sent.push({ status: answer.status, atMs: performance.now(), retryAfter: answer.headers.get('retry-after') })
    // The client waits in real time; so must the window.
    if (answer.status === 429) setTimeout(() => world.clock.advance(1_500), 1_000)
    return answer
  }
  await say(world.client(key, { maxRetries: 2, fetch: watched }))
  expect(sent.map(({ status, retryAfter }) => [status, retryAfter])).toEqual([[429, '2'], [200, null]])
  expect((sent[1]?.atMs ?? 0) - (sent[0]?.atMs ?? 0)).toBeGreaterThanOrEqual(1_990)
})

test.each([
  ['a server error is tried again as often as the client likes', 'What is in the attic?', 'auto', [500, 500, 500]],
  ['what waiting does not cure is not tried again', 'Hello', 'gpt-5', [402]],
])('%s', async (_, content, model, statuses) => {
  const { key } = await world.addCaller('0.01')
  const seen: number[] = []
  const watched: typeof fetch = async (...request) => {
    const answer = await fetch(...request)
    seen.push(answer.status)
    return answer
  }
  await errorOf(say(world.client(key, { maxRetries: 2, fetch: watched }), content, model))
  expect(seen).toEqual(statuses)
})

test('breaking off a stream ends its work and its price', async () => {
  const caller = await world.addCaller('1')
  const stream = await world.client(caller.key).chat.completions.create({ model: 'gpt-5', messages: ask('A long story of the sea'), stream: true })
  let chunks = 0
  const reading = (async () => {
    for await (const _ of stream) if ((chunks += 1) === 20) break
  })()
  await world.whileTimePasses(reading)
  await expect.poll(async () => (await caller.money()).held).toBe(0)
  const [, hold, settled] = await caller.ledger()
  expect([hold?.units, settled?.kind]).toEqual([112_640, 'settle'])
  // At the least what was read, and far less than the whole story.
  expect(settled?.units).toBeGreaterThanOrEqual(19 * 10)
  expect(settled?.units).toBeLessThan(112_640 / 4)
})

test('models are listed without an account', async () => {
  const { data } = await world.client('x', { defaultHeaders: { authorization: null } }).models.list()
  expect(data.map(({ id }) => id)).toEqual(['auto', 'gpt-5-nano', 'gpt-5-mini', 'gpt-5', 'landscape-1', 'whisper-1'])
})

test('a recording is transcribed', async () => {
  const file = await toFile(readFileSync(new URL('../../examples/leaperone/samples/hello.wav', import.meta.url)), 'hello.wav')
  expect(await world.client(leaperoneKeys.valid).audio.transcriptions.create({ file, model: 'whisper-1' })).toMatchObject({ text: 'HELLO' })
})
