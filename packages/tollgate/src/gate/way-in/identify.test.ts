import { describe, expect, it } from 'vitest'
import type { Account, ApiKey } from '../../directory/account.ts'
import { identify } from './identify.ts'
import type { ApiOptions, CredentialOptions } from '../gate-options.ts'
import type { VerifiedToken } from './token-verifier.ts'

const NOW_MS = 1_000_000
const account: Account = { id: 'team_1', api: 'ads', name: 'One', status: 'active', plan: 'free', createdAtMs: 0 }
const key: ApiKey = { id: 'key_1', api: 'ads', accountId: 'team_1', hash: '', hint: '', status: 'active', scopes: ['read'], createdAtMs: 0 }
const credentials: CredentialOptions = { from: [{ in: 'header', name: 'x-api-key' }, { in: 'header', name: 'authorization', scheme: 'bearer' }], prefix: 'ak_' }

/** Nothing is written for a token of ours, or for a key. */
const unwritten = { putAccount: () => Promise.reject(new Error('written')), audit: () => Promise.reject(new Error('written')) }
const nobody = { keyById: async () => undefined, account: async () => undefined, ...unwritten }

async function ask(headers: string[], found: { key?: Partial<ApiKey>; account?: Partial<Account> } = {}) {
  const asked: string[] = []
  const directory = {
    findKey: async (_api: string, secret: string) => {
      asked.push(secret)
      return { key: { ...key, ...found.key }, account: { ...account, ...found.account } }
    },
    ...nobody,
  }
  const identified = await identify({ name: 'ads' } as ApiOptions, credentials, { headers }, { directory }, NOW_MS)
  return { identified, asked }
}

describe('the credential', () => {
  it.each([[[]], [['x-api-key', '  ']], [['X-API-Key', '', 'authorization', '']]])('%j is missing, and nobody is looked up', async (headers) => {
    const { identified, asked } = await ask(headers)
    expect(identified).toMatchObject({ refusal: { reason: 'credential.missing', facts: { header: 'x-api-key' } } })
    expect(asked).toEqual([])
  })

  it.each([[['x-api-key', ' s3 ']], [['Authorization', 'Bearer s3']], [['authorization', 'bearer   s3']]])('%j presents the secret', async (headers) => {
    const { identified, asked } = await ask(headers)
    expect(asked).toEqual(['s3'])
    expect(identified.kind).toBe('found')
  })

  it.each([[['authorization', 'Basic s3']], [['authorization', 's3']], [['x-api-key', 'a', 'x-api-key', 'b']], [['authorization', 'Bearer ']]])(
    '%j is invalid without a look-up',
    async (headers) => {
      const { identified, asked } = await ask(headers)
      expect(identified).toMatchObject({ refusal: { reason: 'credential.invalid' } })
      expect(asked).toEqual([])
    },
  )

  it('an unknown secret is invalid, and the refusal does not repeat it', async () => {
    const directory = { findKey: async () => undefined, ...nobody }
    const refused = await identify({ name: 'ads' } as ApiOptions, credentials, { headers: ['x-api-key', 'top-secret'] }, { directory }, NOW_MS)
    expect(refused).toMatchObject({ refusal: { reason: 'credential.invalid' } })
    expect(JSON.stringify(refused)).not.toContain('top-secret')
  })
})

describe('what became of a key and its account', () => {
  it.each([
    [{ key: { status: 'revoked', revokedAtMs: 5, expiresAtMs: 1 } }, 'credential.revoked', { state: 'revoked', revokedAtMs: 5 }],
    [{ key: { status: 'disabled' } }, 'credential.revoked', { state: 'disabled' }],
    [{ key: { expiresAtMs: NOW_MS } }, 'credential.expired', { expiredAtMs: NOW_MS }],
    [{ account: { status: 'suspended', suspendedUntilMs: NOW_MS + 1 } }, 'account.suspended', { untilMs: NOW_MS + 1 }],
    [{ account: { status: 'disabled' } }, 'account.disabled', {}],
    [{ account: { status: 'not_entitled' } }, 'account.not_entitled', {}],
    [{ key: { status: 'revoked' }, account: { status: 'disabled' } }, 'credential.revoked', {}],
  ] as const)('%j refuses as %s', async (found, reason, facts) => {
    const { identified } = await ask(['x-api-key', 's'], found)
    expect(identified).toMatchObject({ refusal: { reason, facts } })
    expect(identified.principal?.key.id).toBe('key_1')
  })

  it('a key is good until the very millisecond of its expiry, and an ended suspension is over', async () => {
    const { identified } = await ask(['x-api-key', 's'], { key: { expiresAtMs: NOW_MS + 1 }, account: { status: 'suspended', suspendedUntilMs: NOW_MS } })
    expect(identified.kind).toBe('found')
  })
})

describe('a token', () => {
  const bearer: CredentialOptions = { from: [{ in: 'header', name: 'x-api-key' }, { in: 'header', name: 'authorization', scheme: 'bearer', token: true }], prefix: 'ak_' }
  const valid: VerifiedToken = { kind: 'valid', keyId: 'key_1', scopes: ['read'], expiresAtMs: NOW_MS + 1 }

  function present(verified: VerifiedToken | undefined, change: { key?: Partial<ApiKey>; account?: Partial<Account>; unknown?: boolean } = {}) {
    const directory = {
      findKey: () => Promise.reject(new Error('a token is no key')),
      keyById: async (id: string) => (change.unknown === true || id !== 'key_1' ? undefined : { ...key, ...change.key }),
      account: async () => ({ ...account, ...change.account }),
      ...unwritten,
    }
    const tokens = verified && { verify: async () => verified }
    return identify({ name: 'ads' } as ApiOptions, bearer, { headers: ['authorization', 'Bearer a.b.c'] }, { directory, tokens }, NOW_MS)
  }

  it('stands for its key', async () => {
    expect(await present(valid)).toEqual({ kind: 'found', principal: { key, account, token: { scopes: ['read'], expiresAtMs: NOW_MS + 1 } } })
  })

  it('that has expired says since when, and nothing else is wrong with it', async () => {
    expect(await present({ kind: 'expired', expiredAtMs: 7, keyId: 'key_1' })).toMatchObject({ refusal: { reason: 'token.expired', facts: { expiredAtMs: 7 } } })
    expect(await present({ kind: 'expired', expiredAtMs: 7, keyId: 'key_1' }, { key: { status: 'revoked' } })).toMatchObject({ refusal: { reason: 'credential.invalid' } })
    expect(await present({ kind: 'expired', expiredAtMs: 7, keyId: 'key_9' })).toMatchObject({ refusal: { reason: 'credential.invalid' } })
  })

  it('dies with its key and account', async () => {
    expect(await present(valid, { key: { status: 'revoked' } })).toMatchObject({ refusal: { reason: 'credential.revoked' } })
    expect(await present(valid, { key: { status: 'disabled' } })).toMatchObject({ refusal: { reason: 'credential.revoked' } })
    expect(await present(valid, { account: { status: 'disabled' } })).toMatchObject({ refusal: { reason: 'account.disabled' } })
  })

  it.each([
    [{ kind: 'invalid', why: 'bad signature' } as const, {}],
    [valid, { unknown: true }],
    [valid, { key: { api: 'other' } }],
    [undefined, {}],
  ])('%j is invalid, and the answer does not say why', async (verified, change) => {
    const identified = await present(verified, change)
    expect(identified).toMatchObject({ refusal: { reason: 'credential.invalid', facts: { header: 'authorization' } } })
    expect(identified.kind === 'refused' && JSON.stringify(identified.refusal.facts)).not.toContain('signature')
  })
})
