import { isOf } from '../literal-contract.ts'
import type { Rule } from '../rule.ts'

export const retryCannotHelp: Rule = {
  id: 'retry-cannot-help',
  severity: 'error',
  topic: 'caller',
  title: 'A retry that cannot help',
  why: 'The same request will be refused for the same reason, as often as it comes: the caller has to change the request, the credential, the right or the money first.',
  source: 'RFC 9110 section 15.5; docs/overload.md: what is permanent is worth exactly one attempt',
  fix: 'Say `retry: never`, or leave it to the reason.',
  find: ({ entries }) =>
    entries.flatMap(({ path, retry, reason }) =>
      (retry === 'wait' || retry === 'backoff') && isOf(reason, 'credential', 'token', 'permission', 'account', 'request', 'field', 'route', 'method', 'content', 'credit', 'idempotency.missing', 'idempotency.mismatch', 'resource.not_found', 'resource.gone', 'session.not_found', 'session.expired')
        ? [{ path: `${path}.retry`, value: retry, problem: `repeats what ${reason} refuses each time`, mend: isOf(reason, 'token') ? 'write refresh' : 'write never' }]
        : [],
    ),
  bad: { declaration: { entries: { broke: { code: 'BROKE', status: 402, reason: 'credit.insufficient', retry: 'backoff' } } }, paths: ['entries.broke.retry'] },
  good: { declaration: { entries: { broke: { code: 'BROKE', status: 402, reason: 'credit.insufficient' }, expired: { code: 'EXPIRED', status: 401, reason: 'token.expired', retry: 'refresh' } } } },
}
