import { describe, expect, it } from 'vitest'
import type { Account, ApiKey } from '../../directory/account.ts'
import type { ApiOptions, RouteOptions } from '../gate-options.ts'
import { authorise, grantedScopes } from './permission.ts'

const api = { name: 'ads', scopeImplies: { admin: ['read', 'write'] } } as unknown as ApiOptions
const account: Account = { id: 'team_1', api: 'ads', name: 'One', status: 'active', plan: 'free', createdAtMs: 0 }
const keyWith = (...scopes: string[]): ApiKey => ({ id: 'key_1', api: 'ads', accountId: 'team_1', hash: '', hint: '', status: 'active', scopes, createdAtMs: 0 })
const route = (...scopes: string[]): RouteOptions => ({ methods: ['GET'], path: '/', steps: [], ...(scopes.length > 0 && { scopes }) })
const asked = (scopes: string[], key: string[], token?: string[]) =>
  authorise(api, route(...scopes), { key: keyWith(...key), account, ...(token !== undefined && { token: { scopes: token, expiresAtMs: 1 } }) })

describe('scopes', () => {
  it.each([
    [[], []],
    [['read'], ['read']],
    [['anything'], ['*']],
    [['read', 'write'], ['admin']],
    [['read', 'billing'], ['admin', 'billing']],
  ])('a route that asks for %j is open to a key with %j', (scopes, key) => {
    expect(asked(scopes, key)).toBeUndefined()
  })

  it('what is missing is named', () => {
    expect(asked(['read', 'write'], ['read'])).toMatchObject({ reason: 'permission.denied', facts: { required: 'write', granted: 'read' } })
    expect(asked(['constructor'], ['read'])).toMatchObject({ facts: { required: 'constructor' } })
    expect(asked(['admin'], ['read', 'write'])).toBeDefined()
  })

  it('a token can only narrow what its key may do', () => {
    expect(asked(['read'], ['admin'], ['read'])).toBeUndefined()
    expect(asked(['write'], ['admin'], ['read'])).toMatchObject({ facts: { required: 'write', granted: 'read' } })
    expect(asked(['write'], ['read'], ['admin', '*'])).toBeDefined()
    expect(asked(['write'], ['*'], [])).toBeDefined()
  })

  it('the service is told the scopes that hold', () => {
    expect(grantedScopes(api, { key: keyWith('admin'), account, token: { scopes: ['read', 'billing'], expiresAtMs: 1 } })).toEqual(['read'])
    expect(grantedScopes(api, { key: keyWith('a', 'b'), account })).toEqual(['a', 'b'])
  })
})
