/** A gateway of several workers as its operator sees it: one, whichever of them was asked. Alone, it is itself. */
import type { ReloadOutcome } from '../operator/admin-gateway.ts'
import type { ConfigProblem } from '../config/read/config-problem.ts'
import { mergeMetrics } from '../metrics/merged-metrics.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { AlertEvent } from '../platform/alerts.ts'
import type { Fellows } from '../workers/fellows.ts'

/** What this process says of itself. */
export interface Own {
  reload(): Promise<ReloadOutcome>
  stop(): void
  alerts(): readonly AlertEvent[]
  readonly metrics: Metrics
}

export interface AsOne {
  reload(): Promise<ReloadOutcome>
  stop(): void
  /** The newest last. */
  alerts(): Promise<readonly AlertEvent[]>
  readonly metrics: Pick<Metrics, 'text' | 'contentType'>
  /** Whose end is the end of all. */
  readonly pid: number
}

const ALERTS_MAX = 50

export function joinFellows(fellows: Fellows | undefined, self: Own): AsOne {
  const { reload, stop, alerts, metrics } = self
  if (fellows === undefined) return { reload, stop, alerts: async () => alerts(), metrics, pid: process.pid }
  fellows.answer({ reload, alerts: async () => alerts(), metrics: metrics.json })
  return {
    pid: fellows.pid,
    stop: fellows.stopAll,
    /** This one first: what is wrong with the file is wrong for all, and then the others are left alone. */
    async reload() {
      const outcome = await reload()
      if (!outcome.ok) return outcome
      const others = (await fellows.ask('reload')) as readonly ReloadOutcome[]
      const problems: readonly ConfigProblem[] = others.flatMap((other) => (other.ok ? [] : other.problems))
      return problems.length === 0 ? outcome : { ok: false, problems }
    },
    async alerts() {
      const others = (await fellows.ask('alerts')) as readonly (readonly AlertEvent[])[]
      return [...alerts(), ...others.flat()].toSorted((one, other) => one.atMs - other.atMs).slice(-ALERTS_MAX)
    },
    metrics: {
      contentType: metrics.contentType,
      async text() {
        const [own, others] = await Promise.all([metrics.json(), fellows.ask('metrics')])
        return mergeMetrics([own, ...(others as readonly (readonly object[])[])])
      },
    },
  }
}
