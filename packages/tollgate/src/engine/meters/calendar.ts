/**
 * When fixed windows and calendar periods end. Periods follow the clocks of a time zone, UTC unless said: a day there may have 23 or 25 hours.
 *
 * The boundaries of a period are a row of local instants, numbered; what is asked for is the first of them that lies after an instant.
 */
import { weekdays, type CalendarPeriod } from './meter.ts'
import { fromLocalMs, toLocalMs } from './time-zone.ts'

const DAY_MS = 86_400_000

/** The end of the aligned window that holds the instant: windows start at multiples of `windowMs` since the epoch. */
export function windowEndMs(windowMs: number, nowMs: number): number {
  return (Math.floor(nowMs / windowMs) + 1) * windowMs
}

export interface Period {
  readonly startMs: number
  readonly endMs: number
}

/** The last period that was asked for: most questions are about the present one, and zones are slow to ask. */
const latest = new WeakMap<CalendarPeriod, Period>()

/** The end of the period that holds the instant. Periods reach back before their anchor as they go on after it. */
export function quotaEndMs(calendar: CalendarPeriod, nowMs: number): number {
  return periodAt(calendar, nowMs).endMs
}

/** The period that holds the instant. */
export function periodAt(calendar: CalendarPeriod, nowMs: number): Period {
  const known = latest.get(calendar)
  if (known !== undefined && known.startMs <= nowMs && nowMs < known.endMs) return known
  const period = findPeriod(calendar, nowMs)
  latest.set(calendar, period)
  return period
}

function findPeriod(calendar: CalendarPeriod, nowMs: number): Period {
  const { timeZone } = calendar
  const boundaries = boundariesOf(calendar, toLocalMs(timeZone, calendar.anchorMs ?? 0))
  const instantOf = (number: number): number => fromLocalMs(timeZone, boundaries.at(number))
  let number = boundaries.before(toLocalMs(timeZone, nowMs))
  // Where clocks leap, what they show may be past a boundary that is still to come, or not yet past one that was.
  while (instantOf(number) > nowMs) number -= 1
  while (instantOf(number + 1) <= nowMs) number += 1
  return { startMs: instantOf(number), endMs: instantOf(number + 1) }
}

/** Local instants. */
interface Boundaries {
  at(number: number): number
  /** The number of the last one that is not after this. */
  before(localMs: number): number
}

/** `anchorMs`: the anchor as the clocks show it. */
function boundariesOf({ period, weekStart = 'monday', anchorMs: anchored }: CalendarPeriod, anchorMs: number): Boundaries {
  switch (period) {
    case 'day':
      return every(DAY_MS, anchored === undefined ? 0 : anchorMs)
    case 'week':
      // The epoch was a Thursday.
      return every(7 * DAY_MS, anchored === undefined ? ((weekdays.indexOf(weekStart) + 4) % 7) * DAY_MS : anchorMs)
    case 'month':
      return byMonths(1, anchored === undefined ? 0 : anchorMs)
    case 'year':
      return byMonths(12, anchored === undefined ? 0 : anchorMs)
  }
}


function every(lengthMs: number, fromMs: number): Boundaries {
  return { at: (number) => fromMs + number * lengthMs, before: (localMs) => Math.floor((localMs - fromMs) / lengthMs) }
}

/** The anchor's day and time in each of these months, or the last day where the month is shorter. */
function byMonths(count: number, anchorMs: number): Boundaries {
  const anchor = new Date(anchorMs)
  const day = anchor.getUTCDate()
  const first = anchor.getUTCMonth() % count
  const timeOfDayMs = anchorMs - Math.floor(anchorMs / DAY_MS) * DAY_MS
  function at(number: number): number {
    const month = first + number * count
    // Day 0 of the next month is the last day of this one.
    const lastDay = new Date(Date.UTC(1970, month + 1, 0)).getUTCDate()
    return Date.UTC(1970, month, Math.min(day, lastDay)) + timeOfDayMs
  }
  return {
    at,
    before(localMs) {
      const now = new Date(localMs)
      const number = Math.floor(((now.getUTCFullYear() - 1970) * 12 + now.getUTCMonth() - first) / count)
      return at(number) > localMs ? number - 1 : number
    },
  }
}
