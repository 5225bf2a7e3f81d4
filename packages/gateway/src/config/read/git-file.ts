/** A file as it was: `git:REF:PATH`, such as `git:origin/main:contract.yaml`. A path that begins with `./` is relative to where one is, any other to the root of the repository. */
import { execFileSync } from 'node:child_process'
import type { TextRead } from './files.ts'

const GIT_FILE = /^git:([^:]+):(.+)$/s
/** No contract is larger; what is, is not read into memory. */
const BYTES_MAX = 16 * 1_048_576

export function isGitFile(ref: string): boolean {
  return ref.startsWith('git:')
}

export function readGitFile(ref: string, cwd: string): TextRead {
  const [, revision, path] = GIT_FILE.exec(ref) ?? []
  if (revision === undefined || path === undefined) return { ok: false, message: `"${ref}" is not git:REF:PATH, such as git:main:contract.yaml` }
  try {
    // No shell, and nothing in it is an option.
    return { ok: true, text: execFileSync('git', ['show', '--no-textconv', '--end-of-options', `${revision}:${path}`], { cwd, encoding: 'utf8', maxBuffer: BYTES_MAX, stdio: ['ignore', 'pipe', 'pipe'] }) }
  } catch (error) {
    return { ok: false, message: `cannot read ${ref}: ${faultOf(error)}` }
  }
}

function faultOf(error: unknown): string {
  const { code, stderr } = error as { readonly code?: unknown; readonly stderr?: unknown }
  if (code === 'ENOENT') return 'there is no git here'
  const [line = ''] = String(stderr ?? '').trim().split('\n')
  return line.replace(/^fatal: /, '') || (error instanceof Error ? error.message : String(error))
}
