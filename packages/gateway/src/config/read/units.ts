/** Durations and sizes as people write them: `250ms`, `60s`, `5m`, `24h`, `30d` · `512B`, `64KB`, `64KiB`, `1MiB`. */

export const MS_PER_UNIT = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const
export const BYTES_PER_UNIT = { B: 1, KB: 1_000, MB: 1_000_000, GB: 1_000_000_000, KiB: 1_024, MiB: 1_048_576, GiB: 1_073_741_824 } as const

/** Milliseconds; undefined if it is not a duration, or not a whole number of milliseconds. */
export function parseDuration(text: string): number | undefined {
  return parseQuantity(text, MS_PER_UNIT)
}

/** Bytes; undefined if it is not a size, or not a whole number of bytes. */
export function parseSize(text: string): number | undefined {
  return parseQuantity(text, BYTES_PER_UNIT)
}

/** The shortest exact form: 90000 is `90s`, 60000 is `1m`. */
export function formatDuration(durationMs: number): string {
  return formatQuantity(durationMs, MS_PER_UNIT)
}

function parseQuantity(text: string, units: { readonly [unit: string]: number }): number | undefined {
  const [, amount, unit] = /^(\d{1,12}(?:\.\d{1,6})?) ?([A-Za-z]+)$/.exec(text.trim()) ?? []
  if (amount === undefined || unit === undefined || !Object.hasOwn(units, unit)) return undefined
  const value = Number(amount) * (units[unit] ?? Number.NaN)
  return Number.isSafeInteger(value) ? value : undefined
}

function formatQuantity(value: number, units: { readonly [unit: string]: number }): string {
  const largestFirst = Object.entries(units).toReversed()
  const [unit, size] = largestFirst.find(([, each]) => value !== 0 && value % each === 0) ?? ['ms', 1]
  return `${value / size}${unit}`
}
