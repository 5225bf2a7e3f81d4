import type { Rule } from '../rule.ts'

export const statusMissing: Rule = {
  id: 'status-missing',
  severity: 'error',
  topic: 'valid',
  title: 'An entry that does not say its status',
  why: 'Proxies, caches, retry middleware and every generic client look at the status and at nothing else. A page that names codes alone leaves open whether an error comes as 200.',
  source: 'RFC 9110 section 15; of 20 clients that were tried, none takes an error under 200 for one',
  fix: 'Say what it means (`status`), and `sentAs` where something else stands on the wire.',
  claims: ({ path, problem }) => /^entries\.[^.]+\.status$/.test(path) && problem === 'is missing',
  bad: { declaration: { entries: { noCredit: { code: 18_020, reason: 'credit.insufficient', message: 'Insufficient credit', description: 'Not enough credits.' } } }, paths: ['entries.noCredit.status'] },
  good: { declaration: { entries: { noCredit: { code: 18_020, status: 402, reason: 'credit.insufficient', message: 'Insufficient credit', description: 'Not enough credits.' } } } },
}
