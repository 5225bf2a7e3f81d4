/** Prices, quantities and limits of a take: turned into whole units, and held against what the steps before have found. */
import { kindOf } from 'tollgate/engine'
import type { Amount, FigurePrices, PriceRule, Quantity, UsageRule } from 'tollgate/gate'
import type { FigureShape, LimitShape, PriceShape, QuantityShape, UsageShape } from '../shape/amount-shapes.ts'
import type { ColumnMeaning } from './column-uses.ts'
import { toUnits } from '../read/decimal.ts'
import { toKind, type MeterShape } from '../shape/meter-shape.ts'
import { suggestion } from '../read/suggestion.ts'
import type { Path } from '../read/config-problem.ts'
import type { StepContext } from './route-context.ts'

/** In whose units money is counted. Undefined: the meter has problems of its own. */
export type Balance = { readonly name: string; readonly scale: number } | undefined

/** What a wrong amount counts as while the rest is checked: the report keeps the configuration from being used. */
const NOTHING = 0

export function toPrice(shape: PriceShape, balance: Balance, path: Path, context: StepContext): PriceRule {
  if (typeof shape === 'string') return { amount: toMoney(shape, balance, path, context) }
  const { amount, column, times = [] } = shape
  const factors = times.map((quantity, at) => toQuantity(quantity, [...path, 'times', at], context))
  const base = column === undefined ? toMoney(amount ?? '0', balance, [...path, 'amount'], context) : toMoney({ column }, balance, path, context)
  checkProduct(base, factors, path, context)
  return { amount: base, ...(times.length > 0 && { times: factors }) }
}

/** What cannot be priced for any request is a slip. */
function checkProduct(amount: Amount, factors: readonly Quantity[], path: Path, { report }: StepContext): void {
  const numbers = [amount, ...factors].filter((factor) => typeof factor === 'number')
  const product = numbers.reduce((sofar, factor) => sofar * BigInt(factor), 1n)
  if (product > BigInt(Number.MAX_SAFE_INTEGER)) report(path, `comes to ${product} units at least, which is more than can be counted exactly (${Number.MAX_SAFE_INTEGER})`)
}

export function toUsage({ per, amounts, perEvent }: UsageShape, balance: Balance, path: Path, context: StepContext): UsageRule {
  return {
    per,
    amounts: toFigurePrices(amounts, balance, [...path, 'amounts'], context, new Set()),
    ...(perEvent !== undefined && { perEvent: toMoney(perEvent, balance, [...path, 'perEvent'], context) }),
  }
}

/** `priced`: the paths so far. What is counted twice would be paid twice. */
function toFigurePrices(shapes: { readonly [path: string]: FigureShape }, balance: Balance, path: Path, context: StepContext, priced: Set<string>): FigurePrices {
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => {
      const place = [...path, name]
      const { amount, column, also: others = [], parts } = typeof shape === 'string' ? { amount: shape } : shape
      const also = typeof others === 'string' ? [others] : others
      for (const figure of [name, ...also]) {
        if (priced.has(figure)) context.report(place, `"${figure}" is priced twice`)
        priced.add(figure)
      }
      const price = column === undefined ? toMoney(amount ?? '0', balance, typeof shape === 'string' ? place : [...place, 'amount'], context) : toMoney({ column }, balance, place, context)
      if (also.length === 0 && parts === undefined) return [name, price]
      return [name, { amount: price, ...(also.length > 0 && { also }), ...(parts !== undefined && { parts: toFigurePrices(parts, balance, [...place, 'parts'], context, priced) }) }]
    }),
  )
}

function toMoney(amount: string | { readonly column: string }, balance: Balance, path: Path, context: StepContext): Amount {
  if (typeof amount !== 'string') return balance === undefined ? amount : toColumn(amount.column, { kind: 'money', balance: balance.name, scale: balance.scale }, path, context)
  if (balance === undefined) return NOTHING
  const units = toUnits(amount, balance.scale, balance.name)
  if (units.ok) return units.units
  context.report.value(path, units.fault)
  return NOTHING
}

export function toLimit(shape: LimitShape, path: Path, context: StepContext): Amount {
  return typeof shape === 'number' ? shape : toColumn(shape.column, { kind: 'limit' }, path, context)
}

export function toQuantity(shape: QuantityShape, path: Path, context: StepContext): Quantity {
  if (typeof shape === 'number') return shape
  const { column, field, length, leased, per, default: fallback } = shape
  if (column !== undefined) return toColumn(column, { kind: 'count' }, path, context)
  if (leased !== undefined) {
    checkLeased(leased, [...path, 'leased'], context)
    return { leased }
  }
  const settings = { ...(per !== undefined && { per }), ...(fallback !== undefined && { default: fallback }) }
  return field === undefined ? { length: length ?? '', ...settings } : { field, ...settings }
}

/** `path` is of the group that names the column. */
function toColumn(column: string, meaning: ColumnMeaning, path: Path, { soFar, isPartial, columns, report }: StepContext): Amount {
  const place = [...path, 'column']
  if (soFar.table !== undefined) columns.add(soFar.table, column, meaning, place)
  else if (!isPartial) report(place, `"${column}" is read from a row, but nothing is looked up before; put a step such as lookup: { table: …, resource: …, param: id } before this one`)
  return { column }
}

/** What a lease occupies units of. */
export function checkLeased(name: string, path: Path, { api, meters, soFar, isPartial, report }: StepContext): void {
  const occupies = (shape: MeterShape): boolean => {
    const of = toKind(shape)
    return kindOf(of).isDurable(of) && kindOf(of).scaleOf(of) === undefined
  }
  const leases = Object.entries(api.meters).flatMap(([each, meter]) => (occupies(meter) ? [each] : []))
  const meter = Object.hasOwn(api.meters, name) ? api.meters[name] : undefined
  if (!meters.includes(name)) report(path, `no meter is called "${name}"${suggestion(name, leases)}`)
  else if (meter !== undefined && !occupies(meter)) report(path, `"${name}" is no meter that a lease occupies; name one with lease: session or lease: stock`)
  else if (!soFar.hasLease && !isPartial) report(path, `no lease is at hand here; put a step such as lease: { param: id } before this one`)
}
