import type { LiteralContract } from '../literal-contract.ts'
import type { Rule } from '../rule.ts'

/** A wait follows from either. */
const wait = ['retryAfterMs', 'resetAtMs']

export const waitWithoutFigure: Rule = {
  id: 'wait-without-figure',
  severity: 'warning',
  topic: 'caller',
  title: 'A wait that nobody has put into figures',
  why: 'The caller is to come back later, and neither the entry nor a detail says when. Where the refusal does not know, 60 seconds are made up; clients without a figure come back at once, all together.',
  source: 'RFC 6585 section 4; RFC 9110 sections 10.2.3 and 15.6.4',
  fix: 'Say `retryAfterSeconds`, and show the wait as a detail: `retry_after: seconds? from retryAfterMs`.',
  find: ({ entries }: LiteralContract) =>
    entries.flatMap(({ path, status, retry, declared, details, figures }) => {
      const isToWait = status === 429 || status === 503 || retry === 'wait'
      const hasFigure = declared.retryAfterSeconds !== undefined || wait.some((fact) => figures.has(fact) || details.some(({ from, name }) => from === fact || name === fact))
      return !isToWait || hasFigure ? [] : [{ path: `${path}.retryAfterSeconds`, problem: `is missing, and no detail says how long to wait${status === 429 || status === 503 ? `: ${status} is then sent with a Retry-After of 60 s that nobody has chosen` : ''}`, mend: 'say what holds when no exact wait is known: retryAfterSeconds: 30' }]
    }),
  bad: { declaration: { entries: { slow: { code: 'SLOW', status: 429, reason: 'rate.limited' } } }, paths: ['entries.slow.retryAfterSeconds'] },
  good: { declaration: { entries: { slow: { code: 'SLOW', status: 429, reason: 'rate.limited', retryAfterSeconds: 30 }, busy: { code: 'BUSY', status: 503, reason: 'capacity.overloaded', details: { retry_after: 'seconds? from retryAfterMs' } } } } },
}
