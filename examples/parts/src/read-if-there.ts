import { readFile } from 'node:fs/promises'
import { codeOf } from './error-code.ts'

/** The text of a file; undefined where there is none. */
export async function readIfThere(file: URL): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}
