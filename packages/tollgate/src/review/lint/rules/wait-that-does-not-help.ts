import type { Rule } from '../rule.ts'

export const waitThatDoesNotHelp: Rule = {
  id: 'wait-that-does-not-help',
  severity: 'warning',
  topic: 'contradiction',
  title: 'A Retry-After for what no wait cures',
  why: '429 and 503 are sent with `Retry-After`, and clients obey it. Here the cure is another: a session to end, an account to pay. So they come back, are refused again, and wait again.',
  source: 'RFC 6585 section 4 and RFC 9110 section 15.6.4: the header is optional',
  fix: 'Use a status that is not waited for (409, 402, 403), or say in `lint.ignore` what the wait is good for.',
  find: ({ entries }) =>
    entries.flatMap(({ path, status, retry, action }) => ((status === 429 || status === 503) && retry === 'never' && action !== 'wait' && action !== 'wait_for_reset' ? [{ path: `${path}.status`, value: status, problem: `is sent with Retry-After, and what helps is ${action}`, mend: 'use a status that nobody waits for' }] : [])),
  bad: { declaration: { entries: { tooMany: { code: 'TOO_MANY_SESSIONS', status: 429, reason: 'session.limited' } } }, paths: ['entries.tooMany.status'] },
  good: { declaration: { entries: { tooMany: { code: 'TOO_MANY_SESSIONS', status: 409, reason: 'session.limited' }, month: { code: 'MONTH', status: 429, reason: 'quota.exhausted' } } } },
}
