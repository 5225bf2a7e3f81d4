import type { Rule } from '../rule.ts'

export const idempotencyConflictUnsaid: Rule = {
  id: 'idempotency-conflict-unsaid',
  severity: 'warning',
  topic: 'contradiction',
  title: 'An idempotency conflict that does not say which',
  why: 'Another request under the same key needs a new key, and must not be repeated; the same request while the first is running needs nothing but time. Who treats the second as the first pays twice.',
  source: 'draft-ietf-httpapi-idempotency-key-header: 422 for another payload, 409 while it is outstanding',
  fix: 'Write an entry for each, told apart by code or by an attribute: `reason: payload_mismatch`, `reason: in_progress`.',
  find: ({ declaration, entries }) =>
    entries.flatMap(({ path, code, speaksFor, reason }) =>
      speaksFor.includes('idempotency.mismatch') && speaksFor.includes('idempotency.in_progress') && (declaration.idempotencyKey !== undefined || reason?.startsWith('idempotency.') === true)
        ? [{ path, value: code, problem: 'is said both of another request under the same key, and of the same one that is still running', mend: 'write an entry for each' }]
        : [],
    ),
  bad: { declaration: { entries: { duplicate: { code: 'IDEMPOTENCY_CONFLICT', status: 409, reason: 'idempotency.mismatch', alsoFor: ['idempotency.in_progress'] } } }, paths: ['entries.duplicate'] },
  good: { declaration: { entries: { mismatch: { code: 'KEY_REUSED', status: 422, reason: 'idempotency.mismatch' }, running: { code: 'STILL_RUNNING', status: 409, reason: 'idempotency.in_progress' } } } },
}
