/**
 * `tollgate.yaml` → a checked configuration, or every problem that it has.
 *
 * A slip in one place must not hide those in others: where the shape is wrong, the rest is checked all the same.
 */
import { dirname, resolve } from 'node:path'
import { buildConfig } from './build/build-config.ts'
import { circleIn } from './read/circle.ts'
import { fillPlaceholders, type Environment } from './read/environment.ts'
import { createFiles, readSource, readText, shownPath, type ReadSource } from './read/files.ts'
import { fileShape, type FileInput } from './shape/file-shape.ts'
import type { GatewayConfig } from './gateway-config.ts'
import type { ConfigProblem, Outcome } from './read/config-problem.ts'
import { remainderOf } from './shape/remainder.ts'
import { createReport } from './read/report.ts'
import { toProblems } from './read/shape-problem.ts'
import { unusableNames } from './read/unusable-names.ts'
import { withoutSecrets } from './read/without-secrets.ts'
import { inSlices, wholly, type Work } from './build/work.ts'
import { parseYamlSource, type YamlSource } from './read/yaml-source.ts'

/** What a configuration is read with. */
export interface LoadOptions {
  readonly environment: Environment
  /** What relative paths are relative to when the configuration is an object. Default: the working directory. */
  readonly baseDir?: string | undefined
  /** Files that have been read and parsed already, by their absolute paths. */
  readonly readAhead?: ReadonlyMap<string, { readonly data: unknown }>
  /** Told of the configuration's own data, and asked for every file that it names. */
  readonly onMain?: (data: unknown) => void
  readonly readSource?: ReadSource
}

/** `warnings`: what is valid, and may still not do what was meant. */
export type LoadedConfig =
  | { readonly ok: true; readonly value: GatewayConfig; readonly warnings: readonly ConfigProblem[] }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] }

/**
 * From a file, or from what a file would say as an object.
 *
 * @example
 * const loaded = loadConfig('tollgate.yaml', { environment: process.env })
 * if (!loaded.ok) console.error(loaded.problems.map(formatProblem).join('\n'))
 */
export function loadConfig(source: string | FileInput, options: LoadOptions): LoadedConfig {
  return wholly(load(source, options))
}

/** The same without keeping others waiting. */
export function loadInSlices(source: string | FileInput, options: LoadOptions): Promise<LoadedConfig> {
  return inSlices(load(source, options))
}

function* load(source: string | FileInput, options: LoadOptions): Work<LoadedConfig> {
  if (typeof source !== 'string') return yield* checkConfig(source, options.baseDir ?? process.cwd(), undefined, options)
  const path = resolve(source)
  const file = shownPath(path)
  const inFile = (problem: ConfigProblem): ConfigProblem => ({ file, ...problem })
  const parsed = readMain(path, options)
  if (!parsed.ok) return { ok: false, problems: parsed.problems.map(inFile) }
  const { data, locate } = parsed.value
  options.onMain?.(data)
  const outcome = yield* checkConfig(data, dirname(path), path, options)
  // A problem inside another file, a contract or a table, has its own place.
  const placed = (problem: ConfigProblem): ConfigProblem => (problem.file === undefined ? inFile({ ...problem, ...locate(problem.path) }) : problem)
  const inOrder = (problems: readonly ConfigProblem[]): readonly ConfigProblem[] =>
    problems.map(placed).toSorted((one, other) => (one.line ?? 0) - (other.line ?? 0) || (one.column ?? 0) - (other.column ?? 0))
  return outcome.ok ? { ...outcome, warnings: inOrder(outcome.warnings) } : { ok: false, problems: inOrder(outcome.problems) }
}

function readMain(path: string, { readAhead }: LoadOptions): Outcome<YamlSource> {
  const ahead = readAhead?.get(path)
  if (ahead !== undefined) return { ok: true, value: { ...ahead, locate: () => undefined } }
  const read = readText(path)
  return read.ok ? parseYamlSource(read.text) : { ok: false, problems: [{ path: [], message: `cannot be read: ${read.message}` }] }
}

function* checkConfig(data: unknown, baseDir: string, configFile: string | undefined, options: LoadOptions): Work<LoadedConfig> {
  const { environment, readAhead, readSource: read = readSource } = options
  const readOnce: ReadSource = (path, shown) => {
    const ahead = readAhead?.get(path)
    return ahead === undefined ? read(path, shown) : { ok: true, source: { ...ahead, locate: () => undefined } }
  }
  const circle = circleIn(data)
  if (circle !== undefined) return { ok: false, problems: [{ path: circle, message: 'contains itself, or is nested deeper than 200 levels; a configuration is plain data' }] }
  const filled = fillPlaceholders(data, environment)
  yield
  const parsed = fileShape.safeParse(filled.data)
  yield
  const quotable = withoutSecrets(data)
  const report = createReport(quotable)
  for (const { path, message } of [...filled.problems, ...unusableNames(data)]) report(path, message)
  if (!parsed.success) for (const { path, message } of toProblems(parsed.error.issues, quotable)) report(path, message)
  yield
  const rest = parsed.success ? { shape: parsed.data, isAside: () => false } : remainderOf(filled.data)
  const config = rest && (yield* buildConfig(rest.shape, { data, files: createFiles(baseDir, readOnce), report, configFile, isAside: rest.isAside }))
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
