/**
 * Facts are what a refusal may tell the caller, under canonical names and units: milliseconds for time, safe integers for counts, scaled
 * integers for money. A contract entry turns them into the details and messages of its own dialect.
 */

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue }

/** An amount in safe integers: `{ units: 5050, scale: 2 }` is 50.50. */
export interface Money {
  readonly units: number
  readonly scale: number
}

export type FactValue = JsonValue | Money

/**
 * The canonical names. A refusal may carry others (a service's own details); these are the ones that the gateway itself fills in.
 * Every `…Ms` is milliseconds: epoch milliseconds for instants (`resetAtMs`), a duration otherwise (`retryAfterMs`).
 */
export interface Facts {
  /** The meter that refused, its limit, what is used (attempts may pass the limit), what remains, and when it is reset. */
  readonly meter?: string
  readonly limit?: number
  readonly used?: number
  readonly remaining?: number
  readonly resetAtMs?: number
  readonly windowMs?: number
  /** For quotas: `day` or `month`. */
  readonly period?: string
  readonly plan?: string
  /** The earliest useful retry, from now. */
  readonly retryAfterMs?: number
  /** The field at fault as a dotted path (`config.product_no`), what is wrong with it, and the rule it broke (`required`, `maxLength`, `enum`, …). */
  readonly field?: string
  readonly issue?: string
  readonly rule?: string
  /** 405: the methods that the path does allow. */
  readonly allow?: readonly string[]
  readonly method?: string
  readonly path?: string
  /** The request header that should have carried the credential. */
  readonly header?: string
  readonly keyId?: string
  readonly expiredAtMs?: number
  readonly revokedAtMs?: number
  readonly untilMs?: number
  readonly required?: FactValue
  readonly granted?: FactValue
  readonly balance?: Money
  readonly resource?: string
  readonly id?: string
  readonly bytesMax?: number
  readonly [name: string]: FactValue | undefined
}

export function isMoney(value: unknown): value is Money {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, 'units') && Object.hasOwn(value, 'scale')
}
