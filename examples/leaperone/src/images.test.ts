import { flush } from '@tollgate/example-parts/testing/manual-clock'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createWorld, imageBody, startMs } from '../test/world.ts'
import type { Data, World } from '../test/world.ts'

const IMAGES = '/v1/images/generations'
const DAY_MS = 24 * 60 * 60 * 1000
let world: World

beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.close())

const show = (id: string, account = 'leaper_studio') => world.send('GET', `${IMAGES}/${id}`, undefined, { 'tollgate-account': account })

test('an order is pending at once, then in work, then there, two seconds an image', async () => {
  const answer = await world.send('POST', IMAGES, imageBody({ number: 2 }))
  expect([answer.status, answer.headers.get('tollgate-price'), answer.body]).toEqual([200, null, { id: expect.stringMatching(/^img_[\da-f]{32}$/), status: 'pending' }])
  const id = String(answer.body['id'])
  const status = async () => (await show(id)).body['status']
  world.clock.advance(999)
  expect(await status()).toBe('pending')
  world.clock.advance(1)
  await world.eventually(async () => expect([await status(), world.clock.pending()]).toEqual(['processing', 1]))
  world.clock.advance(3_999)
  expect(await status()).toBe('processing')
  world.clock.advance(1)
  await flush()
  expect((await show(id)).body).toEqual({ id, status: 'completed', images: [0, 1].map((index) => ({ url: `${world.url}/media/${id}-${index}/image.svg` })) })
})

test('the images can be looked at by their address, and differ', async () => {
  const id = await world.order({ number: 2, size: '1536x1024', prompt: 'Ships & <script>' })
  expect((await world.send('GET', `/media/${id}-0/image.svg`)).status).toBe(404)
  await world.until(id, 'completed')
  const [first, second, none] = await Promise.all([0, 1, 2].map((index) => world.send('GET', `/media/${id}-${index}/image.svg`)))
  expect([first?.status, first?.headers.get('content-type'), none?.status]).toEqual([200, 'image/svg+xml', 404])
  expect(first?.text).toMatch(/^<svg [^>]*viewBox="0 0 1536 1024"/)
  expect(first?.text).toContain('<title>Ships &amp; &lt;script&gt;</title>')
  expect(second?.text).not.toBe(first?.text)
})

test('a task of thirty days is still served; a moment later it has expired, and its images are gone', async () => {
  const id = await world.order()
  await world.until(id, 'completed')
  world.clock.advance(startMs + 30 * DAY_MS - world.clock.wallMs())
  expect((await show(id)).status).toBe(200)
  world.clock.advance(1)
  expect([(await show(id)).status, (await show(id)).body]).toEqual([410, { title: 'Expired', status: 410, entry: 'resourceExpired' }])
  expect((await world.send('GET', `/media/${id}-0/image.svg`)).status).toBe(404)
  world.clock.advance(365 * DAY_MS)
  expect((await show(id)).status).toBe(410)
})

test('a stranger’s task is not there, whether it is new or has expired', async () => {
  const id = await world.order()
  const before = await show(id, 'somebody_else')
  world.clock.advance(31 * DAY_MS)
  const after = await show(id, 'somebody_else')
  const never = await show('img_00000000000000000000000000000000')
  expect([before, after, never].map(({ status, body }) => [status, body['entry']])).toEqual([404, 404, 404].map((status) => [status, 'notFound']))
})

test('tombstones of earlier runs are kept on disk, for their owner only', async () => {
  const id = 'img_0a1b2c3d4e5f60718293a4b5c6d7e8f9'
  expect([(await show(id)).status, (await show(id, 'somebody_else')).status]).toEqual([410, 404])
})

test('a tombstone that is damaged is a bare 500, for it says neither that there was a task nor that there was none', async () => {
  const answer = await show('img_ffeeddccbbaa99887766554433221100')
  expect([answer.status, answer.text, world.errors]).toEqual([500, '', [{ error: expect.objectContaining({ message: 'the tombstone of img_ffeeddccbbaa99887766554433221100 is damaged' }), where: 'req_1' }]])
})

test.each(['..', 'models.json', 'img_0A1B2C3D4E5F60718293A4B5C6D7E8F9', 'constructor', 'img_0a1b2c3d4e5f60718293a4b5c6d7e8f9.json'])('%s is no task', async (id) => {
  expect((await world.send('GET', `${IMAGES}/${id.replaceAll('.', '%2E')}`)).status).toBe(404)
  expect((await show(id)).status).toBe(404)
})

test('the price is held when the order is accepted, and charged when the images are there', async () => {
  const answer = await world.send('POST', IMAGES, imageBody({ number: 3 }), { 'tollgate-call': world.gateway.call('c1') })
  expect(answer.headers.get('tollgate-price')).toBe('later')
  expect(world.gateway.told).toEqual([])
  await world.until(String(answer.body['id']), 'completed')
  await world.eventually(() => expect(world.gateway.told).toEqual([{ path: 'c1/charge', body: { amount: '1.500000' } }]))
})

test('images that cannot be painted cost nothing: all that was held goes back', async () => {
  const id = await world.order({ prompt: 'What is in the attic', callbackUrl: world.receiver.url }, { 'tollgate-call': world.gateway.call('c2') })
  expect(await world.until(id, 'failed')).toEqual({ id, status: 'failed', images: [], error: 'the images could not be painted; they cost nothing' })
  await world.eventually(() => expect([world.gateway.told, world.receiver.received.length]).toEqual([[{ path: 'c2/release', body: {} }], 1]))
  expect(JSON.parse(world.receiver.received[0]?.body ?? '')).toEqual({ id, status: 'failed', error: 'the images could not be painted; they cost nothing' })
  expect(world.errors).toEqual([{ error: expect.objectContaining({ message: 'the theme attic is damaged or lost' }), where: id }])
})

test('a gateway that does not hear is told again', async () => {
  world.gateway.statuses.set('charge', 503)
  const id = await world.order({}, { 'tollgate-call': world.gateway.call('c3') })
  await world.until(id, 'completed')
  await world.eventually(() => expect([world.gateway.told.length, world.clock.nextInMs()]).toEqual([1, 1_000]))
  world.gateway.statuses.clear()
  world.clock.advance(1_000)
  await world.eventually(() => expect(world.gateway.told).toHaveLength(2))
})

test('a callback is told the images with their ids', async () => {
  const id = await world.order({ callbackUrl: world.receiver.url })
  await world.until(id, 'completed')
  await world.eventually(() => expect(world.receiver.received).toHaveLength(1))
  expect(JSON.parse(world.receiver.received[0]?.body ?? '')).toEqual({ id, status: 'completed', images: [{ id: `${id}-0`, url: `${world.url}/media/${id}-0/image.svg` }] })
})

test('a callback that fails is tried five times more, after 2, 4, 8, 16 and 30 seconds, with the same bytes', async () => {
  world.receiver.statuses.push(500, 500, 302, 404, 500, 503)
  await world.order({ callbackUrl: world.receiver.url }).then((id) => world.until(id, 'completed'))
  for (const [at, seconds] of [2, 4, 8, 16, 30].entries()) {
    await world.eventually(() => expect([world.receiver.received.length, world.clock.nextInMs()]).toEqual([at + 1, seconds * 1000]))
    world.clock.advance(seconds * 1000 - 1)
    await flush()
    expect(world.receiver.received).toHaveLength(at + 1)
    world.clock.advance(1)
  }
  await world.eventually(() => expect([world.receiver.received.length, world.clock.pending()]).toEqual([6, 0]))
  expect(new Set(world.receiver.received.map(({ body }) => body)).size).toBe(1)
})

test('a callback that does not answer within ten seconds has failed', async () => {
  world.receiver.statuses.push(0)
  await world.order({ callbackUrl: world.receiver.url }).then((id) => world.until(id, 'completed'))
  await world.eventually(() => expect(world.receiver.received).toHaveLength(1))
  world.clock.advance(9_999)
  await flush()
  world.clock.advance(1)
  await world.eventually(() => expect(world.clock.nextInMs()).toBe(2_000))
  world.clock.advance(2_000)
  await world.eventually(() => expect([world.receiver.received.length, world.clock.pending()]).toEqual([2, 0]))
})

test.each<[Data, string, string]>([
  [{ callbackUrl: 'http://example.com/hook' }, 'callbackUrl', 'must be an https URL'],
  [{ callbackUrl: 'https://192.168.0.1/hook' }, 'callbackUrl', 'must be reachable from the internet'],
  [{ referenceImages: ['https://example.com/a.png', 'https://[::1]/b.png'] }, 'referenceImages.1', 'must be reachable from the internet'],
])('%o is refused, and no task is made', async (fields, field, issue) => {
  const answer = await world.send('POST', IMAGES, imageBody(fields))
  expect([answer.status, answer.body, world.clock.pending()]).toMatchObject([400, { entry: 'invalidRequest', field, issue }, 0])
})

test('a chat model paints no images', async () => {
  expect((await world.send('POST', IMAGES, imageBody({ model: 'gpt-5' }))).body).toMatchObject({ entry: 'modelNotFound', field: 'model' })
})
