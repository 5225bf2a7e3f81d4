/** RFC 3339 timestamps in UTC. */

const RFC_3339 = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/

export function isTimestamp(value: unknown): value is string {
  return typeof value === 'string' && RFC_3339.test(value)
}

const DAY_MS = 86_400_000
const YEAR_0_MS = -62_167_219_200_000
const YEAR_10000_MS = 253_402_300_800_000

/** `toISOString` is most of what an answer costs. Nearly all timestamps are of today or tomorrow, so the date is kept and the time computed. */
let knownDay = Number.NaN
let knownDate = ''

/** The fraction only where there is one: `2024-01-02T00:00:00Z`. Undefined outside the years 0 to 9999, which RFC 3339 cannot say. */
export function formatTimestamp(epochMs: number): string | undefined {
  if (!(epochMs >= YEAR_0_MS && epochMs < YEAR_10000_MS)) return undefined
  const wholeMs = Math.floor(epochMs)
  const day = Math.floor(wholeMs / DAY_MS)
  if (day !== knownDay) {
    knownDay = day
    knownDate = new Date(day * DAY_MS).toISOString().slice(0, 10)
  }
  const ms = wholeMs - day * DAY_MS
  const seconds = Math.floor(ms / 1000)
  const fraction = ms % 1000 === 0 ? '' : `.${String(ms % 1000).padStart(3, '0')}`
  return `${knownDate}T${twoDigits(Math.floor(seconds / 3600))}:${twoDigits(Math.floor(seconds / 60) % 60)}:${twoDigits(seconds % 60)}${fraction}Z`
}

function twoDigits(value: number): string {
  return value < 10 ? `0${value}` : `${value}`
}
