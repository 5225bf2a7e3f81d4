/** A calendar quota: at most so many in a day, week, month or year. */
import { quotaEndMs } from '../meters/calendar.ts'
import type { Counter } from '../meters/counter.ts'
import { countingRules } from '../meters/counting-take.ts'
import type { QuotaMeter } from '../meters/meter.ts'
import { createPeriodCounter } from '../meters/period-counter.ts'
import { isTimeZone } from '../meters/time-zone.ts'
import { countedFacts, countingKind } from './counting-kind.ts'
import type { MeterKind } from './meter-kind.ts'

const calendarCounter = createPeriodCounter<QuotaMeter>(quotaEndMs)

export function quotaCounter(): Counter<QuotaMeter> {
  return calendarCounter
}

export const quotaKind: MeterKind<QuotaMeter> = {
  ...countingKind,
  take: countingRules(quotaCounter),
  classOf: () => 'quotas',
  inHeaders: false,
  shown: (_, { limit, used, remaining, resetAtMs }) => ({ limit, used, remaining, resetAtMs }),
  periodEndMs: quotaEndMs,
  faultOf: ({ timeZone }) => (timeZone === undefined || isTimeZone(timeZone) ? undefined : `follows "${timeZone}", which is no time zone`),
  refusalOf: (refused) => ({ reason: 'quota.exhausted', facts: { ...countedFacts(refused), period: refused.take.meter.period } }),
}
