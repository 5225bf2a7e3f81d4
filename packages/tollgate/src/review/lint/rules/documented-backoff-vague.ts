import { statementsOf } from '../documented-statements.ts'
import type { Rule } from '../rule.ts'

export const documentedBackoffVague: Rule = {
  id: 'documented-backoff-vague',
  severity: 'note',
  topic: 'contradiction',
  title: 'A backoff without a unit, a bound or jitter',
  why: '`2^attempt`: seconds or milliseconds, from 0 or from 1, how far, and all clients in the same moment? Each reader makes another one of it.',
  source: 'AWS Architecture Blog, "Exponential Backoff and Jitter"; NexaLayer: "2^attempt delay"',
  fix: 'Say the unit, the largest pause, and that it is drawn by chance: `1 s, doubled up to 30 s, with full jitter`.',
  find: (literal) =>
    statementsOf(literal).flatMap(({ path, name, value, where }) => {
      if (name !== 'backoff') return []
      const said = String(value)
      const lacks = [
        ...(/\b\d+(?:\.\d+)? ?(?:ms|s|sec|seconds|milliseconds)\b/i.test(said) ? [] : ['unit']),
        ...(/\b(?:up to|at most|max|cap)/i.test(said) ? [] : ['bound']),
        ...(/jitter|random|chance/i.test(said) ? [] : ['jitter']),
      ]
      return lacks.length === 0 ? [] : [{ path, value, problem: `is what ${where} says, without ${lacks.join(', ')}`, mend: 'write it out: 1 s, doubled up to 30 s, with full jitter' }]
    }),
  bad: { declaration: { documented: [{ where: 'the retry guide', of: '5xx', says: { backoff: '2^attempt' } }], entries: { failed: { code: 'FAILED', status: 500, reason: 'internal' } } }, paths: ['documented[0].says.backoff'] },
  good: { declaration: { documented: [{ where: 'the retry guide', of: '5xx', says: { backoff: '1 s, doubled up to 30 s, with full jitter' } }], entries: { failed: { code: 'FAILED', status: 500, reason: 'internal' } } } },
}
