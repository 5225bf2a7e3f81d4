/**
 * How much a request asks for, and what that costs. Integers only: what is not one, or leaves the safe integers, is refused and never rounded to
 * something near.
 */
import { refuse } from '../../contract/declare/refusal.ts'
import type { Row } from '../gate-options.ts'
import { fieldOf } from '../steps/json-body.ts'
import type { Amount, FieldPlaces, PriceRule, Quantity } from '../steps/step-options.ts'
import type { OrRefusal } from '../or-refusal.ts'

/** Where figures come from. */
export interface Figures {
  /** The validated body. */
  readonly json: unknown
  /** Of the last lookup. */
  readonly row: Row | undefined
  /** The values of a parameter of the query. */
  parameter(name: string): readonly string[]
  /** How many units of a lease meter the lease at hand occupies. */
  leasedUnits(meter: string): number
}

export type Counted = OrRefusal<{ readonly units: number }>

export function priceOf({ amount, times = [] }: PriceRule, figures: Figures): Counted {
  let product: Counted = amountOf(amount, figures)
  for (const quantity of times) {
    if (product.kind === 'refused') return product
    const factor = countOf(quantity, figures)
    product = factor.kind === 'refused' ? factor : exactly(product.units * factor.units)
  }
  return product
}

export function countOf(quantity: Quantity, figures: Figures): Counted {
  if (typeof quantity === 'number' || quantity.kind === 'column') return amountOf(quantity, figures)
  if (quantity.kind === 'query') return countOfParameter(quantity, figures)
  return quantity.kind === 'leased' ? { kind: 'found', units: figures.leasedUnits(quantity.meter) } : countOfBody(quantity, figures)
}

/** Whether it is worked out from the body. */
export function isOfBody(quantity: Quantity | undefined): quantity is BodyQuantity {
  return typeof quantity === 'object' && (quantity.kind === 'field' || quantity.kind === 'length')
}

type BodyQuantity = Extract<Quantity, { readonly kind: 'field' | 'length' }>

function countOfBody(quantity: BodyQuantity, figures: Figures): Counted {
  const { path, value } = firstFound(figures.json, quantity.path)
  const { per = 1 } = quantity
  if (value === undefined || value === null) {
    return quantity.default === undefined ? invalid('field.missing', path, 'required', 'is required') : { kind: 'found', units: startedUnits(quantity.default, per) }
  }
  if (quantity.kind === 'length') return typeof value === 'string' ? { kind: 'found', units: startedUnits(characters(value), per) } : invalid('field.invalid', path, 'type', 'must be a text')
  const isCount = Number.isSafeInteger(value) && Number(value) >= 0
  return isCount ? { kind: 'found', units: startedUnits(Number(value), per) } : invalid('field.invalid', path, 'type', 'must be a whole number from 0')
}

function countOfParameter({ parameter: name, per = 1, default: fallback }: Extract<Quantity, { readonly kind: 'query' }>, figures: Figures): Counted {
  const [text, ...others] = figures.parameter(name)
  if (text === undefined || text === '') return fallback === undefined ? invalid('field.missing', name, 'required', 'is required', 'query') : { kind: 'found', units: startedUnits(fallback, per) }
  if (others.length > 0) return invalid('field.invalid', name, 'repeated', 'must be given once', 'query')
  const isCount = /^\d{1,16}$/.test(text) && Number.isSafeInteger(Number(text))
  return isCount ? { kind: 'found', units: startedUnits(Number(text), per) } : invalid('field.invalid', name, 'type', 'must be a whole number from 0', 'query')
}

/** Where none is there, the first place is the one that is missing. */
function firstFound(json: unknown, places: FieldPlaces): { readonly path: string; readonly value: unknown } {
  const [first, ...others] = typeof places === 'string' ? [places] : places
  const isThere = (path: string) => (fieldOf(json, path) ?? null) !== null
  const path = isThere(first) ? first : (others.find(isThere) ?? first)
  return { path, value: fieldOf(json, path) }
}

/** A column that is no amount is a fault of the configuration, and nothing for the caller to know. */
export function amountOf(amount: Amount, { row }: Pick<Figures, 'row'>): Counted {
  if (typeof amount === 'number') return { kind: 'found', units: amount }
  const value = row !== undefined && Object.hasOwn(row, amount.column) ? row[amount.column] : undefined
  if (Number.isSafeInteger(value) && Number(value) >= 0) return { kind: 'found', units: Number(value) }
  return refuse('internal', {}, { cause: `the column ${amount.column} is ${JSON.stringify(value)}, and no amount` })
}

/** `⌈count / per⌉`, without a division that could round. */
function startedUnits(count: number, per: number): number {
  const rest = count % per
  return (count - rest) / per + (rest === 0 ? 0 : 1)
}

/** As people count them: an emoji is one, not two. */
function characters(text: string): number {
  let count = 0
  for (const _ of text) count += 1
  return count
}

function exactly(units: number): Counted {
  if (Number.isSafeInteger(units)) return { kind: 'found', units }
  return refuse('request.invalid', { rule: 'price', issue: 'asks for more than can be priced' }, { source: 'client' })
}

function invalid(reason: 'field.missing' | 'field.invalid', field: string, rule: string, issue: string, place = 'body'): Counted {
  return refuse(reason, { field, in: place, rule, issue }, { source: 'client' })
}
