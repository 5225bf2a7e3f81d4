import { createHmac } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createWorld, startMs, videoBody } from '../test/world.ts'
import type { Data, World } from '../test/world.ts'
import { retryDelaysMs } from './deliveries.ts'
import { createJoggService } from './service.ts'

let world: World

beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.close())

const bothEvents = ['generated_avatar_video_success', 'generated_avatar_video_failed']

async function addEndpoint(fields: Data = {}, headers: Record<string, string> = {}): Promise<Data> {
  const answer = await world.send('POST', '/v2/endpoint', { url: world.receiver.url, events: bothEvents, ...fields }, headers)
  if (answer.body.data == null) throw new Error(`no endpoint was added: ${answer.text}`)
  return answer.body.data
}

interface LoggedDelivery extends Data {
  readonly attempts: readonly Data[]
  readonly next_attempt_at: number | null
}

async function log(endpoint: Data): Promise<readonly LoggedDelivery[]> {
  const { body } = await world.send('GET', `/v2/endpoint/${String(endpoint['endpoint_id'])}/deliveries`)
  return (body.data?.['deliveries'] ?? []) as readonly LoggedDelivery[]
}

/** Waits until the last attempt is in the log and the next one is due, then lets that time pass. */
async function retryAfter(endpoint: Data, attempts: number, ms: number): Promise<void> {
  await world.eventually(async () => {
    const [delivery] = await log(endpoint)
    expect([delivery?.attempts.length, delivery?.next_attempt_at]).toEqual([attempts, Math.floor((world.clock.wallMs() + ms) / 1000)])
    expect(world.clock.pending()).toBe(1)
  })
  world.clock.advance(ms)
}

test('an endpoint is added with a secret of its own, listed, and deleted', async () => {
  const endpoint = await addEndpoint({ events: ['generated_avatar_video_success'] }, { 'tollgate-user': 'johndoe' })
  expect(endpoint).toEqual({
    endpoint_id: expect.stringMatching(/^wh_[\da-f]{24}$/),
    url: world.receiver.url,
    secret: expect.stringMatching(/^whsec_[\da-f]{48}$/),
    status: 'enabled',
    events: ['generated_avatar_video_success'],
    username: 'johndoe',
    created_at: startMs / 1000,
  })
  expect((await world.send('GET', '/v2/endpoints')).body.data).toEqual({ endpoints: [endpoint] })
  expect((await world.send('DELETE', `/v2/endpoint/${String(endpoint['endpoint_id'])}`)).body).toEqual({ code: 0, msg: 'Success', data: null })
  expect((await world.send('GET', '/v2/endpoints')).body.data).toEqual({ endpoints: [] })
})

test('an account may have twenty endpoints; the next is refused until one is deleted', async () => {
  const endpoints: Data[] = []
  for (let n = 0; n < 20; n++) endpoints.push(await addEndpoint())
  const refused = await world.send('POST', '/v2/endpoint', { url: world.receiver.url, events: bothEvents })
  expect([refused.status, refused.body]).toMatchObject([400, { entry: 'parameterError', issue: 'there are 20 webhook endpoints already, and no more are allowed' }])
  await addEndpoint({}, { 'tollgate-account': 'studio_2' })
  await world.send('DELETE', `/v2/endpoint/${String(endpoints[0]?.['endpoint_id'])}`)
  await addEndpoint()
})

test('another account can neither see nor delete an endpoint', async () => {
  const stranger = { 'tollgate-account': 'studio_2' }
  const path = `/v2/endpoint/${String((await addEndpoint())['endpoint_id'])}`
  expect((await world.send('GET', '/v2/endpoints', undefined, stranger)).body.data).toEqual({ endpoints: [] })
  expect((await world.send('GET', `${path}/deliveries`, undefined, stranger)).status).toBe(404)
  expect((await world.send('DELETE', path, undefined, stranger)).status).toBe(404)
  expect((await world.send('DELETE', path)).status).toBe(200)
})

test('a completed video is told to the endpoint, with a signature over the very bytes', async () => {
  const endpoint = await addEndpoint()
  const id = await world.order()
  const video = await world.until(id, 'completed')
  await world.eventually(() => expect(world.receiver.received).toHaveLength(1))
  const [{ headers, body } = { headers: {}, body: '' }] = world.receiver.received
  expect(headers).toMatchObject({ 'content-type': 'application/json', 'x-webhook-signature': createHmac('sha256', String(endpoint['secret'])).update(body).digest('hex') })
  expect(JSON.parse(body)).toEqual({ event_id: expect.stringMatching(/^evt_[\da-f]{32}$/), event: 'generated_avatar_video_success', timestamp: world.clock.wallMs() / 1000, data: video })
  await world.eventually(async () => expect(await log(endpoint)).toMatchObject([{ status: 'delivered', attempts: [{ http_status: 200, error: null }], next_attempt_at: null }]))
  expect(world.clock.pending()).toBe(0)
})

test('a failed video is told as failed, with the reason', async () => {
  await addEndpoint()
  const id = await world.order({ avatar: { avatar_id: 140 } })
  await world.until(id, 'failed')
  await world.eventually(() => expect(world.receiver.received).toHaveLength(1))
  expect(JSON.parse(world.receiver.received[0]?.body ?? '')).toMatchObject({ event: 'generated_avatar_video_failed', data: { video_id: id, status: 'failed', error_msg: 'avatar 140 cannot be drawn: its asset is damaged' } })
})

test('endpoints that are disabled, want other events or belong to others are told nothing', async () => {
  const told = await addEndpoint()
  const untold = [await addEndpoint({ status: 'disabled' }), await addEndpoint({ events: ['generated_avatar_video_failed'] })]
  await addEndpoint({}, { 'tollgate-account': 'studio_2' })
  await world.until(await world.order(), 'completed')
  await world.eventually(async () => expect(await log(told)).toMatchObject([{ status: 'delivered' }]))
  expect(await Promise.all(untold.map(log))).toEqual([[], []])
  expect(world.receiver.received).toHaveLength(1)
})

test('the webhook of an order is told too, signed with the secret that the order was answered with', async () => {
  const answer = await world.send('POST', '/v2/create_video_from_avatar', videoBody({ webhook_url: world.receiver.url }))
  await world.until(String(answer.body.data?.['video_id']), 'completed')
  await world.eventually(() => expect(world.receiver.received).toHaveLength(1))
  const [{ headers, body } = { headers: {}, body: '' }] = world.receiver.received
  expect(headers).toMatchObject({ 'x-webhook-signature': createHmac('sha256', String(answer.body.data?.['webhook_secret'])).update(body).digest('hex') })
})

test('a receiver that fails gets the same bytes again after growing pauses, until it takes them', async () => {
  const endpoint = await addEndpoint()
  world.receiver.statuses.push(500, 302)
  await world.until(await world.order(), 'completed')
  await retryAfter(endpoint, 1, 5_000)
  await retryAfter(endpoint, 2, 25_000)
  await world.eventually(async () => expect(await log(endpoint)).toMatchObject([{ status: 'delivered', attempts: [{ http_status: 500 }, { http_status: 302 }, { http_status: 200 }] }]))
  expect(new Set(world.receiver.received.map(({ headers, body }) => `${String(headers['x-webhook-signature'])} ${body}`)).size).toBe(1)
  expect(world.receiver.received).toHaveLength(3)
})

test('a receiver that takes longer than five seconds has not received', async () => {
  const endpoint = await addEndpoint()
  world.receiver.statuses.push(0)
  await world.until(await world.order(), 'completed')
  await world.eventually(() => expect(world.receiver.received).toHaveLength(1))
  world.clock.advance(5_000)
  await retryAfter(endpoint, 1, 5_000)
  await world.eventually(async () => expect(await log(endpoint)).toMatchObject([{ status: 'delivered', attempts: [{ http_status: null, error: 'timeout' }, { http_status: 200 }] }]))
})

test('a receiver that never takes it is given up after six attempts within about an hour', async () => {
  const endpoint = await addEndpoint()
  world.receiver.statuses.push(500, 500, 500, 500, 500, 500)
  await world.until(await world.order(), 'completed')
  for (const [n, ms] of retryDelaysMs.entries()) await retryAfter(endpoint, n + 1, ms)
  await world.eventually(async () => expect(await log(endpoint)).toMatchObject([{ status: 'failed', next_attempt_at: null }]))
  expect([world.receiver.received.length, world.clock.pending()]).toEqual([6, 0])
  expect(retryDelaysMs.reduce((sum, ms) => sum + ms)).toBe(3_905_000)
})

test('after an endpoint is deleted nothing more is sent to it', async () => {
  const endpoint = await addEndpoint()
  world.receiver.statuses.push(500)
  await world.until(await world.order(), 'completed')
  await world.eventually(async () => expect((await log(endpoint))[0]?.next_attempt_at).toBeTypeOf('number'))
  await world.send('DELETE', `/v2/endpoint/${String(endpoint['endpoint_id'])}`)
  world.clock.advance(5_000_000)
  await world.eventually(() => expect(world.clock.pending()).toBe(0))
  expect(world.receiver.received).toHaveLength(1)
})

test('the log of an endpoint keeps the last fifty deliveries', async () => {
  const endpoint = await addEndpoint()
  for (let n = 0; n < 51; n++) await world.order({ avatar: { avatar_id: 140 } })
  // Each is picked up now, and fails without taking any more time.
  world.clock.advance(1_000)
  await world.eventually(() => expect(world.receiver.received).toHaveLength(51))
  expect(await log(endpoint)).toHaveLength(50)
})

test.each(['https://10.0.0.1/hook', 'https://localhost/hook', 'http://example.com/hook', 'hook'])('the address %s is refused, for an endpoint and for an order', async (address) => {
  const forEndpoint = await world.send('POST', '/v2/endpoint', { url: address, events: bothEvents })
  expect([forEndpoint.status, forEndpoint.body]).toMatchObject([400, { entry: 'parameterError', field: 'url', issue: expect.stringMatching(/^must /) }])
  const forOrder = await world.send('POST', '/v2/create_video_from_avatar', videoBody({ webhook_url: address }))
  expect([forOrder.status, forOrder.body]).toMatchObject([400, { entry: 'parameterError', field: 'webhook_url' }])
})

test('by default loopback is refused like every private address', async () => {
  const strict = createJoggService()
  const { url } = await strict.listen(0)
  const answer = await fetch(`${url}/v2/endpoint`, { method: 'POST', body: JSON.stringify({ url: world.receiver.url, events: bothEvents }) })
  expect(await answer.json()).toMatchObject({ entry: 'parameterError', field: 'url', issue: 'must be an https URL' })
  await strict.close()
})
