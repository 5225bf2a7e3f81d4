/**
 * One kind of step as a value: what it adds to the plan of its route, and what it does with a call. `steps.ts` lists them.
 *
 * A step ends the call with a refusal or an earlier answer, or has nothing to say and the next one has its turn. A fact that it cannot see is no fact: it
 * refuses.
 */
import type { Awaitable } from '../../engine/awaitable.ts'
import type { Clock } from '../../engine/clock.ts'
import type { Counters } from '../../engine/counters.ts'
import type { MoneyEngine } from '../../engine/money-commands.ts'
import type { Refusal } from '../../contract/declare/refusal.ts'
import type { Alert, CallInProgress } from '../call/call-in-progress.ts'
import type { ApiOptions } from '../gate-options.ts'
import type { Replay } from './replay.ts'
import type { StepKey, StepSettings } from './step-options.ts'
import type { StepPlan } from './step-plan.ts'

export interface StepTools {
  readonly store: Counters & MoneyEngine
  readonly clock: Clock
  readonly sha256Hex: (text: string) => string
  readonly alert: Alert
  /** Of the slots that are taken. */
  readonly owner: string | undefined
}

/** Throws, naming the route and what is wrong with its step. */
export type Fail = (problem: string) => never

export interface StepHeaders {
  /** By callers. */
  readonly sent: readonly string[]
  /** With answers. */
  readonly answered: readonly string[]
}

/** What the step does with a call: nothing, or it ends it. A promise only where something is waited for. */
export type RunStep = (current: CallInProgress, tools: StepTools) => Awaitable<Refusal | Replay | undefined>

export interface Step<K extends StepKey> {
  readonly key: K
  /** Asked once, when the gate is built. */
  plan(settings: StepSettings[K], api: ApiOptions, fail: Fail): StepPlan
  /** Whether the service may have to settle or name what the call took, or what it is about; asked of options that may be wrong. Absent: no. */
  hasAfterlife?(settings: StepSettings[K], api: ApiOptions): boolean
  /** Of its own, which scripts in browsers are let send and read. Absent: none. */
  headers?(settings: StepSettings[K]): StepHeaders
  /** Made ready for its route once, when the gate is built, with options that were planned. */
  prepare(settings: StepSettings[K], api: ApiOptions): RunStep
}
