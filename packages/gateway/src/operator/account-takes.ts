/** All that is kept for an account: its own meters once, those of its users and keys for each of them. */
import type { Account, ApiKey } from 'tollgate/directory'
import type { Take } from 'tollgate/engine'
import { takesOf, type ApiOptions } from 'tollgate/gate'

/** What nothing limits is counted all the same. A key's own limit on an account's meter is the key's affair. */
export function takesOfAccount(api: ApiOptions, account: Account): readonly Take[] {
  const nobody: ApiKey = { id: '', api: api.name, accountId: account.id, hash: '', hint: '', status: 'active', scopes: [], createdAtMs: 0 }
  return takesOf(api, metersPer(api, 'account'), { account, key: nobody }, '')
}

export function takesOfKeys(api: ApiOptions, account: Account, keys: readonly ApiKey[]): readonly Take[] {
  const takes = keys.flatMap((key) => takesOf(api, metersPer(api, 'user', 'key'), { account, key }, ''))
  return [...new Map(takes.map((take) => [`${take.subject} ${take.name}`, take])).values()]
}

function metersPer(api: ApiOptions, ...per: readonly string[]): readonly string[] {
  return Object.keys(api.meters).filter((meter) => per.includes(api.meters[meter]?.per ?? ''))
}
