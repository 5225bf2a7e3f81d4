/** The plans of an API held against its meters and routes. */
import type { ApiOptions } from 'tollgate/server'
import type { ApiShape } from './api-shape.ts'
import { suggestion } from './nearest-name.ts'
import type { Path } from './problem.ts'
import type { Report } from './report.ts'

type PlanShape = ApiShape['plans'][string]

/** `meters`: names as written, even of those that have problems of their own. */
export function checkPlans(shape: ApiShape, path: Path, meters: readonly string[], report: Report): void {
  for (const [plan, limits] of Object.entries(shape.plans)) {
    for (const meter of Object.keys(limits)) {
      if (!meters.includes(meter)) report([...path, 'plans', plan, meter], `no meter is called "${meter}"${suggestion(meter, meters)}`)
    }
  }
  for (const [at, route] of shape.routes.entries()) {
    for (const meter of route.steps.flatMap(({ take }) => take ?? [])) checkLimits(meter, at, shape, path, report)
  }
}

/** Whoever takes a meter has a limit on it, or is meant to have none. The gate would refuse a call for which nothing says either. */
function checkLimits(meter: string, routeAt: number, { meters, plans, routes }: ApiShape, path: Path, report: Report): void {
  const settings = Object.hasOwn(meters, meter) ? meters[meter] : undefined
  if (settings === undefined || settings.limit !== undefined) return
  if (routes[routeAt]?.public === true) {
    if (settings.per === 'ip') report([...path, 'meters', meter, 'limit'], `is missing: routes[${routeAt}] takes "${meter}" for callers without a plan; write limit: 100`)
    return
  }
  for (const [plan, limits] of Object.entries(plans)) {
    if (Object.hasOwn(limits, meter)) continue
    report([...path, 'plans', plan, meter], `is missing: routes[${routeAt}] takes "${meter}", which has no limit of its own; write ${meter}: 100, or ${meter}: unlimited`)
  }
}

export function toPlan(limits: PlanShape): ApiOptions['plans'][string] {
  const unlimited = Object.keys(limits).filter((meter) => limits[meter] === 'unlimited')
  const numbers = Object.entries(limits).filter((entry): entry is [string, number] => entry[1] !== 'unlimited')
  return { limits: Object.fromEntries(numbers), ...(unlimited.length > 0 && { unlimited }) }
}
