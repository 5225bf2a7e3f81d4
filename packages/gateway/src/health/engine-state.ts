/** Whether an engine answers, found out by asking it each second: what a supervisor is told must not wait for a call that fails. */
import type { Clock } from 'tollgate/engine'

export type EngineKind = 'postgres' | 'valkey'

export interface EngineState {
  readonly engine: EngineKind
  readonly isUp: boolean
}

export interface EngineWatch {
  state(): EngineState
  stop(): void
}

export interface EngineWatchOptions {
  readonly engine: EngineKind
  /** Its name and address, for the operator. */
  readonly name: string
  readonly ping: () => Promise<unknown>
  readonly clock: Pick<Clock, 'after'>
  /** Each change is said once. */
  readonly alert: (message: string) => void
}

const EVERY_MS = 1_000
/** Slower than that is as good as gone. */
const PATIENCE_MS = 2_000

/** It is up to begin with: whoever watches it has just opened it. */
export function watchEngine({ engine, name, ping, clock, alert }: EngineWatchOptions): EngineWatch {
  let isUp = true
  let isStopped = false
  let cancel: (() => void) | undefined

  function note(fault: string | undefined): void {
    if (isStopped || isUp === (fault === undefined)) return
    isUp = fault === undefined
    alert(fault === undefined ? `${name} answers again` : `${name} does not answer: ${fault}`)
  }

  async function look(): Promise<void> {
    const late = clock.after(PATIENCE_MS, () => note(`not within ${PATIENCE_MS} ms`))
    try {
      await ping()
      late()
      note(undefined)
    } catch (error) {
      late()
      note(error instanceof Error ? error.message : String(error))
    }
    if (!isStopped) cancel = clock.after(EVERY_MS, () => void look())
  }

  cancel = clock.after(EVERY_MS, () => void look())
  return {
    state: () => ({ engine, isUp }),
    stop() {
      isStopped = true
      cancel?.()
    },
  }
}
