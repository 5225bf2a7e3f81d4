/** A contract by name (shipped) or by file, with the few settings that a configuration may change. */
import { catalog, keptByCatalog } from 'tollgate/catalog'
import { bodyFormatOf, parseContract, type Contract, type ContractProblem, type IgnoredRule } from 'tollgate/contract'
import { parseXml } from '../../platform/parse-xml.ts'
import type { ContractShape } from '../shape/api-shape.ts'
import { createFiles, type Files } from '../read/files.ts'
import { isGitFile, readGitFile } from '../read/git-file.ts'
import { parseYamlSource, type Position, type YamlSource } from '../read/yaml-source.ts'
import { suggestion } from '../read/suggestion.ts'
import { formatProblem, quote, type Path } from '../read/config-problem.ts'
import type { Report } from '../read/report.ts'

/** Undefined when the contract cannot be used. The report says why. */
export function loadContract(shape: ContractShape, path: Path, files: Files, report: Report): Contract | undefined {
  const ref = typeof shape === 'string' ? shape : shape.use
  const alwaysStatus = typeof shape === 'string' ? undefined : shape.alwaysStatus
  const refPath = typeof shape === 'string' ? path : [...path, 'use']
  const contract = findContract(ref, refPath, files, report, report.warn)
  if (contract === undefined) return undefined
  if (contract.declaration.decodeOnly === true) {
    report(refPath, `the contract "${contract.name}" is made for reading answers only; it cannot answer for an API`)
    return undefined
  }
  if (alwaysStatus === undefined) return contract
  const changed = parseContract({ ...contract.declaration, alwaysStatus }, { reader: contract.reader, parseXml })
  if (changed.ok) return changed.contract
  for (const problem of changed.problems) report([...path, 'alwaysStatus'], messageOf(problem))
  return undefined
}

/** Finds a shipped contract by its name, or reads one from a file. Undefined where there is none or it has problems, which the report says. */
export function findContract(ref: string, path: Path, files: Files, report: FoundReport, warn: FoundReport): Contract | undefined {
  return isContractFile(ref) ? fromFile(ref, path, files, report, warn) : fromCatalog(ref, path, report)
}

/** Problems that were reported here are not reported again. */
type FoundReport = (...found: Parameters<Report>) => void

/** Whether it is the name of a file, and not of a shipped contract. */
export function isContractFile(ref: string): boolean {
  return /[/\\]|\.(?:ya?ml|json)$/i.test(ref)
}

function fromCatalog(name: string, path: Path, report: FoundReport): Contract | undefined {
  const shipped = Object.hasOwn(catalog, name) ? catalog[name] : undefined
  if (shipped !== undefined) return reading(shipped)
  report(path, `no shipped contract is called "${name}"${suggestion(name, Object.keys(catalog))} (a file is written ./${name}.yaml)`)
  return undefined
}

/** The library has no parser of XML, so that its contracts of XML only write. */
function reading(shipped: Contract): Contract {
  if (bodyFormatOf(shipped.declaration.envelope.contentType) !== 'xml') return shipped
  const parsed = parseContract(shipped.declaration, { reader: shipped.reader, parseXml })
  return parsed.ok ? parsed.contract : shipped
}

function fromFile(file: string, path: Path, files: Files, report: FoundReport, warn: FoundReport): Contract | undefined {
  const read = files.read(file)
  if (!read.ok) {
    report(path, read.message)
    return undefined
  }
  const { source } = read
  const parsed = parseContract(source.data, { parseXml })
  const tell = (found: readonly ContractProblem[], to: FoundReport): void => {
    for (const problem of found) {
      const inside = stepsOfPath(problem.path)
      to(inside, messageOf(problem), { file, ...source.locate(inside) })
    }
  }
  tell(parsed.ok ? parsed.contract.warnings : parsed.problems, parsed.ok ? warn : report)
  return parsed.ok ? parsed.contract : undefined
}

function messageOf({ value, problem, mend }: ContractProblem): string {
  return `${value === undefined ? '' : `${quote(value)} `}${problem}; ${mend}`
}

/** `entries.dailyQuota.details.reset_at` → its steps. */
export function stepsOfPath(path: string): Path {
  return [...path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.[\]]+)/g)].map(([, quoted, index, plain]) => (index === undefined ? (quoted ?? plain ?? '') : Number(index)))
}

/** A contract as plain data, whether or not it is one: for who looks at it rather than answering by it. */
export type ContractData =
  | { readonly ok: true; readonly isFile: boolean; readonly data: unknown; readonly options: { readonly reader?: Contract['reader']; readonly parseXml: typeof parseXml }; readonly ignore: readonly IgnoredRule[]; readonly locate?: (path: string) => Position | undefined }
  | { readonly ok: false; readonly message: string }

/** `ignore`: what the catalog has reasons to keep in a contract of its own. */
export function readContractData(ref: string, cwd: string): ContractData {
  if (!isGitFile(ref) && !isContractFile(ref)) {
    const shipped = Object.hasOwn(catalog, ref) ? catalog[ref] : undefined
    if (shipped === undefined) return { ok: false, message: `no shipped contract is called "${ref}"${suggestion(ref, Object.keys(catalog))} (a file is written ./${ref}.yaml)` }
    return { ok: true, isFile: false, data: shipped.declaration, options: { reader: shipped.reader, parseXml }, ignore: Object.hasOwn(keptByCatalog, ref) ? (keptByCatalog[ref] ?? []) : [] }
  }
  const read = isGitFile(ref) ? readGitSource(ref, cwd) : createFiles(cwd).read(ref)
  if (!read.ok) return read
  return { ok: true, isFile: !isGitFile(ref), data: read.source.data, options: { parseXml }, ignore: [], locate: (path) => read.source.locate(stepsOfPath(path)) }
}

function readGitSource(ref: string, cwd: string): { readonly ok: true; readonly source: YamlSource } | { readonly ok: false; readonly message: string } {
  const read = readGitFile(ref, cwd)
  if (!read.ok) return read
  const parsed = parseYamlSource(read.text)
  return parsed.ok ? { ok: true, source: parsed.value } : { ok: false, message: formatProblem({ ...(parsed.problems[0] ?? { path: [], message: 'not valid YAML' }), file: ref }) }
}
