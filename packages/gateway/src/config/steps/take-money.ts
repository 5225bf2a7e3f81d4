/** The price of a stage: one for a call, said of the balance that pays, otherwise of one meter that counts money. */
import { kindOf, type Meter } from 'tollgate/engine'
import type { Path } from '../read/config-problem.ts'
import { toKind } from '../shape/meter-shape.ts'
import { meterNamed, type StepContext } from './step-context.ts'
import type { Brought } from './step-kind.ts'
import type { TakeSettings } from './take-shape.ts'

/** What pays for the call, or counts what it would have paid. */
export function payersOf(stage: readonly TakeSettings[], context: StepContext): readonly Brought[] {
  return stage.flatMap(({ meter: name, price }, at): readonly Brought[] => {
    const meter = kindNamed(name, context)
    if (meter !== undefined && kindOf(meter).isFunded) {
      return [{ name, again: { at: ['take', at], fault: (earlier) => `"${name}" would pay too, but "${earlier}" does already; a call is paid from one balance, once` } }]
    }
    const isPriced = price !== undefined && payerOf(stage) === name && scaleNamed(name, context) !== undefined
    return isPriced ? [{ name, again: { at: ['take', at, 'price'], fault: (earlier) => `is said of "${earlier}" already; a call has one price` } }] : []
  })
}

/** `path` is of what is taken of this meter. */
export function checkMoney(take: TakeSettings, stage: readonly TakeSettings[], path: Path, context: StepContext): void {
  const meter = kindNamed(take.meter, context)
  if (meter === undefined) return
  if (kindOf(meter).isFunded) checkPaid(take, path, context)
  else if (kindOf(meter).scaleOf(meter) !== undefined) checkSpent(take, stage, path, context)
  else checkCounting(take, path, context)
}

export function scaleNamed(name: string, context: StepContext): number | undefined {
  const meter = kindNamed(name, context)
  return meter && kindOf(meter).scaleOf(meter)
}

function kindNamed(name: string, context: StepContext): Meter | undefined {
  const shape = meterNamed(name, context)
  return shape && toKind(shape)
}

/** The first that has a price. */
function payerOf(stage: readonly TakeSettings[]): string | undefined {
  return stage.find(({ price }) => price !== undefined)?.meter
}

function checkPaid({ meter, cost, reserve, limit, price, usage }: TakeSettings, path: Path, { report }: StepContext): void {
  if (price === undefined && !report.isWritten([...path, 'price'])) report([...path, 'price'], `is missing: "${meter}" is a balance; write { meter: ${meter}, price: 0.25 }${usage === undefined ? '' : ', the most that a call may use'}`)
  if (cost !== undefined) report([...path, 'cost'], 'belongs to windows, quotas and leases; what is taken of a balance is its price')
  if (reserve !== undefined) report([...path, 'reserve'], 'belongs to windows and quotas; what is held of a balance is its price')
  if (limit !== undefined) report([...path, 'limit'], 'belongs to windows, quotas and leases; of a balance there is what is granted')
}

function checkSpent({ meter, cost, reserve, limit, price, usage, chargeOn }: TakeSettings, stage: readonly TakeSettings[], path: Path, context: StepContext): void {
  const { report } = context
  const payer = payerOf(stage)
  const scale = scaleNamed(meter, context)
  const ofPayer = payer === undefined ? undefined : scaleNamed(payer, context)
  if (payer === undefined) report(path, `"${meter}" counts money, but nothing of this step has a price; take it with the balance that pays, or write { meter: ${meter}, price: 0.25 }`)
  else if (ofPayer !== undefined && ofPayer !== scale) report(path, `"${meter}" has scale ${scale}, and "${payer}" has scale ${ofPayer}; give both the same`)
  if (price !== undefined && payer !== meter) report([...path, 'price'], `is said of "${payer}" already; a call has one price, and "${meter}" counts it`)
  if (price === undefined && (usage !== undefined || chargeOn !== undefined)) report(path, `has usage or chargeOn without a price; write them where the price is`)
  if (cost !== undefined) report([...path, 'cost'], 'belongs to windows, quotas and leases; what is counted of money is the price')
  if (reserve !== undefined) report([...path, 'reserve'], 'belongs to windows and quotas; what is counted of money is the price')
  if (limit !== undefined) report([...path, 'limit'], `belongs to windows, quotas and leases; write the limit of "${meter}" with the meter or in the plans`)
}

function checkCounting({ meter, cost, reserve, price, usage, chargeOn }: TakeSettings, path: Path, context: StepContext): void {
  const { report } = context
  for (const [setting, value] of Object.entries({ price, chargeOn })) {
    if (value !== undefined) report([...path, setting], `belongs to a balance, and "${meter}" is none`)
  }
  const shape = meterNamed(meter, context)
  const counts = shape && toKind(shape)
  if (counts !== undefined && kindOf(counts).isHeld) {
    for (const [setting, value] of Object.entries({ reserve, usage })) if (value !== undefined) report([...path, setting], `belongs to windows and quotas, and "${meter}" holds what is alive`)
    return
  }
  if (usage !== undefined && reserve === undefined) report([...path, 'usage'], `counts what was used, and nothing is reserved for it before; write { meter: ${meter}, reserve: 500, usage: … }, about what a call uses`)
  if (reserve === undefined) return
  if (usage === undefined) report([...path, 'reserve'], `holds so many until the answer says what was used; add usage: { amounts: { usage.total_tokens: 1 } }, or write cost`)
  if (cost !== undefined) report([...path, 'cost'], `and reserve both say how many; with reserve it is corrected by what was used: take cost away`)
  if (counts?.counts === 'attempts') report([...path, 'reserve'], `is held by a call that is admitted, but "${meter}" counts attempts; take counts: attempts away`)
}
