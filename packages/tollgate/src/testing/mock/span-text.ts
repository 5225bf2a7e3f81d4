/** Durations as a report says them: `180 ms`, `2 s`, `1.5 s`, `3 min`. */
export function formatSpan(ms: number): string {
  const rounded = Math.round(ms)
  if (rounded < 1_000) return `${rounded} ms`
  if (rounded < 120_000) return `${Number((ms / 1_000).toFixed(2))} s`
  return `${Number((ms / 60_000).toFixed(1))} min`
}

/** `2 s`, `250ms`, `1.5 min`; undefined for anything else. */
export function parseSpan(text: string): number | undefined {
  const [, amount, unit] = /^(\d{1,9}(?:\.\d{1,3})?) ?(ms|s|min|m|h)$/.exec(text.trim()) ?? []
  const factors: { readonly [unit: string]: number } = { ms: 1, s: 1_000, m: 60_000, min: 60_000, h: 3_600_000 }
  return amount === undefined || unit === undefined ? undefined : Number(amount) * (factors[unit] ?? Number.NaN)
}

/** `once`, `twice`, `3 times`. */
export function timesText(count: number): string {
  return count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`
}

export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}
