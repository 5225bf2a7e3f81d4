import { createHmac, createSecretKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { assert, asyncProperty, json, oneof, string } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { StoreUnavailableError } from 'tollgate/engine'
import { createMemoryStore } from 'tollgate/stores/memory'
import { createManualClock, type ManualClock } from 'tollgate/testing'
import { createGatewayTokens } from './gateway-tokens.ts'
import { createSigningKeys, type SigningKeys } from './signing-keys.ts'

const NOW_MS = Date.UTC(2026, 10, 21, 12)
const NOW = NOW_MS / 1_000
const keyOf = (kid: string) => ({ kid, key: createSecretKey(randomBytes(32)), createdAtMs: 0 })
const keys: SigningKeys = [keyOf('new'), keyOf('old')]
const tokens = createGatewayTokens(async () => keys)

const good = { iss: 'tollgate', aud: 'ads', sub: 'key_1', scope: 'read write', iat: NOW, exp: NOW + 60 }
const header = { alg: 'HS256', typ: 'JWT', kid: 'new' }
const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const text = (claims: unknown, head: Record<string, unknown>): string => `${encoded({ ...header, ...head })}.${encoded(claims)}`
const sealed = (unsigned: string, key = keys[0].key, hash = 'sha256'): string => `${unsigned}.${createHmac(hash, key).update(unsigned).digest('base64url')}`
/** By hand, so that it can be as wrong as it likes. */
const signed = (claims: Record<string, unknown>, head: Record<string, unknown> = {}, key = keys[0].key, hash?: string): string => sealed(text({ ...good, ...claims }, head), key, hash)
const verify = (token: string, nowMs = NOW_MS, api = 'ads') => tokens.verify(api, token, nowMs)

describe('a token of ours', () => {
  it('stands for its key and its scopes, from now until it was said to end', async () => {
    const token = await tokens.issue('ads', { keyId: 'key_1', scopes: ['read', 'write'], expiresInSeconds: 3_600 }, NOW_MS)
    expect(await verify(token)).toEqual({ kind: 'valid', keyId: 'key_1', scopes: ['read', 'write'], expiresAtMs: NOW_MS + 3_600_000 })
    expect(JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString())).toEqual(header)
  })

  it('without scopes grants none', async () => {
    const token = await tokens.issue('ads', { keyId: 'key_1', scopes: [], expiresInSeconds: 1 }, NOW_MS)
    expect(await verify(token)).toMatchObject({ scopes: [] })
  })

  it('lives no shorter than was said, whenever within a second it was made', async () => {
    const token = await tokens.issue('ads', { keyId: 'key_1', scopes: [], expiresInSeconds: 10 }, NOW_MS + 999)
    expect((await verify(token, NOW_MS + 999 + 9_999)).kind).toBe('valid')
  })

  it('that was signed with an older key is good as long as that key is kept', async () => {
    expect((await verify(signed({}, { kid: 'old' }, keys[1]?.key))).kind).toBe('valid')
  })

  it('is good for its own API only', async () => {
    expect((await verify(signed({}), NOW_MS, 'videos')).kind).toBe('invalid')
  })
})

describe('the time of a token', () => {
  it('is over at its last instant, to the millisecond and without leeway', async () => {
    const token = signed({})
    expect((await verify(token, NOW_MS + 59_999)).kind).toBe('valid')
    expect(await verify(token, NOW_MS + 60_000)).toEqual({ kind: 'expired', expiredAtMs: NOW_MS + 60_000, keyId: 'key_1' })
    expect((await verify(token, NOW_MS + 86_400_000)).kind).toBe('expired')
  })

  it('may begin a minute ahead, for a clock that was set back, and no more', async () => {
    for (const claim of ['iat', 'nbf']) {
      expect((await verify(signed({ exp: NOW + 600, [claim]: NOW + 60 }))).kind).toBe('valid')
      expect((await verify(signed({ exp: NOW + 600, [claim]: NOW + 61 }))).kind).toBe('invalid')
    }
  })

  it('does not count where anything else is wrong: such a token is invalid, not expired', async () => {
    const over = { exp: NOW - 1 }
    const wrong = [signed({ ...over, iss: 'other' }), signed({ ...over, aud: 'videos' }), signed(over, { kid: 'gone' }), signed(over, { typ: 'at+jwt' }), signed(over, {}, keys[1]?.key), signed({ ...over, nbf: NOW + 61 }), signed({ ...over, scope: 7 })]
    for (const token of wrong) expect((await verify(token)).kind).toBe('invalid')
  })
})

describe('a token that is not ours', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 })

  it.each([
    ['with another key', () => signed({}, {}, createSecretKey(randomBytes(32)))],
    ['with an older key under the newest name', () => signed({}, {}, keys[1]?.key)],
    ['under a name that does not exist', () => signed({}, { kid: 'gone' })],
    ['under no name', () => signed({}, { kid: undefined })],
    ['under a name of every object', () => signed({}, { kid: '__proto__' })],
    ['as another type', () => signed({}, { typ: 'at+jwt' })],
    ['as no type', () => signed({}, { typ: undefined })],
    ['with another algorithm of the same family', () => signed({}, { alg: 'HS512' }, keys[0].key, 'sha512')],
    ['with RSA', () => `${text(good, { alg: 'RS256' })}.${sign('sha256', Buffer.from(text(good, { alg: 'RS256' })), rsa.privateKey).toString('base64url')}`],
    ['with a public key of its own as the secret', () => signed({}, { jwk: rsa.publicKey.export({ format: 'jwk' }) }, createSecretKey(Buffer.from(rsa.publicKey.export({ format: 'pem', type: 'spki' }))))],
    ['by another issuer', () => signed({ iss: 'other' })],
    ['without an issuer', () => signed({ iss: undefined })],
    ['for nobody', () => signed({ aud: undefined })],
    ['without an end', () => signed({ exp: undefined })],
    ['without a beginning', () => signed({ iat: undefined })],
    ['without a key of ours', () => signed({ sub: undefined })],
    ['with an end that is no number', () => signed({ exp: 'never' })],
    ['with an extension that must be understood', () => signed({}, { crit: ['b64'], b64: false })],
    ['as something that is no claims set', () => sealed(text([], {}))],
  ])('is invalid when it was signed %s', async (_, made) => {
    expect((await verify(made())).kind).toBe('invalid')
  })

  it('is invalid when it is not signed at all, however it says so', async () => {
    for (const alg of ['none', 'None', 'NONE', 'nOnE', '']) {
      expect((await verify(`${encoded({ ...header, alg })}.${encoded(good)}.`)).kind).toBe('invalid')
    }
  })

  it('is invalid when one character of it was changed', async () => {
    const token = signed({})
    // The last character has bits that count for nothing.
    const changed = Array.from({ length: token.length - 1 }, (_, at) => `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`)
    const kinds = await Promise.all(changed.map(async (one) => (await verify(one)).kind))
    expect(new Set(kinds)).toEqual(new Set(['invalid']))
  })

  it('is not parsed when it is too long', async () => {
    const long = signed({ more: 'x'.repeat(8_192) })
    expect(await verify(long)).toEqual({ kind: 'invalid', why: `it has ${long.length} characters` })
  })

  it('is invalid whatever its bytes, and never an exception', async () => {
    const headed = json().map((head) => `${Buffer.from(head).toString('base64url')}.e30.AA`)
    await assert(
      asyncProperty(oneof(string(), string({ unit: 'binary' }), headed), async (bytes) => {
        expect((await verify(bytes)).kind).toBe('invalid')
      }),
    )
  })
})

describe('the keys that sign', () => {
  const DAY_MS = 86_400_000
  const about = { keyId: 'key_1', scopes: [], expiresInSeconds: 300 * 86_400 }
  const kidOf = (token: string): unknown => (JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as { readonly kid: string }).kid
  const gateway = (store: ReturnType<typeof createMemoryStore>, clock: ManualClock) => createGatewayTokens(createSigningKeys({ store, clock, randomBytes }))

  it('are made at the first start, and kept', async () => {
    const clock = createManualClock(NOW_MS)
    const store = createMemoryStore({ clock })
    const token = await gateway(store, clock).issue('ads', about, NOW_MS)
    expect((await gateway(store, clock).verify('ads', token, NOW_MS + 1_000)).kind).toBe('valid')
    expect(await createSigningKeys({ store, clock, randomBytes })(NOW_MS)).toHaveLength(1)
  })

  it('are the same for gateways that start at once', async () => {
    const clock = createManualClock(NOW_MS)
    const store = createMemoryStore({ clock })
    const gateways = [1, 2, 3, 4].map(() => gateway(store, clock))
    const made = await Promise.all(gateways.map((each) => each.issue('ads', about, NOW_MS)))
    expect(new Set(made.map(kidOf)).size).toBe(1)
    for (const each of gateways) for (const token of made) expect((await each.verify('ads', token, NOW_MS)).kind).toBe('valid')
  })

  it('are joined by a new one after 90 days, also while the gateway runs, which signs as soon as all know it; what the old ones signed stays good', async () => {
    const clock = createManualClock(NOW_MS)
    const store = createMemoryStore({ clock })
    const running = gateway(store, clock)
    const other = gateway(store, clock)
    const first = await running.issue('ads', about, NOW_MS)
    expect((await other.verify('ads', first, NOW_MS)).kind).toBe('valid')

    const dueMs = NOW_MS + 90 * DAY_MS
    expect(kidOf(await running.issue('ads', about, dueMs - 1))).toBe(kidOf(first))
    // Here is the new key made, and does not sign yet.
    expect(kidOf(await running.issue('ads', about, dueMs))).toBe(kidOf(first))
    clock.advance(2_000)
    const second = await running.issue('ads', about, dueMs + 10_000)
    expect(kidOf(second)).not.toBe(kidOf(first))
    for (const token of [first, second]) for (const each of [running, other]) expect((await each.verify('ads', token, dueMs + 10_000)).kind).toBe('valid')
  })

  it('are never more than four', async () => {
    const clock = createManualClock(NOW_MS)
    const store = createMemoryStore({ clock })
    const keysAt = createSigningKeys({ store, clock, randomBytes })
    let last: SigningKeys | undefined
    for (let year = 0; year < 6; year += 1) last = await keysAt(NOW_MS + year * 365 * DAY_MS)
    expect(last).toHaveLength(4)
  })

  it('that cannot be read make no token invalid: the store is said to fail', async () => {
    const clock = createManualClock(NOW_MS)
    const store = createMemoryStore({ clock })
    const running = gateway(store, clock)
    const token = await running.issue('ads', about, NOW_MS)
    await store.close()
    clock.advance(2_000)
    await expect(running.verify('ads', token, NOW_MS)).rejects.toThrow(StoreUnavailableError)
  })
})
