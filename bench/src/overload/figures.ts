/** What a run finds, as it is kept in `bench/results/overload.json`. */
import type { ProbeFigures } from './probes.ts'
import type { LoadFigures } from './run-load.ts'
import type { Load } from './set-ups.ts'

/** Of all seeds. */
export interface LoadSummary {
  readonly calls: number
  /** Means. */
  readonly goodput: readonly number[]
  readonly arrived: readonly number[]
  readonly attemptsPerCall: number
  /** Of the requests, those that were answered with 5xx. */
  readonly failedShare: number
  readonly succeeded: number
  /** Of the worst seed. */
  readonly succeededLeast: number
  /** The second from which on all goes as before, in the worst seed. Null: it did not come. */
  readonly recoveredAtS: number | null
}

export interface ContenderFigures {
  readonly name: string
  readonly version: string | null
  readonly note: string | null
  readonly loads: { readonly [load: string]: LoadSummary }
  readonly probes: ProbeFigures
}

/** Of a second's calls, how many count as all. */
const FULL = 0.95

export function summarise({ perSecond, seconds }: Load, runs: readonly LoadFigures[]): LoadSummary {
  const recovered = runs.map(({ goodput }) => recovery(goodput, perSecond))
  return {
    calls: perSecond * seconds,
    goodput: meanOfEach(runs.map(({ goodput }) => goodput)),
    arrived: meanOfEach(runs.map(({ arrived }) => arrived)),
    attemptsPerCall: round(mean(runs.map(({ attemptsPerCall }) => attemptsPerCall)), 4),
    failedShare: round(mean(runs.map(({ failedShare }) => failedShare)), 5),
    succeeded: round(mean(runs.map(({ succeeded }) => succeeded)), 1),
    succeededLeast: Math.min(...runs.map(({ succeeded }) => succeeded)),
    recoveredAtS: recovered.includes(undefined) ? null : Math.max(...recovered.map((second) => second ?? 0)),
  }
}

function recovery(goodput: readonly number[], perSecond: number): number | undefined {
  const last = goodput.findLastIndex((count) => count < perSecond * FULL)
  return last === goodput.length - 1 ? undefined : last + 1
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
const meanOfEach = (rows: readonly (readonly number[])[]): readonly number[] => (rows[0] ?? []).map((_, at) => round(mean(rows.map((row) => row[at] ?? 0)), 1))
const round = (value: number, digits: number): number => Number(value.toFixed(digits))
