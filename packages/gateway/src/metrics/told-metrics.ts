/** Metrics whose figures are kept as plain numbers elsewhere, and told to prom-client at each scrape. */
import { Counter, type Metric, type Registry } from 'prom-client'
import type { DurationTally } from './duration-tally.ts'

type Labels = Readonly<Record<string, string | number>>

interface ToldMetric<Figure> {
  readonly name: string
  readonly help: string
  readonly labelNames: string[]
  /** Asked at each scrape: what there is, by labels. */
  readonly figures: () => Iterable<readonly [Labels, Figure]>
}

export function tellCounter(registry: Registry, { name, help, labelNames, figures }: ToldMetric<number>): void {
  void new Counter({
    name,
    help,
    labelNames,
    registers: [registry],
    collect() {
      this.reset()
      for (const [labels, value] of figures()) this.inc(labels, value)
    },
  })
}

interface Sample {
  readonly metricName: string
  readonly labels: Labels
  readonly value: number
}

/** A registry asks a metric for no more than this; prom-client's own histogram takes one value at a time. */
export function tellHistogram(registry: Registry, { name, help, figures }: ToldMetric<DurationTally>): void {
  const get = async (): Promise<object> => ({ name, help, type: 'histogram', aggregator: 'sum', values: [...figures()].flatMap(([labels, tally]) => samplesOf(name, labels, tally)) })
  registry.registerMetric({ name, help, get } as unknown as Metric)
}

function samplesOf(name: string, labels: Labels, tally: DurationTally): readonly Sample[] {
  const buckets = [...tally.upTo(), ['+Inf', tally.count] as const].map(([le, value]) => ({ metricName: `${name}_bucket`, labels: { le, ...labels }, value }))
  return [...buckets, { metricName: `${name}_sum`, labels, value: tally.sumSeconds }, { metricName: `${name}_count`, labels, value: tally.count }]
}
