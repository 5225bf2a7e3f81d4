/** The program as it is typed, as a process of its own: `tollgate …` in a folder that has its configuration. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { program } from '../joined.ts'

export interface Typed {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

export async function type(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}): Promise<Typed> {
  const running = run(args, cwd, env)
  const [code] = (await once(running.child, 'close')) as [number | null]
  return { code, out: running.out(), err: running.err() }
}

export interface Running {
  readonly child: ChildProcess
  out(): string
  err(): string
}

export function run(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}): Running {
  const child = spawn(process.execPath, [program, ...args], { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  let [out, err] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
  return { child, out: () => out, err: () => err }
}

/** Until it takes calls. */
export async function serve(cwd: string, env: NodeJS.ProcessEnv = {}): Promise<Running & { readonly url: string; readonly adminUrl: string }> {
  const running = run(['serve'], cwd, env)
  const ended = once(running.child, 'exit').then(() => 'ended')
  for (;;) {
    const [, url, adminUrl] = /listens on (\S+), admin API on (\S+)\n/.exec(running.out()) ?? []
    if (url !== undefined && adminUrl !== undefined) return { ...running, url, adminUrl }
    const heard = await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 20))])
    if (heard === 'ended') throw new Error(`it did not start: ${running.err()}`)
  }
}
