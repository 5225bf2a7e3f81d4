/** One atomic stage: windows, quotas, slots, sessions, stock and money, all taken or none. */
import type { CallTerms } from '../../engine/calls/call-record.ts'
import type { Counters } from '../../engine/counters.ts'
import { countsMoney, isDurable, isHeld, kindOf } from '../../engine/kinds/kinds.ts'
import { attempt, whenKnown, type Awaitable } from '../../engine/awaitable.ts'
import type { StageDecision, Take } from '../../engine/meters/meter.ts'
import type { LateCharge } from '../../engine/money-commands.ts'
import { mayHaveHappened } from '../../engine/store-error.ts'
import { applyNamed, applyNow } from '../../stores/store.ts'
import type { Refusal } from '../../contract/declare/refusal.ts'
import { termsOf, trackedCall, type CallInProgress, type TrackedCall } from '../call/call-in-progress.ts'
import type { ApiOptions } from '../gate-options.ts'
import { prepareTakes } from './prepared-takes.ts'
import { stageRefusalOf } from './stage-refusal.ts'
import type { StageOptions } from './step-options.ts'
import { refusedByStore } from './store-failure.ts'
import { checkAmounts } from './take-amounts.ts'
import { meterOf, toTakeOptions } from './takes.ts'
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
  prepare: prepareStage,
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

/** What a stage does with a call. */
export type RunStage = (current: CallInProgress, tools: StageTools) => Awaitable<Refusal | undefined>

export function prepareStage(stage: StageOptions, api: ApiOptions): RunStage {
  const takesOf = prepareTakes(api, stage)
  return (current, tools) => whenKnown(takesOf(current), (found) => (found.kind === 'refused' ? refusedTakes(current, found, tools) : takeAll(current, stage, found.takes, tools)))
}

function refusedTakes({ log }: CallInProgress, refusal: Refusal, { alert }: StageTools): Refusal {
  if (refusal.reason === 'internal') alert('configuration', refusal.cause, log.requestId)
  return refusal
}

function takeAll(current: CallInProgress, stage: StageOptions, all: readonly Take[], tools: StageTools): Awaitable<Refusal | undefined> {
  const takes = current.paidBefore ? all.map(unreserved).filter((each) => !isDurable(each)) : all
  if (takes.length === 0) return undefined
  return takes.some(isHeld) ? hold(current, stage, takes, tools) : count(current, takes, tools)
}

/** Of nobody's call: the store decides it at once, and it is over. */
function count(current: CallInProgress, takes: readonly Take[], { store, clock, alert }: StageTools): Awaitable<Refusal | undefined> {
  const nowMs = clock.wallMs()
  return attempt(
    () => applyNow(store, { kind: 'admit', takes, accountId: current.log.principal?.account.id }),
    (decision) => decided(current, decision, takes, nowMs),
    (error) => refusedByStore(error, alert, current.log.requestId),
  )
}

async function hold(current: CallInProgress, stage: StageOptions, takes: readonly Take[], { store, clock, alert, owner }: StageTools): Promise<Refusal | undefined> {
  const nowMs = clock.wallMs()
  const call = termsOf(current)
  const dispatch = stage === current.matched?.plan.lastStage && isReady(current)
  try {
    const decision = await applyNamed(store, { kind: 'admit', takes, call, admission: nextAdmission(current), owner, dispatch })
    const refusal = decided(current, decision, takes, nowMs)
    if (refusal !== undefined) return refusal
    const tracked = track(current, call, takes, nowMs)
    tracked.dispatched = dispatch && tracked.recorded
    return undefined
  } catch (error) {
    // What may be held is given back with all else, and does not wait for a deadline that might charge it.
    if (mayHaveHappened(error)) track(current, call, takes, nowMs)
    return refusedByStore(error, alert, current.log.requestId)
  }
}

function decided({ log, found }: CallInProgress, decision: StageDecision, takes: readonly Take[], nowMs: number): Refusal | undefined {
  log.count(decision.readings, decision.admitted ? decision.receipts : [])
  return decision.admitted ? undefined : stageRefusalOf(decision, takes, { plan: log.principal?.account.plan, resource: found?.id }, nowMs)
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
