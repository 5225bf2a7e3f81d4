/** A rate limit: at most so many in any window, or in each aligned one. */
import { windowEndMs } from '../calendar.ts'
import type { Counter } from '../counter.ts'
import { countingRules } from '../counting-take.ts'
import type { WindowMeter } from '../meter.ts'
import { createPeriodCounter } from '../period-counter.ts'
import { slidingCounter } from '../sliding-counter.ts'
import { countedFacts, countingKind } from './counting-kind.ts'
import type { MeterKind } from './meter-kind.ts'

const fixedCounter = createPeriodCounter<WindowMeter>(({ windowMs }, nowMs) => windowEndMs(windowMs, nowMs))

export function windowCounter({ algorithm }: WindowMeter): Counter<WindowMeter> {
  return algorithm === 'fixed' ? fixedCounter : slidingCounter
}

export const windowKind: MeterKind<WindowMeter> = {
  ...countingKind,
  take: countingRules(windowCounter),
  inHeaders: true,
  periodEndMs: ({ windowMs }, nowMs) => windowEndMs(windowMs, nowMs),
  refusalOf: (refused) => ({ reason: 'rate.limited', facts: { ...countedFacts(refused), windowMs: refused.take.meter.windowMs } }),
}
