/** Requests as Prometheus is told of them. */
import type { Registry } from 'prom-client'
import { RequestTally, type ApiTally } from './request-tally.ts'
import { tellCounter, tellHistogram } from './told-metrics.ts'

/** What it counts is told at each scrape. */
export function createRequestMetrics(registry: Registry): RequestTally {
  const tally = new RequestTally()

  function* ofApis<Figure>(figuresOf: (api: ApiTally) => Iterable<readonly [Record<string, string | number>, Figure]>): Iterable<readonly [Record<string, string | number>, Figure]> {
    for (const [api, figures] of tally.apis) for (const [labels, figure] of figuresOf(figures)) yield [{ api, ...labels }, figure]
  }

  tellCounter(registry, {
    name: 'tollgate_requests_total',
    help: 'Requests that have been answered, or whose caller went away (499).',
    labelNames: ['api', 'route', 'status'],
    figures: () => ofApis(({ routes }) => [...routes].flatMap(([route, { statuses }]) => [...statuses].map(([status, count]) => [{ route, status }, count] as const))),
  })
  tellCounter(registry, {
    name: 'tollgate_refusals_total',
    help: 'Requests that were refused or failed, by the entry of the contract and its reason.',
    labelNames: ['api', 'entry', 'reason'],
    figures: () => ofApis(({ refusals }) => [...refusals].flatMap(([entry, reasons]) => [...reasons].map(([reason, count]) => [{ entry, reason }, count] as const))),
  })
  tellHistogram(registry, {
    name: 'tollgate_request_duration_seconds',
    help: 'From the head of a request to the end of its answer.',
    labelNames: ['api', 'route'],
    figures: () => ofApis(({ routes }) => [...routes].map(([route, { durations }]) => [{ route }, durations] as const)),
  })
  tellCounter(registry, { name: 'tollgate_request_body_bytes_total', help: 'Bytes of bodies from callers.', labelNames: ['api'], figures: () => ofApis(({ bytesIn }) => [[{}, bytesIn]]) })
  tellCounter(registry, { name: 'tollgate_response_body_bytes_total', help: 'Bytes of bodies to callers.', labelNames: ['api'], figures: () => ofApis(({ bytesOut }) => [[{}, bytesOut]]) })
  tellHistogram(registry, {
    name: 'tollgate_upstream_duration_seconds',
    help: 'One attempt at an upstream, from dispatch to the end of its answer.',
    labelNames: ['api'],
    figures: () => ofApis(({ attempts }) => (attempts.count === 0 ? [] : [[{}, attempts]])),
  })
  tellCounter(registry, {
    name: 'tollgate_upstream_failures_total',
    help: 'Attempts that failed: refused, timeout, reset, garbage, status_5xx, refuses_us (our own key or quota there).',
    labelNames: ['api', 'kind'],
    figures: () => ofApis(({ failures }) => [...failures].map(([kind, count]) => [{ kind }, count] as const)),
  })
  return tally
}
