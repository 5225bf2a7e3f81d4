/** One atomic stage: windows, quotas, slots, sessions, stock and money, all taken or none. */
import type { CallTerms } from '../../engine/calls/call-record.ts'
import type { Counters } from '../../engine/counters.ts'
import { countsMoney, isDurable, isHeld, kindOf } from '../../engine/kinds/kinds.ts'
import type { Take } from '../../engine/meters/meter.ts'
import type { LateCharge } from '../../engine/money-commands.ts'
import { mayHaveHappened } from '../../engine/store-error.ts'
import { applyNamed, applyOne } from '../../stores/store.ts'
import type { Refusal } from '../../contract/declare/refusal.ts'
import { termsOf, trackedCall, type CallInProgress, type TrackedCall } from '../call/call-in-progress.ts'
import { bodilessFigures, figuresOf, readsBody } from '../price/figures.ts'
import type { ApiOptions } from '../gate-options.ts'
import { refusalOf } from './stage-refusal.ts'
import type { StageOptions } from './step-options.ts'
import { refusedByStore } from './store-failure.ts'
import { checkAmounts } from './take-amounts.ts'
import { meterOf, stageTakes, toTakeOptions } from './takes.ts'
import type { OrRefusal } from '../or-refusal.ts'
import type { Figures } from '../price/quantity.ts'
import type { Step, StepTools } from './step.ts'

export const take: Step<'take'> = {
  key: 'take',
  plan(stage, api, fail) {
    const takes = stage.take.map(toTakeOptions)
    for (const each of takes) checkAmounts(each, fail)
    for (const { meter } of takes) if (meterOf(api, meter) === undefined) fail(`there is no meter "${meter}"`)
    return { takes, stage, hold: stage.hold, isDurable: takesForGood(stage, api) || takes.some(({ reserve }) => reserve !== undefined) }
  },
  hasAfterlife: takesForGood,
  run: runStage,
}

function takesForGood(stage: StageOptions, api: ApiOptions): boolean {
  return stage.take.some((each) => {
    const meter = meterOf(api, toTakeOptions(each).meter)
    return meter !== undefined && isDurable({ meter })
  })
}

export interface StageTools extends Pick<StepTools, 'clock' | 'alert' | 'owner'> {
  readonly store: Counters
}

export async function runStage(current: CallInProgress, stage: StageOptions, { store, clock, alert, owner }: StageTools): Promise<Refusal | undefined> {
  const { api, call, log, found, lease } = current
  const { principal, requestId } = log
  const figures: OrRefusal<Figures> = readsBody(stage) ? await figuresOf(current) : bodilessFigures(current)
  if (figures.kind === 'refused') return figures
  const stageOf = stageTakes({ api, principal, remoteAddress: call.remoteAddress, found, lease }, stage.take, figures)
  if (stageOf.kind === 'refused') {
    if (stageOf.reason === 'internal') alert('configuration', stageOf.cause, requestId)
    return stageOf
  }
  const takes = current.paidBefore ? stageOf.takes.map(unreserved).filter((each) => !isDurable(each)) : stageOf.takes
  if (takes.length === 0) return undefined

  const nowMs = clock.wallMs()
  const context = takes.some(isHeld) ? termsOf(current) : undefined
  const dispatch = context !== undefined && stage === current.matched?.plan.lastStage && isReady(current)
  try {
    const decision = await (context === undefined ? applyOne(store, { kind: 'admit', takes }) : applyNamed(store, { kind: 'admit', takes, call: context, admission: nextAdmission(current), owner, dispatch }))
    log.count(decision.readings, decision.admitted ? decision.receipts : [])
    if (!decision.admitted) return refusalOf(decision, takes, { plan: principal?.account.plan, resource: found?.id }, nowMs)
    if (context !== undefined) {
      const tracked = track(current, context, takes, nowMs)
      tracked.dispatched = dispatch && tracked.recorded
    }
    return undefined
  } catch (error) {
    // What may be held is given back with all else, and does not wait for a deadline that might charge it.
    if (context !== undefined && mayHaveHappened(error)) track(current, context, takes, nowMs)
    return refusedByStore(error, alert, requestId)
  }
}

/** Its name within the call, by which the store knows it again. */
function nextAdmission(current: CallInProgress): string {
  current.admissions += 1
  return String(current.admissions)
}

/** Notes what the call holds now, so that its end gives it back or charges it. */
function track(current: CallInProgress, context: CallTerms, takes: readonly Take[], nowMs: number): TrackedCall {
  const tracked = (current.tracked ??= trackedCall(context, nowMs))
  tracked.holds = [...tracked.holds, ...takes.flatMap(toHold)]
  tracked.counts = [...tracked.counts, ...takes.filter(isCounted)]
  tracked.begun ||= takes.some((each) => isHeld(each) && each.cost > 0)
  tracked.recorded ||= takes.some((each) => isDurable(each) && each.cost > 0)
  return tracked
}

/** Whether only the upstream comes next. A body that is still to be read may yet fail. */
function isReady({ call, body, matched }: CallInProgress): boolean {
  return matched?.route.handler === undefined && (body !== undefined || !call.hasBody)
}

/** Of a call that is over nothing is held any more: what it would reserve counts as it is. */
function unreserved({ reserved: _reserved, ...counted }: Take): Take {
  return counted
}

function toHold(taken: Take): LateCharge['holds'] {
  const { subject, name, meter, cost } = taken
  const kind = kindOf(meter)
  const scale = kind.isFunded ? kind.scaleOf(meter) : undefined
  return scale !== undefined && cost > 0 ? [{ subject, name, scale, units: cost, allowance: kind.allowanceOf(taken) }] : []
}

/** Counted in money, and paid out of nothing. */
function isCounted({ meter, cost }: Take): boolean {
  return countsMoney(meter) && cost > 0
}
