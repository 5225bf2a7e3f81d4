import { limitKindOf } from '../literal-contract.ts'
import type { Rule } from '../rule.ts'

export const limitWithoutFigures: Rule = {
  id: 'limit-without-figures',
  severity: 'note',
  topic: 'http',
  title: 'A limit without a figure',
  why: 'An answer to "too much" should say how much is allowed. Without a figure people guess it by trying, and programs cannot pace themselves.',
  source: 'RFC 6585 section 4: the representations SHOULD include details explaining the condition',
  fix: 'Show what there is: `limit: integer?`, `used`, `remaining`, or headers (`rateLimitHeaders`).',
  find: ({ declaration, entries }) =>
    declaration.rateLimitHeaders !== undefined
      ? []
      : entries.flatMap(({ path, status, reason, details, figures }) => (limitKindOf(reason) === undefined || reason === 'credit.insufficient' || status !== 429 || details.length > 0 || figures.size > 0 ? [] : [{ path: `${path}.details`, problem: 'is missing, and neither message nor headers have a figure', mend: 'say the limit: details: { limit: integer? }' }])),
  bad: { declaration: { entries: { slow: { code: 'SLOW', status: 429, reason: 'rate.limited' } } }, paths: ['entries.slow.details'] },
  good: { declaration: { entries: { slow: { code: 'SLOW', status: 429, reason: 'rate.limited', details: { limit: 'integer?' } } } } },
}
