/** Puts a drafted start into a folder: all of it, or, where something of it is there already, nothing. */
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { DraftedFile } from './draft-files.ts'

export interface Written {
  readonly written: readonly string[]
  /** What was there, and stays as it is. */
  readonly kept: readonly string[]
}

export type WriteOutcome = ({ readonly ok: true } & Written) | { readonly ok: false; readonly fault: string }

export function writeDraft(folder: string, files: readonly DraftedFile[], { force }: { readonly force: boolean }): WriteOutcome {
  if (existsSync(folder) && !statSync(folder).isDirectory()) return { ok: false, fault: `${folder} is a file; name a folder` }
  const there = files.filter(({ path }) => existsSync(join(folder, path)))
  const inTheWay = there.filter(({ mayBeThere }) => mayBeThere !== true).map(({ path }) => path)
  if (inTheWay.length > 0 && !force) return { ok: false, fault: `there ${inTheWay.length === 1 ? 'is' : 'are'} already ${inTheWay.join(', ')} in ${folder}; choose another folder, or write over with --force` }
  const kept = there.filter(({ mayBeThere }) => mayBeThere === true).map(({ path }) => path)
  const left = files.filter(({ path }) => !kept.includes(path))
  try {
    for (const { path, text } of left) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
  } catch (error) {
    return { ok: false, fault: `cannot write: ${error instanceof Error ? error.message : String(error)}` }
  }
  return { ok: true, written: left.map(({ path }) => path), kept }
}
