/** What every request of one listener shares. */
import { nothingAfter, type Gate } from 'tollgate/gate'
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

/** Something of a call goes on until then: who drains the listener waits for it. */
export function openUntil(core: FrontCore, ended: Promise<unknown>): void {
  if (ended === nothingAfter) return
  const close = (): void => {
    core.open -= 1
    if (core.open === 0) core.onNoneOpen?.()
  }
  core.open += 1
  void ended.then(close, close)
}
