/** A rate limit: at most so many in any window, or in each aligned one. */
import { windowEndMs } from '../meters/calendar.ts'
import type { Counter } from '../meters/counter.ts'
import { countingRules } from '../meters/counting-take.ts'
import type { WindowMeter } from '../meters/meter.ts'
import { createPeriodCounter } from '../meters/period-counter.ts'
import { slidingCounter } from '../meters/sliding-counter.ts'
import { countedFacts, countingKind } from './counting-kind.ts'
import type { MeterKind } from './meter-kind.ts'

const fixedCounter = createPeriodCounter<WindowMeter>(({ windowMs }, nowMs) => windowEndMs(windowMs, nowMs))

export function windowCounter({ algorithm }: WindowMeter): Counter<WindowMeter> {
  return algorithm === 'fixed' ? fixedCounter : slidingCounter
}

export const windowKind: MeterKind<WindowMeter> = {
  ...countingKind,
  take: countingRules(windowCounter),
  classOf: () => 'windows',
  inHeaders: true,
  shown: ({ windowMs }, { limit, used, remaining, resetAtMs }) => ({ limit, used, remaining, resetAtMs, windowMs }),
  periodEndMs: ({ windowMs }, nowMs) => windowEndMs(windowMs, nowMs),
  refusalOf: (refused) => ({ reason: 'rate.limited', facts: { ...countedFacts(refused), windowMs: refused.take.meter.windowMs } }),
}
