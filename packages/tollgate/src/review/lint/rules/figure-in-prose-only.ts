import { listed } from '../literal-contract.ts'
import type { Rule } from '../rule.ts'

export const figureInProseOnly: Rule = {
  id: 'figure-in-prose-only',
  severity: 'note',
  topic: 'caller',
  title: 'A figure that only the message tells',
  why: 'A program that wants the figure has to cut it out of a sentence, which breaks with the next wording or language.',
  source: 'AIP-193: what is dynamic in the message must be in the details too',
  fix: 'Carry it as a detail too.',
  find: ({ entries }) =>
    entries.flatMap(({ path, figures, details }) => {
      const alone = [...figures].filter((name) => figureNames.has(name) && !details.some((detail) => detail.name === name || detail.from === name))
      return alone.length === 0 ? [] : [{ path: `${path}.message`, value: listed(alone.map((name) => `{${name}}`)), problem: 'stands in the message, and in no detail', mend: `declare it: details: { ${alone[0]}: ${alone[0]?.endsWith('Ms') === true ? 'seconds?' : 'number?'} }` }]
    }),
  bad: { declaration: { entries: { slow: { code: 'SLOW', status: 429, reason: 'rate.limited', message: ['At most {limit} a minute.', 'Too fast.'] } } }, paths: ['entries.slow.message'] },
  good: { declaration: { entries: { slow: { code: 'SLOW', status: 429, reason: 'rate.limited', message: ['At most {limit} a minute.', 'Too fast.'], details: { limit: 'integer?' } } } } },
}

const figureNames: ReadonlySet<string> = new Set(['limit', 'used', 'remaining', 'resetAtMs', 'retryAfterMs', 'windowMs', 'required', 'balance', 'bytesMax', 'expiredAtMs', 'untilMs'])
