/**
 * Facts are what a refusal may tell the caller, under canonical names and units: milliseconds for time, safe integers for counts, scaled
 * integers for money. A contract entry turns them into the details and messages of its own dialect.
 */

/** What JSON can say. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue }

/** An amount in safe integers: `{ units: 5050, scale: 2 }` is 50.50. */
export interface Money {
  readonly units: number
  readonly scale: number
}

/** What a fact can be: JSON, or an exact amount of money. */
export type FactValue = JsonValue | Money

/** Facts with a closed vocabulary: entries refine by them, so a word that is renamed must break the build and not the refinement. */
export const knownValues = {
  failure: ['refused', 'timeout', 'reset', 'garbage', 'client_gone', 'request_body'],
  state: ['active', 'terminated', 'expired', 'revoked', 'disabled'],
  counts: ['money'],
  subject: ['account', 'user', 'key'],
} as const

/**
 * The canonical names. A refusal may carry others (a service's own details); these are the ones that the gateway itself fills in.
 * Every `…Ms` is milliseconds: epoch milliseconds for instants (`resetAtMs`), a duration otherwise (`retryAfterMs`).
 *
 * @example
 * const facts: Facts = { limit: 100, used: 120, remaining: 0, resetAtMs: Date.now() + 3_600_000, balance: { units: 5_050, scale: 2 } }
 */
export interface Facts {
  /** The meter that refused, its limit, what is used (attempts may pass the limit), what remains, and when it is reset. Of money, amounts. */
  readonly meter?: string
  /** There where the meter counts money, and whose it is. */
  readonly counts?: (typeof knownValues.counts)[number]
  readonly subject?: (typeof knownValues.subject)[number]
  readonly limit?: number | Money
  readonly used?: number | Money
  readonly remaining?: number | Money
  readonly resetAtMs?: number
  readonly windowMs?: number
  /** For quotas: `day` or `month`. */
  readonly period?: string
  readonly plan?: string
  /** The earliest useful retry, from now. */
  readonly retryAfterMs?: number
  /** False: no wait lets it pass, since it asks for more than the limit ever leaves, or for more money than there is. No answer promises one then. */
  readonly waitHelps?: false
  /** The field at fault as a dotted path (`config.product_no`), what is wrong with it, and the rule it broke (`required`, `maxLength`, `enum`, …). */
  readonly field?: string
  readonly issue?: string
  readonly rule?: string
  /** All fields at fault with their issues, for dialects that list them. */
  readonly fields?: { readonly [field: string]: readonly string[] }
  /** The same one by one, the most important first: `{ field: 'items.0.name', in: 'body', issue: 'is required', rule: 'required' }`. */
  readonly issues?: readonly { readonly [part in 'field' | 'in' | 'issue' | 'rule']?: string }[]
  /** How many issues there are, and how many beside the first: where a contract says them, its entries are told both. Unknown where none is, or no further one. */
  readonly issueCount?: number
  readonly furtherIssues?: number
  /** 405: the methods that the path does allow. */
  readonly allow?: readonly string[]
  readonly method?: string
  readonly path?: string
  /** The request header that should have carried the credential. */
  readonly header?: string
  /** The parameter of the query that should have. */
  readonly parameter?: string
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
  /** How the way to an upstream failed, and in which state the thing at issue is. */
  readonly failure?: (typeof knownValues.failure)[number]
  readonly state?: (typeof knownValues.state)[number]
  readonly [name: string]: FactValue | undefined
}

/** The names that `Facts` declares. */
export type FactName = keyof { [Name in keyof Facts as string extends Name ? never : Name]: true }

/** The same at run time: what a message may name without declaring it. The compiler keeps the two equal. */
export const factNames: readonly string[] = Object.keys({
  meter: true,
  counts: true,
  subject: true,
  limit: true,
  used: true,
  remaining: true,
  resetAtMs: true,
  windowMs: true,
  period: true,
  plan: true,
  retryAfterMs: true,
  waitHelps: true,
  field: true,
  issue: true,
  rule: true,
  fields: true,
  issues: true,
  issueCount: true,
  furtherIssues: true,
  allow: true,
  method: true,
  path: true,
  header: true,
  parameter: true,
  keyId: true,
  expiredAtMs: true,
  revokedAtMs: true,
  untilMs: true,
  required: true,
  granted: true,
  balance: true,
  resource: true,
  id: true,
  bytesMax: true,
  failure: true,
  state: true,
} satisfies { readonly [Name in FactName]-?: true })

export function isMoney(value: unknown): value is Money {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, 'units') && Object.hasOwn(value, 'scale')
}
