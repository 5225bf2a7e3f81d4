/** HTTP-date in its three forms (RFC 9110 section 5.6.7). `Date.parse` is no substitute: it reads asctime as local time and accepts "-1". */

const months = 'JanFebMarAprMayJunJulAugSepOctNovDec'

/** `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT`, `Sun Nov  6 08:49:37 1994`. */
const FORM = /^(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), (\d\d) ([A-Z]..) (\d{4}) (\S{8}) GMT|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, (\d\d)-([A-Z]..)-(\d\d) (\S{8}) GMT|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) ([A-Z]..) ([ \d]\d) (\S{8}) (\d{4}))$/

/** Epoch milliseconds, or undefined. `nowMs` decides the century of a two-digit year: not more than 50 years ahead. */
export function parseHttpDate(text: string, nowMs: number): number | undefined {
  const [form, day, month, year, time, shortDay = day, shortMonth = month, shortYear, shortTime = time, lastMonth = shortMonth, lastDay = shortDay, lastTime = shortTime, lastYear = year] = FORM.exec(text) ?? []
  const [, hour, minute, second] = /^([01]\d|2[0-3]):([0-5]\d):([0-5]\d|60)$/.exec(lastTime ?? '') ?? []
  const at = months.indexOf(lastMonth ?? '-')
  if (form === undefined || hour === undefined || at % 3 !== 0) return undefined
  const date = new Date(0)
  date.setUTCFullYear(shortYear === undefined ? Number(lastYear) : toFullYear(Number(shortYear), nowMs), at / 3, Number(lastDay))
  return date.getUTCDate() === Number(lastDay) ? date.getTime() + ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1_000 : undefined
}

function toFullYear(shortYear: number, nowMs: number): number {
  const nowYear = new Date(nowMs).getUTCFullYear()
  const sameCentury = nowYear - (nowYear % 100) + shortYear
  return sameCentury > nowYear + 50 ? sameCentury - 100 : sameCentury
}

/** IMF-fixdate, the one form that is written: `Sun, 06 Nov 1994 08:49:37 GMT`. */
export function formatHttpDate(epochMs: number): string {
  return new Date(epochMs).toUTCString()
}
