/** A key keeps its identity over rotation: whatever is counted or kept for it goes on, through the whole program and its database. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { applyOne } from 'tollgate/stores'
import type { FileInput } from '../config/shape/file-shape.ts'
import { putAcme } from '../fixtures/acme.ts'
import { createService, KEY } from '../fixtures/paid-program.ts'
import { startGateway, type RunningGateway } from './program.ts'

const ADMIN_TOKEN = 'a-token-for-this-test-only'

function config(servicePort: number, file: string): FileInput {
  return {
    listen: { port: 0 },
    admin: { port: 0, token: ADMIN_TOKEN },
    calls: { port: 0 },
    store: { sqlite: file },
    upstreams: { service: `http://127.0.0.1:${servicePort}` },
    apis: {
      shop: {
        mount: '/',
        contract: 'problem',
        credentials: { from: [{ header: 'x-api-key' }], prefix: 'ak_' },
        meters: {
          hour: { window: '1h', per: 'key', limit: 3 },
          day: { quota: 'day', per: 'key', limit: 3 },
          rooms: { lease: 'session', per: 'key', limit: 1 },
          wallet: { balance: { scale: 2 }, per: 'key' },
        },
        plans: { free: {} },
        routes: [
          { on: 'GET /v1/window', steps: [{ take: ['hour'] }] },
          { on: 'GET /v1/quota', steps: [{ take: ['day'] }] },
          { on: 'POST /v1/rooms', steps: [{ take: ['rooms'] }] },
          { on: 'GET /v1/rooms/{id}', steps: [{ lease: { param: 'id' } }] },
          { on: 'POST /v1/prints', steps: [{ idempotency: {} }, { take: [{ meter: 'wallet', price: '1.00' }] }] },
        ],
      },
    },
  }
}

async function start(): Promise<{ readonly gateway: RunningGateway; again(): Promise<RunningGateway> }> {
  const directory = mkdtempSync(join(tmpdir(), 'tollgate-rotation-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const service = await createService()
  service.answerBy(async ({ headers, on }, response) => {
    if (on === 'POST /v1/rooms') await fetch(`${String(headers['tollgate-call'])}/lease`, { method: 'POST', body: JSON.stringify({ id: 'room_1', expiresAt: null }) })
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ key: headers['tollgate-key'] }))
  })
  const settings = config(service.port, join(directory, 'tollgate.db'))
  let gateway = await startGateway({ config: settings })
  onTestFinished(() => gateway.close())
  await putAcme(gateway.directory, { api: 'shop', key: KEY })
  await applyOne(gateway.store, { kind: 'grant', subject: 'key:key_1', name: 'wallet', scale: 2, grantId: 'first', units: 200, reason: 'test' })
  return {
    gateway,
    async again() {
      await gateway.close()
      gateway = await startGateway({ config: settings })
      return gateway
    },
  }
}

const send = (gateway: RunningGateway, key: string, on: string, headers: Record<string, string> = {}): Promise<Response> => {
  const [method = '', path = ''] = on.split(' ')
  return fetch(`${gateway.url}${path}`, { method, headers: { 'x-api-key': key, ...headers } })
}
const statuses = (answers: readonly Response[]): readonly number[] => answers.map(({ status }) => status)

async function rotate(gateway: RunningGateway): Promise<string> {
  const answer = await fetch(`${gateway.adminUrl}/v1/keys/key_1/rotate`, { method: 'POST', headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' }, body: '{}' })
  return ((await answer.json()) as { readonly secret: string }).secret
}

it('windows, quotas, sessions, money and idempotency keys of a key go on under its next secret, and under the old one during the overlap, over a restart too', async () => {
  const world = await start()
  const first = world.gateway
  for (const path of ['window', 'quota']) expect(statuses([await send(first, KEY, `GET /v1/${path}`), await send(first, KEY, `GET /v1/${path}`)])).toEqual([200, 200])
  expect((await send(first, KEY, 'POST /v1/rooms')).status).toBe(200)
  expect((await send(first, KEY, 'POST /v1/prints', { 'idempotency-key': 'one' })).status).toBe(200)

  const next = await rotate(first)
  const gateway = await world.again()
  for (const path of ['window', 'quota']) {
    expect(statuses([await send(gateway, next, `GET /v1/${path}`), await send(gateway, next, `GET /v1/${path}`), await send(gateway, KEY, `GET /v1/${path}`)])).toEqual([200, 429, 429])
  }
  expect((await send(gateway, next, 'POST /v1/rooms')).status).toBe(429)
  expect((await send(gateway, next, 'GET /v1/rooms/room_1')).status).toBe(200)
  const repeated = await send(gateway, next, 'POST /v1/prints', { 'idempotency-key': 'one' })
  expect([repeated.status, repeated.headers.get('idempotent-replayed')]).toEqual([200, 'true'])
  const paid = await send(gateway, next, 'POST /v1/prints')
  expect([paid.status, await paid.json()]).toEqual([200, { key: 'key_1' }])
  expect(statuses([await send(gateway, next, 'POST /v1/prints'), await send(gateway, KEY, 'POST /v1/prints')])).toEqual([402, 402])
})
