/** Everything outside that a command may touch, so that tests can stand in for it. */
import type { Environment } from '../config/read/environment.ts'
import type { SupervisorPort } from '../workers/fellows.ts'
import type { WorkerProcess } from '../workers/supervisor.ts'

/** Everything outside that a command may touch, so that tests can stand in for it. */
export interface CliIo {
  stdout(text: string): void
  /** When what was written has been taken; for output that may be large. */
  readonly stdoutDrained?: () => Promise<void>
  stderr(text: string): void
  /** All of stdin, as text. */
  readStdin(): Promise<string>
  /** Of whoever sits at the terminal; undefined where nobody does. */
  readonly ask?: ((question: string) => Promise<string>) | undefined
  readonly env: Environment
  /** The working directory. */
  readonly cwd: string
  readonly fetch: typeof globalThis.fetch
  /** Whether stdout is a terminal. */
  readonly isTerminal: boolean
  /** Calls back on each signal; the returned function stops that. */
  onSignal(signal: 'SIGHUP' | 'SIGINT' | 'SIGTERM', run: () => void): () => void
  /** Without it nothing is waited for. */
  readonly sleep?: (ms: number) => Promise<void>
  /** Tells the process that started this one in the background that it takes requests. */
  readonly announce?: (() => void) | undefined
  /** Runs this program once more, as a worker of a gateway. Without it a gateway is one process. */
  readonly fork?: ((place: number) => WorkerProcess) | undefined
  /** Where this process is such a worker. */
  readonly supervisor?: SupervisorPort | undefined
  /** Ends the process at once. */
  exit(code: number): void
}

/** 0: done · 1: it could not be done · 2: the command or the configuration is wrong. */
export type ExitCode = 0 | 1 | 2

/** A gateway that starts may be there in a moment. */
export class NotUpYet extends Error {
  override readonly name = 'NotUpYet'
  readonly failure: CliFailure

  constructor(failure: CliFailure) {
    super(failure.message)
    this.failure = failure
  }
}

/** Ends a command with one sentence for its user. */
export class CliFailure extends Error {
  override readonly name = 'CliFailure'
  readonly exitCode: ExitCode

  constructor(exitCode: ExitCode, message: string) {
    super(message)
    this.exitCode = exitCode
  }
}
