import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createManualClock } from './testing/manual-clock.ts'
import { createReceiver } from './testing/receiver.ts'
import type { Receiver } from './testing/receiver.ts'
import { systemClock } from './clock.ts'
import { createOutbound } from './outbound.ts'
import type { OutboundOptions } from './outbound.ts'

let receiver: Receiver

beforeEach(async () => {
  receiver = await createReceiver()
})
afterEach(() => receiver.close())

function outbound(options: Partial<OutboundOptions> = {}) {
  return createOutbound({ clock: systemClock, allowLoopback: true, deadlineMs: 5_000, ...options })
}

function post(url: string) {
  return { url, method: 'POST', headers: {}, body: '{}', bytesMax: 0 } as const
}

test.each([
  ['https://example.com/hook', undefined],
  ['https://8.8.8.8/hook', undefined],
  ['http://example.com/hook', 'must be an https URL'],
  ['ftp://example.com/', 'must be an https URL'],
  ['example.com', 'must be a URL'],
  ['https://user:secret@example.com/', 'must not contain credentials'],
  ['https://127.0.0.1/', 'must be reachable from the internet'],
  ['https://2130706433/', 'must be reachable from the internet'],
  ['https://0x7f.1/', 'must be reachable from the internet'],
  ['https://169.254.169.254/latest/meta-data', 'must be reachable from the internet'],
  ['https://[::1]/', 'must be reachable from the internet'],
  ['https://[::ffff:10.0.0.1]/', 'must be reachable from the internet'],
  ['https://localhost/', 'must be reachable from the internet'],
  ['https://intranet/', 'must be reachable from the internet'],
  ['https://db.internal/', 'must be reachable from the internet'],
  ['https://app.localhost./', 'must be reachable from the internet'],
])('of the address %s is said: %s', (url, issue) => {
  expect(outbound({ allowLoopback: false }).refuse(url)).toBe(issue)
})

test('loopback over http is refused unless it is allowed', async () => {
  expect(outbound({ allowLoopback: false }).refuse(receiver.url)).toBe('must be an https URL')
  expect(await outbound({ allowLoopback: false }).send(post(receiver.url))).toEqual({ ok: false, because: 'unreachable' })
  expect(outbound().refuse(receiver.url)).toBeUndefined()
  expect(outbound().refuse('http://127.0.0.2:80/')).toBe('must be an https URL')
  expect(receiver.received).toEqual([])
})

test('what is sent arrives, and the answer is read as far as it is of interest', async () => {
  receiver.file = Buffer.from('0123456789')
  expect(await outbound().send(post(receiver.url))).toEqual({ ok: true, status: 200, body: Buffer.alloc(0) })
  expect(await outbound().send({ url: receiver.url, method: 'GET', headers: {}, bytesMax: 4 })).toEqual({ ok: true, status: 200, body: Buffer.from('0123') })
  expect(receiver.received[0]?.body).toBe('{}')
})

test.each([
  ['a private address', [{ address: '10.0.0.7', family: 4 }]],
  ['a private address beside a public one', [{ address: '93.184.215.14', family: 4 }, { address: '127.0.0.1', family: 4 }]],
  ['no address', []],
])('a name that has %s is never connected to', async (_, addresses) => {
  const connected: unknown[] = []
  const bait = createServer((socket) => connected.push(socket.destroy())).listen(0, '127.0.0.1')
  await new Promise((resolve) => {
    bait.once('listening', resolve)
  })
  const { port } = bait.address() as AddressInfo
  expect(await outbound({ resolve: async () => addresses }).send(post(`https://rebound.example:${port}/`))).toEqual({ ok: false, because: 'unreachable' })
  expect(connected).toEqual([])
  bait.close()
})

test('a name is resolved once for each request, so that what was checked is what is connected to', async () => {
  const asked: string[] = []
  const resolve = async (hostname: string) => {
    asked.push(hostname)
    return [{ address: '192.168.0.1', family: 4 }]
  }
  await outbound({ resolve }).send(post('https://rebound.example/'))
  expect(asked).toEqual(['rebound.example'])
})

test('a redirect is an answer, and is not followed', async () => {
  receiver.statuses.push(302)
  expect(await outbound().send(post(receiver.url))).toMatchObject({ ok: true, status: 302 })
  expect(receiver.received).toHaveLength(1)
})

test('a receiver that never answers is given up at the deadline', async () => {
  receiver.statuses.push(0)
  const clock = createManualClock(0)
  const answer = outbound({ clock }).send(post(receiver.url))
  await expect.poll(() => receiver.received.length).toBe(1)
  clock.advance(4_999)
  expect(await Promise.race([answer, 'still waiting'])).toBe('still waiting')
  clock.advance(1)
  expect(await answer).toEqual({ ok: false, because: 'timeout' })
})

test('a name that takes too long to resolve is given up at the deadline', async () => {
  const clock = createManualClock(0)
  const answer = outbound({ clock, resolve: () => new Promise(() => {}) }).send(post('https://slow.example/'))
  clock.advance(5_000)
  expect(await answer).toEqual({ ok: false, because: 'timeout' })
})

test('after an answer no timer is left', async () => {
  const clock = createManualClock(0)
  await outbound({ clock }).send(post(receiver.url))
  expect(clock.pending()).toBe(0)
})

test('a closed port is unreachable', async () => {
  await receiver.close()
  expect(await outbound().send(post(receiver.url))).toEqual({ ok: false, because: 'unreachable' })
})
