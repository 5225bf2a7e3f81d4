/**
 * What the headers of an answer say of limits, whoever sent it: `RateLimit` in its three generations (draft-ietf-httpapi-ratelimit-headers up to 06, 07, from 08 on),
 * and the `X-RateLimit` families, which no standard has. What differs most there is the unit of the reset; where a dialect declares it, that counts, and else it is
 * guessed from the value.
 */
import type { RateLimitHeadersDeclaration } from '../contract/declare/declaration.ts'
import type { ReadRateLimit, ReceivedAnswer } from '../contract/declare/wire.ts'
import { parseGoDuration } from '../contract/values/go-duration.ts'
import { parseHttpDate } from '../contract/values/http-date.ts'
import { parseRateLimitFields } from '../contract/values/rate-limit-fields.ts'
import { parseRateLimitHeaders, rateLimitHeaderNames } from '../contract/values/rate-limit-headers.ts'
import { isTimestamp } from '../contract/values/timestamp.ts'

type Headers = ReceivedAnswer['headers']
type Limit = { -readonly [Name in keyof ReadRateLimit]: ReadRateLimit[Name] }

/** Of more headers no more limits are read. */
const HEADERS_MAX = 512
/** Nothing that says a limit is longer. */
const VALUE_CHARS_MAX = 128

/**
 * One for each set of headers and each policy. `declared`: the sets of a dialect, whose units are known. `nowMs`: best the clock of the sender (`clockOf`).
 *
 * @example
 * readToldLimits({ 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': '6m0s' }, 0) // => [{ of: 'tokens', remaining: 0, resetAtMs: 360_000 }]
 */
export function readToldLimits(headers: Headers, nowMs: number, declared?: RateLimitHeadersDeclaration): readonly ReadRateLimit[] {
  const known = declared === undefined ? [] : parseRateLimitHeaders(declared, headers, nowMs)
  const pinned = new Set(rateLimitHeaderNames(declared).map((name) => name.toLowerCase()))
  const sets = new Map<string, Limit>()
  for (const name of Object.keys(headers).slice(0, HEADERS_MAX)) {
    const value = headers[name]
    if (typeof value === 'string' && value.length <= VALUE_CHARS_MAX && !pinned.has(name)) put(name, value.trim(), sets, nowMs)
  }
  const fields = pinned.has('ratelimit') ? [] : readFields(headers['ratelimit'], headers['ratelimit-policy'], nowMs)
  return [...known, ...fields, ...sets.values()].map(withoutGuess)
}

/** What would be measured against a clock that nobody has told. */
function withoutGuess({ resetAtMs, ...limit }: ReadRateLimit): ReadRateLimit {
  return resetAtMs === undefined || Number.isNaN(resetAtMs) ? limit : { ...limit, resetAtMs }
}

/** `RateLimit: "default";r=50;t=30`, or `limit=100, remaining=50, reset=5`. Policies of the older form (`100;w=60`) have no names. */
function readFields(state: string | undefined, policy: string | undefined, nowMs: number): readonly ReadRateLimit[] {
  const named = parseRateLimitFields(policy, state, nowMs)
  if (named.length > 0) return named
  const policies = (policy ?? '').slice(0, 1_024).split(',').flatMap((text): readonly Limit[] => {
    const [, quota, seconds] = /^\s*(\d{1,15})\s*;\s*w=(\d{1,12})\b/.exec(text) ?? []
    return quota === undefined ? [] : [{ limit: Number(quota), windowMs: Number(seconds) * 1_000 }]
  })
  const told: Limit = {}
  for (const [, name, digits] of (state ?? '').slice(0, 1_024).matchAll(/\b(limit|remaining|reset)=(\d{1,15})(?=\s*(?:,|;|$))/g)) {
    if (name === 'reset') told.resetAtMs = nowMs + Number(digits) * 1_000
    else told[name as 'limit' | 'remaining'] = Number(digits)
  }
  // It requires what is left.
  if (told.remaining === undefined) return policies
  return policies.length === 1 ? [{ ...policies[0], ...told }] : [told, ...policies]
}

/** `x-ratelimit-reset-tokens`, `anthropic-ratelimit-tokens-reset`, `x-rate-limit-remaining`: what stands beside the word is what is limited. */
const FAMILY = /^(?:[a-z]{1,16}-)?(?:rate-?limit|(priority))-([a-z-]{1,64})$/
const words = new Set(['limit', 'remaining', 'used', 'observed', 'reset', 'next'])

function put(name: string, value: string, sets: Map<string, Limit>, nowMs: number): void {
  if (name === 'x-shopify-shop-api-call-limit') {
    const [, used, limit] = /^(\d{1,9})\/(\d{1,9})$/.exec(value) ?? []
    if (used !== undefined) sets.set(name, { used: Number(used), limit: Number(limit), remaining: Math.max(0, Number(limit) - Number(used)) })
    return
  }
  const [, priority, rest] = FAMILY.exec(name) ?? []
  if (rest === undefined) return
  const isAfter = rest.endsWith('reset-after')
  const parts = (isAfter ? rest.slice(0, -'-after'.length) : rest).split('-')
  const at = parts.findIndex((part) => words.has(part))
  if (at === -1) return
  const [word] = parts.splice(at, 1)
  const of = [priority ?? [], parts].flat().join('-')
  const limit: Limit = sets.get(of) ?? (of === '' ? {} : { of })
  if (word === 'reset' || word === 'next') {
    const resetAtMs = isAfter ? after(value, nowMs) : resetIn(value, nowMs)
    // Of two that say it, the one that counts from now needs no clock.
    if (resetAtMs === undefined || (limit.resetAtMs !== undefined && !isAfter)) return
    limit.resetAtMs = resetAtMs
  } else {
    // `10, 10;w=60`: the first is the one that counts.
    const [, amount] = /^(\d{1,15}(?:\.\d{1,15})?)(?=\s*(?:[,;]|$))/.exec(value) ?? []
    if (amount === undefined) return
    limit[word === 'observed' ? 'used' : (word as 'limit' | 'remaining' | 'used')] = Number(amount)
  }
  sets.set(of, limit)
}

function after(value: string, nowMs: number): number | undefined {
  return /^\d{1,12}(?:\.\d{1,9})?$/.test(value) ? nowMs + Math.round(Number(value) * 1_000) : undefined
}

/**
 * A reset whose unit nobody declares: a duration as Go writes it, a date, epoch milliseconds, epoch seconds, else seconds from now. (Milliseconds from now, which
 * few send, cannot be told from seconds: then it is later than it had to be.)
 */
function resetIn(value: string, nowMs: number): number | undefined {
  if (/^\d{1,15}(?:\.\d{1,9})?$/.test(value)) {
    const count = Number(value)
    return count > 1e12 ? Math.ceil(count) : count > 1e9 ? Math.ceil(count * 1_000) : nowMs + Math.ceil(count * 1_000)
  }
  if (isTimestamp(value)) return Date.parse(value)
  const durationMs = parseGoDuration(value)
  return durationMs === undefined ? parseHttpDate(value, nowMs) : nowMs + Math.ceil(durationMs)
}
