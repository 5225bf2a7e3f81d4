import { matchExamples, nameOfPlace } from '../example-match.ts'
import { listed } from '../literal-contract.ts'
import type { Rule } from '../rule.ts'

export const exampleLacksDetails: Rule = {
  id: 'example-lacks-details',
  severity: 'warning',
  topic: 'contradiction',
  title: 'An example without the details that its entry promises',
  why: 'The entry says that these figures always come. Whoever writes a parser from the example does not read them.',
  source: 'JoggAI: `retryAfter` is named on a page whose own example has none',
  fix: 'Show them, or mark them as sometimes missing (`integer?`).',
  find: (literal) =>
    matchExamples(literal).flatMap(({ path, entry, details, contradictions, example }) => {
      const names = new Set(details.map(nameOfPlace))
      const missing = entry === undefined || contradictions.length > 0 || example.success === true ? [] : entry.details.filter(({ name, whenUnknown }) => whenUnknown !== 'absent' && !names.has(name) && entry.declared.attributes?.[name] === undefined)
      return missing.length === 0 || entry === undefined ? [] : [{ path: `${path}.body`, value: listed(missing.map(({ name }) => name)), problem: `is missing, and "${entry.id}" promises it`, mend: 'show it, or mark it as sometimes missing' }]
    }),
  bad: { declaration: { envelope: { error: { code: '$code', details: '$details' } }, examples: [{ body: { code: 'SLOW', details: {} } }], entries: { slow: { code: 'SLOW', status: 429, details: { limit: 'integer' } } } }, paths: ['examples[0].body'] },
  good: { declaration: { envelope: { error: { code: '$code', details: '$details' } }, examples: [{ body: { code: 'SLOW', details: { limit: 5 } } }], entries: { slow: { code: 'SLOW', status: 429, details: { limit: 'integer', used: 'integer?' } } } } },
}
