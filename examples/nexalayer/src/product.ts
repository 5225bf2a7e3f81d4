/** What is for sale (`products.json`). A retired product keeps its row, but cannot be bought any more. */
import { readFileSync } from 'node:fs'
import { parseCents } from './money.ts'
import type { SessionRequest } from './session-request.ts'

export interface Product {
  readonly product_no: string
  readonly name: string
  readonly type: 'dynamic' | 'static'
  /** Decimal, for each gigabyte or for each address and day. */
  readonly price: string
  readonly per: 'GB' | 'IP-day'
  /** How long it may be bought for; a dynamic one: how long its traffic is good for. */
  readonly durations_days: readonly number[]
  readonly retired?: boolean
}

export interface Products {
  onSale(): readonly Product[]
  /** Undefined when it is unknown or retired. */
  find(productNo: string): Product | undefined
}

/** Throws if the file is missing or is not JSON. */
export function readProducts(file: URL): Products {
  const onSale = (JSON.parse(readFileSync(file, 'utf8')) as readonly Product[]).filter((product) => product.retired !== true)
  return {
    onSale: () => onSale,
    find: (productNo) => onSale.find((product) => product.product_no === productNo),
  }
}

export function priceCentsOf(product: Product, request: SessionRequest): number {
  return unitCentsOf(product) * (request.type === 'dynamic' ? request.trafficGb : request.quantity * request.durationDays)
}

/** Throws on a price that is no price: a fault in our own data, which no caller can mend. */
export function unitCentsOf(product: Product): number {
  const cents = parseCents(product.price)
  if (cents === undefined) throw new RangeError(`the price of product ${product.product_no} is "${product.price}"; write it like "12.00"`)
  return cents
}
