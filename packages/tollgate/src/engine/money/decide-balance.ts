/** Money that moves for no call: grants and debits, each made once under its id. */
import { addGrant, availableUnits, balanceOf, debitUnits, scaledBalance, type BalanceState } from './balance.ts'
import { assertAmount, assertInteger } from '../assert-value.ts'
import type { Decision } from '../decision.ts'
import type { Draft } from '../draft.ts'
import { subjectKey } from '../footprint.ts'
import type { Reading } from '../meters/meter.ts'
import type { DebitCommand, GrantCommand, MoneyResults } from '../money-commands.ts'

export const grant: Decision<GrantCommand> = {
  assert({ grantId, units, scale, expiresAtMs }) {
    assertAmount(units, 1, `units of grant ${grantId}`)
    assertAmount(scale, 0, `scale of grant ${grantId}`)
    if (expiresAtMs !== undefined) assertInteger(expiresAtMs, `expiresAtMs of grant ${grantId}`)
  },
  footprint: (command) => [subjectKey(command), { of: 'movement', movement: { kind: 'grant', subject: command.subject, name: command.name, id: command.grantId } }],
  decide: decideGrant,
}

export const debit: Decision<DebitCommand> = {
  assert({ debitId, units, scale }) {
    assertAmount(units, 1, `units of debit ${debitId}`)
    assertAmount(scale, 0, `scale of debit ${debitId}`)
  },
  footprint: (command) => [subjectKey(command), { of: 'movement', movement: { kind: 'debit', subject: command.subject, name: command.name, id: command.debitId } }],
  decide: decideDebit,
}

function decideGrant(draft: Draft, command: GrantCommand): MoneyResults['grant'] {
  const { subject, name, grantId: id, units, expiresAtMs, reason } = command
  const first = draft.view.namedRow({ kind: 'grant', subject, name, id })
  if (first !== undefined) return { granted: false, firstUnits: first.units, reading: readingOf(draft, command, true) }
  draft.changeBalance(command, (state) => addGrant(state, { id, units, expiresAtMs }, draft.nowMs), { reason })
  return { granted: true, reading: readingOf(draft, command, true) }
}

function decideDebit(draft: Draft, command: DebitCommand): MoneyResults['debit'] {
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
