/** Times of day at which a route is open, by the clocks of a zone. */
import { weekdays, type Weekday } from '../../engine/meters/meter.ts'
import { instantsOf, isTimeZone, leapWithinDayMs, toLocalMs } from '../../engine/meters/time-zone.ts'
import type { OpenTime } from './step-options.ts'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000


/** From `00:00` to `24:00`, ms of the day; undefined for what is none. */
function timeOfDayMs(text: string): number | undefined {
  const [, hours, minutes] = /^([01]\d|2[0-4]):([0-5]\d)$/.exec(text) ?? []
  const ms = (Number(hours) * 60 + Number(minutes)) * MINUTE_MS
  return ms <= DAY_MS ? ms : undefined
}

/** What is wrong with it; undefined for what is right. */
export function openTimeFault({ from, to, days, timeZone }: OpenTime): string | undefined {
  const fromMs = timeOfDayMs(from)
  const toMs = timeOfDayMs(to)
  if (fromMs === undefined || toMs === undefined || fromMs === DAY_MS) return `${from} to ${to} is no time of day`
  if (fromMs === toMs) return `${from} to ${to} is never`
  if (days?.length === 0 || days?.some((day) => !weekdays.includes(day)) === true) return 'its days are none of a week'
  return timeZone === undefined || isTimeZone(timeZone) ? undefined : `"${timeZone}" is no time zone`
}

/** From its beginning on, its end left out. One that ends before it begins goes over midnight, and belongs to the day on which it began. */
export function isOpen(time: OpenTime, nowMs: number): boolean {
  const fromMs = timeOfDayMs(time.from) ?? DAY_MS
  const toMs = timeOfDayMs(time.to) ?? 0
  const localMs = toLocalMs(time.timeZone, nowMs)
  const day = Math.floor(localMs / DAY_MS)
  const inDayMs = localMs - day * DAY_MS
  if (fromMs < toMs) return isOn(time, day) && fromMs <= inDayMs && inDayMs < toMs
  return (isOn(time, day) && inDayMs >= fromMs) || (isOn(time, day - 1) && inDayMs < toMs)
}

/** So far it is looked: the only day of a week may have no such hour, where clocks leap. */
const DAYS_AHEAD = 15

/** When it opens next: the first instant after now at which it is open, where it is not open now. */
export function opensAtMs(time: OpenTime, nowMs: number): number | undefined {
  for (let day = 0; day < DAYS_AHEAD; day += 1) {
    const afterMs = nowMs + day * DAY_MS
    const opens = mayOpenAt(time, afterMs).filter((atMs) => atMs > afterMs && atMs <= afterMs + DAY_MS && isOpen(time, atMs))
    if (opens.length > 0) return Math.min(...opens)
  }
  return undefined
}

/** Within the day after the instant it opens when the clocks show its beginning, which they may do twice, or when they are set into it. */
function mayOpenAt({ from, timeZone }: OpenTime, afterMs: number): readonly number[] {
  const today = Math.floor(toLocalMs(timeZone, afterMs) / DAY_MS)
  const begins = [today, today + 1, today + 2].flatMap((day) => instantsOf(timeZone, day * DAY_MS + (timeOfDayMs(from) ?? 0)))
  const leapMs = leapWithinDayMs(timeZone, afterMs)
  return leapMs === undefined ? begins : [...begins, leapMs]
}

function isOn({ days }: { readonly days?: OpenTime['days'] | undefined }, day: number): boolean {
  // The epoch was a Thursday.
  return days === undefined || days.includes(weekdays[(((day + 3) % 7) + 7) % 7] as Weekday)
}
