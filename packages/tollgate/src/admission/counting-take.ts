/** Windows and quotas within a stage. */
import { counterFor } from './meter-state.ts'
import type { CountingTake, Receipt, Take } from './meter.ts'
import { isNever, put, recordIn, type StageDraft, type TakeRules } from './stage-draft.ts'
import { stateOf } from './subject-record.ts'

export const countingTake: TakeRules = {
  fits(draft, take) {
    return !isNever(take) && countingTake.tally(draft, take).used + take.cost <= take.limit
  },
  fitsAtMs(draft, take) {
    if (isNever(take)) return undefined
    const counting = toCounting(take)
    return counterFor(counting.meter).fitsAtMs(stateFor(draft, counting), counting, draft.nowMs)
  },
  add(draft, take) {
    const counting = toCounting(take)
    const { subject, name, meter, limit, cost } = counting
    const { state, atMs } = counterFor(meter).add(stateFor(draft, counting), counting, draft.nowMs)
    put(draft, subject, state)
    draft.counted.push({ subject, name, meter, limit, cost, atMs })
  },
  tally(draft, take) {
    const counting = toCounting(take)
    const { used, resetAtMs } = counterFor(counting.meter).tally(stateFor(draft, counting), counting, draft.nowMs)
    return { used, remaining: Math.max(0, take.limit - used), resetAtMs }
  },
}

export function removeCounted(draft: StageDraft, receipt: Receipt): void {
  const state = stateFor(draft, receipt)
  if (state === undefined) return
  const next = counterFor(receipt.meter).remove(state, receipt)
  if (next !== state) put(draft, receipt.subject, next)
}

function stateFor(draft: StageDraft, { subject, name, meter }: CountingTake): ReturnType<typeof stateOf> {
  return stateOf(recordIn(draft, subject), name, meter)
}

function toCounting(take: Take): CountingTake {
  if (!isCounting(take)) throw new TypeError(`meter ${take.name}: a ${take.meter.kind} does not count`)
  return take
}

function isCounting(take: Take): take is CountingTake {
  return take.meter.kind === 'window' || take.meter.kind === 'quota'
}
