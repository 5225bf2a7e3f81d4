/** What follows from a route's steps together. Worked out once, when the gate is built; wrong options throw, naming the route and the option. */
import { kindOf } from '../admission/kinds/kinds.ts'
import type { Meter } from '../admission/meter.ts'
import type { ApiOptions, RouteOptions, StepOptions } from './gate-options.ts'
import { routeName } from './call-log.ts'
import { faultsOfCors } from './cors-faults.ts'
import { successes, type StatusSet } from './status-set.ts'
import type { Amount, HoldOptions, IdempotencyOptions, StageOptions, TakeOptions, UsageRule } from './step-options.ts'
import { toFigures, type Figure } from './usage-figures.ts'

export interface RoutePlan {
  /** How long the call may hold what it takes once nobody works on it any more, and what becomes of it then. */
  readonly hold: HoldOptions
  readonly keyed: IdempotencyOptions | undefined
  /** The balance that pays for it; without one, what counts its price. */
  readonly balance: { readonly name: string; readonly scale: number; readonly usage: UsageRule | undefined; readonly chargeOn: StatusSet } | undefined
  /** Whether the service may have to settle or name what the call took, and so gets `Tollgate-Call`. */
  readonly hasAfterlife: boolean
  /** Whether the service may be asked again under the same key. */
  readonly isRepeatable: boolean
  /** The stage after which nothing but the upstream comes: its commit can mark the dispatch too. */
  readonly lastStage: StageOptions | undefined
  /** All meters that it takes, for answers that come before they are taken. */
  readonly meters: readonly string[]
}

/** How long a call may hold what it took where its route does not say: ten minutes, then it is given back. */
export const defaultHold: HoldOptions = { holdMs: 600_000, onExpiry: 'release' }
/** Slots come free with their call; this is for those that were forgotten. */
const SLOT_HOLD: HoldOptions = { holdMs: 86_400_000, onExpiry: 'release' }

/** Throws where an API's options contradict each other. */
export function checkApi({ name, meters, unauthenticatedMeter, cors }: ApiOptions): void {
  const [fault] = cors === undefined ? [] : faultsOfCors(cors)
  if (fault !== undefined) throw new TypeError(`${name}: cors.${fault.setting}${fault.at === undefined ? '' : `[${fault.at}]`}: ${fault.issue}`)
  for (const [meter, options] of Object.entries(meters)) {
    const ofMeter = kindOf(options.meter).faultOf(options.meter)
    if (ofMeter !== undefined) throw new TypeError(`${name}: the meter "${meter}" ${ofMeter}`)
  }
  if (unauthenticatedMeter === undefined) return
  const options = Object.hasOwn(meters, unauthenticatedMeter) ? meters[unauthenticatedMeter] : undefined
  if (options?.per !== 'ip' || options.limit === undefined) throw new TypeError(`${name}: unauthenticatedMeter "${unauthenticatedMeter}" must be a meter per ip with a limit`)
}

export function createRoutePlan(api: ApiOptions, route: RouteOptions): RoutePlan {
  const fail = (problem: string): never => {
    throw new TypeError(`${api.name}, route ${routeName(route)}: ${problem}`)
  }
  const stages = route.steps.filter((step) => 'take' in step)
  const takes = stages.flatMap((stage) => stage.take.map(toTakeOptions))
  for (const { meter } of takes) if (!Object.hasOwn(api.meters, meter)) fail(`there is no meter "${meter}"`)
  const [funded, ...otherBalances] = takes.filter(({ meter }) => isFunded(meterOf(api, meter)))
  const counted = takes.filter((take) => take !== funded && isMoney(meterOf(api, take.meter)))
  const balance = funded ?? counted.find(({ price }) => price !== undefined)
  const [keyed, ...otherKeys] = route.steps.flatMap((step) => ('idempotency' in step ? [step.idempotency] : []))
  const holds = stages.flatMap(({ hold }) => (hold === undefined ? [] : [hold]))

  if (otherBalances.length > 0) fail('it takes more than one balance; a call is paid from one')
  if (balance !== undefined && balance.price === undefined) fail(`the balance "${balance.meter}" is taken without a price`)
  if (takes.some((take) => take !== balance && (take.price !== undefined || take.usage !== undefined || take.chargeOn !== undefined))) fail('only a balance has price, usage and chargeOn; without one, a single meter of money has them')
  for (const { meter, cost } of counted) {
    if (balance === undefined || !stages.some(({ take }) => [meter, balance.meter].every((name) => take.some((each) => toTakeOptions(each).meter === name)))) fail(`"${meter}" counts money, but nothing of its stage has a price`)
    if (balance !== undefined && scaleOf(api, meter) !== scaleOf(api, balance.meter)) fail(`"${meter}" counts with scale ${scaleOf(api, meter)}, and "${balance.meter}" with scale ${scaleOf(api, balance.meter)}`)
    if (cost !== undefined) fail(`"${meter}" counts money; what is taken of it is the price`)
  }
  if (otherKeys.length > 0) fail('it has more than one idempotency step')
  if (keyed !== undefined && (route.public === true || api.credentials === undefined)) fail('a public route knows no account whose idempotency keys it could keep')
  if (holds.length > 1) fail('it says more than once how long it holds')
  if (holds.some(({ holdMs }) => !(holdMs > 0))) fail('hold.holdMs must be above 0')
  if (takes.some((take) => api.meters[take.meter]?.per === 'resource') && !route.steps.some((step) => 'lookup' in step)) fail('it takes a meter per resource, but looks none up')
  for (const take of takes) checkAmounts(take, fail)
  for (const step of route.steps) checkStep(api, step, fail)

  const lastStep = route.steps.at(-1)
  return {
    hold: holds[0] ?? (keyed !== undefined || takes.some((take) => isDurable(api, take)) ? defaultHold : SLOT_HOLD),
    keyed,
    balance: balance && { name: balance.meter, scale: scaleOf(api, balance.meter), usage: balance.usage, chargeOn: balance.chargeOn ?? successes },
    hasAfterlife: hasAfterlife(api, route),
    isRepeatable: (route.service ?? api.service)?.isIdempotent === true,
    lastStage: lastStep !== undefined && 'take' in lastStep ? lastStep : undefined,
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
  return steps.some((step) => 'lease' in step || ('take' in step && step.take.some((take) => isDurable(api, toTakeOptions(take)))))
}

/** Money, sessions and stock: what the store keeps a record of the call for. */
function isDurable(api: ApiOptions, { meter: name }: TakeOptions): boolean {
  const meter = meterOf(api, name)
  return meter !== undefined && kindOf(meter).isDurable(meter)
}

export function toTakeOptions(take: string | TakeOptions): TakeOptions {
  return typeof take === 'string' ? { meter: take } : take
}

function meterOf({ meters }: ApiOptions, name: string): Meter | undefined {
  return Object.hasOwn(meters, name) ? meters[name]?.meter : undefined
}

function isFunded(meter: Meter | undefined): boolean {
  return meter !== undefined && kindOf(meter).isFunded
}

function isMoney(meter: Meter | undefined): boolean {
  return meter !== undefined && kindOf(meter).scaleOf(meter) !== undefined
}

/** Of what is counted in money; 0 for any other meter. */
function scaleOf(api: ApiOptions, name: string): number {
  const meter = meterOf(api, name)
  return (meter && kindOf(meter).scaleOf(meter)) ?? 0
}

function checkStep(api: ApiOptions, step: StepOptions, fail: (problem: string) => never): void {
  if ('lookup' in step && !Object.hasOwn(api.tables ?? {}, step.lookup.table)) fail(`there is no table "${step.lookup.table}"`)
  if ('read' in step) for (const name of step.read) if (!Object.hasOwn(api.meters, name)) fail(`there is no meter "${name}"`)
}

function amountsIn(amounts: UsageRule['amounts'], fail: (problem: string) => never): readonly Amount[] {
  const all = (figures: readonly Figure[]): readonly Amount[] => figures.flatMap(({ amount, parts }) => [amount, ...all(parts)])
  try {
    return all(toFigures(amounts))
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error))
  }
}

/** Numbers of the configuration are whole and not negative; what is divided by is above zero. */
function checkAmounts({ meter, cost, limit, price, usage }: TakeOptions, fail: (problem: string) => never): void {
  const isWhole = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0
  const quantities = [cost, ...(price?.times ?? [])]
  const amounts: readonly unknown[] = [limit, price?.amount, usage?.perEvent, ...amountsIn(usage?.amounts ?? {}, fail), ...quantities]
  const defaults = quantities.flatMap((quantity) => (typeof quantity === 'object' && 'default' in quantity ? [quantity.default] : []))
  const divisors = [usage?.per, ...quantities.map((quantity) => (typeof quantity === 'object' && 'per' in quantity ? quantity.per : undefined))]
  for (const value of [...amounts, ...defaults, ...divisors]) if (typeof value === 'number' && !isWhole(value)) fail(`the take of "${meter}" has ${value}, which is no whole number from 0`)
  if (divisors.includes(0)) fail(`the take of "${meter}" has per: 0`)
}
