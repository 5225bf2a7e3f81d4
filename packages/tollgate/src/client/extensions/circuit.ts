/**
 * A circuit for each server: after so many failures in a row calls end at once, for a while, and then one of them finds out whether it is better. What the server refuses for
 * a reason of its own (money, rights, limits) is no failure of it. Most programs need none: the retry budget keeps them from making an outage worse, and a circuit also keeps
 * them from calls that would have succeeded.
 */
import type { Attempt } from '../attempt.ts'
import type { Extension, ExtensionClock, HeldBack } from '../extension.ts'
import { createByOrigin } from './by-origin.ts'
import { checkNames, checkNumber } from './check-extension.ts'

/** When a circuit opens, and for how long. */
export interface CircuitOptions {
  /** So many failures in a row. Default 10. */
  readonly failures?: number
  /** How long it stays open before one call may try. Default 10,000. */
  readonly openMs?: number
}

/** closed: all go out. open: none does. trying: one is out, on whose end it depends. */
type Circuit = { state: 'closed'; failures: number } | { state: 'open'; untilMs: number; untilAtMs: number } | { state: 'trying' }

/**
 * Added to a client by `extensions: [circuit()]`. A call that it holds back ends as `capacity.overloaded`, with `retryAtMs`.
 *
 * @example
 * const extensions = [circuit({ failures: 5, openMs: 30_000 })]
 */
export function circuit(options: CircuitOptions = {}): Extension {
  checkNames('circuit', options, ['failures', 'openMs'])
  const { failures: failuresMax = 10, openMs = 10_000 } = options
  checkNumber('circuit', 'failures', failuresMax, 1, Infinity)
  checkNumber('circuit', 'openMs', openMs, 1, Infinity)
  const circuitOf = createByOrigin((): { now: Circuit } => ({ now: { state: 'closed', failures: 0 } }))

  function open(clock: ExtensionClock): Circuit {
    return { state: 'open', untilMs: clock.monotonicMs() + openMs, untilAtMs: clock.wallMs() + openMs }
  }

  return {
    name: 'circuit',
    begin({ origin, clock }) {
      const own = circuitOf(origin)
      let isTrying = false
      return {
        beforeAttempt() {
          const { now } = own
          if (now.state === 'closed') return undefined
          if (now.state === 'trying' || clock.monotonicMs() < now.untilMs) return heldBack(origin, now.state === 'open' ? now.untilAtMs : clock.wallMs() + openMs)
          own.now = { state: 'trying' }
          isTrying = true
          return undefined
        },
        afterAttempt(attempt) {
          const verdict = verdictOn(attempt)
          if (isTrying) {
            isTrying = false
            own.now = verdict === 'failed' ? open(clock) : verdict === 'works' ? { state: 'closed', failures: 0 } : retried(clock)
          } else if (own.now.state === 'closed' && verdict !== 'unknown') {
            const failures = verdict === 'failed' ? own.now.failures + 1 : 0
            own.now = failures >= failuresMax ? open(clock) : { state: 'closed', failures }
          }
        },
        onEnd() {
          // Held back by another extension, or given up: the next call finds out.
          if (isTrying) own.now = retried(clock)
        },
      }
    },
  }
}

/** The next call may try at once. */
function retried(clock: ExtensionClock): Circuit {
  return { state: 'open', untilMs: clock.monotonicMs(), untilAtMs: clock.wallMs() }
}

function heldBack(origin: string, retryAtMs: number): HeldBack {
  return { kind: 'held_back', message: `The circuit of ${origin} is open: its last calls have failed.`, retryAtMs }
}

/** Whether the server itself works. */
function verdictOn({ reason, status }: Attempt): 'works' | 'failed' | 'unknown' {
  if (reason === 'aborted') return 'unknown'
  if (reason === undefined) return 'works'
  if (reason.startsWith('network.') || reason === 'outcome.unknown') return 'failed'
  return status !== undefined && status >= 500 ? 'failed' : 'works'
}
