/** Money within a stage: the cost is held out of what is available, also of an allowance that is due. What a call that was taken over holds already is not held again. */
import { availableUnits, balanceOf, holdUnits, scaledBalance, type BalanceState } from '../money/balance.ts'
import { afterRenewal, allowanceOf, renewBalance, renewsAtMs } from '../money/renewal.ts'
import type { BalanceMeter, Take } from './meter.ts'
import { put, recordIn, unitsMissing, type StageDraft, type TakeRules } from './stage-draft.ts'

type MoneyTake = Take<BalanceMeter>

export const balanceTake: TakeRules<BalanceMeter> = {
  fits: (draft, take) => availableUnits(renewedFor(draft, take), draft.nowMs) >= unitsToHold(draft, take),
  neverFits: () => false,
  fitsAtMs(draft, take) {
    if (balanceTake.fits(draft, take)) return draft.nowMs
    const { renew } = take.meter
    if (renew === undefined) return undefined
    const state = renewedFor(draft, take)
    const atMs = renewsAtMs(state, renew, draft.nowMs)
    return availableUnits(state, atMs) + take.limit >= unitsToHold(draft, take) ? atMs : undefined
  },
  add(draft, take) {
    const { subject, name, meter } = take
    const { scale } = meter
    const units = unitsToHold(draft, take)
    if (units === 0) return
    const { state, movements, parts } = afterRenewal(keptFor(draft, take), allowanceOf(take), draft.nowMs, (renewed) => holdUnits(renewed, units, draft.nowMs))
    put(draft, subject, state)
    draft.holds.push({ subject, name, units, scale, parts })
    for (const movement of movements) draft.movements.push({ subject, name, scale, movement })
  },
  tally(draft, take) {
    const { renew } = take.meter
    const state = renewedFor(draft, take)
    return { used: state.heldUnits, remaining: availableUnits(state, draft.nowMs), resetAtMs: renew === undefined ? draft.nowMs : renewsAtMs(state, renew, draft.nowMs) }
  },
}

function keptFor(draft: StageDraft, take: MoneyTake): BalanceState {
  return scaledBalance(balanceOf(recordIn(draft, take.subject), take.name), take.subject, take.name, take.meter.scale)
}

/** A call that is refused, or a look, writes nothing down. */
function renewedFor(draft: StageDraft, take: MoneyTake): BalanceState {
  return renewBalance(keptFor(draft, take), allowanceOf(take), draft.nowMs).state
}

function unitsToHold(draft: StageDraft, take: MoneyTake): number {
  return unitsMissing(draft, take, ({ holds }) => holds)
}
