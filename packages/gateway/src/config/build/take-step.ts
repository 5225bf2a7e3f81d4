/** A stage: what a route takes of meters, money and leases among them. */
import { kindOf, type Meter } from 'tollgate/engine'
import type { StepOptions, TakeOptions } from 'tollgate/gate'
import { toLimit, toPrice, toQuantity, toUsage, type Balance } from './amounts.ts'
import { toKind, type MeterShape } from '../shape/meter-shape.ts'
import { suggestion } from '../read/suggestion.ts'
import type { Path } from '../read/config-problem.ts'
import type { StepContext } from './route-context.ts'
import type { HoldShape, TakeShape } from '../shape/step-shape.ts'

type TakeSettings = Exclude<TakeShape, string>

export function meterOf(take: TakeShape): string {
  return typeof take === 'string' ? take : take.meter
}

export function buildStage(takes: readonly TakeShape[], hold: HoldShape | undefined, path: Path, context: StepContext): StepOptions {
  const take = takes.map((each, at): string | TakeOptions => {
    const place = [...path, 'take', at]
    const name = meterOf(each)
    if (takes.findIndex((other) => meterOf(other) === name) !== at) context.report(placeOfMeter(each, place), `"${name}" is taken twice in one stage`)
    return buildTake(each, takes, place, context)
  })
  const stage: StepOptions = { kind: 'take', take, ...(hold !== undefined && { hold: { holdMs: hold.for, onExpiry: hold.onExpiry } }) }
  if (hold !== undefined) checkHold([...path, 'hold'], context)
  return stage
}

function placeOfMeter(take: TakeShape, path: Path): Path {
  return typeof take === 'string' ? path : [...path, 'meter']
}

function buildTake(take: TakeShape, stage: readonly TakeShape[], path: Path, context: StepContext): string | TakeOptions {
  const name = meterOf(take)
  const meter = meterAt(name, placeOfMeter(take, path), context)
  const settings: TakeSettings = typeof take === 'string' ? { meter: take } : take
  if (meter !== undefined) {
    const kind = kindOf(toKind(meter))
    if (kind.isFunded) checkPaid(settings, path, context)
    else if (kind.scaleOf(toKind(meter)) !== undefined) checkSpent(settings, kind.scaleOf(toKind(meter)), stage, path, context)
    else checkCounting(settings, path, context)
    if (kind.isDurable(toKind(meter))) context.soFar.held ??= name
  }
  if (typeof take === 'string') return take
  const { cost, limit, price, usage, chargeOn } = take
  const scale = meter && kindOf(toKind(meter)).scaleOf(toKind(meter))
  const balance: Balance = scale === undefined ? undefined : { name, scale }
  return {
    meter: name,
    ...(cost !== undefined && { cost: toQuantity(cost, [...path, 'cost'], context) }),
    ...(limit !== undefined && { limit: toLimit(limit, [...path, 'limit'], context) }),
    ...(price !== undefined && { price: toPrice(price, balance, [...path, 'price'], context) }),
    ...(usage !== undefined && { usage: toUsage(usage, balance, [...path, 'usage'], context) }),
    ...(chargeOn !== undefined && { chargeOn }),
  }
}

/** The meter of this name, if the caller of this route can be counted there. */
export function meterAt(name: string, path: Path, { api, meters, route, soFar, isPartial, report }: StepContext): MeterShape | undefined {
  const meter = Object.hasOwn(api.meters, name) ? api.meters[name] : undefined
  if (!meters.includes(name)) report(path, `no meter is called "${name}"${suggestion(name, meters)}`)
  if (meter === undefined) return undefined
  const { per } = meter
  if (per === 'resource') {
    if (soFar.table === undefined && !isPartial) report(path, `"${name}" counts per resource, but nothing is looked up before; put a step such as lookup: { table: …, resource: …, param: id } before this one`)
  } else if (route.public && per !== 'ip') report(path, `"${name}" counts per ${per}, but a public route knows no caller; use a meter per ip`)
  if (route.public && occupies(toKind(meter))) report(path, `"${name}" outlives its call, but a public route knows no account that it would belong to; take public: true away`)
  return meter
}

/** Whether leases of a service's own may occupy it: sessions, stock. */
export function occupies(meter: Meter): boolean {
  const kind = kindOf(meter)
  return kind.isDurable(meter) && kind.scaleOf(meter) === undefined
}

/** One balance pays for a call, and a price says how much. */
function checkPaid({ meter, cost, limit, price, usage }: TakeSettings, path: Path, { soFar, report }: StepContext): void {
  if (soFar.balance !== undefined) report(path, `"${meter}" would pay too, but "${soFar.balance}" does already; a call is paid from one balance, once`)
  soFar.balance ??= meter
  if (price === undefined && !report.isWritten([...path, 'price'])) report([...path, 'price'], `is missing: "${meter}" is a balance; write { meter: ${meter}, price: 0.25 }${usage === undefined ? '' : ', the most that a call may use'}`)
  if (cost !== undefined) report([...path, 'cost'], 'belongs to windows, quotas and leases; what is taken of a balance is its price')
  if (limit !== undefined) report([...path, 'limit'], 'belongs to windows, quotas and leases; of a balance there is what is granted')
}

/** One price for a call: of a balance in the same stage, otherwise of one meter that counts it. */
function checkSpent(take: TakeSettings, scale: number | undefined, stage: readonly TakeShape[], path: Path, { api, soFar, report }: StepContext): void {
  const { meter, cost, limit, price, usage, chargeOn } = take
  const paid = stage.find((each) => typeof each !== 'string' && each.price !== undefined)
  const name = paid === undefined ? undefined : meterOf(paid)
  const payer = name !== undefined && Object.hasOwn(api.meters, name) ? api.meters[name] : undefined
  const ofPayer = payer && kindOf(toKind(payer)).scaleOf(toKind(payer))
  if (name === undefined) report(path, `"${meter}" counts money, but nothing of this step has a price; take it with the balance that pays, or write { meter: ${meter}, price: 0.25 }`)
  else if (ofPayer !== undefined && ofPayer !== scale) report(path, `"${meter}" has scale ${scale}, and "${name}" has scale ${ofPayer}; give both the same`)
  if (price !== undefined && name !== meter) report([...path, 'price'], `is said of "${name}" already; a call has one price, and "${meter}" counts it`)
  else if (price !== undefined && soFar.balance !== undefined) report([...path, 'price'], `is said of "${soFar.balance}" already; a call has one price`)
  if (price !== undefined) soFar.balance ??= meter
  else if (usage !== undefined || chargeOn !== undefined) report(path, `has usage or chargeOn without a price; write them where the price is`)
  if (cost !== undefined) report([...path, 'cost'], 'belongs to windows, quotas and leases; what is counted of money is the price')
  if (limit !== undefined) report([...path, 'limit'], `belongs to windows, quotas and leases; write the limit of "${meter}" with the meter or in the plans`)
}

function checkCounting({ meter, price, usage, chargeOn }: TakeSettings, path: Path, { report }: StepContext): void {
  if (price !== undefined) report([...path, 'price'], `belongs to a balance, and "${meter}" is none`)
  if (usage !== undefined) report([...path, 'usage'], `belongs to a balance, and "${meter}" is none`)
  if (chargeOn !== undefined) report([...path, 'chargeOn'], `belongs to a balance, and "${meter}" is none`)
}

function checkHold(path: Path, { soFar, report }: StepContext): void {
  if (soFar.hold) report(path, 'is said by an earlier step already; a route says once how long it holds')
  soFar.hold = true
}
