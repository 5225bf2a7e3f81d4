import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { fileTypeFromBuffer } from 'file-type'
import { request as requestHttp } from 'node:http'
import { connect } from 'node:net'
import { createWorld, startMs } from '../test/world.ts'
import type { World } from '../test/world.ts'
import { createAiApiService } from './service.ts'

let world: World

beforeAll(async () => {
  world = await createWorld()
})
afterEach(() => world.errors.splice(0))
afterAll(() => world.close())

const text = { prompt: 'Write a blog post about artificial intelligence', model: 'gpt-3.5-turbo' }
const image = { prompt: 'A beautiful sunset over mountains', model: 'dall-e-3' }
const analysis = { text: 'The food was great. The service was not good.', tasks: ['sentiment'] }

const refusals: readonly (readonly [name: string, method: string, path: string, body: unknown, problem: Record<string, unknown>])[] = [
  ['a body that is not JSON', 'POST', '/v1/generate', '{', { status: 400, entry: 'invalidRequest', issue: 'the body must be JSON' }],
  ['a body that is a list', 'POST', '/v1/analyze', [], { status: 400, entry: 'invalidRequest', issue: 'the body must be an object' }],
  ['no prompt', 'POST', '/v1/generate', { model: 'gpt-4' }, { status: 400, entry: 'missingField', field: 'prompt', issue: 'is required' }],
  ['a prompt that is null', 'POST', '/v1/generate', { ...text, prompt: null }, { status: 400, entry: 'missingField', field: 'prompt' }],
  ['no model', 'POST', '/v1/generate/image', { prompt: 'A house' }, { status: 400, entry: 'missingField', field: 'model' }],
  ['no tasks', 'POST', '/v1/analyze', { text: 'Hello.' }, { status: 400, entry: 'missingField', field: 'tasks' }],
  ['a prompt that is blank', 'POST', '/v1/generate', { ...text, prompt: ' \n' }, { status: 400, entry: 'invalidField', field: 'prompt', issue: 'must not be blank' }],
  ['a temperature above 2', 'POST', '/v1/generate', { ...text, temperature: 2.01 }, { status: 400, entry: 'invalidTemperature', field: 'temperature', issue: 'must be a number from 0 to 2' }],
  ['a temperature that is text', 'POST', '/v1/generate', { ...text, temperature: '1' }, { status: 400, entry: 'invalidTemperature' }],
  ['max_tokens of 0', 'POST', '/v1/generate', { ...text, max_tokens: 0 }, { status: 400, entry: 'invalidMaxTokens', issue: 'must be a whole number of at least 1' }],
  ['max_tokens beyond what the model writes', 'POST', '/v1/generate', { ...text, max_tokens: 4097 }, { status: 400, entry: 'invalidField', field: 'max_tokens', issue: 'must be at most 4096 for gpt-3.5-turbo' }],
  ['a top_p above 1', 'POST', '/v1/generate', { ...text, top_p: 1.5 }, { status: 400, entry: 'invalidField', field: 'top_p' }],
  ['a penalty below −2', 'POST', '/v1/generate', { ...text, presence_penalty: -3 }, { status: 400, entry: 'invalidField', field: 'presence_penalty' }],
  ['a prompt beyond what the model reads', 'POST', '/v1/generate', { ...text, prompt: 'x'.repeat(4001) }, { status: 400, entry: 'promptTooLong', field: 'prompt', issue: 'must be at most 4000 characters for gpt-3.5-turbo' }],
  ['a prompt beyond what any model reads', 'POST', '/v1/generate', { ...text, prompt: 'x'.repeat(32_001) }, { status: 400, entry: 'promptTooLong' }],
  ['a model that nobody knows', 'POST', '/v1/generate', { ...text, model: 'constructor' }, { status: 400, entry: 'unsupportedModel', field: 'model', issue: 'does not exist', supported: ['gpt-4', 'gpt-3.5-turbo', 'gpt-4-reflective', 'gpt-4-32k'] }],
  ['a text model for an image', 'POST', '/v1/generate/image', { ...image, model: 'gpt-4' }, { status: 400, entry: 'unsupportedModel', issue: 'is not a model for image', supported: ['dall-e-3', 'stable-diffusion', 'dall-e-2'] }],
  ['an image model for a text', 'POST', '/v1/generate', { ...text, model: 'dall-e-3' }, { status: 400, entry: 'unsupportedModel', issue: 'is not a model for text' }],
  ['a text model that is down', 'POST', '/v1/generate', { ...text, model: 'gpt-4-32k' }, { status: 500, entry: 'modelUnavailable', resource: 'model', id: 'gpt-4-32k' }],
  ['an image model that is down', 'POST', '/v1/generate/image', { ...image, model: 'dall-e-2' }, { status: 500, entry: 'modelUnavailable', id: 'dall-e-2' }],
  ['a size that only the other model has', 'POST', '/v1/generate/image', { ...image, size: '512x512' }, { status: 400, entry: 'invalidImageSize', field: 'size', issue: 'must be one of 1024x1024, 1792x1024, 1024x1792 for dall-e-3' }],
  ['a size that only this model lacks', 'POST', '/v1/generate/image', { ...image, model: 'stable-diffusion', size: '1792x1024' }, { status: 400, entry: 'invalidImageSize', issue: 'must be one of 512x512, 768x768, 1024x1024 for stable-diffusion' }],
  ['a size that is a number', 'POST', '/v1/generate/image', { ...image, size: 1024 }, { status: 400, entry: 'invalidImageSize' }],
  ['a quality that is none', 'POST', '/v1/generate/image', { ...image, quality: 'ultra' }, { status: 400, entry: 'invalidImageQuality', field: 'quality', issue: 'must be one of standard, hd' }],
  ['a quality that the model lacks', 'POST', '/v1/generate/image', { ...image, model: 'stable-diffusion', quality: 'hd' }, { status: 400, entry: 'invalidImageQuality', issue: 'must be one of standard for stable-diffusion' }],
  ['a style that is none', 'POST', '/v1/generate/image', { ...image, style: 'baroque' }, { status: 400, entry: 'invalidField', field: 'style' }],
  ['a prohibited prompt', 'POST', '/v1/generate/image', { ...image, prompt: 'A field of GÓRE, at dawn' }, { status: 400, entry: 'promptViolation', field: 'prompt', issue: 'asks for prohibited content' }],
  ['a prohibited prompt of several words', 'POST', '/v1/generate/image', { ...image, prompt: 'how to paint a pipe-bomb' }, { status: 400, entry: 'promptViolation' }],
  ['a task that nobody does', 'POST', '/v1/analyze', { ...analysis, tasks: ['sentiment', 'toString'] }, { status: 400, entry: 'invalidField', field: 'tasks', issue: 'must be a list of different words out of sentiment, entities, keywords, language' }],
  ['a language that nobody reads', 'POST', '/v1/analyze', { ...analysis, language: 'tlh' }, { status: 400, entry: 'invalidField', field: 'language' }],
  ['a model in the URL that nobody knows', 'GET', '/v1/models/no%20such', undefined, { status: 404, entry: 'modelNotFound', resource: 'model', id: 'no such' }],
  ['a file that is not there', 'GET', '/v1/files/file_0', undefined, { status: 404, entry: 'resourceNotFound', resource: 'file', id: 'file_0' }],
  ['a webhook that is not there', 'DELETE', '/v1/webhooks/%zz', undefined, { status: 404, entry: 'resourceNotFound', resource: 'webhook', id: '%zz' }],
  ['an image that is not there', 'GET', '/images/img_0.png', undefined, { status: 404, entry: 'resourceNotFound', resource: 'image', id: 'img_0' }],
]

test.each(refusals)('%s is refused', async (_, method, path, body, problem) => {
  const answer = await world.send(method, path, body)
  expect([answer.status, answer.headers.get('content-type'), answer.body]).toMatchObject([problem['status'], 'application/problem+json', problem])
  expect(world.errors).toEqual([])
})

test('of several things that are wrong, the first in documented order is told', async () => {
  const answer = await world.send('POST', '/v1/generate', { prompt: 'Hi', model: 'gpt-4', max_tokens: -1, temperature: 9, top_p: 9 })
  expect(answer.body).toMatchObject({ entry: 'invalidMaxTokens' })
})

test('a text is answered in the form of the API, with what it used', async () => {
  const answer = await world.send('POST', '/v1/generate', text)
  expect([answer.status, answer.body]).toEqual([
    200,
    {
      success: true,
      data: {
        id: expect.stringMatching(/^gen_[\da-f]{24}$/),
        content: expect.stringContaining('artificial intelligence'),
        model: 'gpt-3.5-turbo',
        usage: { prompt_tokens: 7, completion_tokens: expect.any(Number), total_tokens: expect.any(Number) },
        created: startMs / 1000,
      },
      meta: { request_id: 'req_1', timestamp: '2026-11-21T12:00:00Z' },
    },
  ])
})

test('max_tokens is kept, and the account that taught the model sentences hears them', async () => {
  const short = await world.send('POST', '/v1/generate', { ...text, max_tokens: 7 })
  expect(short.data['usage']).toEqual({ prompt_tokens: 7, completion_tokens: 7, total_tokens: 14 })
  const plain = await world.send('POST', '/v1/generate', text)
  const own = await world.send('POST', '/v1/generate', text, { 'tollgate-account': 'org_lighthouse' })
  expect(own.data['content']).not.toBe(plain.data['content'])
})

test('a prompt that the model has no words for makes it fail, and is told as that', async () => {
  for (const prompt of ['Напиши стихотворение о море', 'Schreibe bitte etwas über das Meer und die Wolken']) {
    const answer = await world.send('POST', '/v1/generate', { ...text, prompt })
    expect([answer.status, answer.body]).toEqual([500, { title: 'Processing error', status: 500, entry: 'processingError' }])
  }
  expect(world.errors.map(({ error }) => String(error))).toEqual(['Error: gpt-3.5-turbo has no vocabulary in Cyrillic script', 'Error: gpt-3.5-turbo has no vocabulary in the language de'])
})

test('a damaged record of one account fails its calls as an internal error, and tells nothing of it', async () => {
  const answer = await world.send('POST', '/v1/generate', text, { 'tollgate-account': 'org_corrupt' })
  expect([answer.status, answer.body]).toEqual([500, { title: 'Internal error', status: 500, entry: 'internalError' }])
  expect(world.errors).toEqual([{ error: expect.any(SyntaxError), where: 'req_1' }])
})

test('an account with a name like a path has no voice', async () => {
  expect((await world.send('POST', '/v1/generate', text, { 'tollgate-account': '../voices/org_corrupt' })).status).toBe(200)
})

test('a slow model takes its time for each token', async () => {
  const answer = world.send('POST', '/v1/generate', { prompt: 'A short story', model: 'gpt-4-reflective', max_tokens: 20 })
  await world.eventually(() => expect(world.clock.pending()).toBe(1))
  world.clock.advance(4_999)
  expect(await Promise.race([answer, 'still thinking'])).toBe('still thinking')
  world.clock.advance(1)
  expect((await answer).data['usage']).toMatchObject({ completion_tokens: 20 })
})

test('when the caller of a slow model leaves, it stops thinking', async () => {
  const leaving = requestHttp(`${world.url}/v1/generate`, { method: 'POST' }).on('error', () => {})
  leaving.end(JSON.stringify({ prompt: 'A short story', model: 'gpt-4-reflective' }))
  await world.eventually(() => expect(world.clock.pending()).toBe(1))
  leaving.destroy()
  await world.eventually(() => expect(world.clock.pending()).toBe(0))
  expect(world.errors).toEqual([])
})

test.each([
  ['dall-e-3', '1792x1024', 'hd'],
  ['dall-e-3', '1024x1024', 'standard'],
  ['stable-diffusion', '512x512', 'standard'],
])('%s paints a PNG of %s in quality %s, which its address shows', async (model, size, quality) => {
  const { status, data } = await world.send('POST', '/v1/generate/image', { ...image, model, size, quality })
  expect([status, data]).toEqual([200, { id: expect.stringMatching(/^img_[\da-f]{32}$/), url: `${world.url}/images/${String(data['id'])}.png`, model, created: world.clock.wallMs() / 1000 }])
  const shown = await world.send('GET', new URL(String(data['url'])).pathname)
  expect([shown.headers.get('content-type'), shown.headers.get('content-security-policy'), await fileTypeFromBuffer(shown.bytes)]).toEqual(['image/png', "default-src 'none'; sandbox", { ext: 'png', mime: 'image/png' }])
  expect(`${shown.bytes.readUInt32BE(16)}x${shown.bytes.readUInt32BE(20)}`).toBe(size)
})

test('an analysis answers the tasks that were asked for', async () => {
  const answer = await world.send('POST', '/v1/analyze', { text: 'John Doe loves the new office in Berlin.', tasks: ['sentiment', 'entities', 'keywords'], language: 'en' })
  expect([answer.status, answer.data]).toEqual([
    200,
    {
      sentiment: { score: 0.58, label: 'positive' },
      entities: [
        { text: 'John Doe', type: 'PERSON', confidence: 0.8 },
        { text: 'Berlin', type: 'LOCATION', confidence: 0.75 },
      ],
      keywords: [{ text: 'john doe loves', score: 1 }, { text: 'new office', score: 0.44 }, { text: 'berlin', score: 0.11 }],
    },
  ])
})

test('for Japanese the caller gets what its analyser says, which is no HTTP', async () => {
  const body = JSON.stringify({ text: '今日は\n天気がいい。', tasks: ['keywords'], language: 'ja' })
  const socket = connect(Number(new URL(world.url).port), '127.0.0.1')
  socket.write(`POST /v1/analyze HTTP/1.1\r\nHost: a\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
  const chunks: Buffer[] = []
  for await (const chunk of socket as AsyncIterable<Buffer>) chunks.push(chunk)
  expect(Buffer.concat(chunks).toString('utf8')).toMatch(/^KOTOBA\/1 \d+\n今日\tは\t/)
  await expect(world.send('POST', '/v1/analyze', body)).rejects.toThrow('fetch failed')
})

test('models are listed and shown, with those that are down', async () => {
  const list = (await world.send('GET', '/v1/models')).body?.['data'] as readonly { readonly id: string; readonly status: string }[]
  expect(list.map(({ id, status }) => `${id} ${status}`)).toEqual(['gpt-4 available', 'gpt-3.5-turbo available', 'gpt-4-reflective available', 'gpt-4-32k maintenance', 'dall-e-3 available', 'stable-diffusion available', 'dall-e-2 maintenance'])
  const one = await world.send('GET', '/v1/models/gpt-3.5-turbo')
  expect(one.data).toMatchObject({ id: 'gpt-3.5-turbo', name: 'GPT-3.5 Turbo', type: 'text', max_tokens: 4096, pricing: { input: 0.001, output: 0.002 } })
  expect(one.data).not.toHaveProperty('ms_per_token')
})

test('a path that is not there is 404, a method that it does not know 405', async () => {
  expect((await world.send('GET', '/v1/nothing')).status).toBe(404)
  const refused = await world.send('DELETE', '/v1/files')
  expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'POST, GET'])
})

test('a body that is too large is answered, and the connection stays usable', async () => {
  expect((await world.send('POST', '/v1/generate', 'x'.repeat(600_000))).status).toBe(413)
  expect((await world.send('GET', '/v1/models')).status).toBe(200)
})

test('the longest prompt fits, even with each character escaped', async () => {
  const prompt = '"a'.repeat(2000).replaceAll('a', String.raw`\u00e4`)
  const answer = await world.send('POST', '/v1/generate', `{"model":"gpt-3.5-turbo","prompt":"${prompt.replaceAll('"', '\\"')}"}`)
  expect(answer.status).toBe(200)
})

test('a busy port is told to whoever starts the service', async () => {
  await expect(createAiApiService().listen(Number(new URL(world.url).port))).rejects.toThrow('EADDRINUSE')
})

test('alone, without a gateway, the service makes up a request id', async () => {
  const answer = await fetch(`${world.url}/v1/models`)
  expect(await answer.json()).toMatchObject({ success: true, meta: { request_id: expect.stringMatching(/^req_[\da-f]{24}$/) } })
})

test('HEAD is answered like GET, without the body', async () => {
  const [head, get] = await Promise.all(['HEAD', 'GET'].map((method) => fetch(`${world.url}/v1/models`, { method, headers: { 'tollgate-request-id': 'req_1' } })))
  expect([head?.status, head?.headers.get('content-length'), await head?.text()]).toEqual([200, get?.headers.get('content-length'), ''])
})
