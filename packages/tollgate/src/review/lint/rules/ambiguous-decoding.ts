import type { Rule } from '../rule.ts'

export const ambiguousDecoding: Rule = {
  id: 'ambiguous-decoding',
  severity: 'error',
  topic: 'contradiction',
  title: 'An answer that two entries claim',
  why: 'A client that reads the answer cannot know which of the two it is: they claim the same code, pattern or sentence, or are told apart by nothing at all. Which rule it then follows is chance.',
  source: 'ARCHITECTURE.md, loss mask; docs/write-a-contract.md',
  fix: 'Let one of them have the pattern, give them codes or sentences of their own, or say which is read for both (`primary: true`).',
  claims: ({ path, problem }) =>
    (/^entries\.[^.]+\.read\b/.test(path) && /is claimed by|is the code of/.test(problem)) || problem.includes('is told from') || problem.includes('for the wire cannot tell it from') || problem.startsWith('is read as "') || problem.startsWith('is also said by'),
  bad: {
    declaration: {
      entries: {
        daily: { code: 'LIMIT', status: 429, reason: 'quota.exhausted', read: { message: 'limit*' }, message: 'limit of the day', description: 'The day is used up.' },
        burst: { code: 'LIMIT', status: 429, reason: 'rate.limited', read: { message: 'limit*' }, message: 'limit of the minute', description: 'Too fast.' },
      },
    },
    paths: ['entries.burst.read.message'],
  },
  good: {
    declaration: {
      entries: {
        daily: { code: 'LIMIT', status: 429, reason: 'quota.exhausted', read: { message: 'limit of the day*' }, message: 'limit of the day', description: 'The day is used up.' },
        burst: { code: 'LIMIT', status: 429, reason: 'rate.limited', read: { message: 'limit of the minute*' }, message: 'limit of the minute', description: 'Too fast.' },
      },
    },
  },
}
