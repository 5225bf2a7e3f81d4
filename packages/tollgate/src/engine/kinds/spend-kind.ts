/**
 * Money that may be spent in a window or a calendar period: at most 20.00 a day with this key. What a call may cost is counted with its other meters; as it
 * ends, what it was charged stays counted and the rest is given back, in the period in which it was counted.
 */
import { formatInstant } from '../../contract/values/timestamp.ts'
import { knownValues } from '../../contract/declare/facts.ts'
import { compact } from '../../contract/values/compact.ts'
import { formatMoney } from '../../contract/values/money.ts'
import { subjectKey } from '../footprint.ts'
import type { Counter } from '../meters/counter.ts'
import { countCodecs, countingRules } from '../meters/counting-take.ts'
import type { CountingMeter, SpendMeter, Take } from '../meters/meter.ts'
import { unitsMissing, type StageDraft, type TakeRules } from '../meters/stage-draft.ts'
import type { MeterKind } from './meter-kind.ts'
import { quotaCounter, quotaKind } from './quota-kind.ts'
import { windowCounter, windowKind } from './window-kind.ts'
import { parseSubject } from '../subject.ts'

/** How each kind of period counts, and what it says of itself. */
const periods: { readonly [K in CountingMeter['kind']]: { readonly kind: MeterKind; counterOf(over: CountingMeter): Counter<CountingMeter> } } = {
  window: { kind: windowKind, counterOf: windowCounter },
  quota: { kind: quotaKind, counterOf: quotaCounter },
}

function spendCounter({ over }: SpendMeter): Counter<SpendMeter> {
  const { codec, tally, add, remove, untilMs, fitsAtMs } = periods[over.kind].counterOf(over)
  const counted = (take: Take<SpendMeter>): Take<CountingMeter> => ({ ...take, meter: over })
  return {
    codec,
    tally: (state, take, nowMs) => tally(state, counted(take), nowMs),
    add: (state, take, nowMs) => add(state, counted(take), nowMs),
    remove: (state, receipt) => remove(state, { ...receipt, meter: over }),
    untilMs: (receipt) => untilMs({ ...receipt, meter: over }),
    fitsAtMs: (state, take, nowMs) => fitsAtMs(state, counted(take), nowMs),
  }
}

const rules = countingRules(spendCounter)

/** What a call that was taken over has counted already is not counted again. */
function missing(draft: StageDraft, take: Take<SpendMeter>): Take<SpendMeter> {
  const cost = unitsMissing(draft, take, ({ counts = [] }) => counts.map(({ name, cost: units }) => ({ name, units })))
  return cost === take.cost ? take : { ...take, cost }
}

const spendTake: TakeRules<SpendMeter> = {
  ...rules,
  fits: (draft, take) => rules.fits(draft, missing(draft, take)),
  fitsAtMs: (draft, take) => rules.fitsAtMs(draft, missing(draft, take)),
  add(draft, take) {
    const due = missing(draft, take)
    if (due.cost > 0) draft.callCounts.push({ ...rules.count(draft, due), scale: take.meter.scale })
  },
}

export const spendKind: MeterKind<SpendMeter> = {
  states: countCodecs,
  take: spendTake,
  isLimited: true,
  allowanceOf: () => undefined,
  isHeld: true,
  isDurable: () => true,
  classOf: () => 'money',
  footprint: subjectKey,
  expires: () => false,
  scaleOf: ({ scale }) => scale,
  isFunded: false,
  inHeaders: false,
  shown: ({ scale }, { limit, used, remaining, resetAtMs }) => ({ limit: { units: limit, scale }, used: { units: used, scale }, remaining: { units: remaining, scale }, resetAtMs }),
  periodEndMs: ({ over }, nowMs) => periods[over.kind].kind.periodEndMs(over, nowMs),
  faultOf: ({ over }) => periods[over.kind].kind.faultOf(over),
  refusalOf({ take, reading, retryAfterMs, isHopeless, resource }) {
    const { scale, over } = take.meter
    const money = (units: number) => ({ units, scale })
    const { facts } = periods[over.kind].kind.refusalOf({ take: { ...take, meter: over }, reading, retryAfterMs, isHopeless, resource })
    // Whoever says it differently of money than of requests, and of one key than of the whole account.
    const subject = knownValues.subject.find((of) => of === parseSubject(take.subject)?.of)
    const cost = money(take.cost)
    const figures = compact({ counts: 'money' as const, subject, limit: money(reading.limit), used: money(reading.used), remaining: money(reading.remaining), required: cost, requested: isHopeless ? cost : undefined })
    return { reason: 'quota.exhausted', facts: { ...facts, ...figures } }
  },
  usageJson({ scale }, { limit, used, remaining, unlimited, resetAtMs }) {
    const decimal = (units: number): string => formatMoney({ units, scale }, scale)
    const bound = unlimited === true ? { limit: null, remaining: null } : { limit: decimal(limit), remaining: decimal(remaining) }
    return JSON.stringify({ ...bound, used: decimal(used), reset: formatInstant(resetAtMs), scale })
  },
}
