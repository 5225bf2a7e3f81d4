/** The money of one subject as an operator looks at it: what is there, out of which grants, and what has become of all that was ever granted. */
import { availableUnits, expireGrants, type BalanceState } from './balance.ts'
import type { LedgerEntry } from './ledger.ts'
import { renewBalance, renewsAtMs, type Allowance } from './renewal.ts'

/** All in units of the scale. grantedUnits − chargedUnits − expiredUnits = availableUnits + heldUnits. */
export interface BalanceStatement {
  readonly subject: string
  readonly name: string
  readonly scale: number
  readonly availableUnits: number
  readonly heldUnits: number
  readonly grantedUnits: number
  readonly chargedUnits: number
  readonly expiredUnits: number
  /** Those of which something is available, in the order in which they are spent. */
  readonly grants: readonly GrantStatement[]
  /** Of one that renews, where its allowance was named: when the next one comes. */
  readonly renewsAtMs?: number | undefined
}

/** What is left of one grant. */
export interface GrantStatement {
  readonly id: string
  /** What is left of it to spend. What is held of it is not in here. */
  readonly availableUnits: number
  readonly grantedUnits: number
  readonly grantedAtMs: number
  readonly expiresAtMs?: number | undefined
  readonly reason: string
}

/** `grantRow`: the row of the ledger that made the grant. What is due of the allowance is in it, as if it had been granted now. */
export function toStatement(subject: string, state: BalanceState, grantRow: (grantId: string) => LedgerEntry | undefined, nowMs: number, allowance?: Allowance): BalanceStatement {
  const renewed = renewBalance(state, allowance, nowMs)
  const live = expireGrants(renewed.state, nowMs).state
  const due = renewed.movements.find(({ kind }) => kind === 'grant')
  const { name, scale, heldUnits, grantedUnits, chargedUnits } = live
  const available = availableUnits(live, nowMs)
  const grants = live.grants.map(({ id, units, expiresAtMs }): GrantStatement => {
    const row = id === due?.grantId ? { units: due.units, atMs: nowMs, reason: 'renewal' } : grantRow(id)
    return {
      id,
      availableUnits: units,
      grantedUnits: row?.units ?? units,
      grantedAtMs: row?.atMs ?? 0,
      expiresAtMs,
      reason: row?.reason ?? '',
    }
  })
  const statement = { subject, name, scale, availableUnits: available, heldUnits, grantedUnits, chargedUnits, expiredUnits: grantedUnits - chargedUnits - heldUnits - available, grants }
  return allowance === undefined ? statement : { ...statement, renewsAtMs: renewsAtMs(live, allowance.renew, nowMs) }
}
