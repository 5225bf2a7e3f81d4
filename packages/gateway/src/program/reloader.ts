import type { ReloadOutcome } from '../operator/admin-gateway.ts'
import { formatProblem } from '../config/read/config-problem.ts'
import type { Log } from '../platform/log.ts'

export interface Reloader {
  reload(): Promise<ReloadOutcome>
  /** Resolves when no reload is under way. */
  settled(): Promise<void>
}

/** One reload after the other: two at once could end with the older configuration. */
export function createReloader(swapConfig: () => Promise<ReloadOutcome>, log: Log, reloaded: (ok: boolean) => void = () => undefined): Reloader {
  let last: Promise<void> = Promise.resolve()

  function note(outcome: ReloadOutcome): void {
    reloaded(outcome.ok)
    if (outcome.ok) log.info('configuration reloaded')
    else log.error('configuration not reloaded; the old one stays', { problems: outcome.problems.map(formatProblem) })
  }

  return {
    reload() {
      const outcome = last.then(swapConfig)
      last = outcome.then(note, (error: unknown) => {
        reloaded(false)
        log.error('configuration not reloaded; the old one stays', { error: String(error) })
      })
      return outcome
    },
    settled: () => last,
  }
}
