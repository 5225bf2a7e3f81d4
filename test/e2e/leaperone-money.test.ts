/** What LEAPERone's calls cost, to the millionth of a credit, however they end. At the end of each test the whole ledger is added up once more. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createWorld } from './leaperone-world.ts'
import type { Caller, World } from './leaperone-world.ts'

let world: World
let caller: Caller
beforeEach(async () => {
  world = await createWorld()
  caller = await world.addCaller('10')
})
afterEach(() => world.close())

const CREDIT = 1_000_000
/** Millionths of a credit that are held for one choice, and millionths that a million tokens cost. */
const models = {
  'gpt-5-nano': { hold: 2_253, prompt: 50_000, completion: 400_000 },
  'gpt-5-mini': { hold: 11_264, prompt: 250_000, completion: 2_000_000 },
  'gpt-5': { hold: 112_640, prompt: 1_250_000, completion: 10_000_000 },
}
type Model = keyof typeof models

interface Usage {
  readonly prompt_tokens: number
  readonly completion_tokens: number
}

/** Rounded up to a whole millionth, once. */
function costOf(model: Model, { prompt_tokens: prompt, completion_tokens: completion }: Usage): number {
  return Math.ceil((prompt * models[model].prompt + completion * models[model].completion) / CREDIT)
}

/** Kind and amount of each movement after the first grant. */
async function movements(): Promise<readonly string[]> {
  return (await caller.ledger()).slice(1).map(({ kind, units, reason }) => `${kind} ${units} ${reason}`)
}

function usageIn(text: string): Usage {
  return (JSON.parse(text) as { usage: Usage }).usage
}

test.each<Model>(['gpt-5-nano', 'gpt-5-mini', 'gpt-5'])('%s costs what its usage says, and the rest of the hold is given back', async (model) => {
  const { status, text } = await world.chat(caller.key, 'Tell me of the sea', { model })
  expect(status).toBe(200)
  const { hold } = models[model]
  const cost = costOf(model, usageIn(text))
  expect(await movements()).toEqual([`hold ${hold} request`, `settle ${cost} usage`, `release ${hold - cost} usage`])
  expect(await caller.money()).toEqual({ available: 10 * CREDIT - cost, held: 0 })
})

test('"auto" costs what the model costs that answers', async () => {
  const auto = await world.chat(caller.key, 'Tell me of the sea')
  expect(JSON.parse(auto.text)).toMatchObject({ model: 'gpt-5-nano' })
  expect(await caller.money()).toEqual({ available: 10 * CREDIT - costOf('gpt-5-nano', usageIn(auto.text)), held: 0 })
})

test('each of several choices is held and paid for', async () => {
  const { text } = await world.chat(caller.key, 'Tell me of the sea', { model: 'gpt-5', n: 3 })
  const cost = costOf('gpt-5', usageIn(text))
  expect(await movements()).toEqual(['hold 337920 request', `settle ${cost} usage`, `release ${337_920 - cost} usage`])
})

test.each([{ stream: true }, { stream: true, stream_options: { include_usage: true } }])('a stream costs what the same answer costs in one piece: %j', async (fields) => {
  const { text } = await world.chat(caller.key, 'Tell me of the sea', { model: 'gpt-5' })
  const cost = costOf('gpt-5', usageIn(text))
  const streamed = await world.whileTimePasses(world.chat(caller.key, 'Tell me of the sea', { model: 'gpt-5', ...fields }))
  expect(streamed.text.endsWith('data: [DONE]\n\n')).toBe(true)
  expect(await caller.money()).toEqual({ available: 10 * CREDIT - 2 * cost, held: 0 })
})

test('many calls at once cost the sum of what they say', async () => {
  const answers = await Promise.all(Array.from({ length: 30 }, (_, at) => world.chat(caller.key, `Question ${at}: what is the sea?`, { model: 'gpt-5-mini' })))
  const cost = answers.reduce((sum, { text }) => sum + costOf('gpt-5-mini', usageIn(text)), 0)
  expect(await caller.money()).toEqual({ available: 10 * CREDIT - cost, held: 0 })
})

test('a caller who leaves in mid-stream pays for what was delivered, and the model stops', async () => {
  const leaving = new AbortController()
  const answer = await fetch(`${world.playground.url}/leaperone/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${caller.key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'gpt-5', messages: [{ role: 'user', content: 'A long story of the sea' }], stream: true }),
    signal: leaving.signal,
  })
  // The clock stands still: nothing is written but what is asked for here.
  const read = await readTokens(answer, 25)
  leaving.abort()
  const cost = costOf('gpt-5', read)
  await expect.poll(() => caller.money()).toEqual({ available: 10 * CREDIT - cost, held: 0 })
  expect(await movements()).toEqual(['hold 112640 request', `settle ${cost} usage`, `release ${112_640 - cost} usage`])
  world.clock.advance(60_000)
  expect(await caller.money()).toEqual({ available: 10 * CREDIT - cost, held: 0 })
})

/** Reads until so many tokens are there; the next one is not written before this one is read. Gives what the last chunk says was used. */
async function readTokens(answer: Response, count: number): Promise<Usage> {
  const reader = (answer.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader()
  let used: Usage = { prompt_tokens: 0, completion_tokens: 0 }
  let text = ''
  while (used.completion_tokens < count) {
    if (used.completion_tokens > 0) await world.oneToken()
    const before = used.completion_tokens
    while (used.completion_tokens === before) {
      const { value = '', done } = await reader.read()
      if (done) throw new Error(`the stream ended after ${before} tokens`)
      text += value
      const events = text.split('\n\n')
      text = events.pop() ?? ''
      for (const event of events) used = usageIn(event.slice('data: '.length))
    }
  }
  return used
}

test('a stream that breaks costs what was delivered', async () => {
  const { text } = await world.whileTimePasses(world.chat(caller.key, 'What is in the attic?', { model: 'gpt-5', stream: true }))
  const events = text.split('\n\n').slice(0, -1).map((event) => event.slice('data: '.length))
  expect(JSON.parse(events.at(-1) ?? '')).toEqual({ error: { message: 'Internal server error.', type: 'server_error', code: 'internal_error' } })
  const cost = costOf('gpt-5', usageIn(events.at(-2) ?? ''))
  expect(await caller.money()).toEqual({ available: 10 * CREDIT - cost, held: 0 })
})

test.each([
  ['the model breaks down', 500, { messages: [{ role: 'user', content: 'What is in the attic?' }] }],
  ['the prompt leaves no room', 400, { max_tokens: 100_000 }],
])('nothing is charged where %s', async (_, status, fields) => {
  expect((await world.chat(caller.key, 'Hello', { model: 'gpt-5', ...fields })).status).toBe(status)
  expect(await caller.money()).toEqual({ available: 10 * CREDIT, held: 0 })
  expect((await movements()).map((movement) => movement.split(' ', 2).join(' '))).toEqual(['hold 112640', 'release 112640'])
})

test('nothing is held for a call that is refused before its price is known', async () => {
  expect((await world.chat(caller.key, 'Hello', { temperature: 3 })).status).toBe(400)
  expect((await world.chat(caller.key, 'Hello', { model: 'gpt-2' })).status).toBe(400)
  expect(await movements()).toEqual([])
})

test('exactly the price is enough, one millionth less is not', async () => {
  const [rich, poor] = [await world.addCaller('0.002253'), await world.addCaller('0.002252')]
  expect((await world.chat(rich.key, 'Hello')).status).toBe(200)
  expect((await world.chat(poor.key, 'Hello')).status).toBe(402)
  expect(await poor.money()).toEqual({ available: 2_252, held: 0 })
  expect(await poor.ledger()).toHaveLength(1)
})

test('of many orders at once exactly those are accepted that can be paid for', async () => {
  const { key, money } = await world.addCaller('1.7')
  const answers = await Promise.all(Array.from({ length: 20 }, () => world.order(key, 'A harbour')))
  expect(answers.map(({ status }) => status).toSorted()).toEqual([...Array.from({ length: 3 }, () => 200), ...Array.from({ length: 17 }, () => 402)])
  expect(await money()).toEqual({ available: 200_000, held: 1_500_000 })
})

test('the balance tells what is there and what is held', async () => {
  await world.order(caller.key, 'A harbour', { number: 3 })
  const { text } = await world.send(caller.key, 'GET', '/v1/cli/credits/balance')
  expect(JSON.parse(text)).toEqual({ object: 'credits.balance', balance: '8.500000', held: '1.500000' })
})
