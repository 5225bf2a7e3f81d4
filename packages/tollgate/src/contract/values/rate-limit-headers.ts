/** The rate headers of a dialect, written and read. There is no standard; what differs most is the unit of the reset. */
import { isMoney, type Money } from '../declare/facts.ts'
import type { RateLimitHeadersDeclaration, RateLimitHeaderSet, ResetUnit } from '../declare/declaration.ts'
import type { ReadRateLimit, ReceivedAnswer, ShownLimit } from '../declare/wire.ts'
import { formatGoDuration, parseGoDuration } from './go-duration.ts'
import { formatHttpDate, parseHttpDate } from './http-date.ts'
import { formatMoney } from './money.ts'
import { formatRateLimitFields, parseRateLimitFields, RATE_LIMIT, RATE_LIMIT_POLICY } from './rate-limit-fields.ts'
import { formatTimestamp, isTimestamp } from './timestamp.ts'

/**
 * The sets of headers in which a contract tells limits; none for the fields of the draft, which have a form of their own.
 *
 * @example
 * headerSets({ remaining: 'X-Left' }) // => [{ remaining: 'X-Left' }]
 */
export function headerSets(declared: RateLimitHeadersDeclaration | undefined): readonly RateLimitHeaderSet[] {
  return declared === undefined || typeof declared === 'string' ? [] : [declared].flat()
}

/** All names of headers, for those that must know which there are. */
export function rateLimitHeaderNames(declared: RateLimitHeadersDeclaration | undefined): readonly string[] {
  if (typeof declared === 'string') return [RATE_LIMIT_POLICY, RATE_LIMIT]
  return headerSets(declared).flatMap(({ limit, remaining, used, reset }) => [limit, remaining, used, reset].filter((name) => name !== undefined))
}

/** A flat list: name, value, name, value. */
export function formatRateLimitHeaders(declared: RateLimitHeadersDeclaration, limits: readonly ShownLimit[], nowMs: number): readonly string[] {
  if (typeof declared === 'string') return formatRateLimitFields(limits, nowMs)
  const headers: string[] = []
  const add = (set: RateLimitHeaderSet): void => {
    const shown = limits.find(({ of }) => of === set.of)
    if (shown !== undefined) addSet(headers, set, shown, nowMs)
  }
  if (isSets(declared)) declared.forEach(add)
  else add(declared)
  return headers
}

function isSets(declared: RateLimitHeaderSet | readonly RateLimitHeaderSet[]): declared is readonly RateLimitHeaderSet[] {
  return Array.isArray(declared)
}

function addSet(headers: string[], { limit, remaining, used, reset, resetUnit = 'seconds' }: RateLimitHeaderSet, shown: ShownLimit, nowMs: number): void {
  if (limit !== undefined && shown.limit !== undefined) headers.push(limit, toAmount(shown.limit))
  if (remaining !== undefined) headers.push(remaining, toAmount(shown.remaining))
  if (used !== undefined && shown.used !== undefined) headers.push(used, toAmount(shown.used))
  if (reset !== undefined && shown.resetAtMs !== undefined) headers.push(reset, formatReset(resetUnit, shown.resetAtMs, nowMs))
}

/**
 * One for each set of headers, or policy of the draft, that the answer carries and that can be read.
 *
 * @example
 * const names = { limit: 'X-Limit', remaining: 'X-Left', reset: 'X-Reset', resetUnit: 'seconds' } as const
 * parseRateLimitHeaders(names, { 'x-limit': '5', 'x-left': '2', 'x-reset': '30' }, 0) // => [{ limit: 5, remaining: 2, resetAtMs: 30_000 }]
 */
export function parseRateLimitHeaders(declared: RateLimitHeadersDeclaration, headers: ReceivedAnswer['headers'], nowMs: number): readonly ReadRateLimit[] {
  const valueOf = (name: string): string | undefined => (Object.hasOwn(headers, name.toLowerCase()) ? headers[name.toLowerCase()]?.trim() : undefined)
  if (typeof declared === 'string') return parseRateLimitFields(valueOf(RATE_LIMIT_POLICY), valueOf(RATE_LIMIT), nowMs)
  return headerSets(declared).flatMap(({ of, resetUnit = 'seconds', ...names }) => {
    const read: { -readonly [Name in keyof ReadRateLimit]: ReadRateLimit[Name] } = {}
    for (const part of ['limit', 'remaining', 'used'] as const) {
      const name = names[part]
      const amount = name === undefined ? undefined : parseAmount(valueOf(name))
      if (amount !== undefined) read[part] = amount
    }
    const resetAtMs = names.reset === undefined ? undefined : parseReset(resetUnit, valueOf(names.reset), nowMs)
    if (resetAtMs !== undefined) read.resetAtMs = resetAtMs
    if (Object.keys(read).length === 0) return []
    return [of === undefined ? read : { of, ...read }]
  })
}

/** Rounded up: a reset that is announced early would be a lie. */
function formatReset(unit: ResetUnit, resetAtMs: number, nowMs: number): string {
  switch (unit) {
    case 'unix':
      return toCount(resetAtMs / 1_000)
    case 'unix-ms':
      return toCount(resetAtMs)
    case 'seconds':
      return toCount((resetAtMs - nowMs) / 1_000)
    case 'ms':
      return toCount(resetAtMs - nowMs)
    case 'duration':
      return formatGoDuration(resetAtMs - nowMs)
    case 'date':
      return formatHttpDate(Math.ceil(resetAtMs / 1_000) * 1_000)
    case 'timestamp':
      return formatTimestamp(Math.ceil(resetAtMs / 1_000) * 1_000) ?? ''
  }
}

function parseReset(unit: ResetUnit, text: string | undefined, nowMs: number): number | undefined {
  const resetAtMs = text === undefined ? undefined : resetOf(unit, text, nowMs)
  return resetAtMs !== undefined && Number.isSafeInteger(resetAtMs) ? resetAtMs : undefined
}

function resetOf(unit: ResetUnit, text: string, nowMs: number): number | undefined {
  const count = parseCount(text) ?? Number.NaN
  switch (unit) {
    case 'unix':
      return count * 1_000
    case 'unix-ms':
      return count
    case 'seconds':
      return nowMs + count * 1_000
    case 'ms':
      return nowMs + count
    case 'duration':
      return nowMs + Math.ceil(parseGoDuration(text) ?? Number.NaN)
    case 'date':
      return parseHttpDate(text, nowMs)
    case 'timestamp':
      return isTimestamp(text) ? Date.parse(text) : undefined
  }
}

function toAmount(amount: number | Money): string {
  return isMoney(amount) ? formatMoney({ ...amount, units: Math.max(0, amount.units) }) : toCount(amount)
}

/** Whole and never negative. */
function toCount(value: number): string {
  return Number.isFinite(value) ? String(Math.min(Math.max(0, Math.ceil(value)), Number.MAX_SAFE_INTEGER)) : '0'
}

function parseCount(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined
}

/** Credits may have decimals. */
function parseAmount(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}(?:\.\d{1,15})?$/.test(text) ? Number(text) : undefined
}
