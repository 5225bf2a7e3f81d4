import { headerSets } from '../../../contract/values/rate-limit-headers.ts'
import type { Rule } from '../rule.ts'

export const quotaWithoutReset: Rule = {
  id: 'quota-without-reset',
  severity: 'warning',
  topic: 'caller',
  title: 'A quota that does not say when it begins anew',
  why: 'Nobody waits for a month in a loop: a person or a scheduler has to know the day. Without it, they ask each hour.',
  source: 'RFC 6585 section 4; draft-ietf-httpapi-ratelimit-headers: what is used up tells its reset',
  fix: 'Show the reset: `reset_at: timestamp? from resetAtMs`, or name a header of it in `rateLimitHeaders`.',
  find: ({ declaration, entries }) => {
    const inHeaders = declaration.rateLimitHeaders === 'draft-11' || headerSets(declaration.rateLimitHeaders).some(({ reset }) => reset !== undefined)
    return entries.flatMap(({ path, reason, details, figures }) => {
      const isTold = inHeaders || figures.has('resetAtMs') || details.some(({ from, name }) => [from, name].some((fact) => fact === 'resetAtMs' || fact === 'retryAfterMs'))
      return reason !== 'quota.exhausted' || isTold ? [] : [{ path: `${path}.details`, problem: 'has no reset, and no header tells it', mend: 'show it: reset_at: timestamp? from resetAtMs' }]
    })
  },
  bad: { declaration: { entries: { month: { code: 'MONTH_USED_UP', status: 429, reason: 'quota.exhausted' } } }, paths: ['entries.month.details'] },
  good: { declaration: { entries: { month: { code: 'MONTH_USED_UP', status: 429, reason: 'quota.exhausted', details: { reset_at: 'timestamp? from resetAtMs' } } } } },
}
