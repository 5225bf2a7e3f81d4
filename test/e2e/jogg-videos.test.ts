/** A video of JoggAI from its order to its end, and the webhooks that are told: through the gateway, over real sockets, with the clock in the test's hand. */
import { createHmac } from 'node:crypto'
import { createReceiver } from '@tollgate/example-parts/testing/receiver'
import type { Receiver } from '@tollgate/example-parts/testing/receiver'
import { joggKeys } from '@tollgate/example-playground'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { codeOf, createWorld, dataOf, scriptOf } from './jogg-world.ts'
import type { Studio, World } from './jogg-world.ts'

let world: World
let receiver: Receiver
let studio: Studio
beforeEach(async () => {
  world = await createWorld()
  receiver = await createReceiver()
  studio = await world.addStudio('20')
})
afterEach(async () => {
  await world.close()
  await receiver.close()
})

async function look(id: unknown) {
  return dataOf(await world.send(studio.key, 'GET', `/v2/avatar_video/${String(id)}`))
}

async function untilEnded(id: unknown): Promise<void> {
  await world.untilTrue(async () => expect(['completed', 'failed']).toContain((await look(id))['status']))
}

/** What the receiver reckons itself, from the secret that it was given. */
function signatureOf(secret: unknown, body: string): string {
  return createHmac('sha256', String(secret)).update(body).digest('hex')
}

test('an ordered video waits, is worked on, and is completed; its progress follows the clock', async () => {
  const { video_id: id } = dataOf(await world.order(studio.key, scriptOf(900)))
  expect(await look(id)).toMatchObject({ status: 'queued', progress: 0, video_url: null })
  world.clock.advance(1_000)
  expect(await look(id)).toMatchObject({ status: 'processing', progress: 0 })
  // 75 seconds of film take 7.5 to render.
  world.clock.advance(3_000)
  expect(await look(id)).toMatchObject({ status: 'processing', progress: 40, duration_seconds: 75 })
  await untilEnded(id)
  expect(await look(id)).toMatchObject({ status: 'completed', progress: 100, error_msg: null })
})

test('whoever knows the address of a video sees it without a key; of others there is nothing to see', async () => {
  const { video_id: id } = dataOf(await world.order(studio.key, scriptOf(60)))
  const early = await world.send(undefined, 'GET', `/media/${String(id)}/video.svg`)
  expect(codeOf(early)).toEqual([404, 10_104])
  await untilEnded(id)
  for (const address of [(await look(id))['video_url'], (await look(id))['cover_url']]) {
    const picture = await fetch(String(address))
    expect([picture.status, picture.headers.get('content-type'), picture.headers.get('content-security-policy')]).toEqual([200, 'image/svg+xml', "default-src 'none'; sandbox"])
    expect(await picture.text()).toContain('</svg>')
  }
  expect(codeOf(await world.send(undefined, 'GET', '/media/video_00000000000000000000000000000000/video.svg'))).toEqual([404, 10_104])
})

test('the webhook of an order is told with a signature, and again with the same bytes after it failed', async () => {
  receiver.statuses.push(500)
  const { video_id: id, webhook_secret: secret } = dataOf(await world.order(studio.key, { ...scriptOf(60), webhook_url: receiver.url }))
  await world.untilTrue(() => expect(receiver.received).toHaveLength(2))
  const [first, second] = receiver.received
  expect(first?.body).toBe(second?.body)
  const body = first?.body ?? ''
  for (const told of receiver.received) expect(told.headers).toMatchObject({ 'content-type': 'application/json', 'x-webhook-signature': signatureOf(secret, body) })
  const event = JSON.parse(body) as { readonly [name: string]: unknown }
  expect(event).toEqual({ event_id: expect.stringMatching(/^evt_[\da-f]{32}$/), event: 'generated_avatar_video_success', timestamp: expect.any(Number), data: await look(id) })
})

test('a registered webhook is told what it asked for, with its own secret; its deliveries can be read', async () => {
  const failures = { url: receiver.url, events: ['generated_avatar_video_failed'] }
  const { endpoint_id: endpoint, secret } = dataOf(await world.send(studio.key, 'POST', '/v2/endpoint', failures))
  receiver.statuses.push(500)
  const good = dataOf(await world.order(studio.key, scriptOf(60)))
  const bad = dataOf(await world.order(studio.key, { ...scriptOf(60), avatar: { avatar_id: 140 } }))
  await untilEnded(good['video_id'])
  await world.untilTrue(() => expect(receiver.received).toHaveLength(2))
  const body = receiver.received[1]?.body ?? ''
  expect(receiver.received[1]?.headers['x-webhook-signature']).toBe(signatureOf(secret, body))
  expect(JSON.parse(body)).toMatchObject({ event: 'generated_avatar_video_failed', data: { video_id: bad['video_id'], status: 'failed' } })

  const path = `/v2/endpoint/${String(endpoint)}/deliveries`
  await world.untilTrue(async () => {
    const { deliveries } = dataOf(await world.send(studio.key, 'GET', path))
    expect(deliveries).toMatchObject([{ event: 'generated_avatar_video_failed', status: 'delivered', attempts: [{ http_status: 500 }, { http_status: 200 }] }])
  })
  expect(codeOf(await world.send(joggKeys.stranger, 'GET', path))).toEqual([404, 10_104])
})

test('a webhook that was deleted is told nothing', async () => {
  const wanted = { url: receiver.url, events: ['generated_avatar_video_success'] }
  const { endpoint_id: endpoint } = dataOf(await world.send(studio.key, 'POST', '/v2/endpoint', wanted))
  expect(codeOf(await world.send(joggKeys.stranger, 'DELETE', `/v2/endpoint/${String(endpoint)}`))).toEqual([404, 10_104])
  expect(codeOf(await world.send(studio.key, 'DELETE', `/v2/endpoint/${String(endpoint)}`))).toEqual([200, 0])
  const { video_id: id } = dataOf(await world.order(studio.key, scriptOf(60)))
  await untilEnded(id)
  expect(dataOf(await world.send(studio.key, 'GET', '/v2/endpoints'))).toEqual({ endpoints: [] })
  expect(receiver.received).toEqual([])
})

test('a video of another account is not there', async () => {
  const { video_id: id } = dataOf(await world.order(studio.key, scriptOf(60)))
  const foreign = await world.send(joggKeys.stranger, 'GET', `/v2/avatar_video/${String(id)}`)
  expect([foreign.status, foreign.text]).toEqual([404, '{"code":10104,"msg":"Record not found","data":null}'])
})
