/** Prices, quantities and limits of a take, turned into whole units. */
import { compact } from 'tollgate/contract'
import type { Amount, FigurePrices, PriceRule, Quantity, UsageRule } from 'tollgate/gate'
import type { FigureShape, PriceShape, QuantityShape, UsageShape } from '../shape/amount-shapes.ts'
import type { Path } from '../read/config-problem.ts'
import { toUnits } from '../read/decimal.ts'
import { checkLeased, type Balance } from './amount-needs.ts'
import type { StepContext } from './step-context.ts'

/** What a wrong amount counts as while the rest is checked: the report keeps the configuration from being used. */
const NOTHING = 0

export function toPrice(shape: PriceShape, balance: Balance, path: Path, context: StepContext): PriceRule {
  if (typeof shape === 'string') return { amount: toMoney(shape, balance, path, context) }
  const { amount, column, times = [] } = shape
  const factors = times.map((quantity, at) => toQuantity(quantity, [...path, 'times', at], context))
  const base = column === undefined ? toMoney(amount ?? '0', balance, [...path, 'amount'], context) : toColumn(column)
  checkProduct(base, factors, path, context)
  return compact({ amount: base, times: times.length > 0 ? factors : undefined })
}

/** What cannot be priced for any request is a slip. */
function checkProduct(amount: Amount, factors: readonly Quantity[], path: Path, { report }: StepContext): void {
  const numbers = [amount, ...factors].filter((factor) => typeof factor === 'number')
  const product = numbers.reduce((sofar, factor) => sofar * BigInt(factor), 1n)
  if (product > BigInt(Number.MAX_SAFE_INTEGER)) report(path, `comes to ${product} units at least, which is more than can be counted exactly (${Number.MAX_SAFE_INTEGER})`)
}

export function toUsage({ per, amounts, perEvent }: UsageShape, balance: Balance, path: Path, context: StepContext): UsageRule {
  return compact({
    per,
    amounts: toFigurePrices(amounts, balance, [...path, 'amounts'], context, new Set()),
    perEvent: perEvent === undefined ? undefined : toMoney(perEvent, balance, [...path, 'perEvent'], context),
  })
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
      const price = column === undefined ? toMoney(amount ?? '0', balance, typeof shape === 'string' ? place : [...place, 'amount'], context) : toColumn(column)
      if (also.length === 0 && parts === undefined) return [name, price]
      return [name, compact({ kind: 'figure', amount: price, also: also.length > 0 ? also : undefined, parts: parts && toFigurePrices(parts, balance, [...place, 'parts'], context, priced) })]
    }),
  )
}

function toMoney(amount: string | { readonly column: string }, balance: Balance, path: Path, { report }: StepContext): Amount {
  if (typeof amount !== 'string') return toColumn(amount.column)
  if (balance === undefined) return NOTHING
  const units = toUnits(amount, balance.scale, `"${balance.name}"`)
  if (units.ok) return units.units
  report.value(path, units.fault)
  return NOTHING
}

export function toColumn(column: string): Amount {
  return { kind: 'column', column }
}

export function toQuantity(shape: QuantityShape, path: Path, context: StepContext): Quantity {
  if (typeof shape === 'number') return shape
  const { column, field, length, query, leased, per, default: fallback } = shape
  if (column !== undefined) return toColumn(column)
  if (leased !== undefined) {
    checkLeased(leased, [...path, 'leased'], context)
    return { kind: 'leased', meter: leased }
  }
  if (query !== undefined) return compact({ kind: 'query', parameter: query, per, default: fallback })
  return field === undefined ? compact({ kind: 'length', path: length ?? '', per, default: fallback }) : compact({ kind: 'field', path: field, per, default: fallback })
}
