/** When fixed windows and calendar periods end. Everything in UTC, where each day has 86,400,000 ms. */
import type { QuotaMeter } from './meter.ts'

const DAY_MS = 86_400_000

/** The end of the aligned window that holds the instant: windows start at multiples of `windowMs` since the epoch. */
export function windowEndMs(windowMs: number, nowMs: number): number {
  return (Math.floor(nowMs / windowMs) + 1) * windowMs
}

/** The end of the day or month that holds the instant. Periods reach back before their anchor as they go on after it. */
export function quotaEndMs(meter: QuotaMeter, nowMs: number): number {
  const anchorMs = meter.anchorMs ?? 0
  return meter.period === 'day' ? anchorMs + windowEndMs(DAY_MS, nowMs - anchorMs) : monthEndMs(anchorMs, nowMs)
}

/** Each calendar month holds one boundary, so the next one is in this month or in the following. */
function monthEndMs(anchorMs: number, nowMs: number): number {
  const now = new Date(nowMs)
  const year = now.getUTCFullYear()
  const month = now.getUTCMonth()
  const thisMonth = monthBoundaryMs(anchorMs, year, month)
  return thisMonth > nowMs ? thisMonth : monthBoundaryMs(anchorMs, year, month + 1)
}

/** The anchor's day and time in the given month, or the last day where the month is shorter. `month` may be 12: the next January. */
function monthBoundaryMs(anchorMs: number, year: number, month: number): number {
  const timeOfDayMs = anchorMs - Math.floor(anchorMs / DAY_MS) * DAY_MS
  // Day 0 of the next month is the last day of this one.
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
  return Date.UTC(year, month, Math.min(new Date(anchorMs).getUTCDate(), lastDay)) + timeOfDayMs
}
