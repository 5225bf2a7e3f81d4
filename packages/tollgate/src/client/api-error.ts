/** The one error of every API: what happened, what to do about it, and what was tried. */
import type { Action, RetryRule } from '../contract/declare/declaration.ts'
import type { JsonValue } from '../contract/declare/facts.ts'
import type { Reason } from '../contract/declare/reason.ts'
import type { Source } from '../contract/declare/refusal.ts'
import type { ListedError, ReadError, ReadRateLimit, WireIssue } from '../contract/declare/wire.ts'
import type { Dialect } from '../contract/read/dialect.ts'
import { compact } from '../contract/values/compact.ts'
import type { Attempt } from './attempt.ts'
import type { StopBecause } from './decide-retry.ts'

/** By this an error of another copy of this library, or of another realm, is known. */
const API_ERROR = Symbol.for('tollgate.api-error')

/** The last instant that a `Date` can hold: servers may tell any wait. */
const DATE_MAX_MS = 8.64e15

/** What an `ApiError` is made from: everything that it says, but for what is derived. */
export interface ApiErrorInit {
  readonly reason: Reason
  readonly message: string
  readonly source: Source
  readonly retry: RetryRule
  readonly action: Action
  /** The API whose contract or dialect it was read in. */
  readonly dialect?: string | undefined
  readonly entry?: string | undefined
  readonly code?: string | number | undefined
  readonly status?: number | undefined
  readonly details?: { readonly [name: string]: JsonValue } | undefined
  readonly requestId?: string | undefined
  readonly retryAfterMs?: number | undefined
  readonly retryAtMs?: number | undefined
  readonly limits?: readonly ReadRateLimit[] | undefined
  readonly fields?: { readonly [field: string]: readonly string[] } | undefined
  readonly issues?: readonly WireIssue[] | undefined
  readonly errors?: readonly ListedError[] | undefined
  readonly succeeded?: number | undefined
  readonly payment?: unknown
  readonly docs?: string | undefined
  readonly body?: string | undefined
  readonly idempotencyKey?: string | undefined
  readonly attempts?: readonly Attempt[] | undefined
  readonly because?: StopBecause | undefined
  readonly cause?: unknown
}

/**
 * A call that was refused, that failed, or whose outcome nobody knows. `error.reason` is the same vocabulary for every API; `error.code` is the API's own.
 *
 * @example
 * const error = new ApiError({ reason: 'credit.insufficient', message: 'Top up first.', source: 'api', retry: 'never', action: 'pay_or_upgrade', status: 402 })
 * error.action // => 'pay_or_upgrade'
 */
export class ApiError extends Error {
  /** What happened: `rate.limited`, `credit.insufficient`, `outcome.unknown`. */
  declare readonly reason: Reason
  /** Who refused or failed. */
  declare readonly source: Source
  /** What a program may do about it. The client has done it already, as far as it was allowed: `because` says why it stopped. */
  declare readonly retry: RetryRule
  /** What a person should do. */
  declare readonly action: Action
  /** The API whose contract or dialect it was read in; undefined: none that is known, only the status. */
  declare readonly dialect: string | undefined
  /** The contract's own name for it; undefined: not one of the contract. */
  declare readonly entry: string | undefined
  /** The API's own name for it: `DAILY_QUOTA_EXCEEDED`, `18020`. */
  declare readonly code: string | number | undefined
  /** The status that it means, also where the answer said 200. Undefined: there was no answer. */
  declare readonly status: number | undefined
  /** The figures of the error, under the API's own names. */
  declare readonly details: { readonly [name: string]: JsonValue }
  /** For support. */
  declare readonly requestId: string | undefined
  /** What the server told to wait, from the moment of its answer. */
  declare readonly retryAfterMs: number | undefined
  /** The same as an instant: epoch milliseconds. */
  declare readonly retryAtMs: number | undefined
  /** What the answer says of limits. */
  declare readonly limits: readonly ReadRateLimit[]
  /** Field → issues, where the API says which fields are at fault. */
  declare readonly fields: { readonly [field: string]: readonly string[] } | undefined
  declare readonly issues: readonly WireIssue[] | undefined
  /** All errors of an answer that lists more than one. */
  declare readonly errors: readonly ListedError[] | undefined
  /** Of a batch: how many of its items succeeded. */
  declare readonly succeeded: number | undefined
  /** How it may be paid, where the answer is a payment challenge. */
  declare readonly payment: unknown
  /** Where the API documents its errors. */
  declare readonly docs: string | undefined
  /** The body of the answer as text; its first 64 KB. */
  declare readonly body: string | undefined
  /** The key under which it was sent. Under the same key it may be sent again, whatever has become of it. */
  declare readonly idempotencyKey: string | undefined
  /** Each request that went out. */
  declare readonly attempts: readonly Attempt[]
  /** Why it was not tried again. */
  declare readonly because: StopBecause | undefined

  constructor(init: ApiErrorInit) {
    super(init.message, init.cause === undefined ? undefined : { cause: init.cause })
    const { message: _, cause: __, details = {}, limits = [], attempts = [], ...rest } = init
    // Programs that know no ApiError look for this name.
    Object.assign(this, compact(rest), { name: init.reason === 'aborted' ? 'AbortError' : 'ApiError', details, limits, attempts })
    Object.defineProperty(this, API_ERROR, { value: true })
  }

  /** When it may be tried again. */
  get retryAt(): Date | undefined {
    return this.retryAtMs === undefined ? undefined : new Date(Math.min(this.retryAtMs, DATE_MAX_MS))
  }

  /** The limit that the error is about: of those that are told, the one with the least left. */
  get meter(): ReadRateLimit | undefined {
    return this.limits.reduce<ReadRateLimit | undefined>((least, each) => (least === undefined || (each.remaining ?? Infinity) < (least.remaining ?? Infinity) ? each : least), undefined)
  }
}

/** The code of an error that the contract does not have. A text or a number; `String(code)` shows it. An opaque type, so that a `switch` over the contract's own codes can be exhaustive. */
export interface UnknownCode {
  readonly [unknownCode]: true
  toString(): string
}
declare const unknownCode: unique symbol

/** The errors of one contract or dialect, `ApiErrorOf<typeof contract>`: `switch (error.code)` and `switch (error.entry)` know each of them and its details. */
export type ApiErrorOf<C extends Dialect> = C extends Dialect<infer Read> ? ApiErrorAs<Read> : ApiError

/** The same, of what a dialect reads. */
export type ApiErrorAs<Read> = Read extends ReadError
  ? string extends Read['entry']
    ? ApiError
    : Read['entry'] extends string
      ? Omit<ApiError, 'entry' | 'code' | 'details'> & Pick<Read, 'entry' | 'code' | 'details'>
      : Omit<ApiError, 'entry' | 'code'> & { readonly entry: undefined; readonly code: UnknownCode | undefined }
  : never

/**
 * Whether `error` is an `ApiError`, whichever copy of this library made it. With a contract: one of its errors, or one of its calls that had no answer.
 *
 * @example
 * try {
 *   await Promise.reject(new ApiError({ reason: 'rate.limited', message: 'Too fast.', source: 'api', retry: 'wait', action: 'wait' }))
 * } catch (error) {
 *   if (!isApiError(error)) throw error
 *   error.reason
 * }
 */
export function isApiError<Read = ReadError>(error: unknown, contract?: Dialect<Read>): error is ApiErrorAs<Read> {
  if (typeof error !== 'object' || error === null || (error as { readonly [API_ERROR]?: unknown })[API_ERROR] !== true) return false
  const { dialect } = error as ApiError
  return contract === undefined || dialect === undefined || dialect === contract.name
}
