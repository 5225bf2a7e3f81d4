/** What balances that renew bring, held against the plans. */
import { kindOf, type Meter } from 'tollgate/engine'
import type { ApiShape } from '../shape/api-shape.ts'
import { limitUnits } from '../kinds/limit-units.ts'
import { allowanceSettings } from '../kinds/meter-kinds.ts'
import type { AllowanceSettings } from '../kinds/meter-settings.ts'
import type { Path } from '../read/config-problem.ts'
import { suggestion } from '../read/suggestion.ts'
import type { Report } from '../read/report.ts'
import { toKind, type MeterShape } from '../shape/meter-shape.ts'

/** How many periods there are in a hundred years. All that was ever granted is summed up, and must stay an exact integer. */
const inCentury: { readonly [each in AllowanceSettings['each']]: number } = { day: 36_525, week: 5_218, month: 1_200, year: 100 }

export function checkAllowances({ meters, plans }: ApiShape, path: Path, report: Report): void {
  const isPlan = (name: string): boolean => Object.hasOwn(plans, name) || report.isWritten([...path, 'plans', name])
  for (const [name, shape] of Object.entries(meters)) {
    const allowance = allowanceSettings(shape)
    if (allowance === undefined) continue
    const { amount } = allowance
    const at = [...path, 'meters', name, 'balance', 'amount']
    if (typeof amount !== 'object') {
      checkAmount(name, shape, amount, at, report)
      continue
    }
    for (const [plan, written] of Object.entries(amount)) {
      if (isPlan(plan)) checkAmount(name, shape, written, [...at, plan], report)
      else report([...at, plan], `no plan is called "${plan}"${suggestion(plan, Object.keys(plans))}`)
    }
    for (const plan of Object.keys(plans)) {
      if (!Object.hasOwn(amount, plan)) report([...at, plan], `is missing: what does each ${allowance.each} bring to who is on the plan "${plan}"? Write ${plan}: 1000, or ${plan}: 0 where it brings nothing`)
    }
  }
}

function checkAmount(name: string, shape: MeterShape, written: number | string, at: Path, report: Report): void {
  const meter = toKind(shape)
  const { units, fault = allowanceFault(name, meter, units) } = limitUnits(name, meter, written)
  if (fault !== undefined) report.value(at, fault)
}

/** What is wrong with so many units in each period, in words after the amount. */
export function allowanceFault(name: string, meter: Meter, units: number): string | undefined {
  const allowance = kindOf(meter).allowanceOf({ meter, limit: units })
  if (allowance === undefined || units * inCentury[allowance.renew.period] <= Number.MAX_SAFE_INTEGER) return undefined
  return `in each ${allowance.renew.period} is more than "${name}" can count exactly for a hundred years (its scale is ${allowance.scale}); use a smaller scale`
}

/** What each period brings whatever the plan, in whole units. */
export function commonAllowance(shape: MeterShape, meter: Meter): number | undefined {
  const amount = allowanceSettings(shape)?.amount
  return amount === undefined || typeof amount === 'object' ? undefined : limitUnits(undefined, meter, amount).units
}

/** What each period brings on this plan, by meter, in whole units. */
export function planAllowances(plan: string, meters: ApiShape['meters']): readonly (readonly [meter: string, units: number])[] {
  return Object.entries(meters).flatMap(([name, shape]) => {
    const amount = allowanceSettings(shape)?.amount
    const written = typeof amount === 'object' && Object.hasOwn(amount, plan) ? amount[plan] : undefined
    return written === undefined ? [] : [[name, limitUnits(name, toKind(shape), written).units] as const]
  })
}
