/** Money within a stage: the cost is held out of what is available. What a call that was taken over holds already is not held again. */
import { availableUnits, balanceOf, holdUnits, scaledBalance, type BalanceState } from '../money/balance.ts'
import type { BalanceMeter, Take } from './meter.ts'
import { put, recordIn, unitsMissing, type StageDraft, type TakeRules } from './stage-draft.ts'

type MoneyTake = Take<BalanceMeter>

export const balanceTake: TakeRules<BalanceMeter> = {
  fits: (draft, take) => availableUnits(stateFor(draft, take), draft.nowMs) >= unitsToHold(draft, take),
  neverFits: () => false,
  fitsAtMs: (draft, take) => (balanceTake.fits(draft, take) ? draft.nowMs : undefined),
  add(draft, take) {
    const { subject, name, meter } = take
    const { scale } = meter
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

function stateFor(draft: StageDraft, take: MoneyTake): BalanceState {
  return scaledBalance(balanceOf(recordIn(draft, take.subject), take.name), take.subject, take.name, take.meter.scale)
}

function unitsToHold(draft: StageDraft, take: MoneyTake): number {
  return unitsMissing(draft, take, ({ holds }) => holds)
}
