/** Image tasks and recordings of LEAPERone behind the gateway: their lives, their callbacks, their prices. */
import { createReceiver } from '@tollgate/example-parts/testing/receiver'
import type { Receiver } from '@tollgate/example-parts/testing/receiver'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { hello, morseWav } from '../../examples/leaperone/test/morse-wav.ts'
import { createWorld } from './leaperone-world.ts'
import type { Caller, World } from './leaperone-world.ts'

let world: World
let caller: Caller
let receiver: Receiver
beforeEach(async () => {
  world = await createWorld()
  caller = await world.addCaller('10')
  receiver = await createReceiver()
})
afterEach(async () => {
  await world.close()
  await receiver.close()
})

const CREDIT = 1_000_000
const DAY_MS = 86_400_000
const MEBIBYTE = 1024 * 1024

interface Task {
  readonly id: string
  readonly status: string
  readonly images?: readonly { readonly url: string }[]
}

async function ordered(prompt: string, fields: object = {}): Promise<Task> {
  const { status, text } = await world.order(caller.key, prompt, fields)
  expect(status).toBe(200)
  return JSON.parse(text) as Task
}

async function shown(id: string, key = caller.key): Promise<Task> {
  return JSON.parse((await world.send(key, 'GET', `/v1/images/generations/${id}`)).text) as Task
}

async function until(id: string, status: string): Promise<Task> {
  await world.whileTimePasses(expect.poll(async () => (await shown(id)).status, { interval: 5 }).toBe(status))
  return shown(id)
}

async function movements(): Promise<readonly string[]> {
  return (await caller.ledger()).slice(1).map(({ kind, units, reason }) => `${kind} ${units} ${reason}`)
}

test('a task goes from pending to completed: held at its making, charged at its end, and the callback is told', async () => {
  const { id, status } = await ordered('A harbour before the rain', { number: 2, callbackUrl: receiver.url })
  expect(status).toBe('pending')
  expect(await shown(id)).toEqual({ id, status: 'pending', images: [] })
  expect(await caller.money()).toEqual({ available: 9 * CREDIT, held: CREDIT })

  world.clock.advance(1_000)
  expect(await shown(id)).toEqual({ id, status: 'processing', images: [] })
  expect(await caller.money()).toEqual({ available: 9 * CREDIT, held: CREDIT })

  const { images = [] } = await until(id, 'completed')
  await expect.poll(() => caller.money()).toEqual({ available: 9 * CREDIT, held: 0 })
  expect(await movements()).toEqual(['hold 1000000 request', 'settle 1000000 price'])
  await expect.poll(() => receiver.received).toHaveLength(1)
  expect(JSON.parse(receiver.received[0]?.body ?? '')).toEqual({ id, status: 'completed', images: images.map(({ url }, at) => ({ id: `${id}-${at}`, url })) })

  // The pictures are public, for whoever knows their address.
  for (const { url } of images) {
    const picture = await fetch(url)
    expect([picture.status, picture.headers.get('content-type'), picture.headers.get('x-ratelimit-limit')]).toEqual([200, 'image/svg+xml', '120'])
    expect(await picture.text()).toMatch(/^<svg /)
  }
})

test('a task that fails gives its credits back, and says so', async () => {
  const { id } = await ordered('The attic at noon', { number: 4, callbackUrl: receiver.url })
  expect(await caller.money()).toEqual({ available: 8 * CREDIT, held: 2 * CREDIT })
  const error = 'the images could not be painted; they cost nothing'
  expect(await until(id, 'failed')).toEqual({ id, status: 'failed', images: [], error })
  await expect.poll(() => caller.money()).toEqual({ available: 10 * CREDIT, held: 0 })
  expect(await movements()).toEqual(['hold 2000000 request', 'release 2000000 released by the service'])
  await expect.poll(() => receiver.received).toHaveLength(1)
  expect(JSON.parse(receiver.received[0]?.body ?? '')).toEqual({ id, status: 'failed', error })
})

test('an order that cannot be paid for makes no task', async () => {
  const poor = await world.addCaller('0.4')
  const { status } = await world.order(poor.key, 'A harbour', { callbackUrl: receiver.url })
  expect(status).toBe(402)
  world.clock.advance(60_000)
  expect([await poor.money(), receiver.received]).toEqual([{ available: 400_000, held: 0 }, []])
})

test('an order that the service refuses costs nothing', async () => {
  for (const callbackUrl of ['http://example.com/hook', 'https://10.0.0.1/hook', 'https://localhost/hook', 'nowhere']) {
    expect((await world.order(caller.key, 'A harbour', { callbackUrl })).status).toBe(400)
  }
  expect(await caller.money()).toEqual({ available: 10 * CREDIT, held: 0 })
})

test('a callback that does not listen is told five times more, and the money does not wait for it', async () => {
  receiver.statuses.push(500, 500, 302, 500, 500, 500, 500)
  const { id } = await ordered('A harbour before the rain', { callbackUrl: receiver.url })
  await until(id, 'completed')
  await expect.poll(() => caller.money()).toEqual({ available: 9.5 * CREDIT, held: 0 })
  await world.whileTimePasses(expect.poll(() => receiver.received.length).toBe(6))
  world.clock.advance(10 * 60_000)
  expect(receiver.received).toHaveLength(6)
})

test('a task is there for exactly thirty days, and gone a millisecond later; to others it never was', async () => {
  const other = await world.addCaller('10')
  const { id } = await ordered('A harbour before the rain')
  const madeAtMs = world.clock.wallMs()
  await until(id, 'completed')
  await expect.poll(async () => (await caller.money()).held).toBe(0)

  world.clock.advance(madeAtMs + 30 * DAY_MS - world.clock.wallMs())
  expect(await shown(id)).toMatchObject({ id, status: 'completed' })
  world.clock.advance(1)
  const gone = await world.send(caller.key, 'GET', `/v1/images/generations/${id}`)
  expect([gone.status, JSON.parse(gone.text)]).toEqual([410, { error: { message: 'This resource has expired.', type: 'not_found_error', code: 'resource_expired' } }])
  const foreign = await world.send(other.key, 'GET', `/v1/images/generations/${id}`)
  expect([foreign.status, JSON.parse(foreign.text)]).toEqual([404, { error: { message: 'Not found.', type: 'not_found_error', code: 'not_found' } }])
  const picture = await world.send(undefined, 'GET', `/media/${id}-0/image.svg`)
  expect(picture.status).toBe(404)
})

test('another key of the account sees its task, another account does not', async () => {
  const { id } = await ordered('A harbour before the rain')
  expect(await shown(id, await caller.addKey({ userId: 'colleague' }))).toMatchObject({ status: 'pending' })
  const other = await world.addCaller('10')
  expect((await world.send(other.key, 'GET', `/v1/images/generations/${id}`)).status).toBe(404)
})

/** With so many seconds of sound after HELLO, 8000 bytes each. */
function recording(seconds: number): Buffer {
  const spoken = morseWav(hello, { tailSeconds: 0 })
  return morseWav(hello, { tailSeconds: seconds - (spoken.length - 44) / 8_000 })
}

function upload(file: Buffer, model = 'whisper-1') {
  const form = new FormData()
  form.append('model', model)
  form.append('file', new Blob([new Uint8Array(file)]), 'hello.wav')
  return world.send(caller.key, 'POST', '/v1/audio/transcriptions', form)
}

test.each([
  [60, 6_000],
  [60.001, 12_000],
  [180, 18_000],
])('a recording of %d seconds costs %d millionths of a credit: by the started minute', async (seconds, cost) => {
  const { status, text } = await upload(recording(seconds))
  expect([status, JSON.parse(text)]).toMatchObject([200, { text: 'HELLO' }])
  expect(await caller.money()).toEqual({ available: 10 * CREDIT - cost, held: 0 })
  expect(await movements()).toEqual(['hold 330000 request', `settle ${cost} price`, `release ${330_000 - cost} price`])
})

test('25 MB are heard and cost all that is held for a recording; one byte more is refused and costs nothing', async () => {
  const large = Buffer.concat([morseWav(hello), Buffer.alloc(25 * MEBIBYTE)])
  expect((await upload(large.subarray(0, 25 * MEBIBYTE))).status).toBe(200)
  const before = await caller.money()
  const refused = await upload(large.subarray(0, 25 * MEBIBYTE + 1))
  expect([refused.status, JSON.parse(refused.text)]).toMatchObject([400, { error: { message: 'Invalid request: file must be at most 25 MB.', code: 'invalid_request' } }])
  expect(await caller.money()).toEqual(before)
})

test('a body beyond what any recording needs is not let through', async () => {
  const refused = await upload(Buffer.alloc(27 * MEBIBYTE))
  expect([refused.status, JSON.parse(refused.text)]).toMatchObject([400, { error: { type: 'invalid_request_error', code: 'invalid_request' } }])
  expect(await caller.money()).toEqual({ available: 10 * CREDIT, held: 0 })
})

test('an upload without a file, or for a model that hears nothing, costs nothing', async () => {
  const form = new FormData()
  form.append('model', 'whisper-1')
  const empty = await world.send(caller.key, 'POST', '/v1/audio/transcriptions', form)
  expect([empty.status, JSON.parse(empty.text)]).toMatchObject([400, { error: { code: 'missing_required_field', message: 'Missing required field: file.' } }])
  const deaf = await upload(morseWav(hello), 'gpt-5')
  expect([deaf.status, JSON.parse(deaf.text)]).toMatchObject([400, { error: { code: 'model_not_found' } }])
  expect(await caller.money()).toEqual({ available: 10 * CREDIT, held: 0 })
})
