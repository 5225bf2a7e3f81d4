/**
 * Whether a call that failed is tried again, when, and why: pure, so that each rule can be tested without a clock. The order of the questions is the order of
 * their weight: what a program may not do at all comes before what would help.
 */
import type { RetryRule } from '../contract/declare/declaration.ts'
import type { Reason } from '../contract/declare/reason.ts'

/** Why there is another attempt. */
export type RetryBecause =
  /** After the wait that the server has told. */
  | 'told_to_wait'
  /** After a wait of our own, longer with each attempt. */
  | 'backoff'
  /** With new credentials. */
  | 'refreshed'

/** Why there is none. */
export type StopBecause =
  | 'succeeded'
  /** The rule of the error: a repeat cannot help. */
  | 'never'
  /** The server says so (`x-should-retry: false`). */
  | 'advised_against'
  /** Whoever called has given up. */
  | 'aborted'
  /** Another layer, outside or inside this one, repeats already. */
  | 'stacked'
  /** It may have been done, and would be done twice. */
  | 'not_repeatable'
  /** Its body was a stream, which is gone. */
  | 'body_gone'
  /** A part of the stream has been handed on, which would be said twice. */
  | 'delivered'
  /** As many as were allowed. */
  | 'attempts_used'
  /** The server names a wait beyond the limit: `retryAtMs` says when. */
  | 'wait_too_long'
  /** The time for the whole call is used up, or would be before the wait is over. */
  | 'time_used'
  /** What this process may spend on retries is used up. */
  | 'budget_used'
  /** There is no way to get other credentials, or it has failed. */
  | 'no_credentials'
  /** New ones were refused as well. */
  | 'refreshed_already'
  /** An extension held it back: a circuit that is open. */
  | 'held_back'

/** What is known of the failure, the call and its limits. */
export interface RetryInput {
  readonly reason: Reason
  /** Of the error's entry, or of its status. */
  readonly retry: RetryRule
  /** What the server advises about this very answer. */
  readonly shouldRetry?: boolean | undefined
  /** Whether the error is one that the contract has. Only where nobody knows it, a server's `x-should-retry: true` outweighs `never`. */
  readonly isKnown?: boolean | undefined
  /** What the server told to wait, from now. */
  readonly retryAfterMs?: number | undefined
  /** How many attempts were made, this one included. Those with fresh credentials do not count. */
  readonly attempt: number
  readonly attemptsMax: number
  /** Whether doing it twice does no harm: by its method, or by the idempotency key that it carries. */
  readonly isRepeatable: boolean
  /** Whether it is sure that nothing was done: the server said so, or nothing was sent. */
  readonly isUndone: boolean
  /** Whether its body can be sent again. */
  readonly isReplayable: boolean
  readonly canRefresh?: boolean | undefined
  readonly hasRefreshed?: boolean | undefined
  readonly isAborted?: boolean | undefined
  readonly isStacked?: boolean | undefined
  /** Left of the time for the whole call. Infinity: no limit. */
  readonly leftMs: number
  /** A longer wait is left to whoever called. */
  readonly waitMaxMs: number
  readonly backoff: BackoffOptions
  /** Epoch milliseconds. */
  readonly nowMs: number
  /** At least 0 and below 1. */
  readonly random: number
}

/** How waits grow where the server tells none: a random part of `baseMs * 2 ** (attempt - 1)`, of at most `maxMs`. */
export interface BackoffOptions {
  /** Default 500. */
  readonly baseMs: number
  /** Default 20,000. */
  readonly maxMs: number
}

/** What is done next, and why. */
export type RetryDecision =
  | { readonly kind: 'retry'; readonly delayMs: number; readonly because: RetryBecause }
  | { readonly kind: 'stop'; readonly because: StopBecause; /** When it may be tried again, as far as the server told. Epoch milliseconds. */ readonly retryAtMs: number | undefined }

/** Those who were told the same second do not all come in its first millisecond. */
const TOLD_SPREAD = 0.1
const TOLD_SPREAD_MAX_MS = 1_000

/**
 * Decides from what is known; does nothing.
 *
 * @example
 * const call = { attempt: 1, attemptsMax: 3, isRepeatable: true, isUndone: false, isReplayable: true, leftMs: 60_000, waitMaxMs: 30_000 }
 * const rest = { backoff: { baseMs: 500, maxMs: 20_000 }, nowMs: 0, random: 0 }
 * decideRetry({ ...call, ...rest, reason: 'rate.limited', retry: 'wait', retryAfterMs: 2_000 }) // => { kind: 'retry', delayMs: 2_000, because: 'told_to_wait' }
 * decideRetry({ ...call, ...rest, reason: 'credit.insufficient', retry: 'never' }) // => { kind: 'stop', because: 'never', retryAtMs: undefined }
 */
export function decideRetry(input: RetryInput): RetryDecision {
  const { retryAfterMs, nowMs } = input
  const retryAtMs = retryAfterMs === undefined ? undefined : nowMs + retryAfterMs
  const stop = (because: StopBecause): RetryDecision => ({ kind: 'stop', because, retryAtMs })

  if (input.isAborted === true) return stop('aborted')
  if (input.shouldRetry === false) return stop('advised_against')
  if (input.retry === 'never' && (input.shouldRetry !== true || input.isKnown === true)) return stop('never')
  if (!input.isReplayable) return stop('body_gone')
  if (input.retry === 'refresh') return decideRefresh(input, stop)
  if (input.isStacked === true) return stop('stacked')
  if (!input.isRepeatable && !input.isUndone) return stop('not_repeatable')
  if (input.attempt >= input.attemptsMax) return stop('attempts_used')

  const isTold = retryAfterMs !== undefined && retryAfterMs > 0
  if (isTold && retryAfterMs > input.waitMaxMs) return stop('wait_too_long')
  const delayMs = isTold ? retryAfterMs + Math.floor(input.random * Math.min(retryAfterMs * TOLD_SPREAD, TOLD_SPREAD_MAX_MS)) : backoffMs(input)
  if (delayMs >= input.leftMs) return stop('time_used')
  return { kind: 'retry', delayMs, because: isTold ? 'told_to_wait' : 'backoff' }
}

/** Once, at once, and beside the attempts that are allowed: nothing is wrong with the server. */
function decideRefresh({ canRefresh, hasRefreshed, leftMs }: RetryInput, stop: (because: StopBecause) => RetryDecision): RetryDecision {
  if (hasRefreshed === true) return stop('refreshed_already')
  if (canRefresh !== true) return stop('no_credentials')
  if (leftMs <= 0) return stop('time_used')
  return { kind: 'retry', delayMs: 0, because: 'refreshed' }
}

/** Full jitter: who failed together must not come back together. */
function backoffMs({ attempt, random, backoff: { baseMs, maxMs } }: RetryInput): number {
  return Math.floor(random * Math.min(maxMs, baseMs * 2 ** Math.min(attempt - 1, 30)))
}
