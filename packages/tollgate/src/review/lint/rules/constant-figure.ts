import { limitKindOf } from '../literal-contract.ts'
import type { Rule } from '../rule.ts'

export const constantFigure: Rule = {
  id: 'constant-figure',
  severity: 'note',
  topic: 'caller',
  title: 'A limit that is written into the message',
  why: 'The sentence says the same figure to every plan and key, and goes on saying it after the limit has changed.',
  source: 'AIP-193; JoggAI: "20/minute" on the page of errors, "based on your subscription plan" in the reference',
  fix: 'Write the figure as a fact: `At most {limit} requests a minute.`, with a last sentence that does without.',
  find: ({ entries }) =>
    entries.flatMap(({ path, reason, sentences }) => {
      const isLimit = limitKindOf(reason) !== undefined || reason === 'request.too_large'
      const told = sentences.find((sentence) => /(?<![\w{])\d+(?![\w}])/.test(sentence.replaceAll(/\{[^}]*\}/g, '')))
      return isLimit && told !== undefined ? [{ path: `${path}.message`, value: told, problem: 'has a figure that is always the same', mend: 'write {limit}, and a last sentence without it' }] : []
    }),
  bad: { declaration: { entries: { slow: { code: 'SLOW', status: 429, reason: 'rate.limited', message: 'At most 20 requests a minute.' } } }, paths: ['entries.slow.message'] },
  good: { declaration: { entries: { slow: { code: 'SLOW', status: 429, reason: 'rate.limited', message: ['At most {limit} requests a minute.', 'Too many requests.'] } } } },
}
