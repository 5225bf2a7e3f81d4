import { matchExamples } from '../example-match.ts'
import type { Rule } from '../rule.ts'

export const exampleLacksHeader: Rule = {
  id: 'example-lacks-header',
  severity: 'warning',
  topic: 'http',
  title: 'An example without a header that its status needs',
  why: 'The example shows headers, and not the one by which clients act: the challenge of a 401, the methods of a 405, the wait of a 429 or 503. Callers take the wait from the body, or guess it.',
  source: 'RFC 9110 sections 15.5.2, 15.5.6, 10.2.3; RFC 6585 section 4',
  fix: 'Show it: `tollgate contract answer CONTRACT ENTRY` prints the whole head.',
  find: (literal) =>
    matchExamples(literal).flatMap(({ path, example, entry }) => {
      const needed = duties.get(example.status ?? entry?.status ?? 0)
      const names = Object.keys(example.headers ?? {}).map((name) => name.toLowerCase())
      return example.headers === undefined || needed === undefined || names.includes(needed.toLowerCase()) ? [] : [{ path: `${path}.headers`, value: names.join(', '), problem: `has no ${needed}, which a ${example.status ?? entry?.status} is to have`, mend: `show it` }]
    }),
  bad: { declaration: { envelope: { error: { code: '$code' } }, examples: [{ status: 429, headers: { 'X-RateLimit-Limit': '60' }, body: { code: 'SLOW' } }], entries: { slow: { code: 'SLOW', status: 429 } } }, paths: ['examples[0].headers'] },
  good: { declaration: { envelope: { error: { code: '$code' } }, examples: [{ status: 429, headers: { 'Retry-After': '60' }, body: { code: 'SLOW' } }], entries: { slow: { code: 'SLOW', status: 429 } } } },
}

const duties: ReadonlyMap<number, string> = new Map([
  [401, 'WWW-Authenticate'],
  [405, 'Allow'],
  [407, 'Proxy-Authenticate'],
  [426, 'Upgrade'],
  [429, 'Retry-After'],
  [503, 'Retry-After'],
])
