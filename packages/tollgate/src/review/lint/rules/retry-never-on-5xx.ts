import type { Rule } from '../rule.ts'

export const retryNeverOn5xx: Rule = {
  id: 'retry-never-on-5xx',
  severity: 'warning',
  topic: 'caller',
  title: 'A failure that must not be tried again',
  why: 'A 5xx passes as a rule, and every generic client repeats it. Where the contract forbids it, only those that read the contract obey, and the others load what has failed.',
  source: 'RFC 9110 section 15.6; 501 and 505 there, and 507 (RFC 4918 section 11.5), are for good',
  fix: 'Say `retry: backoff`, or use a 4xx if the caller has to change something.',
  find: ({ entries }) => entries.flatMap(({ path, status, retry }) => (retry === 'never' && status !== undefined && status >= 500 && ![501, 505, 507].includes(status) ? [{ path: `${path}.retry`, value: retry, problem: `forbids what every generic client does after ${status}`, mend: 'write backoff, or use a status of the caller' }] : [])),
  bad: { declaration: { entries: { failed: { code: 'FAILED', status: 500, reason: 'internal', retry: 'never' } } }, paths: ['entries.failed.retry'] },
  good: { declaration: { entries: { failed: { code: 'FAILED', status: 500, reason: 'internal' }, notBuilt: { code: 'NOT_BUILT', status: 501, reason: 'internal', retry: 'never' } } } },
}
