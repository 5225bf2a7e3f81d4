import type { Rule } from '../rule.ts'

export const codeMissing: Rule = {
  id: 'code-missing',
  severity: 'error',
  topic: 'valid',
  title: 'A refusal without a code, where one always stands',
  why: 'The envelope promises a code. A program that branches on it meets an entry that has none, and falls into its default branch.',
  source: 'AIP-193: "error messages must not be the only thing that a program can go by"',
  fix: 'Give the entry a code, or write `$code?` or `$code|null` in the envelope.',
  claims: ({ path, problem }) => /^entries\.[^.]+\.code$/.test(path) && /^is (?:missing|empty), but "\$code"/.test(problem),
  bad: { declaration: { envelope: { error: { code: '$code' } }, entries: { gone: { status: 410, reason: 'resource.gone', message: 'Gone.', description: 'It was deleted.' } } }, paths: ['entries.gone.code'] },
  good: { declaration: { envelope: { error: { code: '$code' } }, entries: { gone: { code: 'GONE', status: 410, reason: 'resource.gone', message: 'Gone.', description: 'It was deleted.' } } } },
}
