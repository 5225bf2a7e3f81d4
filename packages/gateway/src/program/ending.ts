/**
 * How a gateway ends: once, whoever asks for it and however often. An operator stops it, its owner closes it, or its database dies: what memory says of the
 * disk is not to be trusted then, and the next process reads what is there.
 */
import type { Clock } from 'tollgate/engine'
import { closeAll, type Closers } from '../platform/closers.ts'

export interface EndingSetup {
  readonly clock: Pick<Clock, 'after'>
  readonly closers: Closers
}

/** What comes before anything is closed. */
export interface Farewell {
  /** Resolves when no reload is under way. */
  settled(): Promise<void>
  /** From now on it says that it takes no more. */
  stopping(): void
  /** How long it goes on all the same, until those in front of it have noticed. */
  delayMs(): number
}

export interface Ending {
  /** There is something to end from now on. Throws what has died before. */
  begin(farewell: Farewell): void
  /** Resolves when all is closed; rejects with what failed first, or with what died. */
  close(): Promise<void>
  /** Begins the end and does not wait for it. */
  stop(): void
  /** Resolves when the end was asked for from within. */
  readonly stopAsked: Promise<void>
  died(error: Error): void
}

export function createEnding({ clock, closers }: EndingSetup): Ending {
  let farewell: Farewell | undefined
  let death: Error | undefined
  let closing: Promise<void> | undefined
  let noteStop = (): void => undefined
  const stopAsked = new Promise<void>((resolve) => (noteStop = resolve))

  const close = (): Promise<void> => (closing ??= closeInOrder())

  async function closeInOrder(): Promise<void> {
    await farewell?.settled()
    farewell?.stopping()
    const delayMs = farewell?.delayMs() ?? 0
    if (delayMs > 0) await new Promise<void>((resolve) => void clock.after(delayMs, resolve))
    await closeAll(closers)
    if (death !== undefined) throw death
  }

  function stop(): void {
    // Who awaits the end hears of what went wrong on the way.
    close().catch(() => undefined)
    noteStop()
  }

  return {
    begin(given) {
      if (death !== undefined) throw death
      farewell = given
    },
    close,
    stop,
    stopAsked,
    died(error) {
      death = error
      if (farewell !== undefined) stop()
    },
  }
}
