import { readFileSync } from 'node:fs'
import OpenAI, { NotFoundError, toFile } from 'openai'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { chatBody, createWorld } from '../test/world.ts'
import type { World } from '../test/world.ts'

let world: World
let client: OpenAI

beforeAll(async () => {
  world = await createWorld()
  client = new OpenAI({ apiKey: 'sk-any', baseURL: `${world.url}/v1`, maxRetries: 0 })
})
afterAll(() => world.close())

const messages = [{ role: 'user' as const, content: 'Write two sentences about the harbour.' }]

test('the official client gets a completion', async () => {
  const completion = await client.chat.completions.create({ model: 'auto', messages })
  const { body } = await world.send('POST', '/v1/chat/completions', chatBody())
  expect([completion.choices, completion.usage]).toEqual([body['choices'], body['usage']])
})

test('the official client reads the stream, and its helper puts it together to the same completion', async () => {
  const stream = await client.chat.completions.create({ model: 'auto', messages, stream: true, stream_options: { include_usage: true } })
  let text = ''
  for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? ''
  const helped = await client.chat.completions.stream({ model: 'auto', messages }).finalChatCompletion()
  const { body } = await world.send('POST', '/v1/chat/completions', chatBody())
  expect(body['choices']).toMatchObject([{ message: { content: text }, finish_reason: 'stop' }])
  expect(helped.choices[0]?.message.content).toBe(text)
  expect(helped.usage).toEqual(body['usage'])
})

test('the official client throws where the stream breaks', async () => {
  const stream = await client.chat.completions.create({ model: 'auto', messages: [{ role: 'user', content: 'And the attic?' }], stream: true })
  const reading = (async () => {
    let text = ''
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? ''
    return text
  })()
  await expect(reading).rejects.toThrow('terminated')
})

test('the official client lists the models and finds one', async () => {
  const { data } = await client.models.list()
  expect(data.map(({ id }) => id)).toEqual(['auto', 'gpt-5-nano', 'gpt-5-mini', 'gpt-5', 'landscape-1', 'whisper-1'])
  expect(await client.models.retrieve('gpt-5-nano')).toMatchObject({ id: 'gpt-5-nano', object: 'model', created: 1754524800, owned_by: 'openai' })
  await expect(client.models.retrieve('gpt-2')).rejects.toBeInstanceOf(NotFoundError)
})

test('the official client has a recording transcribed', async () => {
  const file = await toFile(readFileSync(new URL('../samples/hello.wav', import.meta.url)), 'hello.wav')
  expect(await client.audio.transcriptions.create({ file, model: 'whisper-1' })).toMatchObject({ text: 'HELLO', usage: { type: 'duration', seconds: 4 } })
})
