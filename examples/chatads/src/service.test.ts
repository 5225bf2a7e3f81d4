import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import schema from '../messages.schema.json' with { type: 'json' }
import { createChatadsService } from './service.ts'

const errors: { error: unknown; requestId: string }[] = []
const service = createChatadsService({ onError: (error, requestId) => errors.push({ error, requestId }) })
let url: string

beforeAll(async () => ({ url } = await service.listen(0)))
beforeEach(() => errors.splice(0))
afterAll(() => service.close())

const usage = { daily: { limit: 100, used: 3, remaining: 97 }, monthly: { limit: 100, used: 40, remaining: 60 }, burst: { limit: 600, used: 1, remaining: 599 } }

function send(body: string, headers: Record<string, string> = {}, path = '/v1/chatads/messages'): Promise<Response> {
  return fetch(`${url}${path}`, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } })
}

test('a success tells the caller who it was for and how much is used', async () => {
  const answer = await send('{"message":"I need a kettle","country":"GB"}', {
    'tollgate-request-id': 'd6a8f6f2-3b5a-4f0a-81ab-1b4a4c9dd5ea',
    'tollgate-account': 'team_1',
    'tollgate-plan': 'free',
    'tollgate-usage': JSON.stringify(usage),
  })
  expect(answer.status).toBe(200)
  expect(await answer.json()).toEqual({
    success: true,
    data: {
      matched: true,
      filled: true,
      ad: { product: 'Kelp & Stone kettle', link: 'https://shop.example/p/kettle', message: 'Stops at the degree you choose.', category: 'kitchen' },
      keyword: 'kettle',
      intent_score: 0.6,
      intent_level: 'medium',
    },
    error: null,
    meta: {
      request_id: 'd6a8f6f2-3b5a-4f0a-81ab-1b4a4c9dd5ea',
      country: 'GB',
      language: 'en',
      usage: { monthly_requests: 40, daily_requests: 3, daily_limit: 100, is_free_tier: true, free_tier_limit: 100, free_tier_remaining: 60 },
    },
  })
})

test('a paid plan has no free tier', async () => {
  const answer = await send('{"message":"hello"}', { 'tollgate-plan': 'pro', 'tollgate-usage': JSON.stringify(usage) })
  expect(await answer.json()).toMatchObject({ meta: { usage: { is_free_tier: false, free_tier_limit: null, free_tier_remaining: null } } })
})

test('without a gateway in front it answers too, with an id of its own and no usage', async () => {
  expect(await (await send('{"message":"hello"}')).json()).toMatchObject({ meta: { request_id: expect.stringMatching(/^[\da-f-]{36}$/), usage: null } })
})

test('a country that does not exist is refused as a problem that names the field', async () => {
  const answer = await send('{"message":"hello","country":"ZZ"}')
  expect(answer.status).toBe(400)
  expect(answer.headers.get('content-type')).toBe('application/problem+json')
  expect(await answer.json()).toEqual({
    title: 'Invalid input',
    status: 400,
    detail: 'country must be an ISO 3166-1 alpha-2 country code',
    entry: 'invalidInput',
    field: 'country',
    issue: 'must be an ISO 3166-1 alpha-2 country code',
  })
})

test('a catalogue shard that cannot be parsed is a bare 500, and an error with the request id in the log', async () => {
  const answer = await send('{"message":"a wetsuit"}', { 'tollgate-account': 'team_corrupt', 'tollgate-request-id': 'req-1' })
  expect([answer.status, await answer.text()]).toEqual([500, ''])
  expect(errors).toEqual([{ error: expect.any(SyntaxError), requestId: 'req-1' }])
})

test('a shard that is being re-indexed is a bare 503 that says when to come back', async () => {
  const answer = await send('{"message":"a wetsuit"}', { 'tollgate-account': 'team_locked' })
  expect([answer.status, answer.headers.get('retry-after'), await answer.text()]).toEqual([503, '30', ''])
})

test('a shard is served again as soon as its lock is gone', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'shards-'))
  writeFileSync(join(folder, 'default.json'), '[]')
  writeFileSync(join(folder, 'team_1.lock'), '{"work":"x","retryAfterSeconds":5}')
  const own = createChatadsService({ shards: pathToFileURL(`${folder}/`) })
  const { url: ownUrl } = await own.listen(0)
  const ask = () => fetch(`${ownUrl}/v1/chatads/messages`, { method: 'POST', body: '{"message":"hi"}', headers: { 'tollgate-account': 'team_1' } })
  expect((await ask()).status).toBe(503)
  rmSync(join(folder, 'team_1.lock'))
  expect((await ask()).status).toBe(200)
  await own.close()
  rmSync(folder, { recursive: true })
})

test('an account id cannot lead out of the folder of shards', async () => {
  const answer = await send('{"message":"I need a kettle"}', { 'tollgate-account': '../package' })
  expect(await answer.json()).toMatchObject({ success: true, data: { keyword: 'kettle' } })
})

test.each([
  ['GET', '/v1/chatads/messages', 405],
  ['POST', '/v1/nothing', 404],
])('%s %s is a bare %d', async (method, path, status) => {
  const answer = await fetch(`${url}${path}`, { method })
  expect([answer.status, await answer.text()]).toEqual([status, ''])
})

test('a body beyond 64 KiB is refused without being kept', async () => {
  expect((await send(JSON.stringify({ message: 'x'.repeat(70_000) }))).status).toBe(413)
})

test('a caller who hangs up in the middle of the body leaves the service as it was', async () => {
  const socket = createConnection(Number(new URL(url).port), '127.0.0.1')
  await new Promise((resolve) => {
    socket.write('POST /v1/chatads/messages HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"mess', resolve)
  })
  socket.destroy()
  expect((await send('{"message":"hello"}')).status).toBe(200)
  expect(errors).toEqual([])
})

test('a busy port rejects instead of crashing', async () => {
  const other = createChatadsService()
  await expect(other.listen(Number(new URL(url).port))).rejects.toThrow('EADDRINUSE')
})

test('the published schema is valid and takes what the service takes', () => {
  const accepts = new Ajv2020({ strict: true }).compile(schema)
  expect(accepts({ message: 'hello', ip: '203.0.113.7', country: 'DE', message_analysis: 'fast', fill_priority: 'fill', min_intent: 'low' })).toBe(true)
  const bad = [{}, { message: '' }, { message: ' \n' }, { message: 'x'.repeat(5001) }, { message: 1 }, { message: 'hi', country: 'Germany' }, { message: 'hi', min_intent: 'huge' }]
  expect(bad.filter((body) => accepts(body))).toEqual([])
})
