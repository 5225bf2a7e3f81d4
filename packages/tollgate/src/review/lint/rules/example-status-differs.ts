import { matchExamples } from '../example-match.ts'
import type { Rule } from '../rule.ts'

export const exampleStatusDiffers: Rule = {
  id: 'example-status-differs',
  severity: 'warning',
  topic: 'contradiction',
  title: 'An example with another status',
  why: 'The heading, or the dump, has a status that the entry is not sent with, or two examples of one code have two. Handlers are written by the one that was seen first.',
  source: 'JoggAI: the same code under 200 in the reference, and under 401 in the vendor\'s own tests',
  fix: 'Let them agree.',
  find: (literal) => {
    const seen = new Map<string, number>()
    return matchExamples(literal).flatMap(({ path, example, entry, code }) => {
      if (example.status === undefined || example.success === true || entry === undefined) return []
      const key = String(code?.value)
      const before = seen.get(key)
      seen.set(key, before ?? example.status)
      const same = literal.entries.filter((each) => String(each.code) === String(entry.code))
      const stated = same.flatMap(({ sentAs, status }) => [sentAs, status].filter((each) => each !== undefined))
      if (stated.length > 0 && !stated.includes(example.status)) return [{ path: `${path}.status`, value: example.status, problem: `is not the status of "${entry.id}", which is ${entry.status}`, mend: 'let the two agree' }]
      return stated.length === 0 && before !== undefined && before !== example.status ? [{ path: `${path}.status`, value: example.status, problem: `is shown for ${key}, and another example shows ${before}`, mend: 'let the two agree' }] : []
    })
  },
  bad: { declaration: { envelope: { error: { code: '$code' } }, examples: [{ status: 503, body: { code: 'SLOW' } }], entries: { slow: { code: 'SLOW', status: 429 } } }, paths: ['examples[0].status'] },
  good: { declaration: { envelope: { error: { code: '$code' } }, examples: [{ status: 429, body: { code: 'SLOW' } }], entries: { slow: { code: 'SLOW', status: 429 } } } },
}
