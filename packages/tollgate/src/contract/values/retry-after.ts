/** `Retry-After` (RFC 9110 section 10.2.3): written as whole seconds, read in every legal form and no other. */
import type { Entry } from '../declare/contract.ts'
import type { Detail } from '../declare/details.ts'
import type { Facts } from '../declare/facts.ts'
import { parseHttpDate } from './http-date.ts'
import type { WireError } from '../declare/wire.ts'

/** Sent with 429 and 503 when neither the refusal nor the entry knows better. */
const RETRY_AFTER_DEFAULT_SECONDS = 60
/** 68 years. Larger figures overflow what clients parse into. */
const RETRY_AFTER_MAX_SECONDS = 2_147_483_647

/** Rounded up, at least 1: a client that obeys must never come too early. */
export function toRetryAfterSeconds(afterMs: number): number {
  return Math.min(Math.max(1, Math.ceil(afterMs / 1000)), RETRY_AFTER_MAX_SECONDS)
}

/**
 * Whether an answer of this entry may carry a wait: it does with 429 and 503 unless none helps, it helps wherever repeating can, and an entry may declare one although
 * no client repeats by itself.
 */
export function mayTellWait(entry: Pick<Entry, 'status' | 'retry' | 'retryAfterSeconds'>): boolean {
  return mustTellWait(entry) || entry.retry === 'wait' || entry.retry === 'backoff' || entry.retryAfterSeconds !== undefined
}

function mustTellWait({ status }: Pick<Entry, 'status'>): boolean {
  return status === 429 || status === 503
}

/**
 * The exact wait if the facts know it; otherwise what the entry declares, otherwise the default where there must be one. None where no wait helps: `Retry-After` is
 * optional even with 429 and 503 (RFC 6585 section 4, RFC 9110 section 15.6.4), and clients that obey it would come back for ever.
 */
export function decideRetryAfterSeconds(entry: Entry, facts: Facts, nowMs: number): number | undefined {
  if (facts.waitHelps === false || !mayTellWait(entry)) return undefined
  if (isInstant(facts.retryAfterMs)) return toRetryAfterSeconds(facts.retryAfterMs)
  if (isInstant(facts.resetAtMs)) return toRetryAfterSeconds(facts.resetAtMs - nowMs)
  return entry.retryAfterSeconds ?? (mustTellWait(entry) ? RETRY_AFTER_DEFAULT_SECONDS : undefined)
}

function isInstant(value: unknown): value is number {
  return Number.isFinite(value)
}

/** A wait that the body tells where the header is missing; browsers often cannot see it. */
export function waitIn(details: WireError['details'], declared: readonly Detail[]): number | undefined {
  const detail = declared.find(({ type, from }) => type === 'seconds' && from === 'retryAfterMs')
  const seconds = detail !== undefined && Object.hasOwn(details, detail.name) ? details[detail.name] : undefined
  return typeof seconds === 'number' ? seconds : undefined
}

/** Whole seconds from the moment of `nowMs`, or undefined when the value is not legal. Dates need a `nowMs` and are ignored without one. */
export function parseRetryAfter(value: string | undefined, nowMs: number | undefined): number | undefined {
  if (value === undefined) return undefined
  const atMs = nowMs === undefined ? undefined : parseHttpDate(value, nowMs)
  return parseDelaySeconds(value) ?? (atMs === undefined || nowMs === undefined ? undefined : Math.max(0, Math.ceil((atMs - nowMs) / 1000)))
}

/** The form without a date. */
export function parseDelaySeconds(value: string): number | undefined {
  const seconds = /^\d+$/.test(value) ? Number(value) : Number.NaN
  return Number.isSafeInteger(seconds) ? seconds : undefined
}
