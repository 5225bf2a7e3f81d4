import { Counter, Histogram, type Registry } from 'prom-client'
import type { RequestRow, UpstreamAttempt } from 'tollgate/journal'
import { refusesGateway } from 'tollgate/gate'
import { DURATION_BUCKETS } from './duration-buckets.ts'

/** What is the upstream's own doing; a caller who left or did not send its body is not. */
const failures = new Set(['refused', 'timeout', 'reset', 'garbage'])

/** How the attempts of each request went. */
export function observeUpstream(registers: Registry[]): (api: string, row: RequestRow) => void {
  const durations = new Histogram({ name: 'tollgate_upstream_duration_seconds', help: 'One attempt at an upstream, from dispatch to the end of its answer.', labelNames: ['api'], buckets: DURATION_BUCKETS, registers })
  const failed = new Counter({
    name: 'tollgate_upstream_failures_total',
    help: 'Attempts that failed: refused, timeout, reset, garbage, status_5xx, refuses_us (our own key or quota there).',
    labelNames: ['api', 'kind'],
    registers,
  })

  return (api, row) => {
    for (const attempt of row.upstream) {
      durations.observe({ api }, attempt.durationMs / 1_000)
      const kind = failureOf(attempt, row)
      if (kind !== undefined) failed.inc({ api, kind })
    }
  }
}

function failureOf({ error, status = 0 }: UpstreamAttempt, { refusal }: RequestRow): string | undefined {
  if (error !== undefined && failures.has(error)) return error
  if (status >= 500) return 'status_5xx'
  return refusesGateway.has(status) && refusal?.reason.startsWith('upstream.') === true ? 'refuses_us' : undefined
}
