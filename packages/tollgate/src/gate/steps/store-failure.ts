/** A store that does not answer admits nobody: limits, money and leases that cannot be seen fail closed. */
import { refuse, type Refusal } from '../../contract/declare/refusal.ts'
import type { Alert } from '../call/call-in-progress.ts'

/** How soon it is worth asking again. */
const RETRY_AFTER_MS = 1_000

/** The cause is for the operator alone. */
export function refusedByStore(error: unknown, alert: Alert, requestId: string): Refusal {
  alert('store', error, requestId)
  return refuse('upstream.unavailable', { retryAfterMs: RETRY_AFTER_MS }, { cause: error })
}
