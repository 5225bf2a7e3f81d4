import type { RequestRow, UpstreamAttempt } from 'tollgate/journal'
import { refusesGateway } from 'tollgate/gate'

/** What is the upstream's own doing; a caller who left or did not send its body is not. */
const failures = new Set(['refused', 'timeout', 'reset', 'garbage'])

/** By which name an attempt is counted as failed: one of those, `status_5xx`, or `refuses_us` (our own key or quota there). */
export function countedFailure({ error, status = 0 }: UpstreamAttempt, { refusal }: Pick<RequestRow, 'refusal'>): string | undefined {
  if (error !== undefined && failures.has(error)) return error
  if (status >= 500) return 'status_5xx'
  return refusesGateway.has(status) && refusal?.reason.startsWith('upstream.') === true ? 'refuses_us' : undefined
}
