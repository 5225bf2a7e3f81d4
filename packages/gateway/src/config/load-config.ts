/**
 * `tollgate.yaml` → a checked configuration, or every problem that it has.
 *
 * A slip in one place must not hide those in others: where the shape is wrong, the rest is checked all the same.
 */
import { dirname, resolve } from 'node:path'
import { buildConfig } from './build-config.ts'
import { fillPlaceholders, type Environment } from './environment.ts'
import { createFiles, readText, shownPath } from './files.ts'
import { fileShape, type FileInput } from './file-shape.ts'
import type { GatewayConfig } from './gateway-config.ts'
import type { ConfigProblem } from './problem.ts'
import { remainderOf } from './remainder.ts'
import { createReport } from './report.ts'
import { toProblems } from './shape-problem.ts'
import type { TokenHandlersOf } from './token-routes.ts'
import { unusableNames } from './unusable-names.ts'
import { withoutSecrets } from './without-secrets.ts'
import { parseYamlSource } from './yaml-source.ts'

export interface LoadOptions {
  readonly environment: Environment
  /** What relative paths are relative to when the configuration is an object. Default: the working directory. */
  readonly baseDir?: string
  /** Makes what answers on routes with a handler; asked at the first call. Without it the configuration can be checked, and such routes fail. */
  readonly tokenHandlers?: TokenHandlersOf
}

/** `warnings`: what is valid, and may still not do what was meant. */
export type LoadedConfig =
  | { readonly ok: true; readonly value: GatewayConfig; readonly warnings: readonly ConfigProblem[] }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] }

/** From a file, or from what a file would say as an object. */
export function loadConfig(source: string | FileInput, options: LoadOptions): LoadedConfig {
  if (typeof source !== 'string') return checkConfig(source, options.baseDir ?? process.cwd(), undefined, options)
  const file = shownPath(resolve(source))
  const inFile = (problem: ConfigProblem): ConfigProblem => ({ file, ...problem })
  const read = readText(source)
  if (!read.ok) return { ok: false, problems: [{ path: [], file, message: `cannot be read: ${read.message}` }] }
  const parsed = parseYamlSource(read.text)
  if (!parsed.ok) return { ok: false, problems: parsed.problems.map(inFile) }
  const { data, locate } = parsed.value
  const outcome = checkConfig(data, dirname(resolve(source)), resolve(source), options)
  // A problem inside another file, a contract or a table, has its own place.
  const placed = (problem: ConfigProblem): ConfigProblem => (problem.file === undefined ? inFile({ ...problem, ...locate(problem.path) }) : problem)
  const inOrder = (problems: readonly ConfigProblem[]): readonly ConfigProblem[] =>
    problems.map(placed).toSorted((one, other) => (one.line ?? 0) - (other.line ?? 0) || (one.column ?? 0) - (other.column ?? 0))
  return outcome.ok ? { ...outcome, warnings: inOrder(outcome.warnings) } : { ok: false, problems: inOrder(outcome.problems) }
}

function checkConfig(data: unknown, baseDir: string, configFile: string | undefined, { environment, tokenHandlers }: LoadOptions): LoadedConfig {
  const filled = fillPlaceholders(data, environment)
  const parsed = fileShape.safeParse(filled.data)
  const quotable = withoutSecrets(data)
  const report = createReport(quotable)
  for (const { path, message } of [...filled.problems, ...unusableNames(data)]) report(path, message)
  if (!parsed.success) for (const { path, message } of toProblems(parsed.error.issues, quotable)) report(path, message)
  const rest = parsed.success ? { shape: parsed.data, isAside: () => false } : remainderOf(filled.data)
  const config = rest && buildConfig(rest.shape, { data, files: createFiles(baseDir), report, configFile, tokenHandlers, isAside: rest.isAside })
  if (config !== undefined && report.problems.length === 0) return { ok: true, value: config, warnings: distinct(report.warnings) }
  return { ok: false, problems: distinct(report.problems) }
}

/** The first problem of a place is the one that counts: what follows from it would only confuse. */
function distinct(problems: readonly ConfigProblem[]): readonly ConfigProblem[] {
  const seen = new Set<string>()
  return problems.filter(({ file, path, message }) => {
    const place = JSON.stringify([file, path, file === undefined && path.length > 0 ? '' : message])
    if (seen.has(place)) return false
    seen.add(place)
    return true
  })
}
