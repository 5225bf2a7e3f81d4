/** How each shipped contract says over a socket that no more may be spent. */
import { expect, it, onTestFinished } from 'vitest'
import type { Account } from 'tollgate/directory'
import { createManualClock } from 'tollgate/testing'
import type { FileInput } from '../config/shape/file-shape.ts'
import { createService } from '../fixtures/paid-program.ts'
import { sha256Hex } from '../platform/secrets.ts'
import { startGateway } from './program.ts'

const NOON = Date.UTC(2026, 2, 10, 12)
const KEY = 'sk_a_key_of_this_test_only'

/** Each call costs 0.60 of 20.00 in the period; 19.80 are spent before. */
function apiOf(contract: string, each: 'day' | 'month', per: 'key' | 'account') {
  return {
    mount: `/${contract}-${each}-${per}`,
    contract,
    credentials: { from: [{ header: 'x-api-key' }], prefix: 'sk_' },
    meters: { spending: { spend: { scale: 2, each }, per, limit: '20.00' } },
    plans: { free: {} },
    routes: [{ on: 'POST /v1/work', steps: [{ take: [{ meter: 'spending', price: '0.60' }] }] }],
  }
}

const HALF_A_DAY = String(43_200)
const TO_APRIL = String(21.5 * 86_400)

it.each<[contract: string, each: 'day' | 'month', per: 'key' | 'account', status: number, retryAfter: string | undefined, said: object]>([
  ['problem', 'day', 'key', 429, HALF_A_DAY, { code: 'quota.exhausted', meter: 'spending', limit: 20, used: 19.8, remaining: 0.2, period: 'day', plan: 'free', reset_at: '2026-03-11T00:00:00Z', retry_after: 43_200 }],
  ['problem', 'month', 'key', 429, TO_APRIL, { code: 'quota.exhausted', limit: 20, used: 19.8, remaining: 0.2, period: 'month', reset_at: '2026-04-01T00:00:00Z' }],
  ['openai', 'day', 'account', 429, HALF_A_DAY, { error: { code: 'organization_spend_limit_exceeded', type: 'insufficient_quota', message: 'The spend limit of the organization is reached: 19.80 of 20.00 are spent.' } }],
  ['openai', 'month', 'key', 429, TO_APRIL, { error: { code: 'project_spend_limit_exceeded', message: 'The spend limit of the project is reached: 19.80 of 20.00 are spent.' } }],
  ['ai-api', 'day', 'key', 429, HALF_A_DAY, { error: { code: 'RATE_LIMIT_EXCEEDED', details: { limit: 20, retry_after: 43_200 } } }],
  ['ai-api', 'month', 'key', 403, undefined, { error: { code: 'QUOTA_EXCEEDED', details: { quota: 20, used: 19.8, reset_at: '2026-04-01T00:00:00Z' } } }],
  // Its words count requests, so they say no figures of money.
  ['chatads', 'day', 'key', 429, HALF_A_DAY, { error: { code: 'DAILY_QUOTA_EXCEEDED', message: 'Daily request limit exceeded.', details: { plan: 'free', reset_at: '2026-03-11T00:00:00Z' } } }],
  ['chatads', 'month', 'account', 429, TO_APRIL, { error: { code: 'MONTHLY_QUOTA_EXCEEDED', message: 'Monthly request limit exceeded.' } }],
  // These have one entry for every limit.
  ['jogg', 'day', 'key', 429, HALF_A_DAY, { code: 429, msg: 'Rate limit exceeded. Please try again later.' }],
  ['nexalayer', 'day', 'key', 429, HALF_A_DAY, { error: { code: 'RATE_LIMIT_EXCEEDED', details: { retry_after: 43_200 } } }],
  ['leaperone', 'day', 'key', 429, HALF_A_DAY, { error: { code: 'rate_limit_exceeded' } }],
])('%s by the %s per %s: %i, and when to come again', async (contract, each, per, status, retryAfter, said) => {
  const service = await createService()
  const config: FileInput = {
    listen: { port: 0 },
    admin: { port: 0, token: 'a-token-for-this-test-only' },
    calls: { port: 0 },
    store: 'memory',
    upstreams: { service: `http://127.0.0.1:${service.port}` },
    apis: { shop: apiOf(contract, each, per) },
  }
  const gateway = await startGateway({ config, clock: createManualClock(NOON) })
  onTestFinished(() => gateway.close())
  const account: Account = { id: 'acme', api: 'shop', name: 'Acme', status: 'active', plan: 'free', createdAtMs: 0 }
  await gateway.directory.putAccount(account)
  await gateway.directory.putKey({ id: 'key_1', api: 'shop', accountId: 'acme', hash: sha256Hex(KEY), hint: 'sk_a', status: 'active', scopes: [], createdAtMs: 0 })
  const send = () => fetch(`${gateway.url}/${contract}-${each}-${per}/v1/work`, { method: 'POST', headers: { 'x-api-key': KEY, 'content-type': 'application/json' }, body: '{}' })
  const admitted = await Promise.all(Array.from({ length: 33 }, send))
  expect(admitted.map((answer) => answer.status)).toEqual(Array.from({ length: 33 }, () => 200))
  const refused = await send()
  expect([refused.status, refused.headers.get('retry-after') ?? undefined]).toEqual([status, retryAfter])
  expect(await refused.json()).toMatchObject(said)
  expect(service.seen).toHaveLength(33)
})

it('tells no wait where no wait helps: one call costs more than may be spent', async () => {
  const service = await createService()
  const api = apiOf('problem', 'day', 'key')
  const gateway = await startGateway({
    config: {
      listen: { port: 0 },
      admin: { port: 0, token: 'a-token-for-this-test-only' },
      calls: { port: 0 },
      store: 'memory',
      upstreams: { service: `http://127.0.0.1:${service.port}` },
      apis: { shop: { ...api, meters: { spending: { ...api.meters.spending, limit: '0.50' } } } },
    },
  })
  onTestFinished(() => gateway.close())
  await gateway.directory.putAccount({ id: 'acme', api: 'shop', name: 'Acme', status: 'active', plan: 'free', createdAtMs: 0 })
  await gateway.directory.putKey({ id: 'key_1', api: 'shop', accountId: 'acme', hash: sha256Hex(KEY), hint: 'sk_a', status: 'active', scopes: [], createdAtMs: 0 })
  const refused = await fetch(`${gateway.url}${api.mount}/v1/work`, { method: 'POST', headers: { 'x-api-key': KEY, 'content-type': 'application/json' }, body: '{}' })
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, null])
  expect(await refused.json()).toMatchObject({ limit: 0.5, used: 0, remaining: 0.5, retryable: false })
})
