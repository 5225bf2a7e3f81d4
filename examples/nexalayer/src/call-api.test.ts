import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createFakeGateway } from '../test/fake-gateway.ts'
import type { FakeGateway } from '../test/fake-gateway.ts'
import { createCallApi } from './call-api.ts'

let gateway: FakeGateway
beforeAll(async () => (gateway = await createFakeGateway()))
beforeEach(() => {
  gateway.told.splice(0)
  gateway.statuses.clear()
})
afterAll(() => gateway.close())

test('each action is one request with exactly its facts', async () => {
  const call = createCallApi(gateway.call('tok'))
  const done = [
    await call.bindLease('ses_1'),
    await call.renewLease('ses_1', Date.UTC(2026, 11, 21)),
    await call.charge('0.25'),
    await call.endLease('ses_1'),
    await call.release(),
  ]
  expect(done).toEqual([true, true, true, true, true])
  expect(gateway.told).toEqual([
    { path: 'tok/lease', body: { id: 'ses_1', expiresAt: null } },
    { path: 'tok/renew', body: { lease: 'ses_1', expiresAt: '2026-12-21T00:00:00.000Z' } },
    { path: 'tok/charge', body: { amount: '0.25' } },
    { path: 'tok/release', body: { lease: 'ses_1' } },
    { path: 'tok/release', body: {} },
  ])
})

test.each([404, 410])('%d means that there is nothing left to act on', async (status) => {
  gateway.statuses.set('charge', status)
  expect(await createCallApi(gateway.call('tok')).charge('1.00')).toBe(false)
})

test.each([
  [500, 'the gateway answered 500 to charge'],
  [400, 'the gateway answered 400 to charge'],
  [0, 'fetch failed'],
])('status %d rejects: nobody knows', async (status, message) => {
  gateway.statuses.set('charge', status)
  await expect(createCallApi(gateway.call('tok')).charge('1.00')).rejects.toThrow(message)
})

test('a gateway that does not answer is given up', async () => {
  const { createServer } = await import('node:net')
  const mute = createServer()
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve))
  const address = mute.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const call = createCallApi(`http://127.0.0.1:${port}/calls/tok`, 50)
  await expect(call.release()).rejects.toThrow('timeout')
  mute.close()
})

test.each(['https://127.0.0.1/calls/tok', 'http://example.com/calls/tok', 'http://127.0.0.1.example.com/x', 'file:///etc/passwd'])(
  'the address %s is not taken',
  (url) => expect(() => createCallApi(url)).toThrow('must be an http address on loopback'),
)
