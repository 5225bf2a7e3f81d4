/** The plans of an API held against its meters and routes. */
import { compact } from 'tollgate/contract'
import { kindOf } from 'tollgate/engine'
import type { ApiOptions } from 'tollgate/gate'
import type { ApiShape } from '../shape/api-shape.ts'
import { limitUnits } from '../kinds/limit-units.ts'
import { allowanceSettings, meterKinds } from '../kinds/meter-kinds.ts'
import type { AnySettings } from '../kinds/meter-settings.ts'
import { toKind, kindOfShape } from '../shape/meter-shape.ts'
import { suggestion } from '../read/suggestion.ts'
import type { Path } from '../read/config-problem.ts'
import type { Report } from '../read/report.ts'
import { planAllowances } from './allowances.ts'
import { toSettings, type TakeShape } from '../steps/take-shape.ts'

type PlanShape = ApiShape['plans'][string]

/** `meters`: names as written, even of those that have problems of their own. */
export function checkPlans(shape: ApiShape, path: Path, meters: readonly string[], report: Report): void {
  for (const [plan, limits] of Object.entries(shape.plans)) {
    for (const [meter, written] of Object.entries(limits)) {
      if (!meters.includes(meter)) report([...path, 'plans', plan, meter], `no meter is called "${meter}"${suggestion(meter, meters)}`)
      else if (isUnlimited(shape.meters, meter)) {
        report([...path, 'plans', plan, meter], renews(shape.meters, meter) ? `"${meter}" is a balance; what each period brings to a plan stands with it: balance: { amount: { ${plan}: 1000 } }` : `"${meter}" is a balance, and of money there is no limit but what is granted; take it away`)
      } else if (Object.hasOwn(shape.meters, meter) && shape.meters[meter] !== undefined && written !== 'unlimited') {
        const { fault } = limitUnits(meter, toKind(shape.meters[meter]), written)
        if (fault !== undefined) report.value([...path, 'plans', plan, meter], fault)
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
  const { meter: name } = toSettings(take)
  const meter = Object.hasOwn(meters, name) ? meters[name] : undefined
  const ofMeter = [...path.api, 'meters', name, 'limit']
  if (meter === undefined || !kindOf(toKind(meter)).isLimited || report.isWritten(ofMeter) || report.isWritten([...path.take, 'limit'])) return
  if (routes[routeAt]?.public === true) {
    if (meter.per === 'ip' || meter.per === 'resource') report(ofMeter, `is missing: routes[${routeAt}] takes "${name}" for callers without a plan; write limit: 100`)
    return
  }
  const without = Object.entries(plans).filter(([, limits]) => !Object.hasOwn(limits, name))
  const of: AnySettings = meterKinds[kindOfShape(meter) ?? 'window']
  const missing = of.missingLimit?.(meter, { name, routeAt, plans: Object.keys(plans).length, without: without.length })
  if (missing !== undefined) {
    report(missing.at === 'take' ? [...path.take, 'limit'] : ofMeter, missing.message)
  } else {
    for (const [plan] of without) {
      report([...path.api, 'plans', plan, name], `is missing: routes[${routeAt}] takes "${name}", which has no limit of its own; write ${name}: 100, or ${name}: unlimited`)
    }
  }
}

function renews(meters: ApiShape['meters'], name: string): boolean {
  const meter = Object.hasOwn(meters, name) ? meters[name] : undefined
  return meter !== undefined && allowanceSettings(meter) !== undefined
}

/** Of what no limit holds but what is there. */
function isUnlimited(meters: ApiShape['meters'], name: string): boolean {
  const meter = Object.hasOwn(meters, name) ? meters[name] : undefined
  return meter !== undefined && !kindOf(toKind(meter)).isLimited
}

/** What it brings of a balance that renews is its limit there. */
export function toPlan(plan: string, limits: PlanShape, meters: ApiShape['meters']): ApiOptions['plans'][string] {
  const unlimited = Object.keys(limits).filter((meter) => limits[meter] === 'unlimited')
  const numbers = Object.entries(limits).flatMap(([name, written]) => (written === 'unlimited' || meters[name] === undefined ? [] : [[name, limitUnits(name, toKind(meters[name]), written).units] as const]))
  return compact({ limits: Object.fromEntries([...numbers, ...planAllowances(plan, meters)]), unlimited: unlimited.length > 0 ? unlimited : undefined })
}
