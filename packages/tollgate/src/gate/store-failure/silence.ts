/** Whether the store answers, as those who ask it have found; while it does not, one of them asks each second and the others go on at once. */
import type { Clock } from '../../engine/clock.ts'
import { StoreUnavailableError } from '../../engine/store-error.ts'

/** How long a failed store is left alone. Without it, every call would wait for one that is dead. */
const ASK_AGAIN_AFTER_MS = 1_000

export interface Silence {
  /** False: whoever asked may ask the store, and says what became of it. */
  isOn(): boolean
  /** The same, and nobody asks for it. */
  isSilent(): boolean
  /** For who was not let ask: of that nothing took effect. */
  because(): StoreUnavailableError
  failed(error: unknown): void
  answered(): void
}

export interface SilenceHeard {
  began(because: string): void
  ended(): void
}

export function createSilence(clock: Pick<Clock, 'monotonicMs'>, { began, ended }: SilenceHeard): Silence {
  let failure: { readonly error: unknown; readonly atMs: number } | undefined
  let asksSinceMs: number | undefined

  const isRecent = (atMs: number): boolean => clock.monotonicMs() - atMs < ASK_AGAIN_AFTER_MS

  return {
    isSilent: () => failure !== undefined,
    because: () => new StoreUnavailableError(textOf(failure?.error), { cause: failure?.error }),
    isOn() {
      if (failure === undefined) return false
      if (isRecent(failure.atMs) || (asksSinceMs !== undefined && isRecent(asksSinceMs))) return true
      asksSinceMs = clock.monotonicMs()
      return false
    },
    failed(error) {
      if (failure === undefined) began(textOf(error))
      failure = { error, atMs: clock.monotonicMs() }
      asksSinceMs = undefined
    },
    answered() {
      if (failure === undefined) return
      failure = undefined
      asksSinceMs = undefined
      ended()
    },
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
