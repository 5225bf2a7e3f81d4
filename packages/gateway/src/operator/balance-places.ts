/** Which balances an operator means: of an account, or of one of its keys or users where the meter is kept for each of them. */
import type { Account } from 'tollgate/directory'
import { kindOf, type Allowance } from 'tollgate/engine'
import type { ApiOptions } from 'tollgate/gate'
import { suggestion } from '../config/read/suggestion.ts'
import { takesOfAccount, takesOfKeys } from './account-takes.ts'
import type { AdminGateway } from './admin-gateway.ts'
import { invalid, notFound, refused, type OrRefused } from './reply.ts'

export interface BalancePlace {
  readonly subject: string
  /** The meter. */
  readonly name: string
  readonly scale: number
  /** What renews it. */
  readonly allowance: Allowance | undefined
}

export interface FoundBalances {
  readonly account: Account
  readonly places: readonly BalancePlace[]
}

export interface AskedBalances {
  readonly meter?: string | undefined
  readonly key?: string | undefined
  readonly user?: string | undefined
}

/** With a key or a user only what is kept for it; otherwise all balances of the account. */
export async function findBalances(
  { directory, config }: Pick<AdminGateway, 'directory' | 'config'>,
  accountId: string,
  { meter, key: keyId, user }: AskedBalances,
): Promise<OrRefused<FoundBalances>> {
  const account = await directory.account(accountId)
  if (account === undefined) return notFound('account', accountId)
  const api = config().apis.find(({ name }) => name === account.api)
  if (api === undefined) return refused('resource.conflict', { resource: 'account', id: account.id, issue: `its API "${account.api}" is not in the configuration` })
  const declared = balancesOf(api)
  if (meter !== undefined && !declared.includes(meter)) return invalid('meter', `no balance of ${api.name} is called "${meter}"${suggestion(meter, declared)}`)
  const keys = (await directory.keysOf(account.id)).filter(({ id, userId }) => (keyId === undefined || id === keyId) && (user === undefined || userId === user))
  if (keyId !== undefined && keys.length === 0) return refused('resource.not_found', { resource: 'key', id: keyId, issue: `the account ${account.id} has no key "${keyId.slice(0, 100)}"` })
  if (user !== undefined && keys.length === 0) return refused('resource.not_found', { resource: 'user', id: user, issue: `no key of the account ${account.id} belongs to a user "${user.slice(0, 100)}"` })
  const ofAccount = keyId === undefined && user === undefined ? takesOfAccount(api, account) : []
  const places = [...ofAccount, ...takesOfKeys(api, account, keys)].flatMap(({ subject, name, meter: of, limit }) =>
    kindOf(of).isFunded && (meter === undefined || name === meter) ? [{ subject, name, scale: kindOf(of).scaleOf(of) ?? 0, allowance: kindOf(of).allowanceOf({ meter: of, limit }) }] : [],
  )
  return { ok: true, value: { account, places } }
}

/** Where money is to go there must be no doubt. */
export function oneOf({ account, places }: FoundBalances): OrRefused<BalancePlace> {
  const [first, ...others] = places
  if (first === undefined) return invalid('meter', `nothing that is asked for has a balance at ${account.api}; see the meters of its configuration`)
  if (others.length === 0) return { ok: true, value: first }
  const meters = [...new Set(places.map(({ name }) => name))]
  if (meters.length > 1) return invalid('meter', `there are several balances: ${meters.join(', ')}; say which`)
  return invalid('key', `"${first.name}" is kept for each of ${places.length} keys or users; say for which key or user`)
}

function balancesOf({ meters }: ApiOptions): readonly string[] {
  return Object.entries(meters).flatMap(([name, { meter }]) => (kindOf(meter).isFunded ? [name] : []))
}
