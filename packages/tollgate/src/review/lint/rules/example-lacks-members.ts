import { matchExamples } from '../example-match.ts'
import { listed } from '../literal-contract.ts'
import type { Rule } from '../rule.ts'

export const exampleLacksMembers: Rule = {
  id: 'example-lacks-members',
  severity: 'warning',
  topic: 'contradiction',
  title: 'An example without members that always come',
  why: 'The envelope promises them in every answer, and the example has none. Types that are made from examples declare them optional, or do not know them.',
  source: 'ChatAds and AI-API: excerpts that are shown as answers',
  fix: 'Show the whole answer.',
  find: (literal) => matchExamples(literal).flatMap(({ path, missing, contradictions }) => (missing.length === 0 || contradictions.length > 0 ? [] : [{ path: `${path}.body`, value: listed(missing.map((at) => at.slice(`${path}.body.`.length))), problem: 'is missing, and always stands there by the envelope', mend: 'show the whole answer' }])),
  bad: { declaration: { envelope: { error: { ok: false, code: '$code', request_id: '$requestId' } }, examples: [{ body: { ok: false, code: 'SLOW' } }], entries: { slow: { code: 'SLOW', status: 429 } } }, paths: ['examples[0].body'] },
  good: { declaration: { envelope: { error: { ok: false, code: '$code', request_id: '$requestId', details: '$details?' } }, examples: [{ body: { ok: false, code: 'SLOW', request_id: 'req_1' } }], entries: { slow: { code: 'SLOW', status: 429 } } } },
}
