/** The results as Markdown: what follows first, then the figures that hold on one machine only. */
import type { Finding, Measures } from './bench-case.ts'
import type { CaseResult } from './rounds.ts'

export function formatReport(results: readonly CaseResult[], machine: string): string {
  const sections = [...results.map(formatFindings), `# Absolute figures\n\n${machine}`, ...results.map(formatContenders)]
  return `${sections.join('\n\n')}\n`
}

function formatFindings({ benchCase, findings, left }: CaseResult): string {
  const rows = findings.map(({ finding, value }) => [finding.title, formatValue(value, finding), formatGoal(finding, 'floor'), formatGoal(finding, 'stretch'), verdict(finding, value)])
  const leftOut = left.map((line) => `\n\nLeft out: ${line}.`)
  return `## ${benchCase.name}: ${benchCase.title}\n\n${table(['', 'here', 'goal', 'stretch', ''], rows)}${leftOut.join('')}`
}

function formatContenders({ benchCase, contenders }: CaseResult): string {
  const columns: readonly { readonly head: string; readonly of: (measures: Measures) => number | undefined; readonly digits: number }[] = [
    { head: 'CPU µs each', of: ({ cpuMicros }) => cpuMicros, digits: 2 },
    { head: 'a second', of: ({ perSecond }) => perSecond, digits: 0 },
    { head: 'p50 ms', of: ({ p50Ms }) => p50Ms, digits: 3 },
    { head: 'p99 ms', of: ({ p99Ms }) => p99Ms, digits: 3 },
    { head: 'bytes each', of: ({ bytes }) => bytes, digits: 0 },
  ]
  const shown = columns.filter(({ of }) => contenders.some(({ measures }) => of(measures) !== undefined))
  const rows = contenders.map(({ name, measures }) => [name, ...shown.map(({ of, digits }) => formatNumber(of(measures), digits))])
  return `## ${benchCase.name}\n\n${table(['', ...shown.map(({ head }) => head)], rows)}`
}

function formatValue(value: number, { unit }: Pick<Finding, 'unit'>): string {
  return unit === '×' ? `${formatNumber(value, 2)} ×` : `${formatNumber(value, 0)} ${unit}`
}

function formatGoal(finding: Finding, which: 'floor' | 'stretch'): string {
  return finding.goal === undefined ? '' : finding.goal[which].toLocaleString('en')
}

function verdict({ goal, better }: Finding, value: number): string {
  if (goal === undefined) return ''
  const reaches = (mark: number): boolean => (better === 'more' ? value >= mark : value <= mark)
  return reaches(goal.stretch) ? 'beyond' : reaches(goal.floor) ? 'reached' : 'not reached'
}

function formatNumber(value: number | undefined, digits: number): string {
  return value === undefined || Number.isNaN(value) ? '–' : value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, at) => Math.max(title.length, 3, ...rows.map((row) => row[at]?.length ?? 0)))
  const line = (cells: readonly string[]): string => `| ${widths.map((width, at) => (at === 0 ? (cells[at] ?? '').padEnd(width) : (cells[at] ?? '').padStart(width))).join(' | ')} |`
  const rule = `|${widths.map((width, at) => (at === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`
  return [line(head), rule, ...rows.map(line)].join('\n')
}
