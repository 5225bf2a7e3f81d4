/** The parent's side of `child.ts`. */
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Question, Reply } from './child.ts'
import { pin, type Core } from './machine.ts'

/** A child that says nothing for so long is given up. */
const SILENT_MS_MAX = 60_000

/** Children run what was built, also when a test starts them: its global set-up builds. */
export const builtChildFile = fileURLToPath(new URL('../dist/child.js', import.meta.url))

export type Said = Extract<Reply, { readonly kind: 'done' }>

export interface Child {
  readonly pid: number
  /** What it said when it was ready. */
  readonly ready: Said
  ask(question: Question): Promise<Said>
  stop(): Promise<void>
}

export interface ChildOptions {
  readonly core: Core
  readonly childFile: string
  readonly profileDir?: string | undefined
}

export async function startChild(args: readonly string[], { core, childFile, profileDir }: ChildOptions): Promise<Child> {
  const profiling = profileDir === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileDir}`, `--cpu-prof-name=${args.slice(0, 2).join('-')}-${Date.now()}.cpuprofile`]
  const child = fork(childFile, args, { execArgv: ['--expose-gc', ...profiling] })
  if (child.pid !== undefined) pin(child.pid, core)
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))

  function nextReply(): Promise<Said> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => settle({ kind: 'failed', error: `silent for ${SILENT_MS_MAX} ms` }), SILENT_MS_MAX)
      const ended = (): void => settle({ kind: 'failed', error: 'it ended' })
      function settle(said: Reply): void {
        clearTimeout(timer)
        child.off('message', settle)
        child.off('exit', ended)
        if (said.kind === 'failed') reject(new Error(`${args.join(' ')}: ${said.error}`))
        else resolve(said)
      }
      child.on('message', settle)
      child.on('exit', ended)
    })
  }

  async function stop(): Promise<void> {
    if (child.connected) child.disconnect()
    await exited
  }

  try {
    return {
      pid: child.pid ?? 0,
      ready: await nextReply(),
      ask(question) {
        const said = nextReply()
        child.send(question)
        return said
      },
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}
