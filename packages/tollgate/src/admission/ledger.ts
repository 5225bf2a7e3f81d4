/** Every movement of money, with its reason. Sums up at any instant: available + held = granted − settled − expired. */

export type MovementKind = 'grant' | 'hold' | 'settle' | 'release' | 'expire'

export interface LedgerRow {
  /** Grows by one with each row of the store, without gaps. */
  readonly seq: number
  readonly subject: string
  /** The balance meter. */
  readonly name: string
  readonly scale: number
  readonly atMs: number
  readonly kind: MovementKind
  /** Always positive; the kind says which way. `hold`: available → held. `settle`: held → gone. `release`: held → available. `expire`: available → gone. */
  readonly units: number
  readonly availableUnits: number
  readonly heldUnits: number
  readonly callId?: string
  readonly keyId?: string
  readonly grantId?: string
  /** `request`, `price`, `deadline`, `refused: session.limited`, `recharge re_1`, … */
  readonly reason: string
}

/** A row that has no place yet. */
export type LedgerEntry = Omit<LedgerRow, 'seq'>
