/** Open streams of events that the gateway must end: through the whole program, with time that a test moves. */
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { createManualClock } from 'tollgate/testing'
import type { FileInput } from '../config/shape/file-shape.ts'
import { putAcme } from '../fixtures/acme.ts'
import { startGateway, type RunningGateway } from './program.ts'

const KEY = 'wk_a_key_of_this_test_only'
const NOON = Date.UTC(2026, 10, 29, 12)

async function openStream() {
  const opened: ServerResponse[] = []
  const service = createServer((_request, response) => {
    opened.push(response)
    response.on('error', () => undefined)
    response.writeHead(200, { 'Content-Type': 'text/event-stream' }).write('data: 1\n\n')
  })
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve))
  const clock = createManualClock(NOON)
  const config = {
    listen: { port: 0 },
    admin: { port: 0 },
    calls: { port: 0 },
    store: 'memory',
    upstreams: { live: `http://127.0.0.1:${(service.address() as AddressInfo).port}` },
    apis: {
      live: {
        mount: '/live',
        contract: 'openai',
        credentials: { from: [{ header: 'x-api-key' }], prefix: 'wk_' },
        plans: { free: {} },
        routes: [{ on: 'GET /feed' }],
      },
    },
  }
  const gateway = await startGateway({ config: config as unknown as FileInput, clock })
  onTestFinished(async () => {
    service.closeAllConnections()
    service.close()
    await gateway.close()
  })
  await putAcme(gateway.directory, { api: 'live', key: KEY })
  const response = await fetch(`http://127.0.0.1:${gateway.port}/live/feed`, { headers: { 'x-api-key': KEY } })
  if (response.body === null) throw new Error('the answer has no body')
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  expect(await reader.read()).toEqual({ done: false, value: 'data: 1\n\n' })
  return { gateway, clock, opened, reader }
}

it.each([
  ['its key is revoked', 'credential.revoked', ({ directory }: RunningGateway) => directory.updateKey('key_1', (key) => ({ ...key, status: 'revoked', revokedAtMs: NOON }))],
  ['its account is suspended', 'account.suspended', ({ directory }: RunningGateway) => directory.updateAccount('acme', (account) => ({ ...account, status: 'suspended' }))],
])('a stream of events ends in the words of its API once %s, and the service is let go', async (_when, reason, change) => {
  const { gateway, clock, opened, reader } = await openStream()
  let isClosed = false
  opened[0]?.once('close', () => (isClosed = true))
  await change(gateway)
  let rest = ''
  let isOver = false
  const reading = (async () => {
    for (let next = await reader.read(); !next.done; next = await reader.read()) rest += next.value
    isOver = true
  })()
  await expect.poll(() => (clock.advance(500), isOver), { timeout: 30_000 }).toBe(true)
  await reading
  expect(JSON.parse(rest.replace(/^data: /, '').split('\n')[0] ?? '')).toMatchObject({ error: { message: expect.any(String) } })
  await expect.poll(() => isClosed, { timeout: 30_000 }).toBe(true)
  await expect.poll(async () => (await gateway.store.requests({ limit: 1 })).map(({ status, refusal }) => ({ status, reason: refusal?.reason, midStream: refusal?.midStream })), { timeout: 30_000 }).toEqual([{ status: 200, reason, midStream: true }])
})

it('a stream of events whose caller may still goes on', async () => {
  const { clock, opened, reader } = await openStream()
  for (let look = 0; look < 5; look += 1) {
    clock.advance(2_000)
    await new Promise((resolve) => setImmediate(resolve))
  }
  opened[0]?.end('data: 2\n\n')
  expect(await reader.read()).toEqual({ done: false, value: 'data: 2\n\n' })
  expect(await reader.read()).toEqual({ done: true, value: undefined })
})
