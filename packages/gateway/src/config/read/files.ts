/** The files that a configuration names, relative to the configuration itself. */
import { readFileSync, statSync } from 'node:fs'
import { isAbsolute, relative, resolve } from 'node:path'
import { codeOf } from '../../platform/error-code.ts'
import { parseYamlSource, type YamlSource } from './yaml-source.ts'
import { formatProblem } from './config-problem.ts'

export type FileRead = { readonly ok: true; readonly source: YamlSource } | { readonly ok: false; readonly message: string }

export interface Files {
  /** The absolute path of a path in the configuration. */
  pathOf(file: string): string
  /** YAML or JSON; a file is read once. The message names the file. */
  read(file: string): FileRead
}

/** Reads and parses a file by its absolute path; `shown` is how the message names it. */
export type ReadSource = (path: string, shown: string) => FileRead

export function createFiles(baseDir: string, read: ReadSource = readSource): Files {
  const pathOf = (file: string) => (isAbsolute(file) ? file : resolve(baseDir, file))
  const kept = new Map<string, FileRead>()
  return {
    pathOf,
    read(file) {
      const path = pathOf(file)
      const found = kept.get(path) ?? read(path, file)
      kept.set(path, found)
      return found
    },
  }
}

export function readSource(path: string, shown: string): FileRead {
  const fault = faultOfFile(path)
  const text = fault === undefined ? readText(path) : { ok: false as const, message: fault }
  if (!text.ok) return { ok: false, message: `cannot read ${shown}: ${text.message}` }
  const parsed = parseYamlSource(text.text)
  if (parsed.ok) return { ok: true, source: parsed.value }
  return { ok: false, message: formatProblem({ ...(parsed.problems[0] ?? { path: [], message: 'not valid YAML' }), file: shown }) }
}

/** A device or a pipe may have no end. */
function faultOfFile(path: string): string | undefined {
  try {
    const found = statSync(path)
    return found.isFile() || found.isDirectory() ? undefined : 'it is no regular file'
  } catch (error) {
    return fileFault(error)
  }
}

export type TextRead = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly message: string }

export function readText(path: string): TextRead {
  try {
    return { ok: true, text: readFileSync(path, 'utf8') }
  } catch (error) {
    return { ok: false, message: fileFault(error) }
  }
}

/** What a failed file operation means to a person. */
export function fileFault(error: unknown): string {
  const code = codeOf(error)
  const sentences: { readonly [code: string]: string } = {
    ENOENT: 'there is no such file',
    EEXIST: 'there is a file of this name already',
    EISDIR: 'it is a directory',
    EACCES: 'permission denied',
    ENOSPC: 'the disk is full',
    EROFS: 'the file system is read-only',
  }
  return (Object.hasOwn(sentences, code) ? sentences[code] : undefined) ?? (error instanceof Error ? error.message : String(error))
}

/** As a message shows a file: relative to the working directory where that is shorter. */
export function shownPath(path: string): string {
  const near = relative(process.cwd(), path)
  return near !== '' && near.length < path.length ? near : path
}
