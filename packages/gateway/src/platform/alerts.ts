import type { Clock } from 'tollgate/engine'
import type { Log } from './log.ts'

/** Something that an operator should see: a store that failed, an upstream that refuses our key. */
export interface AlertEvent {
  readonly atMs: number
  readonly kind: string
  readonly message: string
  readonly requestId?: string | undefined
}

const KEPT_MAX = 50
/** While an engine is away each call would say so: the same is said once in so long, with how often it was. */
const AGAIN_AFTER_MS = 10_000
const REPEATED_MAX = 100
/** Of others each is about a call of its own. */
const isDamped = ({ kind }: Pick<AlertEvent, 'kind'>): boolean => kind === 'store'

export interface Alerts {
  raise(event: Omit<AlertEvent, 'atMs'>): void
  /** The last ones, the newest last. */
  kept(): readonly AlertEvent[]
}

/** What an operator should see goes to the log, and stays at hand for the admin API. */
export function createAlerts(clock: Clock, log: Log, raised: (kind: string) => void = () => undefined): Alerts {
  const alerts: AlertEvent[] = []
  /** How often each was raised since it was said. */
  const repeated = new Map<string, number>()

  function say(event: Omit<AlertEvent, 'atMs'>): void {
    log.error(event.message, { kind: event.kind, requestId: event.requestId })
    alerts.push({ atMs: clock.wallMs(), ...event })
    if (alerts.length > KEPT_MAX) alerts.shift()
  }

  function sayAgain(message: string): void {
    const times = repeated.get(message) ?? 0
    repeated.delete(message)
    if (times === 0) return
    listen(message)
    say({ kind: 'store', message: `${message} (${times === 1 ? 'once' : `${times} times`} more within ${AGAIN_AFTER_MS / 1_000} s)` })
  }

  function listen(message: string): void {
    repeated.set(message, 0)
    clock.after(AGAIN_AFTER_MS, () => sayAgain(message))
  }

  return {
    kept: () => alerts,
    raise(event) {
      raised(event.kind)
      if (isDamped(event)) {
        const times = repeated.get(event.message)
        if (times !== undefined) {
          repeated.set(event.message, times + 1)
          return
        }
        if (repeated.size < REPEATED_MAX) listen(event.message)
      }
      say(event)
    },
  }
}
