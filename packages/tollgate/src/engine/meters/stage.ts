/**
 * Decides a stage: several meters over several subjects, all taken or none.
 *
 * A refused stage leaves every meter as it was, except meters that count attempts: these count, and show it. Nothing is changed here; the
 * changed records are returned, together with what was taken, so that a store can put them in place and take them back.
 */
import { kindOf } from '../kinds/kinds.ts'
import type { FootprintKey } from '../footprint.ts'
import type { Reading, Receipt, StageDecision, Take } from './meter.ts'
import { createStageDraft, noContext, type ChangedRecord, type RecordOf, type StageContext, type StageDraft, type StageOutcome } from './stage-draft.ts'

export type { ChangedRecord, RecordOf, StageContext, StageOutcome } from './stage-draft.ts'

/**
 * Decides all takes over the records of their subjects: pure, all or none. Meters that count attempts count also where it refuses.
 *
 * @example
 * const take: Take = { subject: 'account:acme', name: 'burst', meter: { kind: 'window', windowMs: 60_000 }, limit: 5, cost: 2 }
 * const { decision, changed } = decideStage(() => emptyRecord, [take], 1_000)
 * decision.readings[0]?.remaining // => 3
 * changed.map(({ subject }) => subject) // => ['account:acme']
 */
export function decideStage(recordOf: RecordOf, takes: readonly Take[], nowMs: number, context: StageContext = noContext): StageOutcome {
  const draft = createStageDraft(recordOf, nowMs, context)
  const verdicts: boolean[] = []
  for (const take of takes) {
    const admitted = fits(draft, take)
    verdicts.push(admitted)
    if (admitted) add(draft, take)
  }
  const refusedAt = verdicts.indexOf(false)
  if (refusedAt !== -1) return refuseStage(createStageDraft(recordOf, nowMs, context), takes, verdicts, refusedAt)
  const readings = takes.map((take) => read(draft, take, true))
  return toOutcome({ admitted: true, readings, receipts: draft.counted }, draft)
}

/** Starts again from the records as they were, counting only the attempts. */
function refuseStage(draft: StageDraft, takes: readonly Take[], verdicts: readonly boolean[], refusedAt: number): StageOutcome {
  for (const take of takes) if (take.meter.counts === 'attempts') add(draft, take)
  const readings = takes.map((take, index) => read(draft, take, verdicts[index] ?? false))
  const refusedBy = readings[refusedAt]
  if (refusedBy === undefined) throw new Error('a refused stage has a meter that refused')
  // Over all meters, not only those that refused: an attempt just counted may have filled one that still admitted.
  const retryAtMs = latest(takes.map((take) => fitsAtMs(draft, take)))
  return toOutcome({ admitted: false, readings, refusedBy, retryAtMs }, draft)
}

function toOutcome(decision: StageDecision, { changed, counted, holds, callCounts, reserved, leases, slots, movements }: StageDraft): StageOutcome {
  return { decision, changed, counted, holds, callCounts, reserved, leases, slots, movements }
}

/**
 * What the meters say, changing nothing. `admitted`: whether each alone would admit the cost now.
 *
 * @example
 * const take: Take = { subject: 'account:acme', name: 'daily', meter: { kind: 'quota', period: 'day' }, limit: 100, cost: 1 }
 * readStage(() => emptyRecord, [take], 0)[0]?.resetAtMs // => 86_400_000
 */
export function readStage(recordOf: RecordOf, takes: readonly Take[], nowMs: number, context: StageContext = noContext): readonly Reading[] {
  const draft = createStageDraft(recordOf, nowMs, context)
  return takes.map((take) => read(draft, take, fits(draft, take)))
}

/**
 * Gives back what receipts prove: exactly, where the window or period still stands; otherwise nothing happens. Never below zero. Giving the
 * same receipt back twice takes twice: the caller keeps to once.
 *
 * @example
 * const take: Take = { subject: 'account:acme', name: 'burst', meter: { kind: 'window', windowMs: 60_000 }, limit: 5, cost: 2 }
 * const { decision, changed } = decideStage(() => emptyRecord, [take], 1_000)
 * const receipts = decision.admitted ? decision.receipts : []
 * giveBack(() => changed[0]?.record ?? emptyRecord, receipts, 2_000).readings[0]?.used // => 0
 */
export function giveBack(
  recordOf: RecordOf,
  receipts: readonly Receipt[],
  nowMs: number,
): { readonly readings: readonly Reading[]; readonly changed: readonly ChangedRecord[] } {
  const draft = createStageDraft(recordOf, nowMs, noContext)
  for (const receipt of receipts) kindOf(receipt.meter).take.giveBack?.(draft, receipt)
  return { readings: receipts.map((receipt) => read(draft, receipt, true)), changed: draft.changed }
}

/** Counts what was used beyond what was reserved: it has happened, whatever the limit. */
export function countMore(recordOf: RecordOf, receipts: readonly Receipt[], nowMs: number): readonly ChangedRecord[] {
  const draft = createStageDraft(recordOf, nowMs, noContext)
  for (const { subject, name, meter, limit, cost } of receipts) add(draft, { subject, name, meter, limit, cost })
  return draft.changed
}

/**
 * Throws for what no caller may ask: the store would count nonsense from then on.
 *
 * @example
 * assertTakes([{ subject: 'account:acme', name: 'burst', meter: { kind: 'window', windowMs: 60_000 }, limit: 5, cost: 1 }])
 */
export function assertTakes(takes: readonly Take[]): void {
  for (const { subject, name, cost, limit } of takes) {
    if (!Number.isSafeInteger(cost) || cost < 0) throw new TypeError(`meter ${name} of ${subject}: cost must be an integer from 0, not ${cost}`)
    if (!Number.isSafeInteger(limit) || limit < 0) throw new TypeError(`meter ${name} of ${subject}: limit must be an integer from 0, not ${limit}`)
  }
}

/**
 * Where what the takes count is kept.
 *
 * @example
 * const take: Take = { subject: 'account:acme', name: 'parallel', meter: { kind: 'lease', of: 'slot' }, limit: 5, cost: 1 }
 * stageFootprint([take]) // => [{ of: 'slots', subject: 'account:acme', name: 'parallel' }]
 */
export function stageFootprint(takes: readonly Take[]): readonly FootprintKey[] {
  return takes.map((take) => kindOf(take.meter).footprint(take))
}

function latest(instants: readonly (number | undefined)[]): number | undefined {
  return instants.reduce((late, instant) => (late === undefined || instant === undefined ? undefined : Math.max(late, instant)), -Infinity)
}

function fits(draft: StageDraft, take: Take): boolean {
  return kindOf(take.meter).take.fits(draft, take)
}

function fitsAtMs(draft: StageDraft, take: Take): number | undefined {
  return kindOf(take.meter).take.fitsAtMs(draft, take)
}

function add(draft: StageDraft, take: Take): void {
  kindOf(take.meter).take.add(draft, take)
}

function read(draft: StageDraft, take: Take, admitted: boolean): Reading {
  const { name, subject, meter } = take
  const kind = kindOf(meter)
  // Not spread: one is made for each meter of each request.
  const { used, remaining, resetAtMs } = kind.take.tally(draft, take)
  const reading: Reading = { name, subject, kind: meter.kind, limit: kind.isLimited || kind.allowanceOf(take) !== undefined ? take.limit : 0, used, remaining, resetAtMs, admitted }
  if (take.unlimited === true) return { ...reading, unlimited: true }
  const retryAtMs = admitted ? undefined : fitsAtMs(draft, take)
  return retryAtMs === undefined ? reading : { ...reading, retryAtMs }
}
