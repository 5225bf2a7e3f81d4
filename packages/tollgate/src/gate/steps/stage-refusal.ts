/** From a stage's decision to a refusal, and from readings to the rate headers. */
import { kindOf } from '../../engine/kinds/kinds.ts'
import type { Reading, StageDecision, Take } from '../../engine/meters/meter.ts'
import { compact } from '../../contract/values/compact.ts'
import type { Facts } from '../../contract/declare/facts.ts'
import { refuse, type Refusal } from '../../contract/declare/refusal.ts'
import type { RateLimitHeaderSet } from '../../contract/declare/declaration.ts'
import type { ShownLimit } from '../../contract/declare/wire.ts'
import type { ApiOptions, MeterOptions } from '../gate-options.ts'

type Refused = Extract<StageDecision, { admitted: false }>

/** What a refused stage tells the caller. `retryAfterMs` is when the whole stage would admit, not just the meter that is named; where it never will, no wait is told. */
export function stageRefusalOf(decision: Refused, takes: readonly Take[], about: { readonly plan: string | undefined; readonly resource: string | undefined }, nowMs: number): Refusal {
  const { refusedBy: reading, retryAtMs } = decision
  const take = takes.find(({ name, subject }) => name === reading.name && subject === reading.subject)
  if (take === undefined) throw new Error(`the stage was refused by ${reading.name} of ${reading.subject}, which it does not take`)
  const retryAfterMs = retryAtMs === undefined ? undefined : Math.max(0, retryAtMs - nowMs)
  const isHopeless = takes.some((each) => kindOf(each.meter).take.neverFits(each))
  const { reason, facts } = kindOf(take.meter).refusalOf({ take, reading, retryAfterMs, isHopeless, resource: about.resource })
  const common: Facts = compact({ meter: reading.name, plan: about.plan, waitHelps: isHopeless ? (false as const) : undefined })
  return refuse(reason, { ...common, ...facts }, { source: 'client' })
}

/** The limits that the rate headers tell: for each set of headers the one with the least share left, for the fields of the draft all of them. */
export function shownLimits(api: ApiOptions, readings: readonly Reading[]): readonly ShownLimit[] | undefined {
  const { rateLimitHeaders } = api.contract.declaration
  if (rateLimitHeaders === undefined || readings.length === 0) return undefined
  if (rateLimitHeaders === 'draft-11') return someOf(readings.filter((reading) => isTold(api, reading)).map((reading) => toShown(api, reading, undefined)))
  const sets = Array.isArray(rateLimitHeaders) ? (rateLimitHeaders as readonly RateLimitHeaderSet[]) : undefined
  // Nearly all have one set, and this is asked for every answer.
  if (sets === undefined) {
    const reading = tightestOf(api, readings, undefined)
    return reading && [toShown(api, reading, undefined)]
  }
  return someOf(
    sets.flatMap(({ of }) => {
      const reading = tightestOf(api, readings, of)
      return reading === undefined ? [] : [toShown(api, reading, of)]
    }),
  )
}

function tightestOf(api: ApiOptions, readings: readonly Reading[], of: string | undefined): Reading | undefined {
  let tightest: Reading | undefined
  for (const reading of readings) {
    if (isTold(api, reading) && shownAs(api, reading.name) === of && (tightest === undefined || shareLeft(reading) < shareLeft(tightest))) tightest = reading
  }
  return tightest
}

function isTold(api: ApiOptions, { name, unlimited }: Reading): boolean {
  return unlimited !== true && isShown(api, name)
}

function toShown({ meters }: ApiOptions, reading: Reading, of: string | undefined): ShownLimit {
  const { meter } = meters[reading.name] as MeterOptions
  return { name: reading.name, of, ...kindOf(meter).shown(meter, reading) }
}

function someOf(limits: readonly ShownLimit[]): readonly ShownLimit[] | undefined {
  return limits.length === 0 ? undefined : limits
}

/** Whether the rate headers may report this meter. */
export function isShown(api: ApiOptions, name: string): boolean {
  const options = Object.hasOwn(api.meters, name) ? api.meters[name] : undefined
  return options !== undefined && (options.inHeaders ?? kindOf(options.meter).inHeaders) !== false
}

/** The set of headers that reports it; undefined: the main one. */
function shownAs({ meters }: ApiOptions, name: string): string | undefined {
  const inHeaders = meters[name]?.inHeaders
  return typeof inHeaders === 'string' ? inHeaders : undefined
}

function shareLeft(reading: Reading): number {
  return reading.limit === 0 ? 0 : reading.remaining / reading.limit
}
