/** How meters that count take: the limit is held against what their counter says. */
import type { Counter } from './counter.ts'
import type { Meter, Receipt, Take } from './meter.ts'
import { periodCodec } from './period-counter.ts'
import { slidingCodec } from './sliding-counter.ts'
import { isNever, put, recordIn, unitsMissing, type StageDraft, type TakeRules } from './stage-draft.ts'
import { findState, type RecordState, type StateCodec } from './subject-record.ts'

/** In which windows and periods are kept. */
export const countCodecs: readonly StateCodec[] = [slidingCodec, periodCodec]

export interface CountingRules<M extends Meter> extends Required<TakeRules<M>> {
  /** Counts, and leaves the receipt to whoever asked. */
  count(draft: StageDraft, take: Take<M>): Receipt<M>
}

/** `counterOf`: which algorithm counts for a meter of this kind. */
export function countingRules<M extends Meter>(counterOf: (meter: M) => Counter<M>): CountingRules<M> {
  const stateOf = (draft: StageDraft, { subject, name, meter }: Pick<Take<M>, 'subject' | 'name' | 'meter'>): RecordState | undefined =>
    countIn(recordIn(draft, subject), name, counterOf(meter))

  function tally(draft: StageDraft, take: Take<M>) {
    const { used, resetAtMs } = counterOf(take.meter).tally(stateOf(draft, take), take, draft.nowMs)
    return { used, remaining: Math.max(0, take.limit - used), resetAtMs }
  }

  function count(draft: StageDraft, take: Take<M>): Receipt<M> {
    const { subject, name, meter, limit, cost } = take
    const { state, atMs } = counterOf(meter).add(stateOf(draft, take), take, draft.nowMs)
    put(draft, subject, state)
    return { subject, name, meter, limit, cost, atMs }
  }

  return {
    tally,
    count,
    fits: (draft, take) => !isNever(take) && tally(draft, take).used + due(draft, take).cost <= take.limit,
    neverFits: isNever,
    fitsAtMs: (draft, take) => (isNever(take) ? undefined : counterOf(take.meter).fitsAtMs(stateOf(draft, take), due(draft, take), draft.nowMs)),
    countsUntilMs: (receipt) => counterOf(receipt.meter).untilMs(receipt),
    add(draft, take) {
      if (take.reserved !== true) return void draft.counted.push(count(draft, take))
      const missing = due(draft, take)
      if (missing.cost > 0) draft.reserved.push(count(draft, missing))
    },
    giveBack(draft, receipt: Receipt<M>) {
      const state = stateOf(draft, receipt)
      if (state === undefined) return
      const next = counterOf(receipt.meter).remove(state, receipt)
      if (next !== state) put(draft, receipt.subject, next)
    },
  }
}

/** What a call that was taken over has reserved already is not reserved again. */
function due<T extends Take>(draft: StageDraft, take: T): T {
  if (take.reserved !== true) return take
  const cost = unitsMissing(draft, take, ({ reserved = [] }) => reserved.map(({ name, cost: units }) => ({ name, units })))
  return cost === take.cost ? take : { ...take, cost }
}

/** Throws where money or leases are kept under its name; what another algorithm has counted is a leftover. */
function countIn(record: ReturnType<typeof recordIn>, name: string, { codec }: Counter<never>): RecordState | undefined {
  const state = findState(record, name)
  if (state === undefined || state.kind === codec.kind) return state
  if (!countCodecs.some(({ kind }) => kind === state.kind)) throw new Error(`${name} is a ${state.kind}, and cannot be counted`)
  return undefined
}
