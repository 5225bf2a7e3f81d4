/**
 * Every answer of the LEAPERone page, provoked by its real cause over real sockets. The requests are the playground's own recipes; what they must be
 * answered is written out here once more, from the page, so that contract and recipes cannot agree on something wrong.
 */
import { apis, testNameOf } from '@tollgate/example-playground'
import { afterEach, expect, test } from 'vitest'
import { createWorld } from './leaperone-world.ts'
import type { Received, World } from './leaperone-world.ts'

interface Expected {
  readonly status: number
  readonly headers: { readonly [name: string]: unknown }
  /** Parsed; of a stream, what its events carry. */
  readonly body: unknown
  /** What the calls before it are answered. */
  readonly before?: readonly number[]
}

const NOON_SECONDS = Date.parse('2026-03-10T12:00:00Z') / 1000

/** The first call of this kind in a minute that begins at noon. */
function limits(limit: number, remaining = limit - 1) {
  const reset = remaining === limit ? NOON_SECONDS : NOON_SECONDS + 60
  return { 'x-ratelimit-limit': String(limit), 'x-ratelimit-remaining': String(remaining), 'x-ratelimit-reset': String(reset) }
}

/** The window of strangers by their address, before anything of it is used. */
const ofAddress = limits(120, 120)

/** Time has gone on by the time that the call is made. */
function later(rate: ReturnType<typeof limits>) {
  return { ...rate, 'x-ratelimit-reset': expect.stringMatching(/^17731440\d\d$/) }
}

/** By plan: an enterprise user's windows, a starter's, a free one's. */
const enterprise = { chat: limits(200), image: limits(60), audio: limits(30), other: limits(60), untouched: limits(200, 200) }
const starter = { chat: limits(20), image: limits(5), other: limits(60), untouched: limits(20, 20) }
const address = limits(120)

function refusal(status: number, type: string, code: string, message: string, rate: object, headers: Expected['headers'] = {}): Expected {
  return {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', 'retry-after': null, 'www-authenticate': null, allow: null, ...rate, ...headers },
    body: { error: { message, type, code } },
  }
}

function success(body: unknown, rate: object): Expected {
  return { status: 200, headers: { 'content-type': 'application/json; charset=utf-8', 'retry-after': null, 'www-authenticate': null, ...rate }, body }
}

const invalid = (issue: string, rate: object) => refusal(400, 'invalid_request_error', 'invalid_request', `Invalid request: ${issue}.`, rate)
const missing = (field: string, rate: object) => refusal(400, 'invalid_request_error', 'missing_required_field', `Missing required field: ${field}.`, rate)
const invalidKey = (rate: object) =>
  refusal(401, 'authentication_error', 'invalid_api_key', 'Invalid API key.', rate, { 'www-authenticate': 'Bearer realm="leaperone", error="invalid_token"' })
const notPermitted = refusal(401, 'authentication_error', 'invalid_api_key', 'This API key is not permitted to make this request.', starter.untouched, {
  'www-authenticate': 'Bearer realm="leaperone"',
})
const unpaid = (rate: object) => refusal(402, 'billing_error', 'insufficient_credits', 'Insufficient credits.', rate)
const notFound = (rate: object) => refusal(404, 'not_found_error', 'not_found', 'Not found.', rate)
const limited = (limit: number, before: readonly number[]): Expected => ({
  ...refusal(429, 'rate_limit_error', 'rate_limit_exceeded', 'Rate limit exceeded. Please slow down.', limits(limit, 0), { 'retry-after': '60' }),
  before,
})
const internal = (rate: object) => refusal(500, 'server_error', 'internal_error', 'Internal server error.', rate)

const harbour =
  'There is more than one way to speak of harbour. While the boats are asleep, the long wave keeps its own hours. The tide writes its name and wipes it out as it has done for years. So much for harbour.'

/** Words of up to six letters with the space before them, and every other character by itself. */
function tokensOf(text: string): readonly string[] {
  return text.match(/ ?[a-z]{1,6}|[^a-z]/gi) ?? []
}

function usage(prompt: number, completion: number) {
  return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion }
}

/** The events of a stream of one choice, up to its last token. */
function chunks(promptTokens: number, text: string): readonly object[] {
  const deltas = [{ role: 'assistant', content: '' }, ...tokensOf(text).map((content) => ({ content }))]
  return deltas.map((delta, at) => chunk([{ index: 0, delta, logprobs: null, finish_reason: null }], usage(promptTokens, at)))
}

function chunk(choices: readonly object[], used: object) {
  return { id: expect.stringMatching(/^chatcmpl-[\da-f]{32}$/), object: 'chat.completion.chunk', created: expect.any(Number), model: 'gpt-5-nano', choices, usage: used }
}

const stream = { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache', ...later(enterprise.chat) }
const taskId = /^img_[\da-f]{32}$/

const expected: { readonly [recipe: string]: Expected } = {
  chat: success(
    {
      id: expect.stringMatching(/^chatcmpl-[\da-f]{32}$/),
      object: 'chat.completion',
      created: NOON_SECONDS,
      model: 'gpt-5-nano',
      choices: [{ index: 0, message: { role: 'assistant', content: harbour, refusal: null }, logprobs: null, finish_reason: 'stop' }],
      usage: usage(17, 48),
    },
    enterprise.chat,
  ),
  'chat-stream': {
    status: 200,
    headers: stream,
    body: [
      ...chunks(17, harbour),
      chunk([{ index: 0, delta: {}, logprobs: null, finish_reason: 'stop' }], usage(17, 48)),
      chunk([], usage(17, 48)),
      '[DONE]',
    ],
  },
  image: {
    ...success(
      {
        id: expect.stringMatching(taskId),
        status: 'completed',
        images: [{ url: expect.stringMatching(/^http:\/\/localhost:\d+\/leaperone\/media\/img_[\da-f]{32}-0\/image\.svg$/) }],
      },
      later(enterprise.other),
    ),
    before: [200],
  },
  'image-failed': {
    ...success({ id: expect.stringMatching(taskId), status: 'failed', images: [], error: 'the images could not be painted; they cost nothing' }, later(enterprise.other)),
    before: [200],
  },
  audio: success({ text: 'E', usage: { type: 'duration', seconds: 1 } }, enterprise.audio),
  balance: success({ object: 'credits.balance', balance: '1000.000000', held: '0.000000' }, enterprise.other),
  models: success(
    {
      object: 'list',
      data: [
        { id: 'auto', object: 'model', created: 1_756_684_800, owned_by: 'leaperone' },
        { id: 'gpt-5-nano', object: 'model', created: 1_754_524_800, owned_by: 'openai' },
        { id: 'gpt-5-mini', object: 'model', created: 1_754_524_800, owned_by: 'openai' },
        { id: 'gpt-5', object: 'model', created: 1_754_524_800, owned_by: 'openai' },
        { id: 'landscape-1', object: 'model', created: 1_756_684_800, owned_by: 'leaperone' },
        { id: 'whisper-1', object: 'model', created: 1_677_532_384, owned_by: 'openai' },
      ],
    },
    address,
  ),
  'malformed-json': invalid('the body is not valid JSON', enterprise.chat),
  'temperature-too-high': invalid('temperature must be at most 2', enterprise.chat),
  'max-tokens-too-high': invalid('max_tokens must be at most 4096, which is what this model has left after a prompt of 17 tokens', enterprise.chat),
  'prompt-too-long': invalid('messages must fit the context of 16384 tokens with room for an answer; they have 16391', enterprise.chat),
  tools: invalid('tools must be absent or empty: this model calls no tools', enterprise.chat),
  'private-callback': invalid('callbackUrl must be reachable from the internet', enterprise.image),
  'not-a-recording': invalid('file must be a WAV file, whatever its name; this is nothing that we know', enterprise.audio),
  'recording-too-large': invalid('file must be at most 25 MB', enterprise.audio),
  'missing-messages': missing('messages', enterprise.chat),
  'missing-prompt': missing('prompt', enterprise.image),
  'unknown-model': refusal(400, 'invalid_request_error', 'model_not_found', 'The requested model does not exist.', enterprise.chat),
  'missing-key': refusal(401, 'authentication_error', 'missing_api_key', 'Missing API key. Send it in the Authorization header.', address, {
    'www-authenticate': 'Bearer realm="leaperone"',
  }),
  'wrong-scheme': invalidKey(address),
  'unknown-key': invalidKey(address),
  'revoked-key': invalidKey(enterprise.untouched),
  'disabled-key': invalidKey(enterprise.untouched),
  'expired-key': invalidKey(enterprise.untouched),
  'disabled-account': notPermitted,
  'suspended-account': notPermitted,
  'not-in-plan': notPermitted,
  'chat-beyond-balance': unpaid(starter.chat),
  'choices-beyond-balance': unpaid(starter.chat),
  'image-beyond-balance': unpaid(starter.image),
  // Each kind of endpoint has a window of its own; what is none tells of that of the address.
  'unknown-path': notFound(ofAddress),
  'wrong-method': notFound(ofAddress),
  'unknown-task': notFound(enterprise.other),
  'foreign-task': { ...notFound(starter.other), before: [200] },
  'foreign-expired-task': notFound(starter.other),
  'expired-task': refusal(410, 'not_found_error', 'resource_expired', 'This resource has expired.', enterprise.other),
  'chat-limit': limited(5, [200, 200, 200, 200, 200]),
  'image-limit': limited(2, [200, 200]),
  'key-limit': limited(1, [200]),
  'model-fails': internal(enterprise.chat),
  'damaged-record': internal(enterprise.other),
  'model-fails-mid-stream': {
    status: 200,
    headers: stream,
    body: [...chunks(13, 'Of attic I know only what can be seen from here.'), { error: { message: 'Internal server error.', type: 'server_error', code: 'internal_error' } }],
  },
}

let world: World | undefined
afterEach(async () => {
  await world?.close()
  world = undefined
})

// A fresh world for each, so that every figure is exact.
for (const recipe of apis.leaperone.recipes) {
  test(testNameOf(apis.leaperone, recipe), async () => {
    world = await createWorld()
    const answers = await world.run(recipe.id)
    const before = answers.slice(0, -1).map(({ status }) => status)

    const wanted = expected[recipe.id]
    const got = answers.at(-1)
    const headers = Object.fromEntries(Object.keys(wanted?.headers ?? {}).map((name) => [name, got?.headers.get(name)]))
    expect({ before, status: got?.status, headers, body: got && bodyOf(got) }).toEqual({ before: [], ...wanted })
  })
}

test('each recipe has an expected answer, and each expected answer a recipe', () => {
  expect(Object.keys(expected).toSorted()).toEqual(apis.leaperone.recipes.map(({ id }) => id).toSorted())
})

function bodyOf({ headers, text }: Received): unknown {
  if (headers.get('content-type')?.startsWith('text/event-stream') !== true) return JSON.parse(text)
  const events = text.split('\n\n').slice(0, -1).map((event) => event.slice('data: '.length))
  return events.map((data): unknown => (data === '[DONE]' ? data : JSON.parse(data)))
}
