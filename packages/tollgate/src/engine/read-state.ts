/** What is asked of the state without changing it. */
import type { FootprintKey } from './footprint.ts'
import type { Reading, Take } from './meters/meter.ts'
import { slotsAlive } from './meters/slot-book.ts'
import { readStage } from './meters/stage.ts'
import { balanceOf, emptyBalance } from './money/balance.ts'
import { toStatement, type BalanceStatement } from './money/balance-statement.ts'
import type { Allowance } from './money/renewal.ts'
import type { StateView } from './state.ts'

/**
 * Current readings of the takes, changing nothing. It reads what `stageFootprint` names.
 *
 * @example
 * function peek(view: StateView, takes: readonly Take[]) {
 *   return peekStage(view, takes, Date.now())
 * }
 */
export function peekStage(view: StateView, takes: readonly Take[], nowMs: number): readonly Reading[] {
  return readStage(view.record, takes, nowMs, { call: undefined, slotsAlive: (subject, name) => slotsAlive(view, { subject, name }, nowMs, undefined), expiringLeases: view.expiringLeases })
}

/**
 * The money of a subject: what has expired is not there, and what is due of its allowance is, whether or not that is written down yet. It reads the subject, and what
 * `grantsFootprint` names then.
 *
 * @example
 * function balanceOf(view: StateView) {
 *   return readBalance(view, 'account:acme', 'credit', Date.now())?.availableUnits ?? 0
 * }
 */
export function readBalance(view: Pick<StateView, 'record' | 'namedRow'>, subject: string, name: string, nowMs: number, allowance?: Allowance): BalanceStatement | undefined {
  const state = balanceOf(view.record(subject), name) ?? (allowance && emptyBalance(name, allowance.scale))
  return state && toStatement(subject, state, (id) => view.namedRow({ kind: 'grant', subject, name, id }), nowMs, allowance)
}

/**
 * The rows by which the grants of a balance were made, of which something is left.
 *
 * @example
 * grantsFootprint({ record: () => emptyRecord }, 'account:acme', 'credit') // => []
 */
export function grantsFootprint(view: Pick<StateView, 'record'>, subject: string, name: string): readonly FootprintKey[] {
  return (balanceOf(view.record(subject), name)?.grants ?? []).map(({ id }) => ({ of: 'movement', movement: { kind: 'grant', subject, name, id } }))
}
