/** The rate headers of a dialect, written and read. There is no standard; what differs most is the unit of the reset. */
import type { RateLimitHeadersDeclaration } from '../declare/declaration.ts'
import { formatDuration, parseDuration } from './duration.ts'
import type { AnswerContext, ReceivedAnswer } from '../declare/wire.ts'

type Limit = NonNullable<AnswerContext['limit']>

/** What an answer says of it; servers leave out what they do not know. */
export type ReadRateLimit = { readonly [K in keyof Limit]?: Limit[K] }

/** A flat list: name, value, name, value. */
export function formatRateLimitHeaders(names: RateLimitHeadersDeclaration, { limit, remaining, resetAtMs }: Limit, nowMs: number): readonly string[] {
  return [names.limit, toCount(limit), names.remaining, toCount(remaining), names.reset, formatReset(names.resetUnit, resetAtMs, nowMs)]
}

/**
 * Undefined where the answer carries none of them that can be read.
 *
 * @example
 * const names = { limit: 'X-Limit', remaining: 'X-Left', reset: 'X-Reset', resetUnit: 'seconds' } as const
 * parseRateLimitHeaders(names, { 'x-limit': '5', 'x-left': '2', 'x-reset': '30' }, 0)?.remaining // => 2
 */
export function parseRateLimitHeaders(names: RateLimitHeadersDeclaration, headers: ReceivedAnswer['headers'], nowMs: number): ReadRateLimit | undefined {
  const valueOf = (name: string): string | undefined => (Object.hasOwn(headers, name.toLowerCase()) ? headers[name.toLowerCase()]?.trim() : undefined)
  const limit = parseCount(valueOf(names.limit))
  const remaining = parseCount(valueOf(names.remaining))
  const resetAtMs = parseReset(names.resetUnit, valueOf(names.reset), nowMs)
  if (limit === undefined && remaining === undefined && resetAtMs === undefined) return undefined
  return { ...(limit !== undefined && { limit }), ...(remaining !== undefined && { remaining }), ...(resetAtMs !== undefined && { resetAtMs }) }
}

function formatReset(unit: RateLimitHeadersDeclaration['resetUnit'], resetAtMs: number, nowMs: number): string {
  if (unit === 'unix') return toCount(resetAtMs / 1_000)
  return unit === 'seconds' ? toCount((resetAtMs - nowMs) / 1_000) : formatDuration(resetAtMs - nowMs)
}

function parseReset(unit: RateLimitHeadersDeclaration['resetUnit'], text: string | undefined, nowMs: number): number | undefined {
  const ms = unit === 'duration' ? parseDuration(text ?? '') : (parseCount(text) ?? Number.NaN) * 1_000
  const resetAtMs = unit === 'unix' ? ms : nowMs + Math.ceil(ms ?? Number.NaN)
  return resetAtMs !== undefined && Number.isSafeInteger(resetAtMs) ? resetAtMs : undefined
}

/** Whole and never negative. Rounded up: a reset that is announced early would be a lie. */
function toCount(value: number): string {
  return Number.isFinite(value) ? String(Math.min(Math.max(0, Math.ceil(value)), Number.MAX_SAFE_INTEGER)) : '0'
}

function parseCount(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined
}
