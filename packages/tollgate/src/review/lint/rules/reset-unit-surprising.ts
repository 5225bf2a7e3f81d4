import { headerSets } from '../../../contract/values/rate-limit-headers.ts'
import type { Rule } from '../rule.ts'

export const resetUnitSurprising: Rule = {
  id: 'reset-unit-surprising',
  severity: 'note',
  topic: 'caller',
  title: 'A reset in a unit that nobody expects',
  why: 'Clients take `X-RateLimit-Reset` for seconds: since 1970, or from now. In milliseconds it is a thousand times too far away, or long ago.',
  source: 'draft-ietf-httpapi-ratelimit-headers, appendix: four meanings of a reset are in use',
  fix: 'Use `unix` or `seconds`, or give the header a name that says its unit: `X-RateLimit-Reset-Ms`.',
  find: ({ declaration }) =>
    headerSets(declaration.rateLimitHeaders).flatMap(({ reset, resetUnit }, at) =>
      reset !== undefined && (resetUnit === 'ms' || resetUnit === 'unix-ms') && !/ms$|milli/i.test(reset) ? [{ path: `${Array.isArray(declaration.rateLimitHeaders) ? `rateLimitHeaders[${at}]` : 'rateLimitHeaders'}.resetUnit`, value: resetUnit, problem: `is milliseconds, in a header (${reset}) that clients read as seconds`, mend: 'use unix or seconds' }] : [],
    ),
  bad: { declaration: { rateLimitHeaders: { reset: 'X-RateLimit-Reset', resetUnit: 'unix-ms' } }, paths: ['rateLimitHeaders.resetUnit'] },
  good: { declaration: { rateLimitHeaders: { reset: 'X-RateLimit-Reset', resetUnit: 'unix' } } },
}
