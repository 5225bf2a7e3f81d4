import { formatContractProblem } from '../../contract/check/contract-error.ts'
import { severities } from '../lint/rule.ts'
import { countFindings, countsInWords, placedFindings, type LintedFile } from './linted-file.ts'

/**
 * For a terminal: a line each, with place, severity and rule. `paint` colours a severity, where that is wanted.
 *
 * @example
 * formatLintText([{ name: 'a.yaml', isFile: true, report: { findings: [], ignored: [] } }]) // => 'a.yaml: nothing found\n'
 */
export function formatLintText(files: readonly LintedFile[], paint: (text: string, severity: string) => string = (text) => text): string {
  const blocks = files.map((file) => {
    const found = placedFindings(file, file.report.findings)
    const places = found.map(({ line, column }) => (line === undefined ? '' : `${line}:${column ?? 1}`))
    const width = Math.max(0, ...places.map(({ length }) => length))
    const lines = found.map(({ severity, rule, ...problem }, at) => `  ${width === 0 ? '' : `${(places[at] ?? '').padStart(width)}  `}${paint(severity.padEnd(severityWidth), severity)}  ${rule}  ${formatContractProblem(problem)}\n`)
    return `${file.name}: ${countsInWords(countFindings([file]))}\n${lines.join('')}`
  })
  return blocks.join('\n') + (files.length > 1 ? `\nAll together: ${countsInWords(countFindings(files))}\n` : '')
}

const severityWidth = Math.max(...severities.map(({ length }) => length))
