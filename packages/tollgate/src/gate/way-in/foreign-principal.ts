/**
 * Who calls with a token of another issuer. The token names an account of this API; the issuer is believed in that, and in the scopes and the plan. No key
 * of ours is behind it: one is made up for the call, so that meters per key count each caller of the issuer for itself.
 */
import type { Account } from '../../directory/account.ts'
import type { Directory } from '../../directory/directory.ts'
import type { Facts } from '../../contract/declare/facts.ts'
import { refuse } from '../../contract/declare/refusal.ts'
import type { ApiOptions } from '../gate-options.ts'
import type { OrRefusal } from '../or-refusal.ts'
import type { Principal } from './principal.ts'
import type { ForeignClaims } from './token-verifier.ts'

type Accounts = Pick<Directory, 'account' | 'putAccount' | 'audit'>

export async function principalOfClaims(api: ApiOptions, claims: ForeignClaims, place: Facts, accounts: Accounts, nowMs: number): Promise<OrRefusal<{ readonly principal: Principal }>> {
  const { issuer, keyId, accountId, userId, scopes, plan, expiresAtMs } = claims
  if (plan !== undefined && !Object.hasOwn(api.plans, plan)) {
    return refuse('account.not_entitled', {}, { cause: `the token of ${issuer} names the plan ${JSON.stringify(plan)}, which this API does not have` })
  }
  const account = (await accounts.account(accountId)) ?? (await createdAccount(api, claims, accounts, nowMs))
  if (account?.api !== api.name) {
    const what = account === undefined ? 'which does not exist' : 'which is of another API'
    return refuse('credential.invalid', place, { source: 'client', cause: `the token of ${issuer} speaks for the account ${accountId}, ${what}` })
  }
  return {
    kind: 'found',
    principal: {
      key: { id: keyId, api: api.name, accountId, userId, hash: '', hint: '', status: 'active', scopes, createdAtMs: nowMs },
      account: plan === undefined ? account : { ...account, plan },
      token: { scopes, expiresAtMs, issuer },
    },
  }
}

async function createdAccount(api: ApiOptions, { issuer, accountId, newAccount }: ForeignClaims, accounts: Accounts, nowMs: number): Promise<Account | undefined> {
  if (newAccount === undefined) return undefined
  const account: Account = { id: accountId, api: api.name, ...newAccount, status: 'active', createdAtMs: nowMs }
  const { written } = await accounts.putAccount(account, { expect: 0 })
  // Two first calls at once: the other one has created it.
  if (!written) return accounts.account(accountId)
  await accounts.audit('account.create', { by: `a token of ${issuer}`, account: accountId, after: account })
  return account
}
