/** Money within a stage: the cost is held out of what is available. What a call that was taken over holds already is not held again. */
import { availableUnits, emptyBalance, holdUnits, type BalanceState } from './balance.ts'
import type { Take } from './meter.ts'
import { meterOf, put, recordIn, type StageDraft, type TakeRules } from './stage-draft.ts'
import { balanceOf } from './subject-record.ts'

export const balanceTake: TakeRules = {
  fits: (draft, take) => availableUnits(stateFor(draft, take), draft.nowMs) >= unitsToHold(draft, take),
  fitsAtMs: (draft, take) => (balanceTake.fits(draft, take) ? draft.nowMs : undefined),
  add(draft, take) {
    const { subject, name } = take
    const { scale } = meterOf(take, 'balance')
    const units = unitsToHold(draft, take)
    if (units === 0) return
    const { state, movements, parts } = holdUnits(stateFor(draft, take), units, draft.nowMs)
    put(draft, subject, state)
    draft.holds.push({ subject, name, units, scale, parts })
    for (const movement of movements) draft.movements.push({ subject, name, scale, movement })
  },
  tally(draft, take) {
    const state = stateFor(draft, take)
    return { used: state.heldUnits, remaining: availableUnits(state, draft.nowMs), resetAtMs: draft.nowMs }
  },
}

function stateFor(draft: StageDraft, take: Take): BalanceState {
  return scaledBalance(balanceOf(recordIn(draft, take.subject), take.name), take.subject, take.name, meterOf(take, 'balance').scale)
}

/** Throws when the balance counts in another scale: such a change needs a migration, and until then money would be off by powers of ten. */
export function scaledBalance(state: BalanceState | undefined, subject: string, name: string, scale: number): BalanceState {
  if (state === undefined) return emptyBalance(name, scale)
  if (state.scale !== scale) throw new RangeError(`balance ${name} of ${subject} is kept with scale ${state.scale}, not ${scale}`)
  return state
}

/** By name alone: where keys have balances of their own, a call may go on under another key of the account, and must not be paid twice. */
function unitsToHold(draft: StageDraft, { name, cost }: Take): number {
  const { call } = draft.context
  if (call === undefined || call.fence === 1) return cost
  const held = call.holds.filter((hold) => hold.name === name).reduce((total, { units }) => total + units, 0)
  return Math.max(0, cost - held)
}
