/**
 * Measures the contenders of a case in turns, round by round, so that whatever else the machine does meets all of them alike. Each round begins with
 * another contender. A finding is computed within each round, from neighbours in time, and its median reported.
 */
import type { BenchCase, Finding, Measures, Running, Stage } from './bench-case.ts'

export interface Pace {
  readonly rounds: number
  readonly roundMs: number
  readonly warmUpMs: number
}

export interface CaseResult {
  readonly benchCase: BenchCase
  readonly contenders: readonly { readonly name: string; readonly measures: Measures }[]
  readonly findings: readonly { readonly finding: Finding; readonly value: number }[]
  /** Who or what is left out, and why. */
  readonly left: readonly string[]
}

export async function runCase(benchCase: BenchCase, stage: Stage, pace: Pace, progress: (line: string) => void): Promise<CaseResult> {
  const running = new Map<string, Running>()
  const left: string[] = []
  try {
    for (const { name, start } of benchCase.contenders) {
      progress(`${benchCase.name}: starting ${name}`)
      const started = await start(stage)
      if (typeof started === 'string') left.push(`${name}: ${started}`)
      else running.set(name, started)
    }
    const names = [...running.keys()]
    for (const [name, { warmUp }] of running) {
      progress(`${benchCase.name}: warming ${name} up`)
      await warmUp(pace.warmUpMs)
    }
    const rounds: Map<string, Measures>[] = []
    for (let round = 0; round < pace.rounds; round += 1) {
      progress(`${benchCase.name}: round ${round + 1} of ${pace.rounds}`)
      const turns = [...names.slice(round % names.length), ...names.slice(0, round % names.length)]
      const measured = new Map<string, Measures>()
      for (const name of turns) {
        const measures = await running
          .get(name)
          ?.measure(pace.roundMs)
          .catch((error: unknown) => {
            throw new Error(`${name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
          })
        if (measures !== undefined) measured.set(name, measures)
      }
      rounds.push(measured)
    }
    return { benchCase, left, ...summarise(benchCase, names, rounds) }
  } finally {
    await Promise.all([...running.values()].map(({ stop }) => stop()))
  }
}

function summarise(benchCase: BenchCase, names: readonly string[], rounds: readonly ReadonlyMap<string, Measures>[]): Pick<CaseResult, 'contenders' | 'findings'> {
  const contenders = names.map((name) => ({ name, measures: medians(rounds.flatMap((round) => round.get(name) ?? [])) }))
  const findings = benchCase.findings
    .filter((finding) => finding.of.every((name) => names.includes(name)))
    .map((finding) => ({ finding, value: median(rounds.map((round) => finding.value(...finding.of.flatMap((name) => round.get(name) ?? [])))) }))
  return { contenders, findings }
}

function medians(measured: readonly Measures[]): Measures {
  const of = (name: keyof Measures): number | undefined => {
    const values = measured.flatMap((measures) => measures[name] ?? [])
    return values.length === 0 ? undefined : median(values)
  }
  const entries = (['cpuMicros', 'p50Ms', 'p99Ms', 'bytes'] as const).flatMap((name) => {
    const value = of(name)
    return value === undefined ? [] : [[name, value] as const]
  })
  return { perSecond: of('perSecond') ?? Number.NaN, ...Object.fromEntries(entries) }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}
