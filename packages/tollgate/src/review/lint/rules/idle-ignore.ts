import type { Rule } from '../rule.ts'

export const idleIgnore: Rule = {
  id: 'idle-ignore',
  severity: 'note',
  topic: 'style',
  title: 'An ignore that hides nothing',
  why: 'What it was for is mended, or its path never fitted. If it stays, it hides the next fault of that kind without anybody having looked at it.',
  source: 'docs/lint.md',
  fix: 'Leave it out, or mend its rule or path.',
  bad: { declaration: { lint: { ignore: [{ rule: 'code-is-status', reason: 'our codes are old' }] }, entries: { slow: { code: 'SLOW', status: 429 } } }, paths: ['lint.ignore[0]'] },
  good: { declaration: { lint: { ignore: [{ rule: 'code-is-status', path: 'entries.slow', reason: 'our codes are old' }] }, entries: { slow: { code: 429, status: 429 }, gone: { code: 10_104, status: 404 } } } },
}
