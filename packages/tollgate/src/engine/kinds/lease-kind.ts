/** What is alive at once: calls in flight, sessions, units of a stock. */
import type { Facts } from '../../contract/declare/facts.ts'
import { compact } from '../../contract/values/compact.ts'
import { leaseCodec } from '../meters/lease-counter.ts'
import { leaseTake } from '../meters/lease-take.ts'
import type { LeaseMeter } from '../meters/meter.ts'
import { countFacts, countUsageJson, type KindRefusal, type MeterKind, type RefusedTake } from './meter-kind.ts'

/** A call in flight ends soon; nobody knows when. */
const SLOT_RETRY_AFTER_MS = 1_000
/** Where nobody knows when a session will end. */
const SESSION_RETRY_AFTER_MS = 60_000

export const leaseKind: MeterKind<LeaseMeter> = {
  states: [leaseCodec],
  take: leaseTake,
  isLimited: true,
  allowanceOf: () => undefined,
  isHeld: true,
  isDurable: ({ of }) => of !== 'slot',
  classOf: ({ of }) => (of === 'slot' ? 'slots' : 'money'),
  footprint: ({ subject, name, meter }) => (meter.of === 'slot' ? { of: 'slots', subject, name } : { of: 'subject', subject }),
  expires: ({ of }) => of === 'session',
  scaleOf: () => undefined,
  isFunded: false,
  inHeaders: false,
  // Nobody knows when one ends.
  shown: ({ of }, { limit, used, remaining }) => ({ limit, used, remaining, isConcurrency: of === 'slot' }),
  periodEndMs: () => undefined,
  faultOf: () => undefined,
  refusalOf: (refused) => refusals[refused.take.meter.of](refused),
  usageJson: (_, reading) => countUsageJson(reading),
}

const refusals: { readonly [of in LeaseMeter['of']]: (refused: RefusedTake<LeaseMeter>) => KindRefusal } = {
  slot: (refused) => ({ reason: 'concurrency.limited', facts: { ...countFacts(refused.reading), inFlight: refused.reading.used, ...waitFacts(refused, SLOT_RETRY_AFTER_MS) } }),
  session: (refused) => ({ reason: 'session.limited', facts: { ...countFacts(refused.reading), ...waitFacts(refused, SESSION_RETRY_AFTER_MS) } }),
  stock({ take: { cost: requested }, reading, resource: id }) {
    const facts = compact({ ...countFacts(reading), resource: 'stock', available: reading.remaining, requested, required: requested, id })
    return { reason: 'resource.conflict', facts }
  },
}

function waitFacts({ take, retryAfterMs, isHopeless }: RefusedTake<LeaseMeter>, otherwiseMs: number): Facts {
  return isHopeless ? { requested: take.cost } : { retryAfterMs: retryAfterMs ?? otherwiseMs }
}
