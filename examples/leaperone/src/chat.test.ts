import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { chatBody, createWorld, startMs } from '../test/world.ts'
import type { World } from '../test/world.ts'
import { tokenize } from './tokens.ts'

const CHAT = '/v1/chat/completions'
let world: World

beforeAll(async () => {
  world = await createWorld()
})
afterEach(() => world.errors.splice(0))
afterAll(() => world.close())

interface Choice {
  readonly message: { readonly content: string }
  readonly finish_reason: string
}

async function choices(fields: Record<string, unknown>): Promise<readonly Choice[]> {
  return (await world.send('POST', CHAT, chatBody(fields))).body['choices'] as readonly Choice[]
}

test('a completion has the whole of OpenAI’s shape, from the model that auto stands for', async () => {
  const { status, body } = await world.send('POST', CHAT, chatBody())
  expect(status).toBe(200)
  expect(body).toEqual({
    id: expect.stringMatching(/^chatcmpl-[\da-f]{32}$/),
    object: 'chat.completion',
    created: startMs / 1000,
    model: 'gpt-5-nano',
    choices: [{ index: 0, message: { role: 'assistant', content: expect.stringContaining('harbour'), refusal: null }, logprobs: null, finish_reason: 'stop' }],
    usage: { prompt_tokens: expect.any(Number), completion_tokens: expect.any(Number), total_tokens: expect.any(Number) },
  })
})

test('what is counted is what was said: the tokens of the prompt, and those of every choice', async () => {
  const { body } = await world.send('POST', CHAT, chatBody({ n: 3 }))
  const said = (body['choices'] as readonly Choice[]).map(({ message }) => tokenize(message.content).length)
  // " Write two sentences about the harbour." is 9 tokens, a message 4 more, the answer's beginning 3.
  expect([said.length, body['usage']]).toEqual([3, { prompt_tokens: 16, completion_tokens: said.reduce((sum, one) => sum + one), total_tokens: 16 + said.reduce((sum, one) => sum + one) }])
})

test('the same prompt gets the same answer; another seed, or another choice, another one', async () => {
  const [first, again, seeded, several, cold] = await Promise.all([choices({}), choices({}), choices({ seed: 7 }), choices({ n: 2 }), choices({ n: 2, temperature: 0 })])
  const said = (list: readonly Choice[] | undefined) => list?.map(({ message }) => message.content) ?? []
  expect(said(again)).toEqual(said(first))
  expect(said(seeded)).not.toEqual(said(first))
  expect(new Set(said(several)).size).toBe(2)
  expect(new Set(said(cold)).size).toBe(1)
})

test.each(['max_tokens', 'max_completion_tokens'])('%s cuts the answer there', async (field) => {
  const [choice] = await choices({ [field]: 5 })
  expect([tokenize(choice?.message.content ?? '').length, choice?.finish_reason]).toEqual([5, 'length'])
})

test('an answer that is exactly as long as allowed has come to its own end', async () => {
  const [whole] = await choices({})
  const [same] = await choices({ max_tokens: tokenize(whole?.message.content ?? '').length })
  expect(same).toEqual(whole)
})

test('an answer ends before the first of the texts that are to stop it, whole or as a stream, and costs no more', async () => {
  const [whole] = await choices({})
  const content = whole?.message.content ?? ''
  const second = content.indexOf('. ', 10)
  const { body } = await world.send('POST', CHAT, chatBody({ stop: ['nowhere', content.slice(second, second + 5)] }))
  expect(body['choices']).toMatchObject([{ message: { content: content.slice(0, second) }, finish_reason: 'stop' }])
  expect(body['usage']).toMatchObject({ completion_tokens: tokenize(content.slice(0, second)).length })
  const streamed = await world.send('POST', CHAT, chatBody({ stop: content.slice(second, second + 5), stream: true }))
  const said = [...streamed.text.matchAll(/"content":("(?:[^"\\]|\\.)*")/g)].map(([, text = '""']) => JSON.parse(text) as string)
  expect(said.join('')).toBe(content.slice(0, second))
})

test('another share of the words gives another answer, and the same again', async () => {
  const [first, again, whole] = await Promise.all([choices({ top_p: 0.5 }), choices({ top_p: 0.5 }), choices({ top_p: 1 })])
  expect(again).toEqual(first)
  expect(whole).not.toEqual(first)
  expect(whole).toEqual(await choices({}))
})

test('content in parts counts as their text', async () => {
  const parts = [{ type: 'text', text: 'Write two sentences ' }, { type: 'text', text: 'about the harbour.' }]
  expect(await choices({ messages: [{ role: 'user', content: parts }] })).toEqual(await choices({}))
})

test.each([
  ['a prompt longer than the context', { messages: [{ role: 'user', content: 'x '.repeat(16_384) }] }, 'messages', 'must fit the context of 16384 tokens with room for an answer; they have 16392'],
  ['more tokens than the model writes', { max_tokens: 4_097 }, 'max_tokens', 'must be at most 4096, which is what this model has left after a prompt of 16 tokens'],
  ['more tokens than the context has left', { max_completion_tokens: 385, messages: [{ role: 'user', content: 'x'.repeat(6 * 15_993) }] }, 'max_completion_tokens', 'must be at most 384, which is what this model has left after a prompt of 16000 tokens'],
  ['both names of the limit', { max_tokens: 5, max_completion_tokens: 5 }, 'max_tokens', 'must not be given beside max_completion_tokens: choose one of them'],
  ['a tool', { tools: [{ type: 'function', function: { name: 'x' } }] }, 'tools', 'must be absent or empty: this model calls no tools'],
  ['a function', { functions: [{ name: 'x' }] }, 'functions', 'must be absent or empty: this model calls no tools'],
  ['an answer in JSON', { response_format: { type: 'json_object' } }, 'response_format', 'must be absent or of the type text: this model writes nothing else'],
  ['probabilities', { logprobs: true }, 'logprobs', 'must be absent or false: this model has none'],
  ['options of a stream that is none', { stream_options: {} }, 'stream_options', 'must not be given unless stream is true'],
])('%s is refused by name', async (_, fields, field, issue) => {
  const answer = await world.send('POST', CHAT, chatBody(fields))
  expect([answer.status, answer.headers.get('content-type'), answer.body]).toEqual([400, 'application/problem+json', { title: 'Invalid request', status: 400, entry: 'invalidRequest', field, issue }])
})

test.each(['gpt-2', 'landscape-1', 'constructor', '__proto__'])('%s is no chat model', async (model) => {
  expect((await world.send('POST', CHAT, chatBody({ model }))).body).toMatchObject({ entry: 'modelNotFound', field: 'model' })
})

test('a missing field goes by its entry', async () => {
  expect((await world.send('POST', CHAT, { model: 'auto' })).body).toMatchObject({ entry: 'missingField', field: 'messages', issue: 'is required' })
  expect((await world.send('POST', CHAT, '{')).body).toMatchObject({ entry: 'invalidRequest', issue: 'the body must be JSON' })
})

test('a model that breaks down is a bare 500, and the log says why', async () => {
  const answer = await world.send('POST', CHAT, chatBody({ messages: [{ role: 'user', content: 'What is in the attic?' }] }))
  expect([answer.status, answer.text]).toEqual([500, ''])
  expect(world.errors).toEqual([{ error: expect.objectContaining({ message: 'the theme attic is damaged or lost' }), where: 'req_1' }])
})

test('a body of more than a megabyte is not read', async () => {
  expect((await world.send('POST', CHAT, ' '.repeat(1024 * 1024 + 1))).status).toBe(413)
})

test('the balance is what the gateway says; alone, nobody knows', async () => {
  const usage = JSON.stringify({ chat: { limit: 5, used: 1, remaining: 4, reset: '2026-11-21T12:01:00Z' }, credit: { available: '12.500000', held: '0.500000', scale: 6 } })
  const path = '/v1/cli/credits/balance'
  expect((await world.send('GET', path, undefined, { 'tollgate-usage': usage })).body).toEqual({ object: 'credits.balance', balance: '12.500000', held: '0.500000' })
  expect((await world.send('GET', path)).body).toEqual({ object: 'credits.balance', balance: null, held: null })
})

test('unknown paths and methods get a bare status', async () => {
  const [path, method] = await Promise.all([world.send('GET', '/v2/chat'), world.send('GET', CHAT)])
  expect([path.status, method.status, method.headers.get('allow')]).toEqual([404, 405, 'POST'])
})

test('HEAD is answered like GET, without the body', async () => {
  const [head, get] = await Promise.all(['HEAD', 'GET'].map((method) => fetch(`${world.url}/v1/models`, { method, headers: { 'tollgate-request-id': 'req_1' } })))
  expect([head?.status, head?.headers.get('content-length'), await head?.text()]).toEqual([200, get?.headers.get('content-length'), ''])
})
