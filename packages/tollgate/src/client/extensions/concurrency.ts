/**
 * How many calls may be out at once, found by trying: one more for each round of successes, a part of them where the server says that it has too many. The classic rule of
 * additive increase and multiplicative decrease, which lets many clients share a server without talking to each other.
 */
import type { Attempt } from '../attempt.ts'
import type { Extension } from '../extension.ts'
import { createByOrigin } from './by-origin.ts'
import { checkNames, checkNumber } from './check-extension.ts'
import { createTurnLine, type TurnLine } from './turn-line.ts'

/** Between what bounds, and how long a call waits for its turn. */
export interface ConcurrencyOptions {
  /** Calls at once to begin with. Default 10. */
  readonly start?: number
  /** Never fewer. Default 1. */
  readonly min?: number
  /** Never more. Default 100. */
  readonly max?: number
  /** What is left of the limit when the server has too much. Default 0.7. */
  readonly decrease?: number
  /** A call that has not had its turn by then is held back. Default 60,000. */
  readonly waitMaxMs?: number
}

interface Lane {
  limit: number
  running: number
  line: TurnLine | undefined
  /** Answers to what was sent before it say nothing of the new limit. */
  decreasedMs: number
}

/**
 * Added to a client by `extensions: [concurrency()]`.
 *
 * @example
 * const extensions = [concurrency({ start: 4, max: 32 })]
 */
export function concurrency(options: ConcurrencyOptions = {}): Extension {
  checkNames('concurrency', options, ['start', 'min', 'max', 'decrease', 'waitMaxMs'])
  const { start = 10, min = 1, max = 100, decrease = 0.7, waitMaxMs = 60_000 } = options
  checkNumber('concurrency', 'min', min, 1, Infinity)
  checkNumber('concurrency', 'max', max, min, Infinity)
  checkNumber('concurrency', 'start', start, min, max)
  checkNumber('concurrency', 'decrease', decrease, 0.1, 0.99)
  checkNumber('concurrency', 'waitMaxMs', waitMaxMs, 0, Infinity)
  const laneOf = createByOrigin((): Lane => ({ limit: start, running: 0, line: undefined, decreasedMs: -Infinity }))

  return {
    name: 'concurrency',
    begin({ origin, clock }) {
      const lane = laneOf(origin)
      const line = (lane.line ??= createTurnLine(clock))
      let sentMs: number | undefined

      function take(): undefined {
        lane.running += 1
        sentMs = clock.monotonicMs()
        return undefined
      }
      function give(): void {
        if (sentMs === undefined) return
        sentMs = undefined
        lane.running -= 1
        wake()
      }
      function wake(): void {
        for (let free = Math.floor(lane.limit) - lane.running; free > 0 && line.next(); free--);
      }
      function learn(attempt: Attempt): void {
        if (isTooMuch(attempt)) {
          if (sentMs !== undefined && sentMs >= lane.decreasedMs) {
            lane.limit = Math.max(min, lane.limit * decrease)
            lane.decreasedMs = clock.monotonicMs()
          }
          // Only a limit that is made use of is known to be good.
        } else if (attempt.reason === undefined && lane.running >= Math.floor(lane.limit) - 1) lane.limit = Math.min(max, lane.limit + 1 / lane.limit)
      }

      return {
        async beforeAttempt({ signal }) {
          for (const untilMs = clock.monotonicMs() + waitMaxMs; lane.running >= Math.floor(lane.limit) || line.length > 0; ) {
            const isLeft = await line.join(signal, untilMs - clock.monotonicMs())
            if (signal.aborted) {
              // The turn came in the moment in which it was given up.
              if (isLeft) wake()
              return undefined
            }
            if (!isLeft) return { kind: 'held_back', message: `No turn in ${waitMaxMs} ms: ${lane.running} calls to ${origin} are out, and ${line.length} wait.` }
            if (lane.running < Math.floor(lane.limit)) break
          }
          return take()
        },
        afterAttempt(attempt) {
          learn(attempt)
          give()
        },
        onEnd: give,
      }
    },
  }
}

/** What a server says, or does, that has more than it can do. */
function isTooMuch({ reason }: Attempt): boolean {
  return reason === 'rate.limited' || reason === 'concurrency.limited' || reason === 'capacity.overloaded' || reason === 'upstream.unavailable' || reason === 'network.timeout'
}
