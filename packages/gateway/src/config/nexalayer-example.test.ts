/** One configuration with money, sessions, stock, keys and tokens, from its files to calls through the gate. */
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDirectory } from 'tollgate/directory'
import { applyOne } from 'tollgate/stores'
import { createGate, type Admitted, type IncomingCall } from 'tollgate/gate'
import { createCallApi } from 'tollgate/settling'
import { createMemoryStore } from 'tollgate/stores/memory'
import { createManualClock } from 'tollgate/testing'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { randomBytes, sha256Hex } from '../platform/secrets.ts'
import { loadConfig } from './load-config.ts'
import { formatProblem } from './read/config-problem.ts'

const START_MS = Date.UTC(2026, 10, 21, 12)
const MONTH_LATER = '2026-12-21T12:00:00Z'

const yaml = `
store: memory
calls: { port: 9091, host: 127.0.0.1, url: "http://127.0.0.1:9091/calls" }
upstreams:
  nexalayer: { url: "\${NEXALAYER_URL}", idempotent: true }
apis:
  nexalayer:
    mount: /nexalayer
    contract: nexalayer
    credentials: { from: [{ header: x-api-key }, { header: authorization, scheme: bearer, token: true }], prefix: ak_ }
    tokens: { expires: 1h, secretPrefix: as_, overlap: 24h }
    scopeImplies: { admin: [read, write] }
    unauthenticatedMeter: addresses
    tables:
      products: { file: ../nexalayer/products.json, key: product_no }
    meters:
      requests:  { window: 60s, algorithm: fixed, per: key, limit: 60 }
      addresses: { window: 60s, per: ip, limit: 120 }
      sessions:  { lease: session, per: account, limit: 3 }
      stock:     { lease: stock, per: resource }
      calls:     { lease: slot, per: key, limit: 4 }
      credit:    { balance: { scale: 2 }, per: account }
    plans: { free: { requests: 60, sessions: 3 } }
    routes:
      - on: POST /v1/sessions
        scopes: [write]
        steps:
          - take: [requests]
          - idempotency: { header: Idempotency-Key, required: false, kept: 24h, fingerprint: json, answerMax: 256KiB, store: [2xx] }
          - validate: ../nexalayer/schemas/create-session.json
          - lookup: { table: products, resource: product, field: config.product_no }
          - take:
              - sessions
              - { meter: stock, cost: { field: config.quantity, default: 1 }, limit: { column: stock } }
              - meter: credit
                price: { column: price, times: [{ field: config.traffic_gb, default: 1 }, { field: config.quantity, default: 1 }, { field: config.duration_days, default: 1 }] }
            hold: { for: 10m, onExpiry: release }
      - on: GET /v1/sessions/{id}
        steps: [{ take: [requests] }, { lease: { param: id, allow: [active, terminated] } }]
      - on: POST /v1/sessions/{id}/renew
        steps:
          - take: [requests]
          - idempotency: {}
          - validate: ../nexalayer/schemas/renew-session.json
          - lease: { param: id }
          - lookup: { table: products, resource: product, leased: stock }
          - take: [{ meter: credit, price: { column: renew_price, times: [{ field: duration_days }, { leased: stock }] } }]
      - on: GET /v1/billing/balance
        steps: [{ take: [requests] }, { read: [credit] }]
      - { on: POST /v1/auth/token, public: true, handler: issueToken, steps: [{ take: [addresses] }] }
      - { on: POST /v1/auth/refresh, handler: refreshToken, steps: [{ take: [requests] }] }
      - { on: POST /v1/account/rotate-secret, handler: rotateSecret, steps: [{ take: [requests] }] }
`

const products = [
  { product_no: 'STA-1', price: '0.15', renew_price: 0.1, stock: 5 },
  { product_no: 'DYN-1', price: '3.00', renew_price: '3.00', stock: null },
]

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tollgate-example-'))
  mkdirSync(join(directory, 'playground'))
  mkdirSync(join(directory, 'nexalayer', 'schemas'), { recursive: true })
  const write = (name: string, text: string): void => writeFileSync(join(directory, name), text)
  write('playground/tollgate.yaml', yaml)
  write('nexalayer/products.json', JSON.stringify(products))
  write('nexalayer/schemas/create-session.json', '{"type":"object","required":["config"],"properties":{"config":{"type":"object","required":["product_no"]}}}')
  write('nexalayer/schemas/renew-session.json', '{"type":"object","required":["duration_days"],"properties":{"duration_days":{"enum":[30,90]}}}')
})
afterEach(() => rmSync(directory, { recursive: true }))

async function createWorld() {
  const answer = (name: string) => async () => ({ kind: 'success' as const, status: 200, data: { name } })
  const handlers = { issueToken: answer('issue'), refreshToken: answer('refresh'), rotateSecret: answer('rotate') }
  const loaded = loadConfig(join(directory, 'playground/tollgate.yaml'), { environment: { NEXALAYER_URL: 'http://127.0.0.1:9102' } })
  if (!loaded.ok) throw new Error(loaded.problems.map(formatProblem).join('\n'))
  const { apis, fallback, calls, tokenSettings } = loaded.value
  const clock = createManualClock(START_MS)
  const store = createMemoryStore({ clock })
  const accounts = createDirectory({ store, clock, sha256Hex })
  const secret = 'a secret of more than thirty-two characters'
  const gate = createGate({ apis, fallback, handlers, store, clock, directory: accounts, randomBytes, sha256Hex, calls: { url: () => calls.url ?? '', secret } })
  const callApi = createCallApi({ store, clock, sha256Hex, secret })
  await accounts.putAccount({ id: 'team_1', api: 'nexalayer', name: 'One', status: 'active', plan: 'free', createdAtMs: 0 })
  await accounts.putKey({ id: 'key_1', api: 'nexalayer', accountId: 'team_1', hash: sha256Hex('ak_one'), hint: '', status: 'active', scopes: ['admin'], createdAtMs: 0 })
  await applyOne(store, { kind: 'grant', subject: 'account:team_1', name: 'credit', scale: 2, grantId: 'first', units: 10_000, reason: 'test' })

  const begin = (method: string, path: string, body?: unknown) => {
    const bytes = new TextEncoder().encode(body === undefined ? '' : JSON.stringify(body))
    const headers = ['x-api-key', 'ak_one', 'content-type', 'application/json']
    const call: IncomingCall = { method, target: `/nexalayer${path}`, headers, remoteAddress: '203.0.113.7', hasBody: body !== undefined, readBody: async () => ({ kind: 'complete', bytes }) }
    return gate.begin(call)
  }
  return {
    tokenSettings,
    async forwarded(...[method, path, body]: Parameters<typeof begin>): Promise<Admitted> {
      const verdict = await begin(method, path, body)
      if (verdict.kind !== 'admitted') throw new Error(String(verdict.answer.body))
      return verdict.admitted
    },
    async refused(...[method, path, body]: Parameters<typeof begin>): Promise<unknown> {
      const verdict = await begin(method, path, body)
      if (verdict.kind !== 'answer') throw new Error('it was forwarded')
      return JSON.parse(String(verdict.answer.body))
    },
    /** What the service does before it answers. */
    async act(admitted: Admitted, action: string, body: unknown): Promise<number> {
      const url = new URL(contextOf(admitted, 'tollgate-call'))
      return (await callApi.handle('POST', `${url.pathname}/${action}`, new TextEncoder().encode(JSON.stringify(body)))).status
    },
  }
}

function contextOf({ contextHeaders }: Admitted, name: string): string {
  return contextHeaders[contextHeaders.findIndex((header, at) => at % 2 === 0 && header.toLowerCase() === name) + 1] ?? ''
}

async function answered(admitted: Admitted): Promise<void> {
  expect(await admitted.dispatching?.()).not.toBe(false)
  expect(admitted.judge(200, ['content-type', 'application/json']).kind).toBe('pass')
  await admitted.completed(200, { bytesIn: 0, bytesOut: 0, attempts: [] })
}

const credit = (admitted: Admitted): unknown => (JSON.parse(contextOf(admitted, 'tollgate-usage')) as { credit?: unknown }).credit

it('a session is bought, renewed by the units that it occupies, and its balance read', async () => {
  const world = await createWorld()
  // 0.15 × 2 addresses × 30 days
  const create = await world.forwarded('POST', '/v1/sessions', { config: { product_no: 'STA-1', quantity: 2, duration_days: 30 } })
  expect(credit(create)).toEqual({ available: '91.00', held: '9.00', scale: 2 })
  expect(contextOf(create, 'tollgate-call')).toMatch(/^http:\/\/127\.0\.0\.1:9091\/calls\//)
  expect(await world.act(create, 'lease', { id: 'ses_1', expiresAt: MONTH_LATER })).toBe(200)
  await answered(create)

  // 0.10 × 30 days × 2 units of stock
  const renew = await world.forwarded('POST', '/v1/sessions/ses_1/renew', { duration_days: 30 })
  expect(credit(renew)).toEqual({ available: '85.00', held: '6.00', scale: 2 })
  await answered(renew)

  const balance = await world.forwarded('GET', '/v1/billing/balance')
  expect(credit(balance)).toEqual({ available: '85.00', held: '0.00', scale: 2 })
  await answered(balance)
  await answered(await world.forwarded('GET', '/v1/sessions/ses_1'))
})

it('an unknown product, too little stock and a foreign session are refused in the API’s own words', async () => {
  const world = await createWorld()
  expect(await world.refused('POST', '/v1/sessions', { config: { product_no: 'STA-9' } })).toMatchObject({ error: { code: 'PRODUCT_NOT_FOUND' } })
  expect(await world.refused('POST', '/v1/sessions', { config: { product_no: 'STA-1', quantity: 6 } })).toMatchObject({ error: { code: expect.stringMatching(/STOCK/) } })
  expect(await world.refused('POST', '/v1/sessions', { config: { product_no: 'DYN-1', traffic_gb: 34 } })).toMatchObject({ error: { code: 'INSUFFICIENT_BALANCE', details: { current_balance: 100, required_amount: 102 } } })
  expect(await world.refused('GET', '/v1/sessions/ses_9')).toMatchObject({ error: { code: 'SESSION_NOT_FOUND' } })
})

it('routes of tokens are answered by the handlers of their names; the settings of their API are data beside them', async () => {
  const world = await createWorld()
  expect(await world.refused('POST', '/v1/auth/token', {})).toMatchObject({ data: { name: 'issue' } })
  expect(await world.refused('POST', '/v1/account/rotate-secret')).toMatchObject({ data: { name: 'rotate' } })
  expect(await world.refused('POST', '/v1/auth/refresh')).toMatchObject({ data: { name: 'refresh' } })
  expect(world.tokenSettings).toEqual({ nexalayer: { expiresInSeconds: 3_600, secretPrefix: 'as_', overlapMs: 86_400_000 } })
})

it('a change of the table is seen when the configuration is read again', () => {
  const load = () => loadConfig(join(directory, 'playground/tollgate.yaml'), { environment: { NEXALAYER_URL: 'http://127.0.0.1:9102' } })
  const priceNow = () => {
    const loaded = load()
    return loaded.ok ? loaded.value.apis[0]?.tables?.['products']?.['STA-1']?.['price'] : loaded.problems.map(formatProblem)
  }
  expect(priceNow()).toBe(15)
  writeFileSync(join(directory, 'nexalayer/products.json'), JSON.stringify(products.map((product) => ({ ...product, price: 0.2 }))))
  expect(priceNow()).toBe(20)
  writeFileSync(join(directory, 'nexalayer/products.json'), JSON.stringify([...products, { product_no: 'DYN-2', price: '12,00', renew_price: 1, stock: null }], null, 1))
  expect(priceNow()).toEqual([expect.stringMatching(/^\.\.\/nexalayer\/products\.json:\d+:\d+ \[2\]\.price: "12,00" in the row "DYN-2" must be a decimal from 0/)])
})
