import type { IgnoredFinding, LintFinding, LintReport } from '../lint/finding.ts'
import { severities, type Severity } from '../lint/rule.ts'

/** A report, with what it is of. */
export interface LintedFile {
  /** A path, as it was given; or the name of a shipped contract. */
  readonly name: string
  /** Whether it is a file, in which there are places. */
  readonly isFile: boolean
  readonly report: LintReport
  /** Where a path of the contract stands, or its nearest parent that does; from 1. */
  readonly locate?: ((path: string) => { readonly line: number; readonly column: number } | undefined) | undefined
}

/** How many there are of each severity, and of those that are ignored. */
export interface LintCounts extends Record<Severity, number> {
  readonly ignored: number
}

/**
 * Of all files together.
 *
 * @example
 * countFindings([{ name: 'a.yaml', isFile: true, report: { findings: [], ignored: [] } }]).error // => 0
 */
export function countFindings(files: readonly LintedFile[]): LintCounts {
  const all = files.flatMap(({ report }) => report.findings)
  const [error = 0, warning = 0, note = 0] = severities.map((severity) => all.filter((finding) => finding.severity === severity).length)
  return { error, warning, note, ignored: files.reduce((sum, { report }) => sum + report.ignored.length, 0) }
}

/** `2 errors, 1 warning, 3 notes (4 ignored)` */
export function countsInWords(counts: LintCounts): string {
  const told = severities.flatMap((severity) => (counts[severity] === 0 ? [] : [`${counts[severity]} ${severity}${counts[severity] === 1 ? '' : 's'}`]))
  return `${told.length === 0 ? 'nothing found' : told.join(', ')}${counts.ignored === 0 ? '' : ` (${counts.ignored} ignored)`}`
}

/** Those of a file with their places, in the order in which they stand there. */
export function placedFindings<Found extends LintFinding | IgnoredFinding>({ locate }: LintedFile, findings: readonly Found[]): readonly (Found & { readonly line: number | undefined; readonly column: number | undefined })[] {
  const placed = findings.map((finding) => {
    const at = locate?.(finding.path)
    return { ...finding, line: at?.line, column: at?.column }
  })
  return placed.toSorted((one, other) => (one.line ?? 0) - (other.line ?? 0) || (one.column ?? 0) - (other.column ?? 0))
}
