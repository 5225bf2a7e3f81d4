import { matchExamples, nameOfPlace } from '../example-match.ts'
import type { Rule } from '../rule.ts'

export const exampleUsedOverLimit: Rule = {
  id: 'example-used-over-limit',
  severity: 'note',
  topic: 'contradiction',
  title: 'An example that has used more than there is',
  why: '"120 of 100" can only be if refused attempts are counted too. Callers that see it want to know: does every refused call cost me one?',
  source: 'ChatAds: "You\'ve used 120 of 100 requests"',
  fix: 'Say in the description what is counted (attempts, or what is let through), or mend the figures.',
  find: (literal) =>
    matchExamples(literal).flatMap(({ path, details, entry }) => {
      const valueOf = (fact: string): number | undefined => {
        const names = entry?.details.filter((detail) => (detail.from ?? detail.name) === fact).map(({ name }) => name) ?? []
        const found = details.find((place) => names.includes(nameOfPlace(place)))?.value
        return typeof found === 'number' ? found : undefined
      }
      const [used, limit] = [valueOf('used'), valueOf('limit')]
      return used !== undefined && limit !== undefined && used > limit ? [{ path: `${path}.body`, value: `${used} of ${limit}`, problem: 'is more than there is', mend: 'say in the description that attempts are counted, or mend the figures' }] : []
    }),
  bad: { declaration: { envelope: { error: { code: '$code', details: '$details' } }, examples: [{ body: { code: 'DAY', details: { limit: 100, used: 120 } } }], entries: { day: { code: 'DAY', status: 429, reason: 'quota.exhausted', details: { limit: 'integer', used: 'integer' } } } }, paths: ['examples[0].body'] },
  good: { declaration: { envelope: { error: { code: '$code', details: '$details' } }, examples: [{ body: { code: 'DAY', details: { limit: 100, used: 100 } } }], entries: { day: { code: 'DAY', status: 429, reason: 'quota.exhausted', details: { limit: 'integer', used: 'integer' } } } } },
}
