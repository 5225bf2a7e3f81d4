import { AggregatorRegistry } from 'prom-client'

/** What several processes say of themselves (`Metrics.json`) as one text: counts and durations added up, the rest as each figure says of itself. */
export function mergeMetrics(all: readonly (readonly object[])[]): Promise<string> {
  return AggregatorRegistry.aggregate(all.map((each) => [...each])).metrics()
}
