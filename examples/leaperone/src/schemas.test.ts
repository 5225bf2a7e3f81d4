import { readFileSync, readdirSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { AnySchemaObject } from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import { chatBody, imageBody } from '../test/world.ts'
import { parseChatRequest } from './chat-request.ts'
import { parseImageRequest } from './image-request.ts'

const folder = new URL('../schemas/', import.meta.url)
const says = (content: unknown, role: unknown = 'user') => chatBody({ messages: [{ role, content }] })

interface Bodies {
  readonly service: (body: string) => boolean
  readonly good: readonly unknown[]
  readonly bad: readonly unknown[]
  /** What no schema says: fields that exclude each other, or need one another, and what the model cannot do. */
  readonly beyond: readonly unknown[]
}

const bodies: { readonly [schema: string]: Bodies } = {
  'create-chat-completion.json': {
    service: (body) => parseChatRequest(body).ok,
    good: [
      chatBody(),
      says(''),
      says([{ type: 'text', text: '' }]),
      chatBody({ max_tokens: 1, temperature: 2, n: 8, seed: -1, stream: true, stream_options: { include_usage: true }, user: 'u', tools: [] }),
      chatBody({ top_p: 0, stop: 'x' }),
      chatBody({ top_p: 1, stop: ['a', 'b', 'c', 'd'], response_format: { type: 'text' }, logprobs: false }),
      chatBody({ top_p: null, stop: null, tools: null, functions: null, response_format: null, logprobs: null }),
      chatBody({ stop: [] }),
      chatBody({ max_tokens: null, max_completion_tokens: null, temperature: null, n: null, seed: null, stream: null, stream_options: null }),
      chatBody({ stream: true, stream_options: { include_usage: null } }),
    ],
    bad: [
      {},
      [],
      null,
      chatBody({ model: undefined }),
      chatBody({ model: 5 }),
      chatBody({ model: null }),
      chatBody({ messages: undefined }),
      chatBody({ messages: [] }),
      chatBody({ messages: 'hi' }),
      chatBody({ messages: ['hi'] }),
      chatBody({ messages: [{ role: 'user' }] }),
      chatBody({ messages: [{ content: 'hi' }] }),
      says('hi', 'tool'),
      says('hi', 'constructor'),
      says(null),
      says([]),
      says(['hi']),
      says([{ type: 'text' }]),
      says([{ text: 'hi' }]),
      says([{ type: 'image_url', image_url: { url: 'x' }, text: '' }]),
      says([{ type: 'text', text: 5 }]),
      chatBody({ max_tokens: 0 }),
      chatBody({ max_completion_tokens: 1.5 }),
      chatBody({ temperature: 2.1 }),
      chatBody({ temperature: '1' }),
      chatBody({ top_p: 1.1 }),
      chatBody({ top_p: '1' }),
      chatBody({ stop: '' }),
      chatBody({ stop: 5 }),
      chatBody({ stop: [''] }),
      chatBody({ stop: ['a', 'b', 'c', 'd', 'e'] }),
      chatBody({ stop: 'x'.repeat(257) }),
      chatBody({ n: 0 }),
      chatBody({ n: 9 }),
      chatBody({ seed: 0.5 }),
      chatBody({ stream: 'yes' }),
      chatBody({ stream: true, stream_options: [] }),
      chatBody({ stream: true, stream_options: { include_usage: 1 } }),
    ],
    beyond: [chatBody({ max_tokens: 1, max_completion_tokens: 1 }), chatBody({ stream_options: {} }), chatBody({ tools: [{}] }), chatBody({ functions: 'x' }), chatBody({ response_format: { type: 'json_object' } }), chatBody({ logprobs: true })],
  },
  'create-images.json': {
    service: (body) => parseImageRequest(body).ok,
    good: [
      imageBody(),
      imageBody({ referenceImages: [], number: 4, size: '1024x1536', callbackUrl: 'https://example.com/' }),
      imageBody({ referenceImages: null, number: null, size: null, callbackUrl: null }),
    ],
    bad: [
      {},
      imageBody({ model: undefined }),
      imageBody({ prompt: undefined }),
      imageBody({ prompt: ' \n' }),
      imageBody({ prompt: 'x'.repeat(4_001) }),
      imageBody({ referenceImages: 'https://example.com/' }),
      imageBody({ referenceImages: ['a', 'b', 'c', 'd', 'e'] }),
      imageBody({ referenceImages: [''] }),
      imageBody({ number: 0 }),
      imageBody({ number: 5 }),
      imageBody({ number: '1' }),
      imageBody({ size: '1x1' }),
      imageBody({ callbackUrl: '' }),
      imageBody({ callbackUrl: 5 }),
    ],
    beyond: [],
  },
}

function compile(name: string) {
  const schema = JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as AnySchemaObject
  return new Ajv2020({ strict: true, strictTypes: false, strictRequired: false, allErrors: true, ownProperties: true }).compile(schema)
}

test('each schema is here', () => expect(readdirSync(folder).toSorted()).toEqual(Object.keys(bodies).toSorted()))

test.each(Object.entries(bodies))('%s is valid, and takes and refuses what the service does', (name, { service, good, bad, beyond }) => {
  const accepts = compile(name)
  const judged = (list: readonly unknown[], judge: (body: unknown) => boolean) => list.map((body) => judge(JSON.parse(JSON.stringify(body))))
  const asService = (body: unknown) => service(JSON.stringify(body))
  expect([judged(good, accepts), judged(good, asService)]).toEqual([good.map(() => true), good.map(() => true)])
  expect([judged(bad, accepts), judged(bad, asService)]).toEqual([bad.map(() => false), bad.map(() => false)])
  expect([judged(beyond, accepts), judged(beyond, asService)]).toEqual([beyond.map(() => true), beyond.map(() => false)])
})
