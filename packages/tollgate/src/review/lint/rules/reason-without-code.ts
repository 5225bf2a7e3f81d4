import type { Rule } from '../rule.ts'

export const reasonWithoutCode: Rule = {
  id: 'reason-without-code',
  severity: 'error',
  topic: 'valid',
  title: 'Something happens for which there is no code',
  why: 'An unknown path, a wrong method, a key without the right: it happens, whatever the page says. What no entry speaks for is then answered by a framework, in another envelope, or as HTML.',
  source: 'ARCHITECTURE.md: each reason has an entry; RFC 9457 section 1, on errors in many shapes',
  fix: 'Share the reasons out to the entries that come nearest (`alsoFor`), or write entries for them.',
  claims: ({ path, problem }) => path === 'entries' && problem.endsWith('these reasons'),
  bad: { declaration: { entries: { failed: { code: 'FAILED', status: 500, reason: 'internal', message: 'Failed.', description: 'It failed.' } } }, paths: ['entries'] },
  good: { declaration: { entries: { failed: { code: 'FAILED', status: 500, reason: 'internal', alsoFor: ['credential.*', 'token.expired', 'permission.denied', 'account.*', 'request.*', 'field.*', 'route.unknown', 'method.not_allowed', 'resource.*', 'rate.limited', 'concurrency.limited', 'quota.exhausted', 'credit.insufficient', 'session.*', 'idempotency.*', 'content.blocked', 'upstream.*', 'capacity.overloaded', 'service.maintenance'], message: 'Failed.', description: 'It failed.' } } } },
}
