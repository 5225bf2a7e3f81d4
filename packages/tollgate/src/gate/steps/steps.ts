/** All steps there are. */
import type { ApiOptions } from '../gate-options.ts'
import type { StepKey, StepOptions } from './step-options.ts'
import type { StepPlan } from './step-plan.ts'
import { allow } from './allow.ts'
import { blockWords } from './block-words.ts'
import { idempotency } from './idempotency.ts'
import { lease } from './lease.ts'
import { lookup } from './lookup.ts'
import { read } from './read.ts'
import type { Fail, RunStep, Step, StepHeaders } from './step.ts'
import { take } from './take.ts'
import { validate } from './validate.ts'

const steps = { take, read, idempotency, lookup, lease, validate, blockWords, allow } satisfies { readonly [K in StepKey]: Step<K> }

// The key of the table is the kind of the options, which the compiler cannot follow over a union.
const stepOf = ({ kind }: StepOptions): Step<StepKey> => steps[kind] as unknown as Step<StepKey>

export function planStep(options: StepOptions, api: ApiOptions, fail: Fail): StepPlan {
  if (!Object.hasOwn(steps, options.kind)) fail(`there is no step "${String(options.kind)}"`)
  return stepOf(options).plan(options as never, api, fail)
}

export function hasAfterlifeOf(options: StepOptions, api: ApiOptions): boolean {
  return stepOf(options).hasAfterlife?.(options as never, api) === true
}

export function stepHeadersOf(options: StepOptions): StepHeaders | undefined {
  return stepOf(options).headers?.(options as never)
}

export function prepareStep(options: StepOptions, api: ApiOptions): RunStep {
  return stepOf(options).prepare(options as never, api)
}
