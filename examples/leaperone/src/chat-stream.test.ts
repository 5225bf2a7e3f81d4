import { flush } from '@tollgate/example-parts/testing/manual-clock'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readEvents, textOf } from '../test/events.ts'
import { chatBody, createWorld } from '../test/world.ts'
import type { World } from '../test/world.ts'
import { toEvents } from './chat-stream.ts'
import { createChoice } from './completion.ts'
import { tokenize } from './tokens.ts'

const INTERVAL_MS = 20
let world: World

beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.close())

const ask = (content: string, fields: Record<string, unknown> = {}) => chatBody({ stream: true, messages: [{ role: 'user', content }], ...fields })

test('the role comes first, then the text token by token, then why it ended, and [DONE]', async () => {
  const reading = await readEvents(`${world.url}/v1/chat/completions`, ask('Tell me of the sea.'))
  expect([reading.status, reading.headers['content-type'], await reading.ended, reading.isDone()]).toEqual([200, 'text/event-stream; charset=utf-8', 'whole', true])
  const { chunks } = reading
  const whole = await world.send('POST', '/v1/chat/completions', ask('Tell me of the sea.', { stream: false }))
  expect(chunks[0]?.choices).toEqual([{ index: 0, delta: { role: 'assistant', content: '' }, logprobs: null, finish_reason: null }])
  expect(chunks.at(-1)?.choices).toEqual([{ index: 0, delta: {}, logprobs: null, finish_reason: 'stop' }])
  expect(whole.body['choices']).toMatchObject([{ message: { content: textOf(chunks) } }])
  expect(new Set(chunks.map(({ id, object, model }) => `${id} ${object} ${model}`)).size).toBe(1)
})

test('every chunk says what was used up to there, and the last one says all', async () => {
  const { chunks, ended } = await readEvents(`${world.url}/v1/chat/completions`, ask('Tell me of the sea.'))
  await ended
  expect(chunks[0]?.usage).toEqual({ prompt_tokens: 13, completion_tokens: 0, total_tokens: 13 })
  for (const [at, { usage }] of chunks.entries()) expect(usage.completion_tokens).toBe(tokenize(textOf(chunks.slice(0, at + 1))).length)
  const whole = await world.send('POST', '/v1/chat/completions', ask('Tell me of the sea.', { stream: false }))
  expect(chunks.at(-1)?.usage).toEqual(whole.body['usage'])
})

test('whoever asks for the usage gets it as OpenAI sends it: in a last chunk without choices', async () => {
  const { chunks, ended } = await readEvents(`${world.url}/v1/chat/completions`, ask('Tell me of the sea.', { stream_options: { include_usage: true } }))
  await ended
  expect([chunks.at(-1)?.choices, chunks.at(-1)?.usage]).toEqual([[], chunks.at(-2)?.usage])
})

test('several choices take turns, and each ends by itself', async () => {
  const { chunks, ended } = await readEvents(`${world.url}/v1/chat/completions`, ask('Tell me of the sea.', { n: 2, max_tokens: 6 }))
  await ended
  expect(chunks.slice(2, 6).map(({ choices }) => choices[0]?.index)).toEqual([0, 1, 0, 1])
  expect(chunks.flatMap(({ choices }) => choices.map(({ finish_reason: reason }) => reason)).filter((reason) => reason !== null)).toEqual(['length', 'length'])
  expect(tokenize(textOf(chunks, 0))).toHaveLength(6)
  expect(tokenize(textOf(chunks, 1))).toHaveLength(6)
})

test('a model that breaks down in the middle breaks the stream, after all that it had said', async () => {
  const reading = await readEvents(`${world.url}/v1/chat/completions`, ask('What is in the attic?'))
  expect([reading.status, await reading.ended, reading.isDone()]).toEqual([200, 'broken', false])
  expect(textOf(reading.chunks)).toContain('attic')
  expect(reading.chunks.at(-1)?.usage.completion_tokens).toBe(tokenize(textOf(reading.chunks)).length)
  expect(world.errors).toEqual([{ error: expect.objectContaining({ message: 'the theme attic is damaged or lost' }), where: '-' }])
})

test('a model that cannot even begin is a bare 500', async () => {
  async function* dumb(): AsyncGenerator<string> {
    yield* []
    throw new Error('no voice')
  }
  const completion = { id: 'chatcmpl-1', created: 0, model: 'm', promptTokens: 1, choices: [createChoice(dumb(), 5)] }
  const events = toEvents(completion, { includeUsage: false, gone: new AbortController().signal, breathe: async () => {} })
  await expect(events.next()).rejects.toThrow('no voice')
})

test('whoever hangs up stops the writing', async () => {
  const paced = await createWorld({ tokenIntervalMs: INTERVAL_MS })
  const reading = await readEvents(`${paced.url}/v1/chat/completions`, ask('A long story about a ship, please.'))
  await paced.eventually(() => expect(paced.clock.pending()).toBe(1))
  paced.clock.advance(INTERVAL_MS)
  await paced.eventually(() => expect(textOf(reading.chunks)).not.toBe(''))
  reading.hangUp()
  await paced.eventually(() => expect(paced.clock.pending()).toBe(0))
  await flush()
  paced.clock.advance(60_000)
  await flush()
  expect([paced.clock.pending(), paced.errors]).toEqual([0, []])
  await paced.close()
})

test('tokens come one interval apart', async () => {
  const paced = await createWorld({ tokenIntervalMs: INTERVAL_MS })
  const { chunks, ended } = await readEvents(`${paced.url}/v1/chat/completions`, ask('Tell me of the sea.', { max_tokens: 3 }))
  for (const count of [1, 2, 3]) {
    await paced.eventually(() => expect([paced.clock.pending(), chunks.at(-1)?.usage.completion_tokens]).toEqual([1, count]))
    paced.clock.advance(INTERVAL_MS - 1)
    await flush()
    expect(chunks.at(-1)?.usage.completion_tokens).toBe(count)
    paced.clock.advance(1)
  }
  expect(await ended).toBe('whole')
  await paced.close()
})
