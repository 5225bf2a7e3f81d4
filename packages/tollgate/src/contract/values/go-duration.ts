/** Durations as Go writes them, and as OpenAI and its kin tell a wait: `1s`, `6m0s`, `2m59.56s`, `850ms`, `1h0m0s`. */

const UNIT_MS = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000, ms: 1 } as const

/**
 * In whole seconds, rounded up and never negative: what is announced too early would be a lie.
 *
 * @example
 * formatGoDuration(359_001) // => '6m0s'
 */
export function formatGoDuration(ms: number): string {
  const seconds = Number.isFinite(ms) ? Math.min(Math.max(0, Math.ceil(ms / 1_000)), Number.MAX_SAFE_INTEGER) : 0
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60)]
  if (hours > 0) return `${hours}h${minutes % 60}m${seconds % 60}s`
  return minutes > 0 ? `${minutes}m${seconds % 60}s` : `${seconds}s`
}

/**
 * Milliseconds; undefined for anything else. Each unit at most once, the largest first.
 *
 * @example
 * parseGoDuration('1h30m') // => 5_400_000
 * parseGoDuration('soon') // => undefined
 */
export function parseGoDuration(text: string): number | undefined {
  const parts = /^(?:(\d{1,6})d)?(?:(\d{1,6})h)?(?:(\d{1,6})m(?!s))?(?:(\d{1,9}(?:\.\d{1,9})?)s)?(?:(\d{1,9}(?:\.\d{1,9})?)ms)?$/.exec(text)
  if (parts === null || text === '') return undefined
  const [, days = '0', hours = '0', minutes = '0', seconds = '0', rest = '0'] = parts
  return Number(days) * UNIT_MS.d + Number(hours) * UNIT_MS.h + Number(minutes) * UNIT_MS.m + Number(seconds) * UNIT_MS.s + Number(rest)
}
