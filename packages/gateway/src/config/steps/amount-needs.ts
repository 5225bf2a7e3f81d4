/** What the amounts of a take need of the steps before: the row whose columns they name, the lease whose units they count. */
import type { ColumnMeaning } from '../build/column-uses.ts'
import type { Path } from '../read/config-problem.ts'
import { suggestion } from '../read/suggestion.ts'
import type { FigureShape, LimitShape, PriceShape, QuantityShape, UsageShape } from '../shape/amount-shapes.ts'
import { meterNamed, type StepContext } from './step-context.ts'
import type { NeedPlace } from './step-kind.ts'
import { occupies } from './step-meters.ts'

/** In whose units money is counted. Undefined: the meter has problems of its own. */
export type Balance = { readonly name: string; readonly scale: number } | undefined

export interface TakeAmounts {
  readonly cost?: QuantityShape | undefined
  readonly reserve?: QuantityShape | undefined
  readonly limit?: LimitShape | undefined
  readonly price?: PriceShape | undefined
  readonly usage?: UsageShape | undefined
}

export function needsOfRow({ cost, reserve, limit, price, usage }: TakeAmounts, balance: Balance, at: Path): readonly NeedPlace[] {
  const money: ColumnMeaning | undefined = balance && { kind: 'money', balance: balance.name, scale: balance.scale }
  return [
    ...ofQuantity(cost, [...at, 'cost']),
    ...ofQuantity(reserve, [...at, 'reserve']),
    ...(typeof limit === 'object' ? readOf(limit.column, { kind: 'limit' }, [...at, 'limit']) : []),
    ...quantitiesOf(price, at).flatMap(([quantity, place]) => ofQuantity(quantity, place)),
    ...(typeof price === 'object' ? readOf(price.column, money, [...at, 'price']) : []),
    ...ofFigures(usage?.amounts, money, [...at, 'usage', 'amounts']),
    ...(typeof usage?.perEvent === 'object' ? readOf(usage.perEvent.column, money, [...at, 'usage', 'perEvent']) : []),
  ]
}

export function needsOfLease({ cost, reserve, price }: TakeAmounts, at: Path, context: StepContext): readonly NeedPlace[] {
  const all = [...(cost === undefined ? [] : [[cost, [...at, 'cost']] as const]), ...(reserve === undefined ? [] : [[reserve, [...at, 'reserve']] as const]), ...quantitiesOf(price, at)]
  return all.flatMap(([quantity, place]) => (typeof quantity === 'object' && quantity.leased !== undefined ? needsOfLeased(quantity.leased, [...place, 'leased'], context) : []))
}

/** One that no lease can occupy is told so, and asks for none. */
export function needsOfLeased(name: string, at: Path, context: StepContext): readonly NeedPlace[] {
  const meter = meterNamed(name, context)
  return meter !== undefined && occupies(meter) ? [{ at, fault: 'no lease is at hand here' }] : []
}

/** What a lease occupies units of. */
export function checkLeased(name: string, path: Path, context: StepContext): void {
  const { api, meters, report } = context
  const meter = meterNamed(name, context)
  const leases = Object.entries(api.meters).flatMap(([each, shape]) => (occupies(shape) ? [each] : []))
  if (!meters.includes(name)) report(path, `no meter is called "${name}"${suggestion(name, leases)}`)
  else if (meter !== undefined && !occupies(meter)) report(path, `"${name}" is no meter that a lease occupies; name one with lease: session or lease: stock`)
}

function quantitiesOf(price: PriceShape | undefined, at: Path): readonly (readonly [QuantityShape, Path])[] {
  return typeof price === 'object' ? (price.times ?? []).map((quantity, index) => [quantity, [...at, 'price', 'times', index]] as const) : []
}

function ofQuantity(quantity: QuantityShape | undefined, at: Path): readonly NeedPlace[] {
  return typeof quantity === 'object' ? readOf(quantity.column, { kind: 'count' }, at) : []
}

function ofFigures(figures: { readonly [path: string]: FigureShape } = {}, money: ColumnMeaning | undefined, at: Path): readonly NeedPlace[] {
  return Object.entries(figures).flatMap(([name, figure]) => (typeof figure === 'string' ? [] : [...readOf(figure.column, money, [...at, name]), ...ofFigures(figure.parts, money, [...at, name, 'parts'])]))
}

function readOf(column: string | undefined, meaning: ColumnMeaning | undefined, at: Path): readonly NeedPlace[] {
  if (column === undefined || meaning === undefined) return []
  return [{ at: [...at, 'column'], fault: `"${column}" is read from a row, but nothing is looked up before`, column: { name: column, meaning } }]
}
