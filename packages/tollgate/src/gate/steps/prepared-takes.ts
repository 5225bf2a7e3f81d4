/**
 * The takes of a stage, made ready once for its route. Where a request says nothing of them, all of a caller's requests take the same: for whom, up to which limit,
 * how much. These are worked out at its first and kept, beside the rows of its key and its account: others stand there as soon as anything of them has changed.
 */
import { createBoundedCache } from '../../directory/bounded-cache.ts'
import type { Awaitable } from '../../engine/awaitable.ts'
import type { Take } from '../../engine/meters/meter.ts'
import type { CallInProgress } from '../call/call-in-progress.ts'
import type { ApiOptions } from '../gate-options.ts'
import type { OrRefusal } from '../or-refusal.ts'
import { bodilessFigures, figuresOf, readsBody } from '../price/figures.ts'
import type { Figures } from '../price/quantity.ts'
import type { Principal } from '../way-in/principal.ts'
import type { StageOptions, TakeOptions } from './step-options.ts'
import { stageTakes, toTakeOptions } from './takes.ts'

type Found = OrRefusal<{ readonly takes: readonly Take[] }>

/** The takes of one call. */
export type TakesOfCall = (current: CallInProgress) => Awaitable<Found>

/** Of one stage. Half a kilobyte each. */
const CALLERS_MAX = 1_000

export function prepareTakes(api: ApiOptions, stage: StageOptions): TakesOfCall {
  if (readsBody(stage)) return (current) => takesByBody(current, stage)
  const anew: (current: CallInProgress) => Found = (current) => takesWith(current, stage, bodilessFigures(current))
  return stage.take.every((take) => isSameForCaller(api, toTakeOptions(take))) ? keptByCaller(anew) : anew
}

function keptByCaller(anew: (current: CallInProgress) => Found): TakesOfCall {
  const kept = createBoundedCache<{ readonly of: Principal; readonly found: Found }>(CALLERS_MAX)
  return (current) => {
    const { principal } = current.log
    if (principal === undefined) return anew(current)
    const known = kept.get(principal.key.id)
    if (known !== undefined && known.of.key === principal.key && known.of.account === principal.account) return known.found
    const found = anew(current)
    if (found.kind === 'found') kept.set(principal.key.id, { of: principal, found })
    return found
  }
}

/** Nothing of it stands in the request, nor in what was looked up for it. */
function isSameForCaller({ meters }: ApiOptions, { meter, cost, reserve, price, limit }: TakeOptions): boolean {
  const per = Object.hasOwn(meters, meter) ? meters[meter]?.per : undefined
  const isPerCaller = per === 'account' || per === 'user' || per === 'key'
  return isPerCaller && price?.times === undefined && [cost, reserve, limit, price?.amount].every((amount) => amount === undefined || typeof amount === 'number')
}

async function takesByBody(current: CallInProgress, stage: StageOptions): Promise<Found> {
  const figures = await figuresOf(current)
  return figures.kind === 'refused' ? figures : takesWith(current, stage, figures)
}

function takesWith({ api, log, call, found, lease }: CallInProgress, stage: StageOptions, figures: Figures): Found {
  return stageTakes({ api, principal: log.principal, remoteAddress: call.remoteAddress, found, lease }, stage.take, figures)
}
