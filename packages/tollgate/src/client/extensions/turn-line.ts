/** Who waits for leave to send, in the order in which they came. Whoever gives up, or has waited long enough, leaves the line. */
import type { ExtensionClock } from '../extension.ts'
import { afterLong, onAbort } from '../web-clock.ts'

export interface TurnLine {
  readonly length: number
  /** True: leave was given; false: given up before. */
  join(signal: AbortSignal, limitMs: number): Promise<boolean>
  /** Gives leave to the first. False: nobody waits. */
  next(): boolean
}

export function createTurnLine(clock: ExtensionClock): TurnLine {
  const waiting = new Set<(isLeft: boolean) => void>()
  return {
    get length() {
      return waiting.size
    },
    join: (signal, limitMs) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve(false)
        const end = (isLeft: boolean): void => {
          waiting.delete(end)
          deafen()
          cancel()
          resolve(isLeft)
        }
        waiting.add(end)
        const deafen = onAbort(signal, () => end(false))
        const cancel = afterLong(clock, limitMs, () => end(false))
      }),
    next() {
      const [first] = waiting
      first?.(true)
      return first !== undefined
    },
  }
}
