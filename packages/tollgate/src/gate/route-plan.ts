/** What follows from a route's steps together. Worked out once, when the gate is built; wrong options throw, naming the route and the option. */
import { kindOf } from '../engine/kinds/kinds.ts'
import type { Meter } from '../engine/meters/meter.ts'
import type { Handlers } from './call/handled-call.ts'
import type { ApiOptions, RouteOptions } from './gate-options.ts'
import { routeName } from './call/call-log.ts'
import { withheldHeaders } from './call/sent-along.ts'
import { faultsOfCors } from './way-in/cors-faults.ts'
import { defaultCosting, toCosting } from './way-out/costing.ts'
import type { HoldOptions, TakeOptions } from './steps/step-options.ts'
import { defaultHold, type RoutePlan } from './steps/step-plan.ts'
import { hasAfterlifeOf, planStep } from './steps/steps.ts'
import { meterOf, toTakeOptions } from './steps/takes.ts'

/** Slots come free with their call; this is for those that were forgotten. */
const SLOT_HOLD: HoldOptions = { holdMs: 86_400_000, onExpiry: 'release' }

/** Throws where an API's options contradict each other. */
export function checkApi({ name, meters, unauthenticatedMeter, cors }: ApiOptions): void {
  const [fault] = cors === undefined ? [] : faultsOfCors(cors)
  if (fault !== undefined) throw new TypeError(`${name}: cors.${fault.setting}${fault.at === undefined ? '' : `[${fault.at}]`}: ${fault.issue}`)
  for (const [meter, options] of Object.entries(meters)) {
    const ofMeter = kindOf(options.meter).faultOf(options.meter) ?? (options.per === 'lease' && kindOf(options.meter).isDurable(options.meter) ? 'is per lease; what outlives its call cannot be' : undefined)
    if (ofMeter !== undefined) throw new TypeError(`${name}: the meter "${meter}" ${ofMeter}`)
  }
  if (unauthenticatedMeter === undefined) return
  const options = Object.hasOwn(meters, unauthenticatedMeter) ? meters[unauthenticatedMeter] : undefined
  if (options?.per !== 'ip' || options.limit === undefined) throw new TypeError(`${name}: unauthenticatedMeter "${unauthenticatedMeter}" must be a meter per ip with a limit`)
}

export function createRoutePlan(api: ApiOptions, route: RouteOptions, handlers: Handlers = {}): RoutePlan {
  const fail = (problem: string): never => {
    throw new TypeError(`${api.name}, route ${routeName(route)}: ${problem}`)
  }
  const handler = route.handler !== undefined && Object.hasOwn(handlers, route.handler) ? handlers[route.handler] : undefined
  if (route.handler !== undefined && handler === undefined) fail(`no handler is called "${route.handler}"; there is ${Object.keys(handlers).join(', ') || 'none'}`)
  const plans = route.steps.map((step) => planStep(step, api, fail))
  const stages = plans.flatMap(({ stage }) => stage ?? [])
  const takes = plans.flatMap((plan) => plan.takes ?? [])
  const [funded, ...otherBalances] = takes.filter(({ meter }) => isFunded(meterOf(api, meter)))
  const counted = takes.filter((take) => take !== funded && isMoney(meterOf(api, take.meter)))
  const balance = funded ?? counted.find(({ price }) => price !== undefined)
  const reserving = takes.filter(({ reserve }) => reserve !== undefined)
  const [keyed, ...otherKeys] = plans.flatMap((plan) => plan.keyed ?? [])
  const beforeKey = plans.slice(0, Math.max(0, plans.findIndex((plan) => plan.keyed !== undefined)))
  const early = beforeKey.flatMap((plan) => plan.takes ?? []).find(({ meter, reserve }) => reserve !== undefined || outlivesCall(meterOf(api, meter)))
  const holds = plans.flatMap((plan) => plan.hold ?? [])

  if (otherBalances.length > 0) fail('it takes more than one balance; a call is paid from one')
  if (balance !== undefined && balance.price === undefined) fail(`the balance "${balance.meter}" is taken without a price`)
  if (takes.some((take) => take !== balance && (take.price !== undefined || (take.usage !== undefined && take.reserve === undefined) || take.chargeOn !== undefined))) fail('only a balance has price, usage and chargeOn; without one, a single meter of money has them')
  for (const { meter, cost } of counted) {
    if (balance === undefined || !stages.some(({ take }) => [meter, balance.meter].every((name) => take.some((each) => toTakeOptions(each).meter === name)))) fail(`"${meter}" counts money, but nothing of its stage has a price`)
    if (balance !== undefined && scaleOf(api, meter) !== scaleOf(api, balance.meter)) fail(`"${meter}" counts with scale ${scaleOf(api, meter)}, and "${balance.meter}" with scale ${scaleOf(api, balance.meter)}`)
    if (cost !== undefined) fail(`"${meter}" counts money; what is taken of it is the price`)
  }
  for (const take of takes) checkReserve(take, meterOf(api, take.meter), fail)
  if (new Set(reserving.map(({ meter }) => meter)).size < reserving.length) fail('it reserves twice of one meter')
  if (otherKeys.length > 0) fail('it has more than one idempotency step')
  // Whoever repeats the call would need the price once more to be answered, and a charge that comes late would not know what was held.
  if (early !== undefined) fail(`its idempotency step must come before "${early.meter}" is taken, which the call holds under its key`)
  if (keyed !== undefined && route.public === true) fail('a public route knows no account whose idempotency keys it could keep')
  if (holds.length > 1) fail('it says more than once how long it holds')
  if (holds.some(({ holdMs }) => !(holdMs > 0))) fail('hold.holdMs must be above 0')
  if (route.steps.some((step, at) => step.kind === 'take' && step.take.some((each) => isPerLease(api, each)) && !route.steps.slice(0, at).some(({ kind }) => kind === 'lease'))) fail('it takes a meter per lease before a lease is at hand')
  if (takes.some((take) => api.meters[take.meter]?.per === 'resource') && !plans.some(({ findsRow }) => findsRow === true)) fail('it takes a meter per resource, but looks none up')

  return {
    handler,
    hold: holds[0] ?? (keyed !== undefined || plans.some(({ isDurable }) => isDurable === true) ? defaultHold : SLOT_HOLD),
    keyed,
    balance: balance && { name: balance.meter, scale: scaleOf(api, balance.meter), usage: balance.usage, costing: balance.chargeOn === undefined ? defaultCosting : toCosting(balance.chargeOn) },
    reserved: reserving.flatMap(({ meter, usage }) => (usage === undefined ? [] : [{ meter, usage }])),
    hasAfterlife: hasAfterlife(api, route),
    isRepeatable: (route.service ?? api.service)?.isIdempotent === true,
    lastStage: plans.at(-1)?.stage,
    speech: { contract: api.contract, speaks: (route.service ?? api.service)?.speaks, may: route.may ?? api.may ?? [] },
    withheldHeaders: withheldHeaders(api, keyed),
    bodyBytesMax: route.bodyBytesMax ?? api.bodyBytesMax,
    bodyPace: { ...api.bodyPace, ...route.bodyPace },
    meters: takes.map(({ meter }) => meter),
  }
}

/**
 * Whether the service of a route may have to settle or name what its calls took: it takes money, a session or stock, or is about a lease.
 *
 * @example
 * const isNeeded = api.routes.some((route) => hasAfterlife(api, route))
 */
export function hasAfterlife(api: ApiOptions, { steps }: RouteOptions): boolean {
  return steps.some((step) => hasAfterlifeOf(step, api))
}

function isPerLease({ meters }: ApiOptions, take: string | TakeOptions): boolean {
  return meters[toTakeOptions(take).meter]?.per === 'lease'
}

function checkReserve({ meter: name, cost, reserve, usage }: TakeOptions, meter: Meter | undefined, fail: (problem: string) => never): void {
  if (reserve === undefined || meter === undefined) return
  const kind = kindOf(meter)
  if (kind.isHeld || meter.counts === 'attempts') fail(`it reserves of "${name}", which is no window or quota that counts what is admitted`)
  if (usage === undefined) fail(`it reserves of "${name}" and has no usage that says what is counted in the end`)
  if (cost !== undefined) fail(`it takes both a cost and a reserve of "${name}"`)
}

function isFunded(meter: Meter | undefined): boolean {
  return meter !== undefined && kindOf(meter).isFunded
}

function isMoney(meter: Meter | undefined): boolean {
  return meter !== undefined && kindOf(meter).scaleOf(meter) !== undefined
}

function outlivesCall(meter: Meter | undefined): boolean {
  return meter !== undefined && kindOf(meter).isDurable(meter)
}

/** Of what is counted in money; 0 for any other meter. */
function scaleOf(api: ApiOptions, name: string): number {
  const meter = meterOf(api, name)
  return (meter && kindOf(meter).scaleOf(meter)) ?? 0
}
