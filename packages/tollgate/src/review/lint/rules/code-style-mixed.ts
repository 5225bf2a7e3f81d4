import type { LiteralEntry } from '../literal-contract.ts'
import type { Rule } from '../rule.ts'

export const codeStyleMixed: Rule = {
  id: 'code-style-mixed',
  severity: 'note',
  topic: 'style',
  title: 'Codes in several styles',
  why: 'Callers write them by hand, and guess: one style is one thing less to look up.',
  source: 'AIP-193: reasons are UPPER_SNAKE_CASE, all of them',
  fix: 'Write all codes alike.',
  find: ({ entries }) => {
    const styled = entries.flatMap((entry) => (entry.code === undefined || entry.code === '' ? [] : [{ entry, style: styleOf(entry.code) }])).filter(({ style }) => style !== 'any')
    const most = mostOf(styled.map(({ style }) => style))
    return styled.flatMap(({ entry, style }) => (style === most ? [] : [{ path: `${entry.path}.code`, value: entry.code, problem: `is ${style}, and the others are ${most}`, mend: 'write all codes alike' }]))
  },
  bad: { declaration: { entries: { a: { code: 'RATE_LIMITED', status: 429 }, b: { code: 'NO_CREDIT', status: 402 }, c: { code: 'fileTooLarge', status: 413 } } }, paths: ['entries.c.code'] },
  good: { declaration: { entries: { a: { code: 'RATE_LIMITED', status: 429 }, b: { code: 'NO_CREDIT', status: 402 }, c: { code: 'FILE_TOO_LARGE', status: 413 } } } },
}

function styleOf(code: NonNullable<LiteralEntry['code']>): string {
  if (typeof code === 'number') return 'a number'
  if (/^-?\d+$/.test(code)) return 'figures'
  if (/^[A-Z][A-Z\d]*(?:_[A-Z\d]+)*$/.test(code)) return 'UPPER_SNAKE'
  if (/^[a-z][a-z\d]*$/.test(code)) return 'any'
  if (/^[a-z][a-z\d]*(?:_[a-z\d]+)+$/.test(code)) return 'lower_snake'
  if (/^[a-z][a-z\d]*(?:-[a-z\d]+)+$/.test(code)) return 'kebab-case'
  if (/^[a-z][\da-z]*(?:[A-Z][\da-z]*)+$/.test(code)) return 'camelCase'
  return /^(?:[A-Z][\da-z]*)+$/.test(code) ? 'PascalCase' : 'of another kind'
}

function mostOf(styles: readonly string[]): string | undefined {
  const counted = new Map<string, number>()
  for (const style of styles) counted.set(style, (counted.get(style) ?? 0) + 1)
  return [...counted].toSorted(([, one], [, other]) => other - one)[0]?.[0]
}
