/** The steps of routes, as they are declared. All amounts are whole units of their balance. */
import type { Weekday } from '../../engine/meters/meter.ts'
import type { BodyCheck, RequestCheck } from './request-check.ts'
import type { ChargeOn } from '../way-out/costing.ts'
import type { StatusSet } from '../way-out/status-set.ts'

/** What each step is told: a step begins with its line here, and the compiler asks for the rest. */
export interface StepSettings {
  /** One atomic stage over these meters, money and leases among them: all are taken or none is. */
  readonly take: StageOptions
  /** Shows what these meters say to the upstream, changing nothing: the balance for a route that displays it. */
  readonly read: { readonly meters: readonly string[] }
  /** Binds the call to the caller's idempotency key: what has been answered is replayed. */
  readonly idempotency: IdempotencyOptions
  /** Finds the row of a configured table that the request names; unknown: `resource.not_found`. Later steps read its columns. */
  readonly lookup: LookupOptions
  /** Lets pass only who names a living lease of their own: unknown or foreign is `session.not_found`, over is `session.expired`. */
  readonly lease: LeaseOptions
  /** Parses the JSON body and validates it; or whatever else an operation asks of a request. */
  readonly validate: { readonly check: BodyCheck | RequestCheck }
  /** Refuses when the text field, by its dotted path, holds a word that the account blocks. */
  readonly blockWords: { readonly field: string }
  /** Lets pass only calls that keep all of its rules; others are `permission.denied`. */
  readonly allow: AllowOptions
}

/** What a step is called, in the configuration too: `take`, `lookup`, … */
export type StepKey = keyof StepSettings

/** One step of a route's own order. */
export type StepOptions = { [K in StepKey]: StepSettings[K] & { readonly kind: K } }[StepKey]

/** A number of the configuration, or a column of the row that the last lookup found. */
export type Amount = number | { readonly kind: 'column'; readonly column: string }

/**
 * How much a request asks for: `⌈figure / per⌉` of an integer field of the validated body, of the characters of a text field, of a parameter of the query,
 * or of the units of a lease meter that the lease at hand occupies. `default` stands in for an absent field; without it the field is required. A list names the places
 * where a body may have it; the first that is there counts.
 */
export type Quantity =
  | Amount
  | { readonly kind: 'field' | 'length'; readonly path: FieldPlaces; readonly per?: number; readonly default?: number }
  | { readonly kind: 'query'; readonly parameter: string; readonly per?: number; readonly default?: number }
  | { readonly kind: 'leased'; readonly meter: string }

/** A dotted path in the body, or several of which the first that is there counts. */
export type FieldPlaces = string | readonly [string, ...string[]]

/** `amount × times × times …`, exactly; what leaves the safe integers is refused. */
export interface PriceRule {
  readonly amount: Amount
  readonly times?: readonly Quantity[]
}

/** By the path of the figure: `usage.prompt_tokens`, `usageMetadata.promptTokensDetails[modality=AUDIO].tokenCount`. */
export interface FigurePrices {
  readonly [path: string]: Amount | FigurePrice
}

/** What one figure of an answer costs. */
export interface FigurePrice {
  readonly kind: 'figure'
  /** Of what no part of it has a price of its own for. */
  readonly amount: Amount
  /** Other places of the same figure. In each answer or event the first that is there counts. */
  readonly also?: readonly string[]
  /** Figures that it contains. One that is not said is 0. */
  readonly parts?: FigurePrices
}

/**
 * What the answer says was used, and what `per` of it costs: `{ per: 1000, amounts: { 'usage.prompt_tokens': 3 } }` is 3 units for 1000 tokens. The sum is
 * rounded up once. Read from a JSON answer or from the events of a stream, where the last figure counts.
 */
export interface UsageRule {
  readonly per: number
  readonly amounts: FigurePrices
  /** What an event of a stream costs that ended before it said any figure. */
  readonly perEvent?: Amount
}

/** What a stage takes of one meter. */
export interface TakeOptions {
  readonly meter: string
  /** Leases, windows and quotas: how many. Default 1. */
  readonly cost?: Quantity
  /** Windows and quotas, in place of `cost`: so many, and one at least, until the answer says what was used. That is counted then, also above it. Needs `usage`. */
  readonly reserve?: Quantity
  /** The limit where neither key, account nor plan says another, instead of the meter's own. */
  readonly limit?: Amount
  /** Balances: what is held. Required there. */
  readonly price?: PriceRule
  /** Balances: what is charged in the end, where the answer carries no `Tollgate-Price`. Default: what was held. Where it reserves: what is counted in the end. */
  readonly usage?: UsageRule
  /**
   * Balances: which answers of the service cost, where they say no price: statuses, and refusals by entry, reason or family. Default: successes, redirects
   * among them, and not 304; so too where only refusals are named.
   */
  readonly chargeOn?: ChargeOn
}

/**
 * How long a call that nobody works on any more may hold money, leases and its key, and what becomes of them then if it was sent. Counted from its arrival;
 * anew, when half of it has passed, as long as the gateway has the call in hand.
 */
export interface HoldOptions {
  readonly holdMs: number
  readonly onExpiry: 'release' | 'charge'
}

/**
 * One atomic stage: all of its meters are taken, or none is.
 *
 * @example
 * const stage: StageOptions = { take: ['burst', { meter: 'credit', price: { amount: 25 } }], hold: { holdMs: 600_000, onExpiry: 'release' } }
 */
export interface StageOptions {
  readonly take: readonly (string | TakeOptions)[]
  /** Default: released after ten minutes. At most one stage of a route may say it. */
  readonly hold?: HoldOptions
}

/** How calls are bound to the keys that callers send. Durations are milliseconds. */
export interface IdempotencyOptions {
  /** Lower case: `idempotency-key`. */
  readonly header: string
  readonly required?: boolean
  /** How long an answer is replayed, from the claim. Default: 24 hours. */
  readonly keptMs?: number
  /** What makes a request the same: the body's bytes, or what its JSON says in whatever order. Default `bytes`. */
  readonly fingerprint?: 'bytes' | 'json'
  /** A longer answer is not kept. Default: 256 KiB. */
  readonly answerBytesMax?: number
  /** Which of the upstream's answers are kept: `2xx`, `409`. Default: successes, redirects among them. Refusals of the gateway's own are never kept. */
  readonly storeStatuses?: StatusSet
}

/** Which row of a table a request is about. */
export interface LookupOptions {
  readonly table: string
  /** What a row is, for those who name one that does not exist: `product`. */
  readonly resource: string
  /** Where its id stands: a field of the body, a path parameter, a parameter of the query, or the resource of which the lease at hand occupies units. */
  readonly by: 'field' | 'param' | 'query' | 'leased'
  /** Of that field (dotted path), parameter or lease meter. */
  readonly name: string
}

/** Which lease the path names, and in which state it may be. */
export interface LeaseOptions {
  readonly param: string
  /** Default: the living ones only. */
  readonly allow?: readonly ('active' | 'terminated')[]
}

/**
 * Who may call, and when. Each rule that is there must hold; a list holds where one of its items does.
 *
 * @example
 * const office: AllowOptions = { addresses: ['192.0.2.0/24'], times: [{ from: '08:00', to: '18:00', timeZone: 'Europe/Berlin' }] }
 */
export interface AllowOptions {
  /** Networks and single addresses of the caller. */
  readonly addresses?: readonly string[]
  /** By the header's name in lower case: the values that it may have, exactly. All of its values must be among them. */
  readonly headers?: { readonly [name: string]: readonly string[] }
  readonly times?: readonly OpenTime[]
}

/** `from` is part of it, `to` is not; one that ends before it begins goes over midnight. `to` may be `24:00`. */
export interface OpenTime {
  readonly from: string
  readonly to: string
  /** On which it begins. Default: all. */
  readonly days?: readonly Weekday[]
  /** Of the IANA. Default: UTC. */
  readonly timeZone?: string
}
