/** RFC 3339 timestamps in UTC. */

const RFC_3339 = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/

export function isTimestamp(value: unknown): value is string {
  return typeof value === 'string' && RFC_3339.test(value)
}

const DAY_MS = 86_400_000
const YEAR_0_MS = -62_167_219_200_000
const YEAR_10000_MS = 253_402_300_800_000

/** `toISOString` is most of what an answer costs. Nearly all timestamps are of a few days, today and when some period ends, so dates are kept and the time computed. */
const DAYS_MAX = 64
const dates = new Map<number, string>()

function dateOf(day: number): string {
  const known = dates.get(day)
  if (known !== undefined) return known
  const date = new Date(day * DAY_MS).toISOString().slice(0, 10)
  if (dates.size >= DAYS_MAX) dates.clear()
  dates.set(day, date)
  return date
}

/** The fraction only where there is one: `2024-01-02T00:00:00Z`. Undefined outside the years 0 to 9999, which RFC 3339 cannot say. */
export function formatTimestamp(epochMs: number): string | undefined {
  if (!(epochMs >= YEAR_0_MS && epochMs < YEAR_10000_MS)) return undefined
  const wholeMs = Math.floor(epochMs)
  const ms = wholeMs - Math.floor(wholeMs / 1000) * 1000
  return `${toSeconds(wholeMs)}${ms === 0 ? '' : `.${String(ms).padStart(3, '0')}`}Z`
}

const INSTANTS_MAX = 256
const instants = new Map<number, string>()

/** As `Date.prototype.toISOString` writes it: `2024-01-02T00:00:00.000Z`. Most are the ends of periods and windows, the same for many calls, and are kept. */
export function formatInstant(epochMs: number): string {
  const known = instants.get(epochMs)
  if (known !== undefined) return known
  const text = new Date(epochMs).toISOString()
  if (instants.size >= INSTANTS_MAX) instants.clear()
  instants.set(epochMs, text)
  return text
}

/** Most are of this moment, whose seconds many answers share. */
let lastSecond = Number.NaN
let lastText = ''

/** `2024-01-02T00:00:00`, of whole milliseconds. */
function toSeconds(wholeMs: number): string {
  const second = Math.floor(wholeMs / 1000)
  if (second !== lastSecond) {
    lastText = formatSeconds(wholeMs)
    lastSecond = second
  }
  return lastText
}

function formatSeconds(wholeMs: number): string {
  const day = Math.floor(wholeMs / DAY_MS)
  const seconds = Math.floor((wholeMs - day * DAY_MS) / 1000)
  return `${dateOf(day)}T${twoDigits(Math.floor(seconds / 3600))}:${twoDigits(Math.floor(seconds / 60) % 60)}:${twoDigits(seconds % 60)}`
}

function twoDigits(value: number): string {
  return value < 10 ? `0${value}` : `${value}`
}
