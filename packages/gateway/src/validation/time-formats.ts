/** RFC 3339 (dates, times, durations) and RFC 9110 (HTTP dates). */

export function isDateTime(value: string): boolean {
  const [, date, time] = /^([\d-]{10})[Tt ](.{9,64})$/.exec(value) ?? []
  return date !== undefined && time !== undefined && isDate(date) && isTime(time)
}

export function isDate(value: string): boolean {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(value) ?? []
  if (year === undefined) return false
  // The zeroth day of the month after it is its last one.
  const days = new Date(Date.UTC(2000 + (Number(year) % 400), Number(month), 0)).getUTCDate()
  return Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= days
}

/** With a zone. A leap second comes at 23:59:60 UTC and at no other time. */
export function isTime(value: string): boolean {
  const [, hour, minute, second, sign, zoneHour, zoneMinute] = /^(\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:[Zz]|([+-])(\d\d):(\d\d))$/.exec(value) ?? []
  if (hour === undefined) return false
  const [h, m, s, zh, zm] = [hour, minute, second, zoneHour ?? 0, zoneMinute ?? 0].map(Number) as [number, number, number, number, number]
  if (h > 23 || m > 59 || zh > 23 || zm > 59) return false
  const utcMinutes = h * 60 + m - (sign === '-' ? -1 : 1) * (zh * 60 + zm)
  return s < 60 || (s === 60 && (utcMinutes + 2_880) % 1_440 === 1_439)
}

export function isDuration(value: string): boolean {
  return /^P(?:\d+W|(?=\d|T\d)(?:\d+Y(?:\d+M(?:\d+D)?)?|\d+M(?:\d+D)?|\d+D)?(?:T(?:\d+H(?:\d+M(?:\d+S)?)?|\d+M(?:\d+S)?|\d+S))?)$/.test(value)
}

/** The form that is sent today (IMF-fixdate). */
export function isHttpDate(value: string): boolean {
  return /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d GMT$/.test(value)
}
