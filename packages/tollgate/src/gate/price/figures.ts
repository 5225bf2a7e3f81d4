/** What the quantities and prices of a stage are worked out from. */
import type { CallInProgress } from '../call/call-in-progress.ts'
import { isOfBody, type Figures } from './quantity.ts'
import { jsonIfAny } from '../steps/request-body.ts'
import type { StageOptions } from '../steps/step-options.ts'
import { queryOf, queryPairs } from '../way-in/query.ts'
import type { Found, OrRefusal } from '../or-refusal.ts'

/** The body is read only where a quantity asks for it. */
export async function figuresOf(current: CallInProgress): Promise<OrRefusal<Figures>> {
  const read = await jsonIfAny(current)
  return read.kind === 'refused' ? read : bodilessFigures(current, read.value)
}

export function bodilessFigures({ call, found, lease }: CallInProgress, json?: unknown): Found<Figures> {
  return {
    kind: 'found',
    parameter: (name) => queryPairs(queryOf(call.target)).flatMap((pair) => (pair.name === name ? [pair.value] : [])),
    json,
    row: found?.row,
    leasedUnits: (meter) => lease?.taken.filter(({ name }) => name === meter).reduce((sum, { quantity }) => sum + quantity, 0) ?? 0,
  }
}

export function readsBody(stage: StageOptions): boolean {
  return stage.take.some((take) => typeof take === 'object' && [take.cost, take.reserve, ...(take.price?.times ?? [])].some(isOfBody))
}
