import { describe, expect, it } from 'vitest'
import { createWorld, sha256Hex, START_MS, type World } from '../fixtures/paid-world.ts'
import type { Directory } from '../../directory/directory.ts'
import type { RouteOptions } from '../gate-options.ts'
import { createTokenHandlers, type TokenRules } from './token-handlers.ts'
import type { TokenIssuer, TokenVerifier } from '../way-in/token-verifier.ts'

/** Tokens that anybody could make; signing is not what is tested here. */
const tokens: TokenIssuer & TokenVerifier = {
  issue: async (_, { keyId, scopes, expiresInSeconds }, nowMs) => JSON.stringify({ keyId, scopes, expiresAtMs: nowMs + expiresInSeconds * 1_000 }),
  async verify(_, token, nowMs) {
    const { keyId, scopes, expiresAtMs } = JSON.parse(token) as { keyId: string; scopes: string[]; expiresAtMs: number }
    return nowMs < expiresAtMs ? { kind: 'valid', keyId, scopes, expiresAtMs } : { kind: 'expired', keyId, expiredAtMs: expiresAtMs }
  },
}

const day = 86_400_000
const json = (answer: { readonly body: string }) => (JSON.parse(answer.body) as { data: Record<string, unknown> }).data

async function createTokenWorld(apis: { readonly [api: string]: TokenRules } = {}): Promise<World> {
  const routes: readonly RouteOptions[] = [
    { methods: ['POST'], path: '/v1/auth/token', public: true, steps: [], handler: 'issueToken' },
    { methods: ['POST'], path: '/v1/auth/refresh', steps: [], handler: 'refreshToken' },
    { methods: ['POST'], path: '/v1/account/rotate-secret', steps: [], handler: 'rotateSecret' },
    { methods: ['GET'], path: '/v1/products', scopes: ['read'], steps: [] },
  ]
  const handlersFor = (directory: Directory) => createTokenHandlers({ tokens, directory, sha256Hex, randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)), secretPrefix: 'as_', apis })
  return createWorld({ api: { routes }, gate: { tokens }, handlersFor, key: { scopes: ['read'], secretHashes: [{ hash: sha256Hex('as_first'), createdAtMs: 0 }] } })
}

const issue = (world: World, api_key: unknown, api_secret: unknown) => world.answered({ target: '/nexalayer/v1/auth/token', headers: ['x-api-key', ''], body: { api_key, api_secret } })
const bearer = (token: unknown) => ['authorization', `Bearer ${String(token)}`]
const refresh = (world: World, token: unknown) => world.answered({ target: '/nexalayer/v1/auth/refresh', headers: bearer(token) })

describe('a token', () => {
  it('is given for key and secret, and opens what the key opens', async () => {
    const world = await createTokenWorld()
    const answer = await issue(world, 'secret 1', 'as_first')
    expect(answer).toMatchObject({ status: 200, headers: { 'cache-control': 'no-store' } })
    expect(json(answer)).toEqual({ token: expect.any(String), expires_in: 3_600 })
    await world.forwarded({ method: 'GET', target: '/nexalayer/v1/products', headers: bearer(json(answer)['token']) })
  })

  it.each([
    ['secret 1', 'as_wrong'],
    ['wrong', 'as_first'],
    ['secret 1', sha256Hex('as_first')],
    ['secret 1', 'x'.repeat(5_000)],
  ])('is not given for %j and %j, and the answer does not say which is wrong', async (key, secret) => {
    const refused = await issue(await createTokenWorld(), key, secret)
    expect(refused).toMatchObject({ status: 401, error: { code: 'AUTH_INVALID_KEY', message: 'Invalid API Key' } })
  })

  it.each([
    [undefined, 'as_first', 'api_key'],
    ['', 'as_first', 'api_key'],
    ['secret 1', null, 'api_secret'],
    ['secret 1', 5, 'api_secret'],
  ])('%j and %j: the field at fault is named', async (key, secret, field) => {
    expect(await issue(await createTokenWorld(), key, secret)).toMatchObject({ status: 400, error: { code: 'INVALID_REQUEST', details: { field } } })
  })

  it('is not given for a key that is disabled, or an account that is', async () => {
    const world = await createTokenWorld()
    await world.directory.updateKey('key_1', (key) => ({ ...key, status: 'disabled' }))
    expect((await issue(world, 'secret 1', 'as_first')).status).toBe(401)
    await world.directory.updateAccount('team_2', (account) => ({ ...account, status: 'disabled' }))
    expect((await issue(world, 'secret 2', 'as_first')).error?.code).toBe('ACCOUNT_DISABLED')
  })

  it('is given anew while it is valid; then only key and secret help', async () => {
    const world = await createTokenWorld()
    const { token } = json(await issue(world, 'secret 1', 'as_first'))
    world.clock.advance(3_599_999)
    const fresh = json(await refresh(world, token))['token']
    world.clock.advance(1)
    expect(await refresh(world, token)).toMatchObject({ status: 401, error: { code: 'AUTH_EXPIRED_TOKEN', details: { expired_at: '2026-11-21T13:00:00Z' } } })
    await world.forwarded({ method: 'GET', target: '/nexalayer/v1/products', headers: bearer(fresh) })
  })

  it('is not given anew for the key alone', async () => {
    const world = await createTokenWorld()
    expect((await world.answered({ target: '/nexalayer/v1/auth/refresh' })).status).toBe(401)
  })

  it('dies with its key', async () => {
    const world = await createTokenWorld()
    const { token } = json(await issue(world, 'secret 1', 'as_first'))
    await world.directory.updateKey('key_1', (key) => ({ ...key, status: 'revoked' }))
    expect((await refresh(world, token)).error?.code).toBe('AUTH_INVALID_KEY')
  })
})

it('each API has its own rules, and one without has those of all', async () => {
  const own = await createTokenWorld({ nexalayer: { secretPrefix: 'own_', expiresInSeconds: 60, overlapMs: day / 24 } })
  expect(json(await issue(own, 'secret 1', 'as_first'))['expires_in']).toBe(60)
  expect(json(await own.answered({ target: '/nexalayer/v1/account/rotate-secret' }))).toEqual({ api_secret: expect.stringMatching(/^own_/), previous_valid_until: '2026-11-21T13:00:00Z' })
  const others = await createTokenWorld({ another: { secretPrefix: 'own_', expiresInSeconds: 60 } })
  expect(json(await issue(others, 'secret 1', 'as_first'))['expires_in']).toBe(3_600)
})

describe('the secret', () => {
  const rotate = async (world: World) => json(await world.answered({ target: '/nexalayer/v1/account/rotate-secret' }))

  it('is replaced without a gap: for a day both are good', async () => {
    const world = await createTokenWorld()
    const rotated = await rotate(world)
    expect(rotated).toEqual({ api_secret: expect.stringMatching(/^as_[0-9A-Za-z]{38}$/), previous_valid_until: '2026-11-22T12:00:00Z' })
    world.clock.advance(day - 1)
    for (const secret of ['as_first', rotated['api_secret']]) expect((await issue(world, 'secret 1', secret)).status).toBe(200)
    world.clock.advance(1)
    expect((await issue(world, 'secret 1', 'as_first')).status).toBe(401)
    expect((await issue(world, 'secret 1', rotated['api_secret'])).status).toBe(200)
  })

  it('replaced again does not live longer for it, and old ones are forgotten', async () => {
    const world = await createTokenWorld()
    await rotate(world)
    world.clock.advance(day / 2)
    await rotate(world)
    const hashes = async () => (await world.directory.keyById('key_1'))?.secretHashes?.map(({ expiresAtMs }) => expiresAtMs)
    expect(await hashes()).toEqual([undefined, START_MS + 1.5 * day, START_MS + day])
    world.clock.advance(day / 2)
    await rotate(world)
    expect(await hashes()).toEqual([undefined, START_MS + 2 * day, START_MS + 1.5 * day])
  })

  it('replaced without end fills no store', async () => {
    const world = await createTokenWorld()
    for (let count = 0; count < 20; count += 1) await rotate(world)
    expect((await world.directory.keyById('key_1'))?.secretHashes).toHaveLength(9)
  })

  it('is written down nowhere: not in the key’s row, the audit or the log', async () => {
    const world = await createTokenWorld()
    const { api_secret } = await rotate(world)
    const kept = JSON.stringify([await world.directory.keyById('key_1'), await world.directory.listAudit(), await world.store.requests({ limit: 10 })])
    expect(kept).not.toContain(String(api_secret))
    expect(kept).toContain('key.rotate-secret')
  })
})
