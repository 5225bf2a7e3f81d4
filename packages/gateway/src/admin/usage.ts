/** What an account has used, holds and keeps alive: each meter's reading now, changing nothing. */
import type { Reading, Take } from 'tollgate/admission'
import { takesOfAccount, takesOfKeys } from './account-takes.ts'
import { notFound, type AdminRoute } from './admin-route.ts'
import { formatUnits } from './amounts.ts'
import { instantText } from './fields.ts'
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
      return { body: { account: account.id, plan: account.plan, meters: readings.flatMap((reading, at) => showReading(reading, takes[at]?.meter) ?? []) } }
    },
  },
]

export type ShownReading = NonNullable<ReturnType<typeof showReading>>

/** Each kind in its own words: what was used, what is available, what is alive. */
function showReading(reading: Reading, of: Take['meter'] | undefined) {
  const { name: meter, subject, used, resetAtMs } = reading
  const { limit, remaining } = shownLimits(reading)
  switch (of?.kind) {
    case 'balance':
      return { meter, subject, kind: of.kind, available: formatUnits(reading.remaining, of.scale), held: formatUnits(used, of.scale), scale: of.scale }
    case 'lease':
      return { meter, subject, kind: of.kind, of: of.of, alive: used, max: limit, ...(remaining !== undefined && { remaining }) }
    case 'window':
    case 'quota':
      return { meter, subject, kind: of.kind, limit, used, ...(remaining !== undefined && { remaining }), resetAt: instantText(resetAtMs) }
  }
}
