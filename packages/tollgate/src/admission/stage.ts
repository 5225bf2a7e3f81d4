/**
 * Decides a stage: several meters over several subjects, all taken or none.
 *
 * A refused stage leaves every meter as it was, except meters that count attempts: these count, and show it. Nothing is changed here; the
 * changed records are returned, together with what was counted, so that a store can put them in place and take them back.
 */
import type { Tally } from './counter.ts'
import { counterFor, type MeterState } from './meter-state.ts'
import type { Reading, Receipt, StageDecision, Take } from './meter.ts'
import { stateOf, withState, type SubjectRecord } from './subject-record.ts'

export type RecordOf = (subject: string) => SubjectRecord

export interface ChangedRecord {
  readonly subject: string
  readonly record: SubjectRecord
}

export interface StageOutcome {
  readonly decision: StageDecision
  readonly changed: readonly ChangedRecord[]
  /** All that was counted, also the attempts of a refused stage: giving these back undoes the stage. */
  readonly counted: readonly Receipt[]
}

export function decideStage(recordOf: RecordOf, takes: readonly Take[], nowMs: number): StageOutcome {
  const draft = createDraft(recordOf, nowMs)
  const verdicts: boolean[] = []
  const receipts: Receipt[] = []
  for (const take of takes) {
    const admitted = fits(draft, take)
    verdicts.push(admitted)
    if (admitted) receipts.push(add(draft, take))
  }
  const refusedAt = verdicts.indexOf(false)
  if (refusedAt !== -1) return refuseStage(createDraft(recordOf, nowMs), takes, verdicts, refusedAt)
  const readings = takes.map((take) => read(draft, take, true))
  return { decision: { admitted: true, readings, receipts }, changed: draft.changed, counted: receipts }
}

/** Starts again from the records as they were, counting only the attempts. */
function refuseStage(draft: Draft, takes: readonly Take[], verdicts: readonly boolean[], refusedAt: number): StageOutcome {
  const counted = takes.filter((take) => take.meter.counts === 'attempts').map((take) => add(draft, take))
  const readings = takes.map((take, index) => read(draft, take, verdicts[index] ?? false))
  const refusedBy = readings[refusedAt]
  if (refusedBy === undefined) throw new Error('a refused stage has a meter that refused')
  // Over all meters, not only those that refused: an attempt just counted may have filled one that still admitted.
  const retryAtMs = latest(takes.map((take) => fitsAtMs(draft, take)))
  const decision: StageDecision = { admitted: false, readings, refusedBy, ...(retryAtMs === undefined ? {} : { retryAtMs }) }
  return { decision, changed: draft.changed, counted }
}

/** What the meters say, changing nothing. `admitted`: whether each alone would admit the cost now. */
export function readStage(recordOf: RecordOf, takes: readonly Take[], nowMs: number): readonly Reading[] {
  const draft = createDraft(recordOf, nowMs)
  return takes.map((take) => read(draft, take, fits(draft, take)))
}

/**
 * Gives back what receipts prove: exactly, where the window or period still stands; otherwise nothing happens. Never below zero. Giving the
 * same receipt back twice takes twice: the caller keeps to once.
 */
export function giveBack(
  recordOf: RecordOf,
  receipts: readonly Receipt[],
  nowMs: number,
): { readonly readings: readonly Reading[]; readonly changed: readonly ChangedRecord[] } {
  const draft = createDraft(recordOf, nowMs)
  for (const receipt of receipts) remove(draft, receipt)
  return { readings: receipts.map((receipt) => read(draft, receipt, true)), changed: draft.changed }
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

/** The records under way: changes lie over the originals and touch them nowhere. */
interface Draft {
  readonly recordOf: RecordOf
  readonly nowMs: number
  /** A list, since a stage has one to three subjects. */
  readonly changed: { readonly subject: string; record: SubjectRecord }[]
}

function createDraft(recordOf: RecordOf, nowMs: number): Draft {
  return { recordOf, nowMs, changed: [] }
}

function stateFor(draft: Draft, { subject, name, meter }: Take): MeterState | undefined {
  const change = draft.changed.find((candidate) => candidate.subject === subject)
  return stateOf(change?.record ?? draft.recordOf(subject), name, meter)
}

function put(draft: Draft, subject: string, state: MeterState): void {
  const change = draft.changed.find((candidate) => candidate.subject === subject)
  if (change === undefined) draft.changed.push({ subject, record: withState(draft.recordOf(subject), state) })
  else change.record = withState(change.record, state)
}

function tally(draft: Draft, take: Take): Tally {
  return counterFor(take.meter).tally(stateFor(draft, take), take, draft.nowMs)
}

/** A limit of zero admits nothing, not even what costs nothing. */
function isNever(take: Take): boolean {
  return take.limit === 0 || take.cost > take.limit
}

function fits(draft: Draft, take: Take): boolean {
  return !isNever(take) && tally(draft, take).used + take.cost <= take.limit
}

function fitsAtMs(draft: Draft, take: Take): number | undefined {
  return isNever(take) ? undefined : counterFor(take.meter).fitsAtMs(stateFor(draft, take), take, draft.nowMs)
}

function add(draft: Draft, take: Take): Receipt {
  const { subject, name, meter, limit, cost } = take
  const { state, atMs } = counterFor(meter).add(stateFor(draft, take), take, draft.nowMs)
  put(draft, subject, state)
  return { subject, name, meter, limit, cost, atMs }
}

function remove(draft: Draft, receipt: Receipt): void {
  const state = stateFor(draft, receipt)
  if (state === undefined) return
  const next = counterFor(receipt.meter).remove(state, receipt)
  if (next !== state) put(draft, receipt.subject, next)
}

function read(draft: Draft, take: Take, admitted: boolean): Reading {
  const { used, resetAtMs } = tally(draft, take)
  const { name, subject, meter, limit } = take
  const reading = { name, subject, kind: meter.kind, limit, used, remaining: Math.max(0, limit - used), resetAtMs, admitted }
  const retryAtMs = admitted ? undefined : fitsAtMs(draft, take)
  return retryAtMs === undefined ? reading : { ...reading, retryAtMs }
}
