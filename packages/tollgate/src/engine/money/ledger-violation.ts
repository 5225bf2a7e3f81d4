/** What can be wrong with a ledger. */

/** What can be wrong with a ledger. */
export type ViolationKind =
  /** A row of a subject is missing, or stands twice. */
  | 'gap'
  /** Units that are not positive integers. */
  | 'amount'
  /** What the row says is there afterwards is not what was there before and moved. */
  | 'sum'
  | 'negative'
  | 'scale'
  | 'granted_twice'
  | 'debited_twice'
  /** A movement of held money that names no call, or one that never held any. */
  | 'unknown_call'
  /** More is charged or released than the call holds. */
  | 'beyond_hold'
  | 'settled_twice'
  /** Charged after all that it held had been given back. */
  | 'charged_after_release'
  /** Held, and no living call would ever end it. */
  | 'lost_hold'
  /** The record of a call says another hold or charge than the ledger. */
  | 'call_differs'
  /** A meter counts another sum than the ledger and the open calls come to, or a call is written down as spent and charged with different sums. */
  | 'spend_differs'
  /** Two calls were charged under one idempotency key while its answer was kept. */
  | 'key_charged_twice'

/** One thing that is wrong with a ledger, in words, with the row and the call that it is about. */
export interface Violation {
  readonly kind: ViolationKind
  readonly message: string
  /** Of the row, among those of its subject. */
  readonly number?: number
  readonly callId?: string | undefined
  /** Of a meter: by so many units it counts more, or less, than what is known. */
  readonly counter?: { readonly at: string; readonly differenceUnits: number }
}
