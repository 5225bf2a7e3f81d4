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

export interface Alerts {
  raise(event: Omit<AlertEvent, 'atMs'>): void
  /** The last ones, the newest last. */
  kept(): readonly AlertEvent[]
}

/** What an operator should see goes to the log, and stays at hand for the admin API. */
export function createAlerts(clock: Clock, log: Log, raised: (kind: string) => void = () => undefined): Alerts {
  const alerts: AlertEvent[] = []
  return {
    kept: () => alerts,
    raise(event) {
      log.error(event.message, { kind: event.kind, requestId: event.requestId })
      raised(event.kind)
      alerts.push({ atMs: clock.wallMs(), ...event })
      if (alerts.length > KEPT_MAX) alerts.shift()
    },
  }
}
