/**
 * Decides a stage: several meters over several subjects, all taken or none.
 *
 * A refused stage leaves every meter as it was, except meters that count attempts: these count, and show it. Nothing is changed here; the
 * changed records are returned, together with what was counted, so that a store can put them in place and take them back.
 */
import type { Tally } from './counter.ts'
import type { Reading, Receipt, StageDecision, Take } from './meter.ts'
import { counterFor, type MeterState } from './meter-state.ts'
import { stateOf, withState, type SubjectRecord } from './subject-record.ts'

export type RecordOf = (subject: string) => SubjectRecord
export type ChangedRecords = ReadonlyMap<string, SubjectRecord>

export interface StageOutcome {
  readonly decision: StageDecision
  readonly changed: ChangedRecords
  /** All that was counted, also the attempts of a refused stage: giving these back undoes the stage. */
  readonly counted: readonly Receipt[]
}

export function decideStage(recordOf: RecordOf, takes: readonly Take[], nowMs: number): StageOutcome {
  const draft = createDraft(recordOf, nowMs)
  const verdicts: boolean[] = []
  const receipts: Receipt[] = []
  for (const take of takes) {
    const admitted = draft.fits(take)
    verdicts.push(admitted)
    if (admitted) receipts.push(draft.add(take))
  }
  const refusedAt = verdicts.indexOf(false)
  if (refusedAt === -1) {
    const readings = takes.map((take) => draft.read(take, true))
    return { decision: { admitted: true, readings, receipts }, changed: draft.changed, counted: receipts }
  }
  return refuseStage(recordOf, takes, nowMs, verdicts, refusedAt)
}

/** Starts again from the records as they were, counting only the attempts. */
function refuseStage(recordOf: RecordOf, takes: readonly Take[], nowMs: number, verdicts: readonly boolean[], refusedAt: number): StageOutcome {
  const draft = createDraft(recordOf, nowMs)
  const counted = takes.filter((take) => take.meter.counts === 'attempts').map((take) => draft.add(take))
  const readings = takes.map((take, index) => draft.read(take, verdicts[index] ?? false))
  const refusedBy = readings[refusedAt]
  if (refusedBy === undefined) throw new Error('a refused stage has a meter that refused')
  // Over all meters, not only those that refused: an attempt just counted may have filled one that still admitted.
  const retryAtMs = latest(takes.map((take) => draft.fitsAtMs(take)))
  const decision: StageDecision = { admitted: false, readings, refusedBy, ...(retryAtMs === undefined ? {} : { retryAtMs }) }
  return { decision, changed: draft.changed, counted }
}

/** What the meters say, changing nothing. `admitted`: whether each alone would admit the cost now. */
export function readStage(recordOf: RecordOf, takes: readonly Take[], nowMs: number): readonly Reading[] {
  const draft = createDraft(recordOf, nowMs)
  return takes.map((take) => draft.read(take, draft.fits(take)))
}

/**
 * Gives back what receipts prove: exactly, where the window or period still stands; otherwise nothing happens. Never below zero. Giving the
 * same receipt back twice takes twice: the caller keeps to once.
 */
export function giveBack(
  recordOf: RecordOf,
  receipts: readonly Receipt[],
  nowMs: number,
): { readonly readings: readonly Reading[]; readonly changed: ChangedRecords } {
  const draft = createDraft(recordOf, nowMs)
  for (const receipt of receipts) draft.remove(receipt)
  return { readings: receipts.map((receipt) => draft.read(receipt, true)), changed: draft.changed }
}

/** Throws for what no caller may ask: the store would count nonsense from then on. */
export function assertTakes(takes: readonly Take[], nowMs: number): void {
  if (!Number.isSafeInteger(nowMs)) throw new TypeError(`nowMs must be an integer of epoch milliseconds, not ${nowMs}`)
  for (const { subject, name, cost, limit } of takes) {
    if (!Number.isSafeInteger(cost) || cost < 0) throw new TypeError(`meter ${name} of ${subject}: cost must be an integer from 0, not ${cost}`)
    if (!Number.isSafeInteger(limit) || limit < 0) throw new TypeError(`meter ${name} of ${subject}: limit must be an integer from 0, not ${limit}`)
  }
}

function latest(instants: readonly (number | undefined)[]): number | undefined {
  return instants.reduce((late, instant) => (late === undefined || instant === undefined ? undefined : Math.max(late, instant)), -Infinity)
}

/** A limit of zero admits nothing, not even what costs nothing. */
function isNever(take: Take): boolean {
  return take.limit === 0 || take.cost > take.limit
}

interface Draft {
  readonly changed: ChangedRecords
  fits(take: Take): boolean
  fitsAtMs(take: Take): number | undefined
  add(take: Take): Receipt
  remove(receipt: Receipt): void
  read(take: Take, admitted: boolean): Reading
}

/** The records under way: changes lie over the originals and touch them nowhere. */
function createDraft(recordOf: RecordOf, nowMs: number): Draft {
  const changed = new Map<string, SubjectRecord>()
  const recordFor = (subject: string): SubjectRecord => changed.get(subject) ?? recordOf(subject)
  const stateFor = (take: Take): MeterState | undefined => stateOf(recordFor(take.subject), take.name, take.meter)
  const put = (subject: string, state: MeterState): void => void changed.set(subject, withState(recordFor(subject), state))
  const tally = (take: Take): Tally => counterFor(take.meter).tally(stateFor(take), take, nowMs)

  const fitsAtMs = (take: Take): number | undefined =>
    isNever(take) ? undefined : counterFor(take.meter).fitsAtMs(stateFor(take), take, nowMs)

  return {
    changed,
    fits: (take) => !isNever(take) && tally(take).used + take.cost <= take.limit,
    fitsAtMs,
    add(take) {
      const { subject, name, meter, limit, cost } = take
      const { state, atMs } = counterFor(meter).add(stateFor(take), take, nowMs)
      put(subject, state)
      return { subject, name, meter, limit, cost, atMs }
    },
    remove(receipt) {
      const state = stateFor(receipt)
      if (state === undefined) return
      const next = counterFor(receipt.meter).remove(state, receipt)
      if (next !== state) put(receipt.subject, next)
    },
    read(take, admitted) {
      const { used, resetAtMs } = tally(take)
      const { name, subject, limit } = take
      const retryAtMs = admitted ? undefined : fitsAtMs(take)
      const remaining = Math.max(0, limit - used)
      const reading = { name, subject, kind: take.meter.kind, limit, used, remaining, resetAtMs, admitted }
      return retryAtMs === undefined ? reading : { ...reading, retryAtMs }
    },
  }
}
