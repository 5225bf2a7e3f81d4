/** A limit that an account or a key has of its own, in place of the plan's. */
import type { Money } from '../../contract/declare/facts.ts'
import { kindOf } from '../kinds/kinds.ts'
import type { Meter } from './meter.ts'

/** A number counts in the meter's own units. Money says its decimals: the row outlives the configuration that it was written under. */
export type OwnLimit = number | Money

/** By meter. */
export interface OwnLimits {
  readonly [meter: string]: OwnLimit
}

/** In whole units of the meter. Of money that is finer than the meter counts, what it counts; undefined where it is money and the meter counts things. */
export function ownLimitUnits(limit: OwnLimit, meter: Meter): number | undefined {
  if (typeof limit === 'number') return limit
  const scale = kindOf(meter).scaleOf(meter)
  if (scale === undefined) return undefined
  const shift = 10 ** Math.abs(scale - limit.scale)
  return scale < limit.scale ? Math.floor(limit.units / shift) : Math.min(limit.units * shift, Number.MAX_SAFE_INTEGER)
}
