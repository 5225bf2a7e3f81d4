import { limitKindOf, listed } from '../literal-contract.ts'
import type { Rule } from '../rule.ts'

export const limitKindUnsaid: Rule = {
  id: 'limit-kind-unsaid',
  severity: 'warning',
  topic: 'caller',
  title: 'A 429 that does not say what is used up',
  why: 'Rate, quota, concurrency and money have four cures: wait seconds, wait for the month, let something end, pay. Under one code a client waits for what no wait cures.',
  source: 'draft-ietf-httpapi-ratelimit-headers keeps quota, capacity and abuse apart; of 19 clients that retry, 16 do so after a 429 that means "out of money"',
  fix: 'Give each that your API has a code of its own. If it has only one of them, say so in `lint.ignore`.',
  find: ({ entries }) =>
    entries.flatMap(({ path, code, status, speaksFor }) => {
      const kinds = [...new Set(speaksFor.flatMap((reason) => limitKindOf(reason) ?? []))]
      return status === 429 && kinds.length > 1 ? [{ path, value: code, problem: `is said of ${listed(kinds)} alike`, mend: 'give each an entry with a code of its own' }] : []
    }),
  bad: { declaration: { entries: { limited: { code: 'LIMITED', status: 429, reason: 'rate.limited', alsoFor: ['quota.exhausted', 'credit.insufficient'] } } }, paths: ['entries.limited'] },
  good: { declaration: { entries: { tooFast: { code: 'TOO_FAST', status: 429, reason: 'rate.limited' }, usedUp: { code: 'MONTH_USED_UP', status: 429, reason: 'quota.exhausted' } } } },
}
