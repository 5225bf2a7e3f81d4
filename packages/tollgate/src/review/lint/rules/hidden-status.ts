import type { Rule } from '../rule.ts'

export const hiddenStatus: Rule = {
  id: 'hidden-status',
  severity: 'warning',
  topic: 'caller',
  title: 'An error that is sent as a success',
  why: 'Under 2xx an error is no error to proxies, caches, retry middleware, monitoring and generic clients, and `Retry-After` means nothing there.',
  source: 'RFC 9110 section 15; of 20 clients that were tried, all take `200 {"code":18020}` for a success, or crash',
  fix: 'Send the status that it means. Where clients depend on the 200, keep it, and say so in `lint.ignore`.',
  find: ({ declaration, entries }) => [
    ...(declaration.alwaysStatus !== undefined && declaration.alwaysStatus < 400 ? [{ path: 'alwaysStatus', value: declaration.alwaysStatus, problem: 'makes every refusal look like a success', mend: 'leave it out' }] : []),
    ...entries.flatMap(({ path, declared }) => (declared.sentAs !== undefined && declared.sentAs < 400 ? [{ path: `${path}.sentAs`, value: declared.sentAs, problem: 'makes this refusal look like a success', mend: 'leave it out' }] : [])),
  ],
  bad: { declaration: { alwaysStatus: 200, entries: { slow: { code: 'SLOW', status: 429, sentAs: 202 } } }, paths: ['alwaysStatus', 'entries.slow.sentAs'] },
  good: { declaration: { entries: { slow: { code: 'SLOW', status: 429 } } } },
}
