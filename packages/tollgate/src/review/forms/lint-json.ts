import { compact } from '../../contract/values/compact.ts'
import { countFindings, placedFindings, type LintCounts, type LintedFile } from './linted-file.ts'

/** What `tollgate lint --format json` prints. */
export interface LintJson {
  /** Of this form. */
  readonly version: 1
  readonly counts: LintCounts
  readonly files: readonly { readonly name: string; readonly findings: readonly object[]; readonly ignored: readonly object[] }[]
}

/**
 * Each finding with its rule, severity, path, value, problem, mend, and its line and column where it has a place.
 *
 * @example
 * toLintJson([{ name: 'a.yaml', isFile: true, report: { findings: [], ignored: [] } }]).files.length // => 1
 */
export function toLintJson(files: readonly LintedFile[]): LintJson {
  return {
    version: 1,
    counts: countFindings(files),
    files: files.map((file) => ({
      name: file.name,
      findings: placedFindings(file, file.report.findings).map((finding) => compact({ ...finding, meant: undefined })),
      ignored: placedFindings(file, file.report.ignored).map((finding) => compact({ ...finding, meant: undefined })),
    })),
  }
}
