import { createManualClock, flush } from '@tollgate/example-parts/testing/manual-clock'
import { expect, test } from 'vitest'
import { createBackendClient } from './backend-client.ts'
import type { BackendAnswer } from './backend.ts'

function lookAt(answer: () => Promise<BackendAnswer>) {
  return createBackendClient({ send: answer }, createManualClock(0), 1_000).look('ses_1')
}

const endpoint = { host: '203.0.113.1', port: 8080, username: 'u', password: 'p' }

test('an order that is ready brings its endpoints', async () => {
  const body = JSON.stringify({ state: 'ready', endpoints: [{ ...endpoint, extra: 1 }] })
  expect(await lookAt(async () => ({ status: 200, body }))).toEqual({ ok: true, value: { state: 'ready', endpoints: [endpoint] } })
})

test.each([
  [503, 'down'],
  [200, '<!doctype html>'],
  [200, ''],
  [200, 'null'],
  [200, '[]'],
  [200, '{"state":"constructor"}'],
  [200, '{"state":"ready"}'],
  [200, '{"state":"ready","endpoints":[]}'],
  [200, '{"state":"ready","endpoints":[null]}'],
  [200, JSON.stringify({ state: 'ready', endpoints: [endpoint, { ...endpoint, port: '8080' }] })],
  [302, '{"state":"pending"}'],
])('%d %s is a definite failure', async (status, body) => {
  expect(await lookAt(async () => ({ status, body }))).toEqual({ ok: false, failure: 'error', cause: `the backend answered ${status} to look: ${body}` })
})

test('a refused connection is a definite failure', async () => {
  expect(await lookAt(() => Promise.reject(new Error('connect ECONNREFUSED')))).toEqual({ ok: false, failure: 'error', cause: 'Error: connect ECONNREFUSED' })
})

test('an order that the backend does not know has failed', async () => {
  expect(await lookAt(async () => ({ status: 404, body: '' }))).toMatchObject({ ok: true, value: { state: 'failed' } })
})

test('no answer within the deadline is a timeout, and a late answer changes nothing', async () => {
  const clock = createManualClock(0)
  let answer: (answer: BackendAnswer) => void = () => {}
  const client = createBackendClient({ send: () => new Promise((resolve) => (answer = resolve)) }, clock, 1_000)
  const outcome = client.rotate('ses_1')
  clock.advance(1_000)
  answer({ status: 200, body: '{"state":"pending"}' })
  expect(await outcome).toEqual({ ok: false, failure: 'timeout', cause: 'no answer to rotate in 1000 ms' })
})

test('an answer in time leaves no timer behind', async () => {
  const clock = createManualClock(0)
  await createBackendClient({ send: async () => ({ status: 204, body: '' }) }, clock, 1_000).release('ses_1')
  await flush()
  expect(clock.pending()).toBe(0)
})
