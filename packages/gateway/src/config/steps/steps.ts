/** Every kind of step of the configuration, and nowhere else. */
import type { z } from 'zod'
import type { Path } from '../read/config-problem.ts'
import type { StepKey, StepOptions } from 'tollgate/gate'
import { allow } from './allow.ts'
import { blockWords } from './block-words.ts'
import { idempotency } from './idempotency.ts'
import { lease } from './lease.ts'
import { lookup } from './lookup.ts'
import { read } from './read.ts'
import type { StepContext } from './step-context.ts'
import type { Bring, Need, StepKind, Thing } from './step-kind.ts'
import { take } from './take.ts'
import { validate } from './validate.ts'

export const steps = { take, read, idempotency, lookup, lease, validate, blockWords, allow } satisfies {
  readonly [K in StepKey]: { readonly key: K; readonly shape: { readonly [setting in K]: z.ZodType } }
}

/** A step of whatever kind, as it is written. */
export interface WrittenStep {
  readonly [setting: string]: unknown
}

/** Whatever its kind. */
export interface AnyStepKind extends Pick<StepKind<StepKey, z.ZodRawShape>, 'key' | 'shape' | 'precedes'> {
  readonly needs: readonly Need<WrittenStep>[]
  readonly brings: readonly Bring<WrittenStep>[]
  build(settings: WrittenStep, path: Path, context: StepContext): StepOptions | undefined
}

export const stepKinds: readonly AnyStepKind[] = Object.values(steps)

/** Undefined for a step of no kind, or of several: that has been reported. */
export function kindOfStep(settings: WrittenStep): AnyStepKind | undefined {
  return stepKinds.find(({ key }) => settings[key] !== undefined)
}

/** Of the steps that cannot do without it, whatever their settings. */
export function stepsInNeedOf(what: Thing): readonly StepKey[] {
  return stepKinds.flatMap(({ key, needs }) => (needs.some((need) => need.what === what && need.always !== undefined) ? [key] : []))
}

/** The settings of steps that a route has once. */
export const onceInRoute: readonly string[] = stepKinds.flatMap(({ key, brings }) => brings.flatMap(({ once, setting }) => (once === undefined ? [] : [setting ?? key])))
