/** From a stage's decision to a refusal, and from readings to the rate headers. */
import type { Reading, StageDecision, Take } from '../admission/meter.ts'
import { isNever } from '../admission/stage-draft.ts'
import type { Facts } from '../contract/facts.ts'
import { refuse, type Refusal } from '../contract/refusal.ts'
import type { AnswerContext } from '../contract/wire.ts'
import type { ApiOptions } from './gate-options.ts'

/** A call in flight ends soon; nobody knows when. */
const SLOT_RETRY_AFTER_MS = 1_000
/** Where nobody knows when a session will end. */
const SESSION_RETRY_AFTER_MS = 60_000

type Refused = Extract<StageDecision, { admitted: false }>

/** What a refused stage tells the caller. `retryAfterMs` is when the whole stage would admit, not just the meter that is named; where it never will, no wait is told. */
export function refusalOf(decision: Refused, takes: readonly Take[], about: { readonly plan: string | undefined; readonly resource: string | undefined }, nowMs: number): Refusal {
  const { refusedBy, retryAtMs } = decision
  const take = takes.find(({ name, subject }) => name === refusedBy.name && subject === refusedBy.subject)
  const retryAfterMs = retryAtMs === undefined ? undefined : Math.max(0, retryAtMs - nowMs)
  const isHopeless = takes.some(canNeverFit) || (take?.meter.kind === 'balance' && take.cost > refusedBy.remaining + refusedBy.used)
  const common: Facts = { meter: refusedBy.name, ...(about.plan !== undefined && { plan: about.plan }), ...(isHopeless && { waitHelps: false }) }
  switch (take?.meter.kind) {
    case 'balance':
      return toRefusal('credit.insufficient', { ...common, ...moneyFacts(take.meter.scale, refusedBy.remaining, take.cost) })
    case 'lease':
      return refusedLease(take.meter.of, { ...common, ...countFacts(refusedBy) }, { requested: take.cost, id: about.resource, retryAfterMs, isHopeless })
    default: {
      const facts: Facts = {
        ...common,
        ...countFacts(refusedBy),
        ...(isHopeless ? { requested: take?.cost ?? 1 } : { resetAtMs: refusedBy.resetAtMs }),
        ...(take?.meter.kind === 'window' && { windowMs: take.meter.windowMs }),
        ...(take?.meter.kind === 'quota' && { period: take.meter.period }),
        ...(retryAfterMs !== undefined && { retryAfterMs }),
      }
      return toRefusal(refusedBy.kind === 'quota' ? 'quota.exhausted' : 'rate.limited', facts)
    }
  }
}

function refusedLease(
  of: 'slot' | 'session' | 'stock',
  facts: Facts,
  { requested, id, retryAfterMs, isHopeless }: { readonly requested: number; readonly id: string | undefined; readonly retryAfterMs: number | undefined; readonly isHopeless: boolean },
): Refusal {
  switch (of) {
    case 'slot':
      return toRefusal('concurrency.limited', { ...facts, inFlight: facts.used, ...(isHopeless ? { requested } : { retryAfterMs: retryAfterMs ?? SLOT_RETRY_AFTER_MS }) })
    case 'session':
      return toRefusal('session.limited', { ...facts, ...(isHopeless ? { requested } : { retryAfterMs: retryAfterMs ?? SESSION_RETRY_AFTER_MS }) })
    case 'stock':
      return toRefusal('resource.conflict', { ...facts, resource: 'stock', available: facts.remaining, requested, required: requested, ...(id !== undefined && { id }) })
  }
}

/** It asks for more than the meter ever leaves. Money has no limit, only what is there. */
function canNeverFit(take: Take): boolean {
  return take.meter.kind !== 'balance' && isNever(take)
}

function countFacts({ limit, used, remaining }: Reading): Facts {
  return { limit, used, remaining }
}

function moneyFacts(scale: number, available: number, required: number): Facts {
  return { balance: { units: available, scale }, required: { units: required, scale } }
}

function toRefusal(reason: Refusal['reason'], facts: Facts): Refusal {
  return refuse(reason, facts, { source: 'client' })
}

/** The limit that the rate headers report: the one with the least share left among those shown there. */
export function tightestLimit(api: ApiOptions, readings: readonly Reading[]): AnswerContext['limit'] {
  let tightest: Reading | undefined
  for (const reading of readings) {
    if (isShown(api, reading.name) && reading.unlimited !== true && (tightest === undefined || shareLeft(reading) < shareLeft(tightest))) tightest = reading
  }
  return tightest && { limit: tightest.limit, remaining: tightest.remaining, resetAtMs: tightest.resetAtMs }
}

/** Whether the rate headers may report this meter. */
export function isShown(api: ApiOptions, name: string): boolean {
  const options = Object.hasOwn(api.meters, name) ? api.meters[name] : undefined
  return options?.inHeaders ?? options?.meter.kind === 'window'
}

function shareLeft(reading: Reading): number {
  return reading.limit === 0 ? 0 : reading.remaining / reading.limit
}
