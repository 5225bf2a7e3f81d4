/**
 * Waits in words: "Please try again in 9m52.272s", "resets in ~30s", "Please retry after 6 seconds". APIs write them where they send no `Retry-After`, and the words
 * come through where the header is lost.
 */

/** What stands before a wait, and then the wait: as a clock (`00:06:46`), as a number and its unit, or as Go writes a duration. All parts are bounded. */
const TOLD = /\b(?:(?:try|trying) again|retry(?:ing)?|resets?|replenished|available|wait)(?: again)?(?: in| after| for| at least| about){0,2}:? {0,2}~?(?:(\d{1,4}):(\d{2}):(\d{2})|(\d{1,9}(?:\.\d{1,9})?) ?(milliseconds?|ms|seconds?|secs?|minutes?|mins?|hours?|days?)\b|(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,9}(?:\.\d{1,9})?)s\b)?)/gi

/**
 * The first wait that a sentence tells, in seconds.
 *
 * @example
 * toldWaitSeconds('Rate limit reached. Please try again in 9m52.272s.') // => 592.272
 */
export function toldWaitSeconds(text = ''): number | undefined {
  for (const [, clockHours, clockMinutes = '0', clockSeconds = '0', amount, unit = '', hours = '0', minutes = '0', rest = '0'] of text.matchAll(TOLD)) {
    const seconds =
      clockHours !== undefined ? Number(clockHours) * 3_600 + Number(clockMinutes) * 60 + Number(clockSeconds)
      : amount !== undefined ? Number(amount) * secondsOf(unit.toLowerCase())
      : Number(hours) * 3_600 + Number(minutes) * 60 + Number(rest)
    if (seconds > 0) return seconds
  }
  return undefined
}

function secondsOf(unit: string): number {
  if (unit === 'ms' || unit.startsWith('milli')) return 0.001
  return unit.startsWith('s') ? 1 : unit.startsWith('m') ? 60 : unit.startsWith('h') ? 3_600 : 86_400
}
