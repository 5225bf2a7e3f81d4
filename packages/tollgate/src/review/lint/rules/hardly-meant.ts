import type { Rule } from '../rule.ts'

export const hardlyMeant: Rule = {
  id: 'hardly-meant',
  severity: 'warning',
  topic: 'valid',
  title: 'What is valid, and hardly meant',
  why: 'A claim to a reason that another entry has as its own never comes true: whoever wrote it believes that callers are answered in another way than they are.',
  source: 'ARCHITECTURE.md, "totality": one entry speaks for each reason',
  fix: 'Leave the claim out, or give the reason to the entry that should have it.',
  bad: {
    declaration: { entries: { slow: { code: 'SLOW', status: 429, reason: 'rate.limited', message: 'Slow down.', description: 'Too fast.' }, busy: { code: 'BUSY', status: 503, reason: 'capacity.overloaded', alsoFor: ['rate.limited'], message: 'Busy.', description: 'Too much.' } } },
    paths: ['entries.busy.alsoFor[0]'],
  },
  good: { declaration: { entries: { slow: { code: 'SLOW', status: 429, reason: 'rate.limited', message: 'Slow down.', description: 'Too fast.' }, busy: { code: 'BUSY', status: 503, reason: 'capacity.overloaded', message: 'Busy.', description: 'Too much.' } } } },
}
