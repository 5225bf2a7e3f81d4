/** Who takes admitted calls on from a listener, to whatever answers them. The proxy is one; a listener whose gate answers everything by itself has none. */
import type { Admitted, Whereabouts } from 'tollgate/gate'
import type { CallerSide } from './caller-side.ts'

/** An immutable snapshot: a request keeps the one that it began with. */
export interface Carrier {
  carry(caller: CallerSide, admitted: Admitted): CarriedCall
  /** The headers of an answer that a service gave before, with the paths that this caller knows. */
  asOutside(caller: CallerSide, headers: readonly string[], of: Whereabouts): readonly string[]
  /** Lets go of whatever it is connected to. */
  close(): Promise<void>
}

export interface CarriedCall {
  /** Called once. From here on the caller is answered by it. */
  start(): void
  callerGone(detail: string): void
}
