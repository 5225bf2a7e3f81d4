/** One step of a route, whatever it does. */
import type { StepOptions } from 'tollgate/gate'
import type { Path } from '../read/config-problem.ts'
import type { StepShape } from '../shape/step-shape.ts'
import type { StepContext } from '../steps/step-context.ts'
import type { StepOrder } from '../steps/step-order.ts'
import { kindOfStep } from '../steps/steps.ts'

/** Undefined when it cannot be built; the report says why. */
export function buildStep(shape: StepShape, path: Path, order: StepOrder, context: StepContext): StepOptions | undefined {
  const kind = kindOfStep(shape)
  if (kind === undefined) return undefined
  order.add(kind, shape, path)
  return kind.build(shape, path, context)
}
