/**
 * What is for sale (`products.json`). A retired product keeps its row, but cannot be bought any more. The gateway in front reads the same rows: what
 * a renewal costs and how many units there are (`renew_price`, `stock`) is for it alone.
 */
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
}

interface ProductRow extends Product {
  readonly retired?: boolean
  readonly renew_price: string
  readonly stock: number | null
}

export interface Products {
  onSale(): readonly Product[]
  /** Undefined when it is unknown or retired. */
  find(productNo: string): Product | undefined
}

/** Throws if the file is missing or is not JSON. */
export function readProducts(file: URL): Products {
  const rows = JSON.parse(readFileSync(file, 'utf8')) as readonly ProductRow[]
  const onSale = rows.flatMap(({ retired = false, renew_price: _gateways, stock: _too, ...product }) => (retired ? [] : [product]))
  return {
    onSale: () => onSale,
    find: (productNo) => onSale.find((product) => product.product_no === productNo),
  }
}

/** Throws, as `unitCentsOf` does, on a fault in our own data, which no caller can mend. */
export function priceCentsOf(product: Product, request: SessionRequest): number {
  const { product_no, per } = product
  if (per === 'GB' && request.type === 'dynamic') return unitCentsOf(product) * request.trafficGb
  if (per === 'IP-day' && request.type === 'static') return unitCentsOf(product) * request.quantity * request.durationDays
  throw new RangeError(`the product ${product_no} is ${request.type} and priced per "${per}"; write GB for dynamic ones, IP-day for static ones`)
}

/** What it costs once: for each gigabyte, or for each address and day. */
export function unitCentsOf({ product_no, price }: Product): number {
  const cents = parseCents(price)
  if (cents === undefined) throw new RangeError(`the price of product ${product_no} is "${price}"; write it like "12.00"`)
  return cents
}
