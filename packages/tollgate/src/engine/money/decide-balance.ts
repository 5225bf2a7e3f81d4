/** Money that moves for no call: grants and debits, each made once under its id. */
import { addGrant, availableUnits, balanceOf, debitUnits, scaledBalance, type BalanceState } from './balance.ts'
import { afterRenewal, renewBalance, renewsAtMs, RENEWAL_PREFIX } from './renewal.ts'
import { assertAmount, assertInteger } from '../assert-value.ts'
import type { Decision } from '../decision.ts'
import type { Draft } from '../draft.ts'
import { subjectKey } from '../footprint.ts'
import type { Reading } from '../meters/meter.ts'
import type { DebitCommand, GrantCommand, MoneyResults } from '../money-commands.ts'

export const grantDecision: Decision<GrantCommand> = {
  assert({ grantId, units, scale, expiresAtMs }) {
    assertAmount(units, 1, `units of grant ${grantId}`)
    assertAmount(scale, 0, `scale of grant ${grantId}`)
    if (expiresAtMs !== undefined) assertInteger(expiresAtMs, `expiresAtMs of grant ${grantId}`)
    if (grantId.startsWith(RENEWAL_PREFIX)) throw new TypeError(`the grant ${grantId}: ids that begin with ${RENEWAL_PREFIX} are those of allowances`)
  },
  footprint: (command) => [subjectKey(command), { of: 'movement', movement: { kind: 'grant', subject: command.subject, name: command.name, id: command.grantId } }],
  decide: decideGrant,
}

export const debitDecision: Decision<DebitCommand> = {
  assert({ debitId, units, scale }) {
    assertAmount(units, 1, `units of debit ${debitId}`)
    assertAmount(scale, 0, `scale of debit ${debitId}`)
  },
  footprint: (command) => [subjectKey(command), { of: 'movement', movement: { kind: 'debit', subject: command.subject, name: command.name, id: command.debitId } }],
  decide: decideDebit,
}

function decideGrant(draft: Draft, command: GrantCommand): MoneyResults['grant'] {
  const { subject, name, grantId: id, units, expiresAtMs, reason, allowance } = command
  const first = draft.view.namedRow({ kind: 'grant', subject, name, id })
  if (first !== undefined) return { granted: false, firstUnits: first.units, reading: readingOf(draft, command, true) }
  draft.changeBalance(command, (state) => afterRenewal(state, allowance, draft.nowMs, (renewed) => addGrant(renewed, { id, units, expiresAtMs }, draft.nowMs)), { reason })
  return { granted: true, reading: readingOf(draft, command, true) }
}

function decideDebit(draft: Draft, command: DebitCommand): MoneyResults['debit'] {
  const { subject, name, debitId: id, units, reason, allowance } = command
  const first = draft.view.namedRow({ kind: 'debit', subject, name, id })
  if (first !== undefined) return { debited: false, firstUnits: first.units, reading: readingOf(draft, command, true) }
  if (availableUnits(stateOf(draft, command), draft.nowMs) < units) return { debited: false, reading: readingOf(draft, command, false) }
  draft.changeBalance(command, (state) => afterRenewal(state, allowance, draft.nowMs, (renewed) => debitUnits(renewed, units, id, draft.nowMs)), { reason })
  return { debited: true, reading: readingOf(draft, command, true) }
}

type Place = Pick<GrantCommand, 'subject' | 'name' | 'scale' | 'allowance'>

/** With what is due of its allowance. */
function stateOf(draft: Draft, { subject, name, scale, allowance }: Place): BalanceState {
  return renewBalance(scaledBalance(balanceOf(draft.record(subject), name), subject, name, scale), allowance, draft.nowMs).state
}

function readingOf(draft: Draft, place: Place, admitted: boolean): Reading {
  const { name, subject, allowance } = place
  const state = stateOf(draft, place)
  const resetAtMs = allowance === undefined ? draft.nowMs : renewsAtMs(state, allowance.renew, draft.nowMs)
  return { name, subject, kind: 'balance', limit: allowance?.units ?? 0, used: state.heldUnits, remaining: availableUnits(state, draft.nowMs), resetAtMs, admitted }
}
