import { headerSets } from '../../../contract/values/rate-limit-headers.ts'
import { limitKindOf, listed } from '../literal-contract.ts'
import type { Rule } from '../rule.ts'

export const oneHeaderSet: Rule = {
  id: 'one-header-set',
  severity: 'note',
  topic: 'contradiction',
  title: 'One set of rate headers for several limits',
  why: '`X-RateLimit-Remaining: 3`: of the minute, the day or the month? A client that paces itself by it does so for the wrong one.',
  source: 'draft-ietf-httpapi-ratelimit-headers: each policy has its name',
  fix: 'Name a set for each (`of: day`), use `draft-11`, or say in the docs which limit is told.',
  find: ({ declaration, entries }) => {
    const sets = headerSets(declaration.rateLimitHeaders)
    const limits = entries.flatMap(({ id, declared, reason }) => {
      const kind = limitKindOf(reason)
      const periods = [declared.when?.['period'] ?? declared.when?.['meter'] ?? []].flat()
      return kind === 'rate' || kind === 'quota' ? (periods.length > 0 ? periods.map((period) => `${id} (${String(period)})`) : [id]) : []
    })
    return sets.length === 1 && limits.length > 1 ? [{ path: 'rateLimitHeaders', problem: `is one set for ${listed(limits)}, and does not say which it tells`, mend: 'name one for each (of: day), or use draft-11' }] : []
  },
  bad: { declaration: { rateLimitHeaders: { remaining: 'X-RateLimit-Remaining' }, entries: { burst: { code: 'BURST', status: 429, reason: 'rate.limited' }, day: { code: 'DAY', status: 429, reason: 'quota.exhausted' } } }, paths: ['rateLimitHeaders'] },
  good: { declaration: { rateLimitHeaders: [{ remaining: 'X-RateLimit-Remaining' }, { of: 'day', remaining: 'X-RateLimit-Remaining-Day' }], entries: { burst: { code: 'BURST', status: 429, reason: 'rate.limited' }, day: { code: 'DAY', status: 429, reason: 'quota.exhausted' } } } },
}
