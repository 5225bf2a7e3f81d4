/** The plans of an API held against its meters and routes. */
import type { ApiOptions } from 'tollgate/server'
import type { ApiShape } from './api-shape.ts'
import { suggestion } from './nearest-name.ts'
import type { Path } from './problem.ts'
import type { Report } from './report.ts'
import type { TakeShape } from './step-shape.ts'
import { meterOf } from './take-step.ts'

type PlanShape = ApiShape['plans'][string]

/** `meters`: names as written, even of those that have problems of their own. */
export function checkPlans(shape: ApiShape, path: Path, meters: readonly string[], report: Report): void {
  for (const [plan, limits] of Object.entries(shape.plans)) {
    for (const meter of Object.keys(limits)) {
      if (!meters.includes(meter)) report([...path, 'plans', plan, meter], `no meter is called "${meter}"${suggestion(meter, meters)}`)
      else if (Object.hasOwn(shape.meters, meter) && shape.meters[meter]?.balance !== undefined) {
        report([...path, 'plans', plan, meter], `"${meter}" is a balance, and of money there is no limit but what is granted; take it away`)
      }
    }
  }
  for (const [at, route] of shape.routes.entries()) {
    for (const [stepAt, { take = [] }] of route.steps.entries()) {
      for (const [takeAt, each] of take.entries()) checkLimits(each, at, shape, { api: path, take: [...path, 'routes', at, 'steps', stepAt, 'take', takeAt] }, report)
    }
  }
}

/** Whoever takes a meter has a limit on it, or is meant to have none. The gate would refuse a call for which nothing says either. */
function checkLimits(take: TakeShape, routeAt: number, { meters, plans, routes }: ApiShape, path: { readonly api: Path; readonly take: Path }, report: Report): void {
  const name = meterOf(take)
  const meter = Object.hasOwn(meters, name) ? meters[name] : undefined
  const ofMeter = [...path.api, 'meters', name, 'limit']
  if (meter === undefined || meter.balance !== undefined || report.isWritten(ofMeter) || report.isWritten([...path.take, 'limit'])) return
  if (routes[routeAt]?.public === true) {
    if (meter.per === 'ip' || meter.per === 'resource') report(ofMeter, `is missing: routes[${routeAt}] takes "${name}" for callers without a plan; write limit: 100`)
    return
  }
  const without = Object.entries(plans).filter(([, limits]) => !Object.hasOwn(limits, name))
  if (meter.lease === 'stock' && (without.length > 0 || Object.keys(plans).length === 0)) {
    report([...path.take, 'limit'], `is missing: nothing says how many units of "${name}" there are; write { meter: ${name}, limit: { column: stock } }, or a limit of the meter`)
  } else if (meter.lease !== undefined && Object.keys(plans).length === 0) {
    report(ofMeter, `is missing: routes[${routeAt}] takes "${name}", and there is no plan that could limit it; write limit: 3`)
  } else {
    for (const [plan] of without) {
      report([...path.api, 'plans', plan, name], `is missing: routes[${routeAt}] takes "${name}", which has no limit of its own; write ${name}: 100, or ${name}: unlimited`)
    }
  }
}

export function toPlan(limits: PlanShape): ApiOptions['plans'][string] {
  const unlimited = Object.keys(limits).filter((meter) => limits[meter] === 'unlimited')
  const numbers = Object.entries(limits).filter((entry): entry is [string, number] => entry[1] !== 'unlimited')
  return { limits: Object.fromEntries(numbers), ...(unlimited.length > 0 && { unlimited }) }
}
