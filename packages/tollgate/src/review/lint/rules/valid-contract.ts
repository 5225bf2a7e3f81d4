import type { Rule } from '../rule.ts'

export const validContract: Rule = {
  id: 'valid-contract',
  severity: 'error',
  topic: 'valid',
  title: 'What no contract may have',
  why: 'A gateway does not start with such a contract, and `defineContract` throws. Each of these has its path, its value and its mend.',
  source: 'docs/write-a-contract.md',
  fix: 'Mend what the finding names.',
  // Those that no other rule has a better name for.
  claims: () => true,
  bad: { declaration: { name: 'shop', title: 'Shop', envelope: { error: { code: '$code' } }, entries: { slow: { code: 'SLOW', status: 429, reason: 'rate.limited', retry: 'wiat', message: 'Slow down.', description: 'Too fast.' } } }, paths: ['entries.slow.retry'] },
  good: {
    declaration: {
      name: 'shop',
      title: 'Shop',
      envelope: { error: { error: { code: '$code', message: '$message' } } },
      entries: { failed: { code: 'FAILED', status: 500, reason: 'internal', alsoFor: ['credential.*', 'token.expired', 'permission.denied', 'account.*', 'request.*', 'field.*', 'route.unknown', 'method.not_allowed', 'resource.*', 'rate.limited', 'concurrency.limited', 'quota.exhausted', 'credit.insufficient', 'session.*', 'idempotency.*', 'content.blocked', 'upstream.*', 'capacity.overloaded', 'service.maintenance'], message: 'Something failed.', description: 'Something failed that should not have.' } },
    },
  },
}
