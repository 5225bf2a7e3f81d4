/** Money that moves for no call: grants and debits, each made once under its id. */
import { addGrant, availableUnits, balanceOf, debitUnits, scaledBalance, type BalanceState } from './balance.ts'
import type { Draft } from '../draft.ts'
import type { Reading } from '../meters/meter.ts'
import type { DebitCommand, GrantCommand, MoneyResults } from '../money-commands.ts'

export function grant(draft: Draft, command: GrantCommand): MoneyResults['grant'] {
  const { subject, name, grantId: id, units, expiresAtMs, reason } = command
  const first = draft.view.namedRow({ kind: 'grant', subject, name, id })
  if (first !== undefined) return { granted: false, firstUnits: first.units, reading: readingOf(draft, command, true) }
  const given = { id, units, ...(expiresAtMs !== undefined && { expiresAtMs }) }
  draft.changeBalance(command, (state) => addGrant(state, given, draft.nowMs), { reason })
  return { granted: true, reading: readingOf(draft, command, true) }
}

export function debit(draft: Draft, command: DebitCommand): MoneyResults['debit'] {
  const { subject, name, debitId: id, units, reason } = command
  const first = draft.view.namedRow({ kind: 'debit', subject, name, id })
  if (first !== undefined) return { debited: false, firstUnits: first.units, reading: readingOf(draft, command, true) }
  if (availableUnits(stateOf(draft, command), draft.nowMs) < units) return { debited: false, reading: readingOf(draft, command, false) }
  draft.changeBalance(command, (state) => debitUnits(state, units, id, draft.nowMs), { reason })
  return { debited: true, reading: readingOf(draft, command, true) }
}

type Place = Pick<GrantCommand, 'subject' | 'name' | 'scale'>

function stateOf(draft: Draft, { subject, name, scale }: Place): BalanceState {
  return scaledBalance(balanceOf(draft.record(subject), name), subject, name, scale)
}

function readingOf(draft: Draft, place: Place, admitted: boolean): Reading {
  const { name, subject } = place
  const state = stateOf(draft, place)
  return { name, subject, kind: 'balance', limit: 0, used: state.heldUnits, remaining: availableUnits(state, draft.nowMs), resetAtMs: draft.nowMs, admitted }
}
