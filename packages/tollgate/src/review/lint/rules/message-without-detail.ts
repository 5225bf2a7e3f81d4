import type { Rule } from '../rule.ts'

export const messageWithoutDetail: Rule = {
  id: 'message-without-detail',
  severity: 'error',
  topic: 'valid',
  title: 'A message that names a figure which the entry does not have',
  why: 'The sentence cannot be said: its figure is no detail and no fact, or may be unknown when the sentence is the only one. `Current balance: undefined` is what callers would read.',
  source: 'AIP-193: what is dynamic in a message must be in the details too',
  fix: 'Declare the detail, or give a list of messages whose last one does without the figure.',
  claims: ({ path, problem }) => /^entries\.[^.]+\.message/.test(path) && /^(?:is neither a detail nor a fact|may be unknown)$/.test(problem),
  bad: { declaration: { entries: { broke: { code: 'BROKE', status: 402, reason: 'credit.insufficient', message: 'You have {left} left.', description: 'Too little.' } } }, paths: ['entries.broke.message'] },
  good: { declaration: { entries: { broke: { code: 'BROKE', status: 402, reason: 'credit.insufficient', message: 'You have {left} left.', details: { left: 'money from balance' }, description: 'Too little.' } } } },
}
