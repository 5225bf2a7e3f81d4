import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createWorld, videoBody } from '../test/world.ts'
import type { World } from '../test/world.ts'

/** The gateway's call API: what it was told, and the statuses of its next answers. */
const told: { readonly path: string; readonly body: unknown }[] = []
const statuses: number[] = []
let gateway: Server
let callUrl: string
let world: World

beforeEach(async () => {
  told.splice(0)
  statuses.splice(0)
  gateway = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      told.push({ path: request.url ?? '', body: JSON.parse(Buffer.concat(chunks).toString('utf8')) })
      response.writeHead(statuses.shift() ?? 200).end('{"charged":"1"}')
    })
  })
  await new Promise<void>((resolve) => {
    gateway.listen(0, '127.0.0.1', resolve)
  })
  callUrl = `http://127.0.0.1:${(gateway.address() as AddressInfo).port}/calls/t1`
  world = await createWorld({ refundFailed: true })
})

afterEach(async () => {
  await world.close()
  gateway.closeAllConnections()
  await new Promise((resolve) => {
    gateway.close(resolve)
  })
})

async function order(fields: Record<string, unknown> = {}): Promise<string> {
  const answer = await world.send('POST', '/v2/create_video_from_avatar', videoBody(fields), { 'tollgate-call': callUrl })
  expect(answer.headers.get('tollgate-price')).toBe('later')
  return String(answer.body.data?.['video_id'])
}

test('with refunds, the credits are charged when the video is completed', async () => {
  await world.until(await order({ voice: { voice_id: 'en-GB-SoniaNeural', script: 'x'.repeat(1441) } }), 'completed')
  await world.eventually(() => expect(told).toEqual([{ path: '/calls/t1/charge', body: { amount: '2.000' } }]))
})

test('with refunds, the credits are given back when the video fails', async () => {
  await world.until(await order({ avatar: { avatar_id: 140 } }), 'failed')
  await world.eventually(() => expect(told).toEqual([{ path: '/calls/t1/release', body: {} }]))
})

test('a gateway that does not hear is told again', async () => {
  statuses.push(503)
  await world.until(await order(), 'completed')
  await world.eventually(() => expect([told.length, world.clock.pending()]).toEqual([1, 1]))
  world.clock.advance(1_000)
  await world.eventually(() => expect(told).toHaveLength(2))
  expect(world.errors).toEqual([])
})

test('a gateway that never hears is reported, with the video', async () => {
  statuses.push(503, 503, 503, 503, 503, 503)
  const id = await order()
  await world.until(id, 'completed')
  for (let n = 0; n < 5; n++) {
    await world.eventually(() => expect([told.length, world.clock.pending()]).toEqual([n + 1, 1]))
    world.clock.advance(1_000 * 4 ** n)
  }
  await world.eventually(() => expect(world.errors).toMatchObject([{ error: { message: 'the gateway answered 503 to charge' }, where: id }]))
})

test('a call that is over at the gateway needs no second word', async () => {
  statuses.push(410)
  await world.until(await order(), 'completed')
  await world.eventually(() => expect(told).toHaveLength(1))
  expect([world.clock.pending(), world.errors]).toEqual([0, []])
})

test('without a call to settle the price is on the answer', async () => {
  const answer = await world.send('POST', '/v2/create_video_from_avatar', videoBody())
  expect(answer.headers.get('tollgate-price')).toBe('1.000')
})

test('without refunds a call needs no settling', async () => {
  const plain = await createWorld()
  const answer = await plain.send('POST', '/v2/create_video_from_avatar', videoBody(), { 'tollgate-call': callUrl })
  expect(answer.headers.get('tollgate-price')).toBe('1.000')
  await plain.until(String(answer.body.data?.['video_id']), 'completed')
  expect(told).toEqual([])
  await plain.close()
})

test('a call is settled on loopback only', async () => {
  const answer = await world.send('POST', '/v2/create_video_from_avatar', videoBody(), { 'tollgate-call': 'http://10.0.0.1:9092/calls/t1' })
  expect([answer.status, world.errors.length]).toEqual([500, 1])
})
