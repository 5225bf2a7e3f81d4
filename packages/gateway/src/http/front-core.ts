/** What every request of one listener shares. */
import type { Gate } from 'tollgate/gate'
import type { ListenerCore } from './caller-side.ts'
import type { Carrier } from './carrier.ts'
import type { TrustRule } from './forwarded.ts'

export interface FrontCore extends ListenerCore {
  readonly gate: () => Gate
  /** Replaced as one, never changed. */
  routing: { readonly carrier: Carrier | undefined; readonly trusts: TrustRule }
  draining: boolean
  /** Requests that were answered since the listener began. */
  answered: number
  /** Calls of which something still goes on in the gate (`after` of their verdicts). */
  open: number
  /** Told when `open` becomes zero. */
  onNoneOpen: (() => void) | undefined
}
