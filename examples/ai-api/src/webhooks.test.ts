import { createHmac } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createWorld } from '../test/world.ts'
import type { Data, World } from '../test/world.ts'
import { retryDelaysMs } from './deliveries.ts'
import { createAiApiService } from './service.ts'
import { eventNames } from './webhook-event.ts'

let world: World

beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.close())

const stranger = { 'tollgate-account': 'org_2' }

async function addWebhook(events: readonly string[] = eventNames): Promise<Data> {
  const answer = await world.send('POST', '/v1/webhooks', { url: world.receiver.url, events })
  expect(answer.status).toBe(201)
  return answer.data
}

async function generate(prompt = 'A letter to the sea'): Promise<Data> {
  return (await world.send('POST', '/v1/generate', { prompt, model: 'gpt-3.5-turbo' })).data
}

interface LoggedDelivery extends Data {
  readonly attempts: readonly Data[]
  readonly next_attempt_at: string | null
}

async function log(webhook: Data): Promise<readonly LoggedDelivery[]> {
  const { data } = await world.send('GET', `/v1/webhooks/${String(webhook['id'])}`)
  return (data['deliveries'] ?? []) as readonly LoggedDelivery[]
}

/** Waits until the last attempt is in the log and the next one is due, then lets that time pass. */
async function retryAfter(webhook: Data, attempts: number, ms: number): Promise<void> {
  await world.eventually(async () => {
    const [delivery] = await log(webhook)
    expect([delivery?.attempts.length, Date.parse(delivery?.next_attempt_at ?? '')]).toEqual([attempts, world.clock.wallMs() + ms])
    expect(world.clock.pending()).toBe(1)
  })
  world.clock.advance(ms)
}

test('a webhook is made with a secret that is told once, listed, and deleted', async () => {
  const made = await addWebhook(['generation.completed'])
  expect(made).toEqual({ id: expect.stringMatching(/^wh_[\da-f]{24}$/), url: world.receiver.url, events: ['generation.completed'], created_at: '2026-11-21T12:00:00Z', secret: expect.stringMatching(/^whsec_[\da-f]{48}$/) })
  const { secret: _, ...shown } = made
  expect((await world.send('GET', '/v1/webhooks')).body?.['data']).toEqual([shown])
  expect((await world.send('DELETE', `/v1/webhooks/${String(made['id'])}`)).data).toEqual({ id: made['id'], deleted: true })
  expect((await world.send('GET', '/v1/webhooks')).body?.['data']).toEqual([])
})

test('another account can neither see nor delete a webhook', async () => {
  const path = `/v1/webhooks/${String((await addWebhook())['id'])}`
  expect((await world.send('GET', '/v1/webhooks', undefined, stranger)).body?.['data']).toEqual([])
  for (const method of ['GET', 'DELETE']) expect((await world.send(method, path, undefined, stranger)).body).toMatchObject({ entry: 'resourceNotFound', resource: 'webhook' })
  expect((await world.send('GET', path)).status).toBe(200)
})

test.each([
  ['no URL', { events: ['file.uploaded'] }, { entry: 'missingField', field: 'url' }],
  ['no events', { url: 'https://example.com/' }, { entry: 'missingField', field: 'events' }],
  ['an unknown event', { url: 'https://example.com/', events: ['shipment.created'] }, { entry: 'invalidField', field: 'events' }],
  ['an address near us', { url: 'https://169.254.169.254/latest', events: ['file.uploaded'] }, { entry: 'invalidField', field: 'url', issue: 'must be reachable from the internet' }],
  ['plain http', { url: 'http://example.com/', events: ['file.uploaded'] }, { entry: 'invalidField', field: 'url', issue: 'must be an https URL' }],
])('a webhook with %s is refused', async (_, body, problem) => {
  const answer = await world.send('POST', '/v1/webhooks', body)
  expect([answer.status, answer.body]).toMatchObject([400, problem])
})

test('an account may have ten webhooks; the next is refused until one is deleted', async () => {
  const first = await addWebhook()
  for (let n = 1; n < 10; n++) await addWebhook()
  const refused = await world.send('POST', '/v1/webhooks', { url: world.receiver.url, events: ['file.uploaded'] })
  expect([refused.status, refused.body]).toMatchObject([400, { entry: 'invalidRequest', issue: 'there are 10 webhooks already, and no more are allowed: delete one first' }])
  await world.send('DELETE', `/v1/webhooks/${String(first['id'])}`)
  await addWebhook()
})

test('a finished text is told, signed over the payload as it is without its signature', async () => {
  const webhook = await addWebhook()
  const text = await generate()
  await world.eventually(() => expect(world.receiver.received).toHaveLength(1))
  const [{ headers, body } = { headers: {}, body: '' }] = world.receiver.received
  expect(headers).toMatchObject({ 'content-type': 'application/json', 'x-webhook-id': expect.stringMatching(/^evt_[\da-f]{32}$/) })
  const signature = createHmac('sha256', String(webhook['secret'])).update(body.replace(/,"signature":"[\da-f]{64}"/, '')).digest('hex')
  expect(JSON.parse(body)).toEqual({ event: 'generation.completed', data: text, timestamp: '2026-11-21T12:00:00Z', signature })
  await world.eventually(async () => expect(await log(webhook)).toMatchObject([{ status: 'delivered', event: 'generation.completed', attempts: [{ http_status: 200, error: null }], next_attempt_at: null }]))
  expect(world.clock.pending()).toBe(0)
})

test('each kind of work is told under its own name', async () => {
  const webhook = await addWebhook()
  await generate('Привет, море и облака')
  await world.send('POST', '/v1/generate/image', { prompt: 'A lake', model: 'stable-diffusion', size: '512x512' })
  await world.send('POST', '/v1/analyze', { text: 'Fine.', tasks: ['language'] })
  await world.upload({ filename: 'a.txt', type: 'text/plain', content: 'x' })
  await world.eventually(async () => expect((await log(webhook)).map(({ event, status }) => `${String(event)} ${String(status)}`)).toEqual(['generation.failed delivered', 'image.completed delivered', 'analysis.completed delivered', 'file.uploaded delivered']))
})

test('webhooks that want other events or belong to others are told nothing', async () => {
  const told = await addWebhook(['generation.completed'])
  const untold = await addWebhook(['file.uploaded'])
  await world.send('POST', '/v1/webhooks', { url: world.receiver.url, events: eventNames }, stranger)
  await generate()
  await world.eventually(async () => expect(await log(told)).toMatchObject([{ status: 'delivered' }]))
  expect([await log(untold), world.receiver.received.length]).toEqual([[], 1])
})

test('a receiver that fails gets the same bytes again after growing pauses, until it takes them', async () => {
  const webhook = await addWebhook()
  world.receiver.statuses.push(500, 302)
  await generate()
  await retryAfter(webhook, 1, 2_000)
  await retryAfter(webhook, 2, 8_000)
  await world.eventually(async () => expect(await log(webhook)).toMatchObject([{ status: 'delivered', attempts: [{ http_status: 500 }, { http_status: 302 }, { http_status: 200 }] }]))
  expect(new Set(world.receiver.received.map(({ headers, body }) => `${String(headers['x-webhook-id'])} ${body}`)).size).toBe(1)
  expect(world.receiver.received).toHaveLength(3)
})

test('a receiver that takes longer than five seconds has not received', async () => {
  const webhook = await addWebhook()
  world.receiver.statuses.push(0)
  await generate()
  await world.eventually(() => expect(world.receiver.received).toHaveLength(1))
  world.clock.advance(5_000)
  await retryAfter(webhook, 1, 2_000)
  await world.eventually(async () => expect(await log(webhook)).toMatchObject([{ status: 'delivered', attempts: [{ http_status: null, error: 'timeout' }, { http_status: 200 }] }]))
})

test('a receiver that never takes it is given up after five attempts', async () => {
  const webhook = await addWebhook()
  world.receiver.statuses.push(500, 500, 500, 500, 500)
  await generate()
  for (const [n, ms] of retryDelaysMs.entries()) await retryAfter(webhook, n + 1, ms)
  await world.eventually(async () => expect(await log(webhook)).toMatchObject([{ status: 'failed', next_attempt_at: null }]))
  expect(world.receiver.received).toHaveLength(5)
})

test('a webhook that is deleted gets nothing more', async () => {
  const webhook = await addWebhook()
  world.receiver.statuses.push(500)
  await generate()
  await world.eventually(() => expect(world.clock.pending()).toBe(1))
  await world.eventually(async () => expect((await log(webhook))[0]?.attempts).toHaveLength(1))
  await world.send('DELETE', `/v1/webhooks/${String(webhook['id'])}`)
  world.clock.advance(2_000)
  await world.eventually(() => expect(world.clock.pending()).toBe(0))
  expect(world.receiver.received).toHaveLength(1)
})

test('a service that closes leaves no timer behind', async () => {
  await addWebhook()
  world.receiver.statuses.push(500)
  await generate()
  await world.eventually(() => expect(world.clock.pending()).toBe(1))
  await world.close()
  expect(world.clock.pending()).toBe(0)
  world = await createWorld()
})

test('without leave, not even loopback may be a webhook', async () => {
  const service = createAiApiService()
  const { url } = await service.listen(0)
  const answer = await fetch(`${url}/v1/webhooks`, { method: 'POST', body: JSON.stringify({ url: world.receiver.url, events: eventNames }) })
  expect([answer.status, await answer.json()]).toMatchObject([400, { entry: 'invalidField', field: 'url', issue: 'must be an https URL' }])
  await service.close()
})
