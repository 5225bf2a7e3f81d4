/**
 * Where the builders put what they find: they go on after a problem, so that one run names all of them. A warning is about what can be run as it is
 * written, and may be meant.
 */
import { valueAt } from 'tollgate/contract'
import { quote, type ConfigProblem, type Path } from './config-problem.ts'

export interface Report {
  (path: Path, message: string, place?: Pick<ConfigProblem, 'file' | 'line' | 'column'>): void
  readonly problems: readonly ConfigProblem[]
  readonly warnings: readonly ConfigProblem[]
  warn(path: Path, message: string, place?: Pick<ConfigProblem, 'file' | 'line' | 'column'>): void
  /** About what was written there, which comes first: `"localhost:1" must be a URL`. */
  value(path: Path, message: string): void
  /** What was written there, placeholders unfilled: the only form in which a value may be quoted. */
  written(path: Path): string
  /** Whether anything was written there, right or wrong: what is only wrong must not be called missing. */
  isWritten(path: Path): boolean
}

export function createReport(data: unknown): Report {
  const problems: ConfigProblem[] = []
  const warnings: ConfigProblem[] = []
  const report = (path: Path, message: string, place: Pick<ConfigProblem, 'file' | 'line' | 'column'> = {}): void => {
    problems.push({ path, message, ...place })
  }
  const written = (path: Path): string => quote(valueAt(data, path))
  return Object.assign(report, {
    problems,
    warnings,
    warn: (path: Path, message: string, place: Pick<ConfigProblem, 'file' | 'line' | 'column'> = {}) => void warnings.push({ path, message, ...place }),
    value: (path: Path, message: string) => report(path, `${written(path)} ${message}`),
    written,
    isWritten: (path: Path) => valueAt(data, path) !== undefined,
  })
}
