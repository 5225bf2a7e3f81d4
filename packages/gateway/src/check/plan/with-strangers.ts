/** The two credentials that nobody has to bring: one that is no key at all, and one that looks like a key and is nobody's. */
import type { CheckPlan, PlannedCredential } from './check-plan.ts'

/** Where a plan has no good credential, where they are sent is a guess, so none is added. */
export function withStrangers(plan: CheckPlan): CheckPlan {
  const { credentials } = plan
  const good = credentials.find(({ state }) => state === 'valid')
  if (good === undefined) return plan
  const lacks = (state: PlannedCredential['state']): boolean => !credentials.some((each) => each.state === state)
  return {
    ...plan,
    credentials: [
      ...credentials,
      ...(lacks('malformed') ? [{ ...good, name: 'malformed', key: 'not-a-key-at-all', state: 'malformed' as const }] : []),
      ...(lacks('unknown') ? [{ ...good, name: 'unknown', key: strangersKey(good.key), state: 'unknown' as const }] : []),
    ],
  }
}

/** As long as a good one, with the same beginning: `sk_live_` and zeros. Nothing else of the good one is in it. */
function strangersKey(key: string): string {
  const [prefix = ''] = /^[A-Za-z]{1,12}(?:[_-][A-Za-z]{1,8})?[_-]/.exec(key) ?? []
  const length = Math.max(8, key.length - prefix.length)
  return prefix + 'NobodysKeyAtAll'.padEnd(length, '0').slice(0, length)
}
