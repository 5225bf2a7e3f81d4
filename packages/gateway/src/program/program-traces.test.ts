/** One trace for the service and for whoever looks a request up. */
import { expect, it, onTestFinished } from 'vitest'
import { request } from 'undici'
import { createService } from '../fixtures/paid-program.ts'
import { startGateway } from './program.ts'

const trace = '0af7651916cd43dd8448eb211c80319c'
const valid = `00-${trace}-b7ad6b7169203331-01`

it.each<[string, NodeJS.Dict<string | string[]>, string | undefined]>([
  ['a valid one of the caller', { traceparent: valid, tracestate: 'a=b' }, trace],
  ['one of a later version', { traceparent: `01-${trace}-b7ad6b7169203331-01-more` }, trace],
  ['one that is none, with a state', { traceparent: `${valid}-more`, tracestate: 'a=b' }, undefined],
  ['one that was sent twice', { traceparent: [valid, valid] }, undefined],
  ['none', {}, undefined],
])('the row of the request has the trace that the service got: %s', async (_, headers, expected) => {
  const service = await createService()
  const gateway = await startGateway({
    config: {
      listen: { port: 0 },
      admin: { port: 0, token: 'token-0123456789' },
      store: 'memory',
      upstreams: { service: `http://127.0.0.1:${service.port}` },
      apis: { open: { mount: '/', routes: [{ on: 'GET /', public: true }] } },
    },
  })
  onTestFinished(() => gateway.close())
  const { statusCode, body } = await request(gateway.url, { headers })
  await body.dump()
  const [row] = await gateway.store.requests({ limit: 1 })
  const got = service.seen[0]?.headers
  const [, traceId] = String(got?.['traceparent']).split('-')
  expect(statusCode).toBe(200)
  expect(traceId).toMatch(/^[0-9a-f]{32}$/)
  expect(row?.traceId).toBe(traceId)
  expect([traceId === trace, got?.['tracestate']]).toEqual([expected === trace, expected === undefined ? undefined : headers['tracestate']])
})
