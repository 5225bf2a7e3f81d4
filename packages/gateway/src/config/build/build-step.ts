/** One step of a route, whatever it does. */
import type { StepOptions } from 'tollgate/gate'
import { buildAllow } from '../steps/allow.ts'
import { buildLease, buildLookup, buildRead } from './found-steps.ts'
import { buildIdempotency } from './idempotency-step.ts'
import type { Path } from '../read/config-problem.ts'
import type { StepContext } from './route-context.ts'
import type { StepShape } from '../shape/step-shape.ts'
import { buildStage } from './take-step.ts'
import { buildValidate } from './validate-step.ts'

/** Undefined when it cannot be built; the report says why. */
export function buildStep(shape: StepShape, path: Path, context: StepContext): StepOptions | undefined {
  if (context.isAside(path)) return undefined
  const { take, hold, read, idempotency, lookup, lease, validate, blockWords, allow } = shape
  if (take !== undefined) return buildStage(take, hold, path, context)
  if (read !== undefined) return buildRead(read, [...path, 'read'], context)
  if (idempotency !== undefined) return buildIdempotency(idempotency, [...path, 'idempotency'], context)
  if (lookup !== undefined) return buildLookup(lookup, [...path, 'lookup'], context)
  if (lease !== undefined) return buildLease(lease, [...path, 'lease'], context)
  if (validate !== undefined) return buildValidate(validate, [...path, 'validate'], context)
  if (allow !== undefined) return buildAllow(allow)
  if (blockWords === undefined) return undefined
  if (context.route.public) context.report([...path, 'blockWords'], 'a public route knows no account, so there are no words of its own to refuse')
  return { kind: 'blockWords', field: blockWords.field }
}
