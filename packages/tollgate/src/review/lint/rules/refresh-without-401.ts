import type { Rule } from '../rule.ts'

export const refreshWithout401: Rule = {
  id: 'refresh-without-401',
  severity: 'warning',
  topic: 'http',
  title: 'New credentials are asked for, and it is no 401',
  why: 'Clients get a new token after a 401 and its challenge, and after nothing else. Under another status the refresh happens only where this very contract is read.',
  source: 'RFC 6750 section 3.1: `invalid_token` is 401',
  fix: 'Use 401, or another retry rule.',
  find: ({ entries }) => entries.flatMap(({ path, status, retry }) => (retry === 'refresh' && status !== undefined && status !== 401 && status !== 407 ? [{ path: `${path}.status`, value: status, problem: 'asks for new credentials (retry: refresh), which clients get after 401 only', mend: 'use 401' }] : [])),
  bad: { declaration: { entries: { expired: { code: 'EXPIRED', status: 403, reason: 'token.expired' } } }, paths: ['entries.expired.status'] },
  good: { declaration: { entries: { expired: { code: 'EXPIRED', status: 401, reason: 'token.expired' } } } },
}
