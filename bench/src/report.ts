/** The results as Markdown: what follows first, then the figures that hold on one machine only. */
import type { SavedCase, SavedFinding, SavedRun } from './saved-run.ts'

export function formatReport({ cases, machine }: Pick<SavedRun, 'cases' | 'machine'>): string {
  const sections = [...cases.map(formatFindings), `### Absolute figures\n\n${machine}`, ...cases.map(formatContenders)]
  return `${sections.join('\n\n')}\n`
}

function formatFindings({ name, title, findings, left }: SavedCase): string {
  const rows = findings.map((finding) => [finding.title, formatValue(finding), formatGoal(finding, 'floor'), formatGoal(finding, 'stretch'), verdict(finding)])
  const leftOut = left.map((line) => `\n\nLeft out: ${line}.`)
  return `**${name}**: ${title}\n\n${table(['', 'here', 'goal', 'stretch', ''], rows)}${leftOut.join('')}`
}

const columns = [
  { head: 'CPU µs each', of: 'cpuMicros', digits: 2 },
  { head: 'a second', of: 'perSecond', digits: 0 },
  { head: 'p50 ms', of: 'p50Ms', digits: 3 },
  { head: 'p99 ms', of: 'p99Ms', digits: 3 },
  { head: 'bytes each', of: 'bytes', digits: 0 },
] as const

function formatContenders({ name, contenders }: SavedCase): string {
  const shown = columns.filter(({ of }) => contenders.some(({ measures }) => Number.isFinite(measures[of] ?? Number.NaN)))
  const rows = contenders.map((contender) => [contender.name, ...shown.map(({ of, digits }) => formatNumber(contender.measures[of], digits))])
  return table([name, ...shown.map(({ head }) => head)], rows)
}

function formatValue({ value, unit }: SavedFinding): string {
  return unit === '×' ? `${formatNumber(value, 2)} ×` : `${formatNumber(value, 0)} ${unit}`
}

function formatGoal({ goal }: SavedFinding, which: 'floor' | 'stretch'): string {
  return goal === undefined ? '' : goal[which].toLocaleString('en')
}

function verdict({ goal, better, value }: SavedFinding): string {
  if (goal === undefined || value === null) return ''
  const reaches = (mark: number): boolean => (better === 'more' ? value >= mark : value <= mark)
  return reaches(goal.stretch) ? 'beyond' : reaches(goal.floor) ? 'reached' : 'not reached'
}

function formatNumber(value: number | null | undefined, digits: number): string {
  return value === undefined || value === null ? '–' : value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, at) => Math.max(title.length, 3, ...rows.map((row) => row[at]?.length ?? 0)))
  const line = (cells: readonly string[]): string => `| ${widths.map((width, at) => (at === 0 ? (cells[at] ?? '').padEnd(width) : (cells[at] ?? '').padStart(width))).join(' | ')} |`
  const rule = `|${widths.map((width, at) => (at === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`
  return [line(head), rule, ...rows.map(line)].join('\n')
}
