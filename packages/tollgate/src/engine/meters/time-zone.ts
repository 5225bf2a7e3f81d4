/**
 * Wall time of the IANA time zones, whose data the runtime brings along. A local instant is written as the milliseconds that a clock in UTC showing the same
 * digits would have.
 */

const DAY_MS = 86_400_000

const formats = new Map<string, Intl.DateTimeFormat>()

/**
 * Whether the runtime knows it. Fixed offsets are none: not every runtime takes them, and where they are meant an anchor says so.
 *
 * @example
 * isTimeZone('Europe/Berlin') // => true
 * isTimeZone('Berlin') // => false
 */
export function isTimeZone(zone: string): boolean {
  if (!/^[A-Za-z]/.test(zone)) return false
  try {
    formatOf(zone)
    return true
  } catch {
    return false
  }
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone)
  if (known !== undefined) return known
  const numeric = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' } as const
  const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, calendar: 'gregory', numberingSystem: 'latn', hourCycle: 'h23', era: 'short', ...numeric })
  formats.set(zone, format)
  return format
}

/** What a clock of the zone is ahead of UTC at the instant, ms. Undefined zone: UTC. */
function offsetMs(zone: string | undefined, atMs: number): number {
  if (zone === undefined) return 0
  const parts: Record<string, string> = {}
  for (const { type, value } of formatOf(zone).formatToParts(atMs)) parts[type] = value
  const part = (name: string): number => Number(parts[name])
  const year = parts['era'] === 'BC' ? 1 - part('year') : part('year')
  const local = new Date(0)
  local.setUTCFullYear(year, part('month') - 1, part('day'))
  local.setUTCHours(part('hour'), part('minute'), part('second'))
  return local.getTime() - Math.floor(atMs / 1_000) * 1_000
}

export function toLocalMs(zone: string | undefined, atMs: number): number {
  return atMs + offsetMs(zone, atMs)
}

/**
 * The instant at which the clocks of the zone show this. What they show twice is meant the first time; what they leave out is as much later as they
 * leap, so that a day whose midnight is left out begins where it begins.
 *
 * @example
 * fromLocalMs('Europe/Berlin', Date.UTC(2026, 0, 1)) // => Date.UTC(2025, 11, 31, 23)
 */
export function fromLocalMs(zone: string | undefined, localMs: number): number {
  return instantsOf(zone, localMs)[0] ?? localMs - offsetMs(zone, localMs - DAY_MS)
}

/** All instants at which the clocks of the zone show this, the earliest first: one, two where they are set back, none where they leap. */
export function instantsOf(zone: string | undefined, localMs: number): readonly number[] {
  if (zone === undefined) return [localMs]
  // A day before and after, as counted there: no zone is further from UTC, and none leaps twice within.
  const before = offsetMs(zone, localMs - DAY_MS)
  const after = offsetMs(zone, localMs + DAY_MS)
  const candidates = before === after ? [localMs - before] : [localMs - before, localMs - after].toSorted((one, other) => one - other)
  return candidates.filter((atMs) => toLocalMs(zone, atMs) === localMs)
}

/** When the clocks of the zone are set forward or back within the day after the instant; undefined where they are not. */
export function leapWithinDayMs(zone: string | undefined, afterMs: number): number | undefined {
  const before = offsetMs(zone, afterMs)
  let earlyMs = afterMs
  let lateMs = afterMs + DAY_MS
  if (offsetMs(zone, lateMs) === before) return undefined
  while (lateMs - earlyMs > 1) {
    const middleMs = Math.floor((earlyMs + lateMs) / 2)
    if (offsetMs(zone, middleMs) === before) earlyMs = middleMs
    else lateMs = middleMs
  }
  return lateMs
}
