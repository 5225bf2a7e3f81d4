/** Processes that do as they are told by messages, one at a time each. */
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export interface Child<Question, Answer> {
  ask(question: Question): Promise<Answer>
  stop(): Promise<void>
}

type Said<Answer> = { readonly kind: 'done'; readonly done: Answer } | { readonly kind: 'failed'; readonly error: string }

/** A child that says nothing for so long is given up. */
const SILENT_MS_MAX = 240_000

/** `file`: beside this one, as it was built. */
export function forkChild<Question extends object, Answer>(file: string, options: unknown): Child<Question, Answer> {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), [JSON.stringify(options)], { execArgv: ['--expose-gc'] })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  return {
    ask: (question) =>
      new Promise((resolve, reject) => {
        const settle = (said: Said<Answer>): void => {
          clearTimeout(timer)
          child.off('message', settle)
          child.off('exit', ended)
          if (said.kind === 'failed') reject(new Error(said.error))
          else resolve(said.done)
        }
        const ended = (): void => settle({ kind: 'failed', error: 'a process of the benchmark ended' })
        const timer = setTimeout(() => {
          child.kill('SIGKILL')
          settle({ kind: 'failed', error: `a process of the benchmark was silent for ${SILENT_MS_MAX} ms` })
        }, SILENT_MS_MAX)
        child.on('message', settle)
        child.on('exit', ended)
        child.send(question)
      }),
    async stop() {
      if (child.connected) child.disconnect()
      await exited
    },
  }
}
