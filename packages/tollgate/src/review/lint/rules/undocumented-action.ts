import type { Rule } from '../rule.ts'

export const undocumentedAction: Rule = {
  id: 'undocumented-action',
  severity: 'note',
  topic: 'caller',
  title: 'An action that nobody explains',
  why: 'The contract says who must act (`pay_or_upgrade`, `contact_support`), and not how: where one pays, whom one writes to, which right one asks for.',
  source: 'RFC 9457 section 3.1.4: the detail ought to help the client correct the problem',
  fix: 'Say it in `remedy`, in a sentence.',
  find: ({ entries }) => entries.flatMap(({ path, action, declared, reason }) => (action === undefined || declared.remedy !== undefined || reason === 'credit.insufficient' ? [] : [{ path: `${path}.remedy`, problem: `is missing, so that nobody is told how to ${action}`, mend: 'say in a sentence what helps' }])),
  bad: { declaration: { entries: { off: { code: 'OFF', status: 403, reason: 'account.disabled' } } }, paths: ['entries.off.remedy'] },
  good: { declaration: { entries: { off: { code: 'OFF', status: 403, reason: 'account.disabled', remedy: 'Write to help@shop.example.' } } } },
}
