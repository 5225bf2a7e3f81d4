/** Tokens of an identity provider at a running gateway: who is believed, in what, and what the others are told. */
import { createHmac, createPublicKey } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { FileInput } from '../config/shape/file-shape.ts'
import { createService } from '../fixtures/paid-program.ts'
import { startGateway } from './program.ts'
import { createIdentityProvider, createKeyPair, type Away, type IdentityProvider } from '../tokens/fixtures/identity-provider.ts'

const AUDIENCE = 'https://shop.example'

async function start(provider: IdentityProvider, more: { readonly [setting: string]: unknown } = {}, others: readonly object[] = []) {
  const service = await createService()
  service.answerBy((_, response) => response.end('{}'))
  const config = {
    listen: { port: 0 },
    admin: { port: 0 },
    store: 'memory',
    upstreams: { service: `http://127.0.0.1:${service.port}` },
    apis: {
      shop: {
        mount: '/',
        contract: 'problem',
        credentials: { from: [{ header: 'x-api-key' }, { header: 'authorization', scheme: 'Bearer', token: true }], prefix: 'k_' },
        tokens: { issuers: [{ issuer: provider.issuer, jwks: provider.jwks, audience: AUDIENCE, account: 'org', ...more }, ...others] },
        meters: { each: { window: '60s', per: 'key', limit: 3 }, users: { window: '60s', per: 'user', limit: 100 } },
        plans: { free: {}, pro: { each: 5 } },
        routes: [
          { on: 'GET /things', steps: [{ take: ['each', 'users'] }] },
          { on: 'POST /things', scopes: ['write'] },
          { on: 'POST /token/refresh', handler: 'refreshToken' },
        ],
      },
      other: { mount: '/other', contract: 'problem', credentials: { from: [{ header: 'x-api-key' }], prefix: 'k_' }, plans: { free: {} }, routes: [{ on: 'GET /x' }] },
    },
  }
  const gateway = await startGateway({ config: config as unknown as FileInput })
  onTestFinished(() => gateway.close())
  const account = { status: 'active', plan: 'free', createdAtMs: 0 } as const
  await gateway.directory.putAccount({ id: 'acme', api: 'shop', name: 'Acme', ...account })
  await gateway.directory.putAccount({ id: 'elsewhere', api: 'other', name: 'Elsewhere', ...account })

  async function call(token: string, on = 'GET /things') {
    const [method = '', path = ''] = on.split(' ')
    const answer = await fetch(gateway.url + path, { method, headers: { authorization: `Bearer ${token}` } })
    const body = (await answer.json()) as { readonly code?: string }
    return { status: answer.status, code: body.code, headers: answer.headers, seen: service.seen.at(-1) }
  }
  const told = async (token: string, on?: string) => {
    const { status, code } = await call(token, on)
    return code === undefined ? String(status) : `${status} ${code}`
  }
  const causeOf = async (token: string) => (await gateway.store.request((await call(token)).headers.get('x-request-id') ?? ''))?.refusal?.cause
  return { gateway, service, call, told, causeOf }
}

describe('a token of a trusted issuer', () => {
  it('speaks for its account: the service hears who calls, the scopes are held against the route', async () => {
    const provider = await createIdentityProvider()
    const { call, told } = await start(provider)
    const { status, seen } = await call(await provider.sign({ org: 'acme', sub: 'auth0|Åsa', scope: 'read write' }), 'POST /things')
    expect(status).toBe(200)
    expect(seen?.headers).toMatchObject({ 'tollgate-account': 'acme', 'tollgate-plan': 'free', 'tollgate-scopes': 'read write', 'tollgate-user': 'auth0%7C%C3%85sa' })
    expect(seen?.headers['tollgate-key']).toMatch(/^jwt_[\da-f]{8}_auth0%7C%C3%85sa$/)
    expect(seen?.headers['authorization']).toBeUndefined()
    expect(await told(await provider.sign({ org: 'acme', scope: 'read' }), 'POST /things')).toBe('403 permission.denied')
    expect(await told(await provider.sign({ org: 'acme' }), 'POST /things')).toBe('403 permission.denied')
    expect(provider.asked()).toBe(1)
  })

  it('is counted per key as the one caller that it names', async () => {
    const provider = await createIdentityProvider()
    const { told } = await start(provider)
    for (let at = 0; at < 3; at += 1) expect(await told(await provider.sign({ org: 'acme', sub: 'ada', jti: String(at) }))).toBe('200')
    expect(await told(await provider.sign({ org: 'acme', sub: 'ada' }))).toBe('429 rate.limited')
    expect(await told(await provider.sign({ org: 'acme', sub: 'grace' }))).toBe('200')
  })

  it.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ['a list', { scopes: 'permissions' }, { permissions: ['read', 'write'] }],
    ['a list within others', { scopes: ['realm_access', 'roles'] }, { realm_access: { roles: ['write'] } }],
    ['a name with dots', { scopes: 'https://shop.example/scopes' }, { 'https://shop.example/scopes': 'write' }],
  ])('has its scopes where the configuration says: %s', async (_, settings, claims) => {
    const provider = await createIdentityProvider()
    const { told } = await start(provider, settings)
    expect(await told(await provider.sign({ org: 'acme', ...claims }), 'POST /things')).toBe('200')
    expect(await told(await provider.sign({ org: 'acme', scope: 'write' }), 'POST /things')).toBe('403 permission.denied')
  })

  it('may name the plan, which counts for the call; one that there is not is not entitled', async () => {
    const provider = await createIdentityProvider()
    const { told, call } = await start(provider, { plan: 'tier' })
    expect((await call(await provider.sign({ org: 'acme', tier: 'pro' }))).seen?.headers['tollgate-plan']).toBe('pro')
    for (let at = 0; at < 4; at += 1) expect(await told(await provider.sign({ org: 'acme', tier: 'pro' }))).toBe('200')
    expect(await told(await provider.sign({ org: 'acme', tier: 'pro' }))).toBe('429 rate.limited')
    expect(await told(await provider.sign({ org: 'acme', tier: 'gold' }))).toBe('403 account.not_entitled')
    expect(await told(await provider.sign({ org: 'acme', tier: 'constructor' }))).toBe('403 account.not_entitled')
  })

  it('may have an audience among others, and comes from any of several issuers, each by its own keys', async () => {
    const [one, two] = [await createIdentityProvider(), await createIdentityProvider('RS256')]
    const { told } = await start(one, {}, [{ issuer: two.issuer, jwks: two.jwks, audience: ['https://a.example', 'https://b.example'] }])
    expect(await told(await one.sign({ org: 'acme', aud: ['https://elsewhere.example', AUDIENCE] }))).toBe('200')
    expect(await told(await two.sign({ sub: 'acme', aud: 'https://b.example' }))).toBe('200')
    expect(await told(await two.sign({ sub: 'acme', aud: AUDIENCE }))).toBe('401 credential.invalid')
    expect(await told(await two.sign({ iss: one.issuer, org: 'acme' }))).toBe('401 credential.invalid')
  })

  it('is no better than its account', async () => {
    const provider = await createIdentityProvider()
    const { gateway, told } = await start(provider)
    const token = await provider.sign({ org: 'acme' })
    expect(await told(token)).toBe('200')
    await gateway.directory.updateAccount('acme', (account) => ({ ...account, status: 'suspended' }))
    expect(await told(token)).toBe('403 account.suspended')
  })

  it('is its issuer\'s to refresh, not ours', async () => {
    const provider = await createIdentityProvider()
    const { told } = await start(provider)
    expect(await told(await provider.sign({ org: 'acme' }), 'POST /token/refresh')).toBe('401 credential.invalid')
  })

  it('is good by the keys of a file, too', async () => {
    const provider = await createIdentityProvider()
    const folder = mkdtempSync(join(tmpdir(), 'tollgate-issuers-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    writeFileSync(join(folder, 'keys.json'), JSON.stringify({ keys: [provider.publicJwk()] }))
    const { told } = await start(provider, { jwks: join(folder, 'keys.json') })
    expect(await told(await provider.sign({ org: 'acme' }))).toBe('200')
    expect(await told(await provider.sign({ org: 'acme' }, {}, await createKeyPair('first')))).toBe('401 credential.invalid')
    expect(provider.asked()).toBe(0)
  })
})

describe('what is no good token', () => {
  const seconds = (): number => Math.floor(Date.now() / 1_000)
  const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

  it.each<[string, (provider: IdentityProvider) => string | Promise<string>, string]>([
    ['over', (p) => p.sign({ org: 'acme', exp: seconds() - 61 }), '401 token.expired'],
    ['over by no more than the clocks may differ', (p) => p.sign({ org: 'acme', exp: seconds() - 30 }), '200'],
    ['not yet good', (p) => p.sign({ org: 'acme', nbf: seconds() + 90 }), '401 credential.invalid'],
    ['issued in the future', (p) => p.sign({ org: 'acme', iat: seconds() + 90 }), '401 credential.invalid'],
    ['without an end', (p) => p.sign({ org: 'acme', exp: undefined as unknown as number }), '401 credential.invalid'],
    ['without a subject', (p) => p.sign({ org: 'acme', sub: undefined as unknown as string }), '401 credential.invalid'],
    ['of another issuer', (p) => p.sign({ org: 'acme', iss: 'https://evil.example' }), '401 credential.invalid'],
    ['for another audience', (p) => p.sign({ org: 'acme', aud: 'https://elsewhere.example' }), '401 credential.invalid'],
    ['for no audience', (p) => p.sign({ org: 'acme', aud: undefined as unknown as string }), '401 credential.invalid'],
    ['for no account', (p) => p.sign({}), '401 credential.invalid'],
    ['for an account in a shape that names none', (p) => p.sign({ org: { id: 'acme' } }), '401 credential.invalid'],
    ['for an account that there is not', (p) => p.sign({ org: 'nobody' }), '401 credential.invalid'],
    ['for an account of another API', (p) => p.sign({ org: 'elsewhere' }), '401 credential.invalid'],
    ['with scopes in a shape that has none', (p) => p.sign({ org: 'acme', scope: { write: true } }), '401 credential.invalid'],
    ['with a subject of half a character', (p) => p.sign({ org: 'acme', sub: '\uD800' }), '401 credential.invalid'],
    ['signed by a key that claims the id of another', async (p) => p.sign({ org: 'acme' }, {}, await createKeyPair('first')), '401 credential.invalid'],
    ['signed by a key that is unknown', async (p) => p.sign({ org: 'acme' }, {}, await createKeyPair('unknown')), '401 credential.invalid'],
    ['signed by another algorithm than the key is for', async (p) => p.sign({ org: 'acme' }, { alg: 'ES384', kid: 'first' }, await createKeyPair('first', 'ES384')), '401 credential.invalid'],
    ['not signed at all', (p) => `${encoded({ alg: 'none', kid: 'first' })}.${encoded({ iss: p.issuer, aud: AUDIENCE, sub: 'ada', org: 'acme', exp: seconds() + 600 })}.`, '401 credential.invalid'],
    [
      'signed with the public key as if it were a secret',
      (p) => {
        const signed = `${encoded({ alg: 'HS256', kid: 'first' })}.${encoded({ iss: p.issuer, aud: AUDIENCE, sub: 'ada', org: 'acme', exp: seconds() + 600 })}`
        const secret = createPublicKey({ key: { ...p.publicJwk() }, format: 'jwk' }).export({ type: 'spki', format: 'pem' })
        return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`
      },
      '401 credential.invalid',
    ],
    ['no token', () => 'a.b.c', '401 credential.invalid'],
  ])('a token %s', async (_, make, answer) => {
    const provider = await createIdentityProvider()
    const { told } = await start(provider)
    expect(await told(await make(provider))).toBe(answer)
  })

  it('is not our issuer\'s to make: a secret in a set of keys, HMAC, and our own name are refused with the configuration', async () => {
    const provider = await createIdentityProvider()
    for (const [settings, problem] of [
      [{ algorithms: ['HS256'] }, /algorithms\[0\]/],
      [{ issuer: 'tollgate' }, /is the name of this gateway/],
      [{ jwks: 'http://keys.example/jwks' }, /must begin with https/],
      [{ jwks: 'missing.json' }, /missing\.json/],
      [{ createAccounts: { plan: 'fre' } }, /no plan is called "fre"; did you mean "free"/],
      [{ skew: '10m' }, /five minutes at most/],
    ] as const) {
      await expect(start(provider, settings)).rejects.toThrow(problem)
    }
  })
})

describe('the keys of the issuer', () => {
  it('may be rotated', async () => {
    const provider = await createIdentityProvider()
    const { told } = await start(provider)
    await provider.rotate('second', true)
    expect(await told(await provider.sign({ org: 'acme' }))).toBe('200')
  })

  it.each<Away>(['refuses', 'fails', 'talks nonsense'])('are our fault when the provider %s: the caller is told to try again, the operator why', async (how) => {
    const provider = await createIdentityProvider()
    const { told, causeOf } = await start(provider)
    provider.leave(how)
    const token = await provider.sign({ org: 'acme' })
    expect(await told(token)).toBe('503 upstream.unavailable')
    expect(await causeOf(token)).toContain(provider.jwks)
    // What is no token of this provider does not need its keys.
    expect(await told('a.b.c')).toBe('401 credential.invalid')
  })
})

describe('an account that is not known', () => {
  it('is created where the configuration says so, once, and found again', async () => {
    const provider = await createIdentityProvider()
    const { gateway, told } = await start(provider, { createAccounts: { plan: 'free' }, accountPrefix: 'idp-', plan: 'tier' })
    const token = await provider.sign({ org: 'newcomer' })
    expect(await Promise.all(Array.from({ length: 3 }, () => told(token)))).toEqual(['200', '200', '200'])
    expect(await gateway.directory.account('idp-newcomer')).toMatchObject({ api: 'shop', name: 'newcomer', plan: 'free', status: 'active' })
    expect((await gateway.directory.listAudit()).filter(({ action }) => action === 'account.create')).toHaveLength(1)
    expect(await told(await provider.sign({ org: 'second', tier: 'pro' }))).toBe('200')
    expect(await gateway.directory.account('idp-second')).toMatchObject({ plan: 'pro' })
    expect(await told(await provider.sign({ org: 'third', tier: 'gold' }))).toBe('403 account.not_entitled')
    expect(await gateway.directory.account('idp-third')).toBeUndefined()
  })

  it('whose name can be no id has one under its hash; the prefix keeps the issuer from the accounts of others', async () => {
    const provider = await createIdentityProvider()
    const { gateway, told } = await start(provider, { createAccounts: { plan: 'free' }, accountPrefix: 'idp-' })
    expect(await told(await provider.sign({ org: 'auth0|7f' }))).toBe('200')
    expect((await gateway.directory.listAccounts()).map(({ id, name }) => [id, name])).toContainEqual([expect.stringMatching(/^idp-jwt-[\da-f]{40}$/), 'auth0|7f'])
    expect(await told(await provider.sign({ org: 'acme' }))).toBe('200')
    expect(await gateway.directory.account('idp-acme')).toBeDefined()
  })
})
