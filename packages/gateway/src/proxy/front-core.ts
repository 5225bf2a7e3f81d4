/** What every request of one listener shares. */
import type { Clock } from 'tollgate/admission'
import type { Gate } from 'tollgate/server'
import type { TrustRule } from './forwarded.ts'
import type { FrontLimits } from './limits.ts'
import type { Upstreams } from './upstream.ts'

export interface FrontCore {
  readonly gate: () => Gate
  /** What is spoken at this listener. */
  readonly scheme: 'http' | 'https'
  readonly clock: Clock
  readonly limits: FrontLimits
  readonly report: (error: unknown) => void
  /** Replaced as one, never changed. */
  routing: { readonly upstreams: Upstreams; readonly trusts: TrustRule }
  draining: boolean
  /** Requests that were answered since the listener began. */
  answered: number
  /** Calls that the gate has begun and whose end it has not yet recorded. */
  open: number
  /** Told when `open` becomes zero. */
  onNoneOpen: (() => void) | undefined
}
