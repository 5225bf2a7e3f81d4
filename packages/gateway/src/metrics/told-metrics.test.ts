import { Counter, Histogram, Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { DURATION_BUCKETS, DurationTally } from './duration-tally.ts'
import { tellCounter, tellHistogram } from './told-metrics.ts'

const about = { name: 'calls_seconds', help: 'How long.', labelNames: ['api'] }

test('a histogram is told in the words of prom-client, bounds and all that is longer included', async () => {
  const theirs = new Registry()
  const histogram = new Histogram({ ...about, buckets: [...DURATION_BUCKETS], registers: [theirs] })
  const ours = new Registry()
  const tallies = new Map<string, DurationTally>()
  tellHistogram(ours, { ...about, figures: () => [...tallies].map(([api, tally]) => [{ api }, tally] as const) })
  for (const api of ['shop', 'a "quoted" one']) {
    const tally = new DurationTally()
    tallies.set(api, tally)
    for (const seconds of [0, 0.002, 0.0021, 0.3, 60, 60.5, 1_000]) {
      histogram.observe({ api }, seconds)
      tally.add(seconds)
    }
  }
  expect(await ours.metrics()).toBe(await theirs.metrics())
})

test('a counter is told as it stands at each scrape', async () => {
  const theirs = new Registry()
  const counter = new Counter({ ...about, registers: [theirs] })
  const ours = new Registry()
  const counts = new Map<string, number>()
  tellCounter(ours, { ...about, figures: () => [...counts].map(([api, count]) => [{ api }, count] as const) })
  for (const [api, count] of [['shop', 2], ['chat', 0], ['shop', 5]] as const) {
    counter.inc({ api }, count)
    counts.set(api, (counts.get(api) ?? 0) + count)
    expect(await ours.metrics()).toBe(await theirs.metrics())
  }
})
