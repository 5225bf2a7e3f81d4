/** What an account has used: each meter's reading now, changing nothing. */
import type { Account, ApiKey, Reading } from 'tollgate/admission'
import { takesOf, type ApiOptions } from 'tollgate/server'
import { notFound, type AdminRoute } from './admin-route.ts'
import { instantText } from './fields.ts'

export const usageRoutes: readonly AdminRoute[] = [
  {
    method: 'GET',
    path: '/v1/accounts/{id}/usage',
    async handle({ params }, { directory, config, store, clock }) {
      const account = await directory.account(params['id'] ?? '')
      if (account === undefined) return notFound('account', params['id'] ?? '')
      const api = config().apis.find(({ name }) => name === account.api)
      const keys = await directory.keysOf(account.id)
      const takes = api === undefined ? [] : distinctTakes(api, account, keys)
      const readings = takes.length === 0 ? [] : await store.peek(takes, clock.wallMs())
      return { body: { account: account.id, plan: account.plan, meters: readings.map(showReading) } }
    },
  },
]

/** Meters of the account once, those of its users and keys for each of them. A key's own limit on an account's meter is the key's affair. */
function distinctTakes(api: ApiOptions, account: Account, keys: readonly ApiKey[]) {
  const named = (per: readonly string[]) => Object.keys(api.meters).filter((meter) => per.includes(api.meters[meter]?.per ?? ''))
  const nobody: ApiKey = { id: '', api: api.name, accountId: account.id, hash: '', hint: '', status: 'active', scopes: [], createdAtMs: 0 }
  const takes = [
    ...takesOf(api, named(['account']), { account, key: nobody }, ''),
    ...keys.flatMap((key) => takesOf(api, named(['user', 'key']), { account, key }, '')),
  ]
  return [...new Map(takes.map((take) => [`${take.subject} ${take.name}`, take])).values()]
}

export function showReading(reading: Reading) {
  const { name: meter, subject, kind, limit, used, remaining, resetAtMs } = reading
  return { meter, subject, kind, limit, used, remaining, resetAt: instantText(resetAtMs) }
}
