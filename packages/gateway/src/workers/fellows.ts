/** A worker's side: what it asks the others, and what they ask it. */
import type { FromWorker, Question, StartedWorker, ToWorker } from './messages.ts'

/** How a worker reaches its supervisor. */
export interface SupervisorPort {
  /** Of the supervisor. */
  readonly pid: number
  /** Which of the workers this is. */
  readonly worker: number
  send(message: FromWorker): void
  onMessage(hear: (message: ToWorker) => void): void
  /** The supervisor is gone. */
  onGone(run: () => void): void
}

/** The other workers of the same gateway. */
export interface Fellows {
  /** Of the supervisor, which is the gateway to whoever looks at processes. */
  readonly pid: number
  /** What each of the others answers; who does not in time is left out. */
  ask(question: Question): Promise<readonly unknown[]>
  /** How this one answers. */
  answer(answers: { readonly [question in Question]: () => Promise<unknown> }): void
  /** Ends all of them, this one too. */
  stopAll(): void
}

export interface WorkerLink extends Fellows {
  started(worker: StartedWorker): void
  failed(exitCode: number, message: string): void
  /** The supervisor has asked for the end, or is gone. */
  readonly stopAsked: Promise<void>
}

export function createWorkerLink(port: SupervisorPort): WorkerLink {
  const waiting = new Map<number, (values: readonly unknown[]) => void>()
  let answers: Parameters<Fellows['answer']>[0] | undefined
  let asked = 0
  let noteStop = (): void => undefined
  const stopAsked = new Promise<void>((resolve) => void (noteStop = resolve))

  port.onGone(noteStop)
  port.onMessage((message) => {
    switch (message.kind) {
      case 'stop':
        return noteStop()
      case 'answers':
        waiting.get(message.id)?.(message.values)
        return void waiting.delete(message.id)
      case 'question':
        return void reply(message.id, message.question)
    }
  })

  async function reply(id: number, question: Question): Promise<void> {
    const value = await answers?.[question]().catch(() => undefined)
    port.send({ kind: 'answer', id, value: value ?? null })
  }

  return {
    pid: port.pid,
    stopAsked,
    ask(question) {
      const id = (asked += 1)
      return new Promise((resolve) => {
        waiting.set(id, (values) => resolve(values.filter((value) => value !== null)))
        port.send({ kind: 'ask', id, question })
      })
    },
    answer: (given) => void (answers = given),
    stopAll: () => port.send({ kind: 'stop-all' }),
    started: (started) => port.send({ kind: 'started', started }),
    failed: (exitCode, message) => port.send({ kind: 'failed', exitCode, message }),
  }
}
