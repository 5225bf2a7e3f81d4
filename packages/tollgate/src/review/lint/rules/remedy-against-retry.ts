import type { Rule } from '../rule.ts'

export const remedyAgainstRetry: Rule = {
  id: 'remedy-against-retry',
  severity: 'warning',
  topic: 'contradiction',
  title: 'A remedy that says the opposite of the retry rule',
  why: 'People read "retry", programs read `never`; or the other way round. One of them does the wrong thing, and it is the SDK that gets the bug report.',
  source: 'LEAPERone: "Add credits, then retry." beside Retryable: No',
  fix: 'Let the two agree, or say in the remedy who may try again, and after what.',
  find: ({ entries }) =>
    entries.flatMap(({ path, retry, declared }) => {
      const { remedy } = declared
      if (remedy === undefined || retry === undefined) return []
      const forbids = /\b(?:do not|don't|never|no) (?:retry|repeat|try again)/i.test(remedy)
      const words = remedy.replaceAll(/retry-after/gi, '').replaceAll(/\b(?:do not|don't|never|no) (?:retry|repeat|try again)/gi, '')
      const asks = /\b(?:retry|try again|repeat)\b/i.test(words)
      if (retry === 'never' && asks) return [{ path: `${path}.remedy`, value: remedy, problem: 'tells people to try again, and programs never do (retry: never)', mend: 'let the two agree' }]
      return retry !== 'never' && forbids ? [{ path: `${path}.remedy`, value: remedy, problem: `tells people not to, and programs do (retry: ${retry})`, mend: 'let the two agree' }] : []
    }),
  bad: { declaration: { entries: { soldOut: { code: 'SOLD_OUT', status: 409, reason: 'resource.conflict', remedy: 'Retry, or take another product.' } } }, paths: ['entries.soldOut.remedy'] },
  good: { declaration: { entries: { soldOut: { code: 'SOLD_OUT', status: 409, reason: 'resource.conflict', remedy: 'Take another product.' }, slow: { code: 'SLOW', status: 429, reason: 'rate.limited', remedy: 'Wait for Retry-After, then retry.' } } } },
}
