import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { callAt } from './call-actions.ts'
import type { CallOptions } from './call-options.ts'
import { createLoopbackGateway, type LoopbackGateway } from './fixtures/loopback-gateway.ts'

let gateway: LoopbackGateway
beforeAll(async () => {
  gateway = await createLoopbackGateway()
})
beforeEach(() => {
  gateway.told.splice(0)
  gateway.answers.splice(0)
})
afterAll(() => gateway.close())

/** Pauses pass at once, and are remembered. */
function withPauses(options: CallOptions = {}) {
  const pauses: number[] = []
  const clock = {
    after(delayMs: number, run: () => void) {
      pauses.push(delayMs)
      run()
    },
  }
  return { call: callAt(gateway.url, { clock, ...options }), pauses }
}

it('each action is one request with exactly its facts', async () => {
  const call = callAt(gateway.url)
  expect(await call.bindLease('ses_1', null)).toEqual({ outcome: 'done' })
  expect(await call.renewLease('ses_1', new Date(Date.UTC(2026, 11, 21)))).toEqual({ outcome: 'done' })
  expect(await call.charge('0.25')).toEqual({ outcome: 'done', charged: '0.25' })
  expect(await call.endLease('ses_1')).toEqual({ outcome: 'done' })
  expect(await call.release()).toEqual({ outcome: 'done' })
  expect(gateway.told).toEqual([
    'POST lease {"id":"ses_1","expiresAt":null}',
    'POST renew {"lease":"ses_1","expiresAt":"2026-12-21T00:00:00.000Z"}',
    'POST charge {"amount":"0.25"}',
    'POST release {"lease":"ses_1"}',
    'POST release {}',
  ])
})

it('a charge of more than was held says what is short', async () => {
  gateway.answers.push({ status: 200, body: { charged: '1.00', short: '0.50' } })
  expect(await callAt(gateway.url).charge('1.50')).toEqual({ outcome: 'done', charged: '1.00', short: '0.50' })
})

it.each([
  [410, 'ended'],
  [404, 'unknown'],
  [409, 'taken'],
])('%d is the value %s, in the words of the gateway, and is not asked again', async (status, outcome) => {
  gateway.answers.push({ status, body: { detail: 'its words' } })
  expect(await callAt(gateway.url).bindLease('ses_1', null)).toEqual({ outcome, detail: 'its words' })
  expect(gateway.told).toHaveLength(1)
})

it('a gateway that fails or hangs up is asked again after growing pauses', async () => {
  gateway.answers.push({ status: 503 }, 'hang up', { status: 500 })
  const { call, pauses } = withPauses()
  expect(await call.charge('0.25')).toEqual({ outcome: 'done', charged: '0.25' })
  expect([gateway.told.length, pauses]).toEqual([4, [100, 400, 1_600]])
})

it('a gateway that goes on failing is unreachable after the declared attempts, and no more are made', async () => {
  gateway.answers.push('hang up', { status: 502 }, { status: 503, body: { detail: 'repeat the request' } }, { status: 500 })
  const { call } = withPauses({ delaysMs: [1, 2] })
  expect(await call.release()).toEqual({ outcome: 'unreachable', detail: 'repeat the request' })
  expect(gateway.told).toHaveLength(3)
})

it('where nobody listens the reason is told', async () => {
  const { call } = withPauses({ delaysMs: [] })
  const gone = await createLoopbackGateway()
  await gone.close()
  expect(await callAt(gone.url, { delaysMs: [] }).release()).toMatchObject({ outcome: 'unreachable', detail: expect.stringContaining('ECONNREFUSED') })
  gateway.answers.push('hang up')
  expect(await call.release()).toMatchObject({ outcome: 'unreachable', detail: expect.stringContaining('no answer to release: ') })
})

it('an attempt that gets no answer is given up in its time', async () => {
  gateway.answers.push('mute', 'mute')
  const { call } = withPauses({ attemptMs: 30, delaysMs: [5] })
  expect(await call.charge('0.25')).toMatchObject({ outcome: 'unreachable', detail: expect.stringContaining('timeout') })
  expect(gateway.told).toHaveLength(2)
})

it.each([400, 405, 302, 201])('status %d is a mistake of the service or no gateway: it rejects, and is not asked again', async (status) => {
  gateway.answers.push({ status, body: { detail: 'amount is "x"' } })
  await expect(callAt(gateway.url).charge('x')).rejects.toThrow(`the gateway answered ${status} to charge: amount is "x"`)
  expect(gateway.told).toHaveLength(1)
})

it('a charge is only done if the gateway says what it charged', async () => {
  gateway.answers.push({ status: 200 })
  await expect(callAt(gateway.url).charge('1')).rejects.toThrow('did not say what it charged')
})

it.each(['https://127.0.0.1/calls/t', 'http://example.com/calls/t', 'http://127.0.0.1.example.com/t', 'http://127.0.0.1@example.com/t', 'file:///etc/passwd', 'calls/t'])(
  'the address %s is not taken: a service must not be made to call strangers',
  (url) => expect(() => callAt(url)).toThrow(TypeError),
)

it('with a declared base only addresses under it are taken', () => {
  const base = 'http://gateway:9091/calls'
  expect(Object.keys(callAt(`${base}/t`, { base }))).toContain('charge')
  for (const url of ['http://gateway:9091/callsx/t', 'http://127.0.0.1:9091/calls/t']) expect(() => callAt(url, { base })).toThrow(`it must begin with ${base}/`)
})
