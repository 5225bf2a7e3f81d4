/**
 * What an answer advises its caller beside what it refuses with: how long to wait, and whether to try again at all. Small, and alone: it needs no contract and no
 * catalog.
 */
import type { ReadRateLimit, ReceivedAnswer } from '../contract/declare/wire.ts'
import { parseBoundedJson, toBoundedText } from '../contract/read/bounded-json.ts'
import { headerOf } from '../contract/read/header-of.ts'
import { memberOf } from '../contract/read/value-at.ts'
import { parseHttpDate } from '../contract/values/http-date.ts'
import { toldWaitSeconds } from '../contract/values/told-wait.ts'
import { waitInBody, waitInHeaders } from './asked-wait.ts'

/** What an answer advises. */
export interface Advice {
  /** Milliseconds to wait from the answer on, before the next request of this kind. */
  readonly retryAfterMs: number | undefined
  /** The server's own word on whether to try again: `x-should-retry`, `retryable`. */
  readonly shouldRetry: boolean | undefined
}

/** What is known beside the answer. */
export interface AdviceOptions {
  /** Epoch milliseconds of the caller's clock, for answers that do not tell the sender's (`Date`). Without either, dates say nothing. */
  readonly nowMs?: number | undefined
  /** What the contract of the API has understood of the wait. `Retry-After` goes first. */
  readonly retryAfterMs?: number | undefined
  /** The sentence of the error, in which some APIs say the wait. Default: what the body has under `message`, `error` or `detail`. */
  readonly message?: string | undefined
  /** What its headers say of limits (`readToldLimits`): of those with nothing left the last to be reset says the wait. */
  readonly limits?: readonly ReadRateLimit[] | undefined
}

/**
 * Total, bounded, and never a throw.
 *
 * The wait is looked for in this order: headers in milliseconds, `Retry-After`, what the contract has understood, members of the body, limits with nothing left,
 * the sentence.
 *
 * @example
 * adviceOf({ status: 429, headers: { 'retry-after': '20' }, body: '' }).retryAfterMs // => 20_000
 * adviceOf({ status: 429, headers: {}, body: '{"message":"Try again in 1.5s"}' }).retryAfterMs // => 1_500
 * adviceOf({ status: 500, headers: { 'x-should-retry': 'false' }, body: '' }).shouldRetry // => false
 */
export function adviceOf({ status, headers = {}, body }: ReceivedAnswer, { nowMs, retryAfterMs, message, limits = [] }: AdviceOptions = {}): Advice {
  const clockMs = clockOf(headers, nowMs)
  const json = parseBoundedJson(toBoundedText(body) ?? '')
  const error = memberOf(json, 'error')
  const text = [message, memberOf(error, 'message'), error, memberOf(json, 'message'), memberOf(json, 'detail')].find((each) => typeof each === 'string') as string | undefined
  return {
    retryAfterMs: waitInHeaders(headers, clockMs) ?? retryAfterMs ?? waitInBody(json, clockMs) ?? waitForLimits(limits, status === 429, clockMs) ?? inMs(toldWaitSeconds(text?.slice(0, TEXT_CHARS_MAX))),
    shouldRetry: verdictIn([headerOf(headers, 'x-should-retry'), headerOf(headers, 'stripe-should-retry'), memberOf(json, 'retryable'), memberOf(error, 'retryable')]),
  }
}

/** No sentence that is worth a look is longer. */
const TEXT_CHARS_MAX = 4_096

function inMs(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : Math.round(seconds * 1_000)
}

/** The sender's clock where the answer tells it, otherwise ours; NaN: neither is known. A `Date` with a two-digit year, which nobody sends, is not worth a guess. */
export function clockOf(headers: ReceivedAnswer['headers'], nowMs = Number.NaN): number {
  return parseHttpDate(headerOf(headers, 'date') ?? '', Number.NaN) ?? nowMs
}

/** `isRefused`: one of them has nothing left, though it does not say so. */
function waitForLimits(limits: readonly ReadRateLimit[], isRefused: boolean, nowMs: number): number | undefined {
  const waits = limits.flatMap(({ remaining, resetAtMs }) => (resetAtMs !== undefined && (remaining === 0 || (isRefused && remaining === undefined)) ? [Math.max(0, resetAtMs - nowMs)] : []))
  return waits.length === 0 ? undefined : Math.max(...waits)
}

function verdictIn(words: readonly unknown[]): boolean | undefined {
  // What a server sends may be an object that no text can be made of.
  const word = words.find((each) => each === true || each === false || each === 'true' || each === 'false')
  return word === undefined ? undefined : word === true || word === 'true'
}
