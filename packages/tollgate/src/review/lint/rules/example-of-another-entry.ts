import { matchExamples } from '../example-match.ts'
import type { Rule } from '../rule.ts'

export const exampleOfAnotherEntry: Rule = {
  id: 'example-of-another-entry',
  severity: 'warning',
  topic: 'contradiction',
  title: 'An example under the wrong heading',
  why: 'It is said to show one refusal and has the code of another: whoever handles what stands in the heading waits for a code that does not come.',
  source: 'ChatAds: "Rate Limit Exceeded (429)" shows DAILY_QUOTA_EXCEEDED',
  fix: 'Show the one that the heading names.',
  find: (literal) =>
    matchExamples(literal).flatMap(({ path, example, entry, code }) => {
      const meant = literal.entries.find(({ id }) => id === example.entry)
      return meant === undefined || entry === undefined || entry.id === meant.id || String(entry.code) === String(meant.code) ? [] : [{ path: `${path}.entry`, value: example.entry, problem: `is what it is said to show, and its code ${JSON.stringify(code?.value)} is that of "${entry.id}"`, mend: 'show the one that is named' }]
    }),
  bad: { declaration: { envelope: { error: { code: '$code' } }, examples: [{ title: 'Too fast', entry: 'slow', body: { code: 'DAY_USED_UP' } }], entries: { slow: { code: 'SLOW', status: 429, reason: 'rate.limited' }, day: { code: 'DAY_USED_UP', status: 429, reason: 'quota.exhausted' } } }, paths: ['examples[0].entry'] },
  good: { declaration: { envelope: { error: { code: '$code' } }, examples: [{ title: 'Too fast', entry: 'slow', body: { code: 'SLOW' } }], entries: { slow: { code: 'SLOW', status: 429, reason: 'rate.limited' }, day: { code: 'DAY_USED_UP', status: 429, reason: 'quota.exhausted' } } } },
}
