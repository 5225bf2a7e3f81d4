/** The order in which AI-Powered API checks a call, and what operators do to it while it runs. */
import { aiApiKeys } from '@tollgate/example-playground'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { codeOf, createWorld, NOON_SECONDS, SLOW_MS } from './ai-api-world.ts'
import type { Received, World } from './ai-api-world.ts'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.close())

const { valid } = aiApiKeys
const look = (key: string | undefined): Promise<Received> => world.ask(key, 'GET', '/v1/models')

/** As an operator does it. */
async function turn(name: 'maintenance' | 'overload', value: { readonly on: boolean; readonly until?: string }): Promise<void> {
  const { adminUrl, adminToken } = world.playground.gateway
  const headers = { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' }
  const answer = await fetch(`${adminUrl}/v1/apis/ai-api/${name}`, { method: 'PUT', headers, body: JSON.stringify(value) })
  expect(answer.status).toBe(200)
}

test('checks come in this order: path, switches, key, account, permission, quota, rate, concurrency, body, fields, model, work', async () => {
  const none = { month: 0, minute: 0, slots: 0 }
  const wrong = { prompt: 'Напиши о море', model: 'gpt-4-32k', temperature: 9 }
  const call = (key: string | undefined, body: object | string = '{"broken') => world.ask(key, 'POST', '/v1/generate', body)
  const noScopes = { scopes: [] }
  const keyOf = (limits: { readonly [meter: string]: number }) => world.addKey({ limits })

  const codes = [
    await world.ask(undefined, 'POST', '/v1/generates', '{"broken'),
    await call(undefined),
    await call(await world.addKey({ limits: none, status: 'suspended' }, { ...noScopes, expiresAtMs: 1 })),
    await call(await world.addKey({ limits: none, status: 'suspended' }, noScopes)),
    await call(await world.addKey({ limits: none }, noScopes)),
    await call(await keyOf(none)),
    await call(await keyOf({ ...none, month: 9 })),
    await call(await keyOf({ slots: 0 })),
    await call(await keyOf({})),
    await call(await keyOf({}), { ...wrong, model: undefined }),
    await call(await keyOf({}), wrong),
    await call(await keyOf({}), { ...wrong, temperature: 1 }),
    await call(await keyOf({}), { ...wrong, temperature: 1, model: 'gpt-4' }),
  ].map(codeOf)
  expect(codes).toEqual([
    'ENDPOINT_NOT_FOUND', 'MISSING_API_KEY', 'EXPIRED_API_KEY', 'ACCOUNT_SUSPENDED', 'INSUFFICIENT_PERMISSIONS', 'QUOTA_EXCEEDED', 'RATE_LIMIT_EXCEEDED',
    'CONCURRENT_LIMIT_EXCEEDED', 'INVALID_REQUEST', 'MISSING_REQUIRED_FIELD', 'INVALID_TEMPERATURE', 'MODEL_UNAVAILABLE', 'PROCESSING_ERROR',
  ])
})

test('maintenance answers everybody 503 with the exact wait, before any key is looked at, and ends by itself', async () => {
  await turn('maintenance', { on: true, until: '2026-03-10T12:01:30Z' })
  for (const key of [valid, undefined]) {
    const refused = await look(key)
    expect([refused.status, codeOf(refused), refused.headers.get('retry-after')]).toEqual([503, 'SERVICE_UNAVAILABLE', '90'])
  }
  world.clock.advance(90_000)
  expect(codeOf(await look(valid))).toBe(200)
})

test('an operator may shed all load, and take it again', async () => {
  await turn('overload', { on: true })
  const refused = await look(valid)
  expect([refused.status, codeOf(refused), refused.headers.get('retry-after')]).toEqual([503, 'OVERLOADED', '5'])
  await turn('overload', { on: false })
  expect(codeOf(await look(valid))).toBe(200)
})

test('a key that is revoked while a text is written is refused from the next call on; the text is finished', async () => {
  const { answer } = await world.slowText(valid)
  await world.playground.gateway.directory.updateKey('ai_key_valid', (key) => ({ ...key, status: 'revoked', revokedAtMs: world.clock.wallMs() }))
  expect(await look(valid)).toMatchObject({ status: 401, body: { error: { code: 'REVOKED_API_KEY', details: { revoked_at: '2026-03-10T12:00:00Z' } } } })
  world.clock.advance(SLOW_MS)
  expect(codeOf(await answer)).toBe(200)
})

test('a suspension that has an end ends by itself', async () => {
  const key = await world.addKey({ status: 'suspended', suspendedUntilMs: (NOON_SECONDS + 60) * 1000 })
  expect(await look(key)).toMatchObject({ status: 403, body: { error: { code: 'ACCOUNT_SUSPENDED', details: { suspended_until: '2026-03-10T12:01:00Z' } } } })
  world.clock.advance(60_000)
  expect(codeOf(await look(key))).toBe(200)
})

test('the permission admin has them all; each other one has itself alone', async () => {
  const codes: { [scope: string]: readonly (string | number)[] } = {}
  for (const scope of ['admin', 'read', 'write', 'webhook']) {
    const key = await world.addKey({}, { scopes: [scope] })
    const answers = [await look(key), await world.ask(key, 'DELETE', '/v1/files/file_1'), await world.ask(key, 'GET', '/v1/webhooks')]
    codes[scope] = answers.map(codeOf)
  }
  const denied = 'INSUFFICIENT_PERMISSIONS'
  expect(codes).toEqual({
    admin: [200, 'RESOURCE_NOT_FOUND', 200],
    read: [200, denied, denied],
    write: [denied, 'RESOURCE_NOT_FOUND', denied],
    webhook: [denied, denied, 200],
  })
})

test('a service that cannot be reached is 503, not before Retry-After', async () => {
  await world.playground.services['ai-api'].close()
  const refused = await look(valid)
  expect([refused.status, codeOf(refused), refused.headers.get('retry-after')]).toEqual([503, 'SERVICE_UNAVAILABLE', '30'])
})

test('what broke inside stays in the log, under the request id that the caller has', async () => {
  const { headers, body } = await world.ask(aiApiKeys.corrupt, 'POST', '/v1/generate', { prompt: 'Hello sea', model: 'gpt-4' })
  const requestId = headers.get('x-request-id') ?? ''
  expect(JSON.stringify(body)).not.toMatch(/SyntaxError|JSON|org_corrupt/)
  expect(world.logged.filter((line) => line.includes(requestId) && line.includes('SyntaxError'))).toHaveLength(1)
})

test('the request log has each call with its code, and never the key', async () => {
  const { headers } = await world.ask(aiApiKeys.quota, 'POST', '/v1/generate', { prompt: 'Hello sea', model: 'gpt-4' })
  const row = await world.playground.gateway.store.request(headers.get('x-request-id') ?? '')
  expect(row).toMatchObject({
    api: 'ai-api',
    accountId: 'org_quota',
    plan: 'free',
    status: 403,
    refusal: { entry: 'quotaExceeded', code: 'QUOTA_EXCEEDED', reason: 'quota.exhausted', facts: { used: 1000, limit: 1000 } },
  })
  expect(JSON.stringify(row)).not.toContain(aiApiKeys.quota)
})
