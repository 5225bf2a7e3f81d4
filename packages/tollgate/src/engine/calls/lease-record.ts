/** Things that live: sessions and stock units. `taken(owner, deadline)` → renewed by its owner → released | terminated | expired; a tombstone stays. */

/** `released`: by its service. `terminated`: by its owner. `expired`: by its deadline. */
export type LeaseState = 'active' | 'released' | 'terminated' | 'expired'

/** A session, or units of stock, that an account has. It stays as a tombstone for a while when it is over. */
export interface Lease {
  /** The service's own id once bound (`ses_1`), the call's id before. */
  readonly id: string
  readonly api: string
  readonly accountId: string
  readonly callId: string
  readonly state: LeaseState
  /** What it occupies: it is given back when the lease ends. */
  readonly taken: readonly { readonly subject: string; readonly name: string; readonly quantity: number }[]
  /** Epoch ms; undefined: until released. */
  readonly expiresAtMs?: number | undefined
  readonly endedAtMs?: number | undefined
  readonly createdAtMs: number
}
