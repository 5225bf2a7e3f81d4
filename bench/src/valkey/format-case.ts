/** A situation as a table in Markdown: medians of all rounds, and of the ratio within each. */
import type { Round } from './measure-once.ts'

export interface Measured {
  readonly name: string
  readonly rounds: Round[]
}

export function formatCase(title: string, measured: readonly Measured[]): string {
  const [first] = measured
  const lines = measured.map(({ name, rounds }) => {
    const of = (figure: keyof Round): number => median(rounds.map((round) => round[figure]))
    const ratio = median(rounds.map(({ perSecond }, at) => (first?.rounds[at]?.perSecond ?? NaN) / perSecond))
    return `| ${name} | ${Math.round(of('perSecond')).toLocaleString('en')} | ${of('p50Ms').toFixed(2)} / ${of('p99Ms').toFixed(2)} | ${of('clientMicros').toFixed(1)} | ${of('serverMicros').toFixed(1)} | ${ratio.toFixed(2)} |`
  })
  return [`### ${title}`, '', `| | admissions/s | p50 / p99, ms | CPU of the client, µs | CPU of the server, µs | ${first?.name ?? ''} does so many times as many |`, '|---|---|---|---|---|---|', ...lines, ''].join('\n')
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? NaN
}
