/** Whether a figure that was read from time to time stays where it is once everything has warmed up. */

export interface FlatBound {
  /** What it may grow by, of itself, between the middle of a run and its end. */
  readonly share: number
  /** And besides. */
  readonly plus: number
}

/** Medians of the third and the last quarter: undefined where there are too few readings, or where it is flat. */
export function growth(readings: readonly number[], { share, plus }: FlatBound): { readonly from: number; readonly to: number } | undefined {
  const quarter = Math.floor(readings.length / 4)
  if (quarter < 3) return undefined
  const from = median(readings.slice(2 * quarter, 3 * quarter))
  const to = median(readings.slice(3 * quarter))
  return to > from * (1 + share) + plus ? { from, to } : undefined
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}
