import { describe, expect, it } from 'vitest'
import type { Account, ApiKey } from '../../directory/account.ts'
import type { Lease } from '../../engine/calls/lease-record.ts'
import type { CallInProgress } from './call-in-progress.ts'
import { refusedMeanwhile } from './meanwhile.ts'

const NOON = Date.UTC(2026, 10, 29, 12)
const key: ApiKey = { id: 'key_1', api: 'live', accountId: 'acme', hash: 'h', hint: 'wk_', status: 'active', scopes: [], createdAtMs: 0 }
const account: Account = { id: 'acme', api: 'live', name: 'Acme', status: 'active', plan: 'free', createdAtMs: 0 }
const lease: Lease = { id: 'ses_1', api: 'live', accountId: 'acme', callId: 'c', state: 'active', taken: [], createdAtMs: 0 }

interface Now {
  readonly key?: ApiKey | undefined
  readonly account?: Account | undefined
  readonly lease?: Lease | undefined
}

/** What has come over a call that was let in by all of these, when they are so now. */
function meanwhile(now: Now, token?: object, allow?: readonly string[]) {
  const current = { api: { name: 'live' }, log: { principal: { key, account, token } }, lease, matched: { route: { steps: [{ kind: 'lease', param: 'id', allow }] } } }
  const found: Now = { key, account, lease, ...now }
  const tools = { directory: { keyById: async () => found.key, account: async () => found.account }, store: { lease: async () => found.lease } }
  return refusedMeanwhile(current as unknown as CallInProgress, tools, NOON)
}

describe('who was let in', () => {
  it('may go on while key, account and lease stand', async () => {
    expect(await meanwhile({})).toBeUndefined()
    expect(await meanwhile({ account: { ...account, status: 'suspended', suspendedUntilMs: NOON } })).toBeUndefined()
  })

  it.each([
    ['the key is revoked', { key: { ...key, status: 'revoked' } }, 'credential.revoked'],
    ['the key is gone', { key: undefined }, 'credential.revoked'],
    ['the key has expired', { key: { ...key, expiresAtMs: NOON } }, 'credential.expired'],
    ['the account is suspended', { account: { ...account, status: 'suspended' } }, 'account.suspended'],
    ['the account is gone', { account: undefined }, 'account.disabled'],
    ['the lease was terminated', { lease: { ...lease, state: 'terminated' } }, 'session.expired'],
    ['the lease is over', { lease: { ...lease, expiresAtMs: NOON } }, 'session.expired'],
    ['the lease is gone', { lease: undefined }, 'session.not_found'],
  ] as const)('may not when %s', async (_, now, reason) => {
    expect(await meanwhile(now)).toMatchObject({ kind: 'refused', reason })
  })

  it('by a token may go on when that is over, and by one of another issuer without a key that is written down', async () => {
    expect(await meanwhile({}, { expiresAtMs: NOON - 1 })).toBeUndefined()
    expect(await meanwhile({ key: undefined }, { expiresAtMs: NOON, issuer: 'https://id.example' })).toBeUndefined()
    expect(await meanwhile({ key: undefined, account: undefined }, { expiresAtMs: NOON, issuer: 'https://id.example' })).toMatchObject({ reason: 'account.disabled' })
  })

  it('to a lease that is over, where its route allows that, may go on', async () => {
    expect(await meanwhile({ lease: { ...lease, state: 'terminated' } }, undefined, ['active', 'terminated'])).toBeUndefined()
  })
})
