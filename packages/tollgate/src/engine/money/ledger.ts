/**
 * Every movement of money, with its reason. Sums up at any instant: available + held = granted − settled − debited − expired. What is counted towards a limit of
 * money is written down beside it: all that is spent in a period adds up to what its meter counts, but for what open calls may cost.
 */

/** Why money moved. */
export type MovementKind = 'grant' | 'hold' | 'settle' | 'release' | 'debit' | 'expire' | 'spend'

/** One movement of money, and what was there after it. Units are whole, of the scale that the row names. */
export interface LedgerRow {
  /** Of its subject's rows: 1, 2, 3, … without gaps. */
  readonly number: number
  /** Its place in the order of commits, over all subjects: who has read up to it misses nothing by asking for what comes after. May have gaps. */
  readonly cursor: number
  readonly subject: string
  /** The balance meter; of what is spent, the meter that counts it. */
  readonly name: string
  readonly scale: number
  readonly atMs: number
  readonly kind: MovementKind
  /** Always positive; the kind says which way. `hold`: available → held. `settle`: held → gone. `release`: held → available. `debit`, `expire`: available → gone. `spend`: counted by a meter, whoever paid it. */
  readonly units: number
  /** Of `spend`, where nothing is kept: 0, and so is `heldUnits`. */
  readonly availableUnits: number
  readonly heldUnits: number
  /** `spend` only: the instant from which it counts no more. */
  readonly countsUntilMs?: number | undefined
  readonly callId?: string | undefined
  readonly keyId?: string | undefined
  readonly grantId?: string | undefined
  readonly debitId?: string | undefined
  /** `request`, `price`, `deadline`, `refused: session.limited`, `recharge re_1`, … */
  readonly reason: string
}

/** A grant or a debit by its id, under which it is made once. */
export interface NamedMovement {
  readonly kind: 'grant' | 'debit'
  readonly subject: string
  readonly name: string
  readonly id: string
}

/**
 * Under which name a store finds the row again, so that a grant and a debit are made once. Undefined for what has no id of its own.
 *
 * @example
 * const isOnce = (entry: LedgerEntry) => namedMovement(entry) !== undefined
 */
export function namedMovement(entry: LedgerEntry): NamedMovement | undefined {
  const { kind } = entry
  if (kind !== 'grant' && kind !== 'debit') return undefined
  const { subject, name, [kind === 'grant' ? 'grantId' : 'debitId']: id } = entry
  return id === undefined ? undefined : { kind, subject, name, id }
}

/** A row that has no place yet. */
export type LedgerEntry = Omit<LedgerRow, 'number' | 'cursor'>
