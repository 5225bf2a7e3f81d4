/**
 * `tollgate.yaml` → a checked configuration, or every problem that it has.
 *
 * A slip in one place must not hide those in others: where the shape is wrong, the wrong pieces are set aside and the rest is checked
 * all the same.
 */
import { dirname, resolve } from 'node:path'
import { buildConfig } from './build-config.ts'
import { fillPlaceholders, type Environment } from './environment.ts'
import { createFiles, readText, shownPath } from './files.ts'
import { fileShape, type FileInput, type FileShape } from './file-shape.ts'
import type { GatewayConfig } from './gateway-config.ts'
import type { ConfigProblem, Outcome, Path } from './problem.ts'
import { createReport } from './report.ts'
import { toProblems } from './shape-problem.ts'
import { parseYamlSource } from './yaml-source.ts'

export interface LoadOptions {
  readonly environment: Environment
  /** What relative paths are relative to when the configuration is an object. Default: the working directory. */
  readonly baseDir?: string
}

/** From a file, or from what a file would say as an object. */
export function loadConfig(source: string | FileInput, options: LoadOptions): Outcome<GatewayConfig> {
  if (typeof source !== 'string') return checkConfig(source, options.baseDir ?? process.cwd(), undefined, options.environment)
  const file = shownPath(resolve(source))
  const inFile = (problem: ConfigProblem): ConfigProblem => ({ file, ...problem })
  const read = readText(source)
  if (!read.ok) return { ok: false, problems: [{ path: [], file, message: `cannot be read: ${read.message}` }] }
  const parsed = parseYamlSource(read.text)
  if (!parsed.ok) return { ok: false, problems: parsed.problems.map(inFile) }
  const { data, locate } = parsed.value
  const outcome = checkConfig(data, dirname(resolve(source)), resolve(source), options.environment)
  if (outcome.ok) return outcome
  // A problem inside a contract's file has its own place.
  return { ok: false, problems: outcome.problems.map((problem) => (problem.file === undefined ? inFile({ ...problem, ...locate(problem.path) }) : problem)) }
}

function checkConfig(data: unknown, baseDir: string, configFile: string | undefined, environment: Environment): Outcome<GatewayConfig> {
  const filled = fillPlaceholders(data, environment)
  const parsed = fileShape.safeParse(filled.data, { reportInput: true })
  const report = createReport(data)
  for (const { path, message } of filled.problems) report(path, message)
  if (!parsed.success) for (const { path, message } of toProblems(parsed.error.issues, data)) report(path, message)
  const shape = parsed.success ? parsed.data : remainder(filled.data, report.problems)
  const config = shape && buildConfig(shape, { data, files: createFiles(baseDir), report, configFile })
  if (config !== undefined && report.problems.length === 0) return { ok: true, value: config }
  return { ok: false, problems: distinct(report.problems) }
}

/** What is left when wrong settings, then whole APIs that still do not fit, are set aside; undefined if that is not enough. */
function remainder(data: unknown, problems: readonly ConfigProblem[]): FileShape | undefined {
  const rest = structuredClone(data)
  for (const { path } of problems) remove(rest, path)
  const parsed = fileShape.safeParse(rest)
  if (parsed.success) return parsed.data
  for (const { path } of parsed.error.issues) if (path[0] === 'apis' && path.length > 1) remove(rest, path.slice(0, 2) as Path)
  return fileShape.safeParse(rest).data
}

/** Items of a list stay, for the others would take their places. */
function remove(data: unknown, path: Path): void {
  const last = path.at(-1)
  let at = data
  for (const step of path.slice(0, -1)) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return
    at = (at as Record<string | number, unknown>)[step]
  }
  if (typeof last === 'string' && typeof at === 'object' && at !== null) delete (at as Record<string, unknown>)[last]
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
