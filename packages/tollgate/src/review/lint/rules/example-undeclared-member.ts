import { matchExamples, nameOfPlace } from '../example-match.ts'
import type { Rule } from '../rule.ts'

export const exampleUndeclaredMember: Rule = {
  id: 'example-undeclared-member',
  severity: 'warning',
  topic: 'contradiction',
  title: 'An example with a member that nothing declares',
  why: 'It stands in the example and neither in the envelope nor among the details of its entry: callers read it, and it never comes, or comes and is not in the types.',
  source: 'AI-API: `details` has `field` and `issue` on one page, and `key_id` on the next',
  fix: 'Declare it, or take it out of the example.',
  find: (literal) =>
    matchExamples(literal).flatMap(({ extra, details, entry, contradictions, example }) => {
      if (contradictions.length > 0) return []
      const undeclared = example.success === true || entry === undefined ? [] : details.filter((place) => !entry.details.some(({ name }) => name === nameOfPlace(place)))
      return [...extra, ...undeclared].map(({ path, value }) => ({ path, value, problem: `stands in an example, and ${entry === undefined ? 'nothing declares it' : `neither the envelope nor "${entry.id}" declares it`}`, mend: 'declare it, or take it out' }))
    }),
  bad: { declaration: { envelope: { error: { code: '$code', details: '$details' } }, examples: [{ body: { code: 'SLOW', rid: 7, details: { wait: 5 } } }], entries: { slow: { code: 'SLOW', status: 429, details: { limit: 'integer?' } } } }, paths: ['examples[0].body.rid', 'examples[0].body.details.wait'] },
  good: { declaration: { envelope: { error: { code: '$code', details: '$details' } }, examples: [{ body: { code: 'SLOW', details: { limit: 5 } } }], entries: { slow: { code: 'SLOW', status: 429, details: { limit: 'integer?' } } } } },
}
