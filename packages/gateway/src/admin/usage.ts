/** What an account has used, holds and keeps alive: each meter's reading now, changing nothing. */
import type { Reading, Take } from 'tollgate/admission'
import { displayOf } from '../config/kinds/meter-kinds.ts'
import { takesOfAccount, takesOfKeys } from './account-takes.ts'
import { notFound, type AdminRoute } from './admin-route.ts'
import { shownLimits } from './shown-limits.ts'

export const usageRoutes: readonly AdminRoute[] = [
  {
    method: 'GET',
    path: '/v1/accounts/{id}/usage',
    async handle({ params }, { directory, config, store }) {
      const account = await directory.account(params['id'] ?? '')
      if (account === undefined) return notFound('account', params['id'] ?? '')
      const api = config().apis.find(({ name }) => name === account.api)
      const takes = api === undefined ? [] : [...takesOfAccount(api, account), ...takesOfKeys(api, account, await directory.keysOf(account.id))]
      const readings = takes.length === 0 ? [] : await store.peek(takes)
      return { body: { account: account.id, plan: account.plan, meters: takes.flatMap(({ meter }, at) => (readings[at] === undefined ? [] : [showReading(readings[at], meter)])) } }
    },
  },
]

export type ShownReading = ReturnType<typeof showReading>

/** Each kind in its own words: what was used, what is available, what is alive. */
function showReading(reading: Reading, of: Take['meter']) {
  const { name: meter, subject, kind } = reading
  return { meter, subject, kind, ...displayOf(kind).show({ ...reading, remaining: undefined, ...shownLimits(reading) }, of) }
}
