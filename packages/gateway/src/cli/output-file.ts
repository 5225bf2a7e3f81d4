/** Commands that write one document: to a file, to stdout, or nowhere (`--check`). */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileFault, readText } from '../config/read/files.ts'
import { CliFailure, type CliIo } from './cli-io.ts'

export interface OutputOptions {
  readonly out?: string | undefined
  readonly check?: boolean
}

export function readDocument(file: string, { cwd }: Pick<CliIo, 'cwd'>): string {
  const read = readText(resolve(cwd, file))
  if (!read.ok) throw new CliFailure(2, `cannot read ${file}: ${read.message}`)
  return read.text
}

/** What is there already is not written again. */
export function deliver(text: string, { out, check }: OutputOptions, io: CliIo): void {
  if (out === undefined) {
    if (check === true) throw new CliFailure(2, 'there is nothing to check; name the file with --out')
    return io.stdout(text)
  }
  const path = resolve(io.cwd, out)
  const there = readText(path)
  const isThere = there.ok && there.text === text
  if (check === true) {
    if (!isThere) throw new CliFailure(1, there.ok ? `${out} is not up to date; write it anew, without --check and with --out ${out}` : `cannot read ${out}: ${there.message}`)
    return io.stdout(`${out} is up to date.\n`)
  }
  if (!isThere) write(path, text, out)
  io.stdout(isThere ? `${out} is up to date.\n` : `Wrote ${out}.\n`)
}

function write(path: string, text: string, shown: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  } catch (error) {
    throw new CliFailure(1, `cannot write ${shown}: ${fileFault(error)}`)
  }
}
