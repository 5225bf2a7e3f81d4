import { isOf, listed } from '../literal-contract.ts'
import type { Rule } from '../rule.ts'

export const retryMayPayTwice: Rule = {
  id: 'retry-may-pay-twice',
  severity: 'warning',
  topic: 'caller',
  title: 'A retry that may pay twice',
  why: 'The API takes money, its failures are to be tried again, and there is no idempotency key: after a 500 or a timeout nobody knows whether it was done, and the repeat is charged once more.',
  source: 'RFC 9110 section 9.2.2: no automatic retry of what is not idempotent; ComfyUI#16204: 426 of 732 repeats billed in a week',
  fix: 'Take a key (`idempotencyKey: Idempotency-Key`), or let those entries say `retry: never`.',
  find: ({ declaration, entries, takesMoney }) => {
    const repeated = entries.filter(({ retry, reason }) => (retry === 'backoff' || retry === 'wait') && (reason === 'internal' || isOf(reason, 'upstream')))
    return takesMoney && declaration.idempotencyKey === undefined && repeated.length > 0
      ? [{ path: 'idempotencyKey', problem: `is missing, while ${listed(repeated.slice(0, 4).map(({ id }) => `"${id}"`))} ${repeated.length === 1 ? 'is' : 'are'} to be tried again by clients that pay`, mend: 'take one: idempotencyKey: Idempotency-Key' }]
      : []
  },
  bad: { declaration: { entries: { broke: { code: 'BROKE', status: 402, reason: 'credit.insufficient' }, failed: { code: 'FAILED', status: 500, reason: 'internal' } } }, paths: ['idempotencyKey'] },
  good: { declaration: { idempotencyKey: 'Idempotency-Key', entries: { broke: { code: 'BROKE', status: 402, reason: 'credit.insufficient' }, failed: { code: 'FAILED', status: 500, reason: 'internal' } } } },
}
