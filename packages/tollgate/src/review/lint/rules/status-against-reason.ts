import { isOf } from '../literal-contract.ts'
import type { Rule } from '../rule.ts'

export const statusAgainstReason: Rule = {
  id: 'status-against-reason',
  severity: 'warning',
  topic: 'http',
  title: 'A status that puts the fault on the wrong side',
  why: '4xx says that the caller has to change something, 5xx that the server has failed. Retries, alerts and error budgets all go by that one figure.',
  source: 'RFC 9110 sections 15.5 and 15.6',
  fix: 'Use 4xx for what the caller can mend, and 5xx for what only you can.',
  find: ({ entries }) =>
    entries.flatMap(({ path, status, reason }) => {
      if (status === undefined || reason === undefined || status < 400) return []
      const isOurs = isOf(reason, 'internal', 'upstream', 'capacity', 'service')
      const isTheirs = isOf(reason, 'credential', 'token', 'permission', 'account', 'request', 'field', 'route', 'method', 'resource', 'quota', 'credit', 'session', 'idempotency', 'content')
      if (isOurs && status < 500 && status !== 429) return [{ path: `${path}.status`, value: status, problem: `tells the caller that ${reason} is their fault`, mend: 'use 500, 502, 503 or 504' }]
      return isTheirs && status >= 500 && status !== 501 ? [{ path: `${path}.status`, value: status, problem: `tells everyone that ${reason} is a failure of yours, to be tried again`, mend: 'use a status from 400 to 499' }] : []
    }),
  bad: { declaration: { entries: { wrongKey: { code: 'WRONG_KEY', status: 500, reason: 'credential.invalid' }, failed: { code: 'FAILED', status: 400, reason: 'internal' } } }, paths: ['entries.wrongKey.status', 'entries.failed.status'] },
  good: { declaration: { entries: { wrongKey: { code: 'WRONG_KEY', status: 401, reason: 'credential.invalid' }, failed: { code: 'FAILED', status: 500, reason: 'internal' } } } },
}
