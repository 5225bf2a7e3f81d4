/**
 * A reference in a folder that may hold other things, and an older reference. A list in it says which files are of this command: those are replaced, and removed where
 * they are no longer made. Any other file is left alone, and where one stands in the way nothing is written at all.
 */
import { lstatSync, mkdirSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileFault } from '../../config/read/files.ts'
import type { SiteFile } from './site.ts'

/** In the folder itself. */
export const SITE_LIST = '.tollgate-docs.json'

export interface SiteChanges {
  /** Paths below the folder. */
  readonly written: readonly string[]
  readonly removed: readonly string[]
  readonly same: number
}

export type SiteWritten = { readonly kind: 'done'; readonly changes: SiteChanges } | { readonly kind: 'fault'; readonly words: string }

/** `dryRun`: only says what would be done. */
export function writeSite(files: readonly SiteFile[], folder: string, { dryRun = false }: { readonly dryRun?: boolean } = {}): SiteWritten {
  try {
    const before = listedIn(folder)
    if (before.kind === 'fault') return before
    const blocked = files.flatMap(({ path }) => inTheWay(folder, path, before.files) ?? [])[0]
    if (blocked !== undefined) return { kind: 'fault', words: blocked }
    const written = files.filter(({ path, text }) => textOf(join(folder, path)) !== text)
    const wanted = new Set(files.map(({ path }) => path))
    const removed = [...before.files].filter((path) => !wanted.has(path) && isFile(join(folder, path)))
    if (!dryRun) apply(folder, files, written, removed)
    return { kind: 'done', changes: { written: written.map(({ path }) => path), removed, same: files.length - written.length } }
  } catch (error) {
    return { kind: 'fault', words: `cannot write to ${folder}: ${fileFault(error)}` }
  }
}

/** The list goes first, with what was and what will be: wherever this ends, the next time knows all its files. */
function apply(folder: string, files: readonly SiteFile[], written: readonly SiteFile[], removed: readonly string[]): void {
  mkdirSync(folder, { recursive: true })
  const names = files.map(({ path }) => path)
  const list = listText(names)
  if (written.length > 0 || removed.length > 0 || textOf(join(folder, SITE_LIST)) !== list) replaceFile(join(folder, SITE_LIST), listText([...new Set([...names, ...removed])]))
  for (const { path, text } of written) {
    const target = join(folder, path)
    mkdirSync(dirname(target), { recursive: true })
    replaceFile(target, text)
  }
  for (const path of removed) {
    rmSync(join(folder, path), { force: true })
    removeEmptied(folder, dirname(path))
  }
  if (textOf(join(folder, SITE_LIST)) !== list) replaceFile(join(folder, SITE_LIST), list)
}

function listText(paths: readonly string[]): string {
  return `${JSON.stringify({ madeBy: 'tollgate docs', files: paths.toSorted() }, null, 2)}\n`
}

/** Whole or not at all, for who reads it meanwhile. */
function replaceFile(path: string, text: string): void {
  const beside = `${path}.tollgate-new`
  writeFileSync(beside, text)
  renameSync(beside, path)
}

/** Folders that held nothing else. */
function removeEmptied(folder: string, path: string): void {
  for (let at = path; at !== '.' && at !== ''; at = dirname(at)) {
    try {
      rmdirSync(join(folder, at))
    } catch {
      return
    }
  }
}

type Listed = { readonly kind: 'files'; readonly files: ReadonlySet<string> } | { readonly kind: 'fault'; readonly words: string }

/** Whoever wrote the list, it names nothing outside of the folder. */
function listedIn(folder: string): Listed {
  const text = textOf(join(folder, SITE_LIST))
  if (text === undefined) return { kind: 'files', files: new Set() }
  const files = pathsIn(text)
  return files === undefined ? { kind: 'fault', words: `${join(folder, SITE_LIST)} is no list of this command; remove it, or choose another folder` } : { kind: 'files', files: new Set(files) }
}

function pathsIn(text: string): readonly string[] | undefined {
  try {
    const { files } = JSON.parse(text) as { readonly files?: unknown }
    return Array.isArray(files) && files.every(isBelow) ? files : undefined
  } catch {
    return undefined
  }
}

function isBelow(path: unknown): path is string {
  return typeof path === 'string' && path !== '' && !/^[/\\]|^[A-Za-z]:|\\/.test(path) && path.split('/').every((step) => step !== '' && step !== '.' && step !== '..')
}

/** Why this file may not be written: somebody else's stands there, or a link leads out of the folder. */
function inTheWay(folder: string, path: string, own: ReadonlySet<string>): string | undefined {
  const steps = path.split('/')
  for (const at of steps.keys()) {
    const part = steps.slice(0, at + 1).join('/')
    const found = lstatSync(join(folder, part), { throwIfNoEntry: false })
    if (found === undefined) return undefined
    if (found.isSymbolicLink()) return `${join(folder, part)} is a link, and what it leads to is not of this command; remove it, or choose another folder`
    const isLast = at === steps.length - 1
    if (isLast !== found.isFile() && !(!isLast && found.isDirectory())) return `${join(folder, part)} is in the way of ${path}; remove it, or choose another folder`
    if (isLast && !own.has(path)) return `${join(folder, part)} is not of this command, and would be overwritten; remove it, or choose another folder`
  }
  return undefined
}

function isFile(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isFile() === true
}

/** Undefined: there is no such file. */
function textOf(path: string): string | undefined {
  return isFile(path) ? readFileSync(path, 'utf8') : undefined
}
