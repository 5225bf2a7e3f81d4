/**
 * What the gateway says of itself to Prometheus. Each figure comes from what is decided and recorded anyway: requests from the rows of the request log, money
 * from those of the ledger, the rest is asked at the scrape.
 *
 * Labels come from the configuration, from contracts and from closed lists; nothing that a caller sends becomes one, so that nobody can make them grow.
 */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { RequestRow } from 'tollgate/journal'
import type { EngineState } from '../health/engine-state.ts'
import { createEngineMetrics, type EngineHeard } from './engine-metrics.ts'
import { createMoneyMetrics, type ApiOf, type MoneyMetrics } from './money-metrics.ts'
import { createRequestMetrics } from './request-metrics.ts'

/** Seconds: a commit is an fsync. */
const COMMIT_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5]

const GROUP_BUCKETS = [1, 2, 5, 10, 20, 50, 100, 200, 500]

/** Asked at each scrape. */
export interface Gauged {
  /** Calls at their services, by API. */
  inFlight(): readonly { readonly api: string; readonly calls: number }[]
  certificates(): readonly { readonly listener: string; readonly expiresAtMs: number }[]
  ready(): boolean
  /** Those that are asked over a network. */
  engines(): readonly EngineState[]
  /** How many share the store. */
  gateways(): number
}

export interface MetricsOptions extends Gauged {
  readonly version: string
  readonly apiOf: ApiOf
}

export interface Commit {
  readonly durationMs: number
  readonly failed: boolean
  /** How many commands it wrote, where that is known. */
  readonly commands?: number | undefined
}

export interface Metrics {
  request(row: RequestRow): void
  commit(commit: Commit): void
  alert(kind: string): void
  reload(ok: boolean): void
  readonly money: MoneyMetrics
  readonly engines: EngineHeard
  /** As data, to be added to that of other processes. */
  json(): Promise<readonly object[]>
  /** In the text format of Prometheus. */
  text(): Promise<string>
  readonly contentType: string
}

export function createMetrics({ version, apiOf, ...gauged }: MetricsOptions): Metrics {
  const registry = new Registry()
  const registers = [registry]
  const requests = createRequestMetrics(registry)
  const commits = new Counter({ name: 'tollgate_store_commits_total', help: 'Transactions of the store.', labelNames: ['outcome'], registers })
  const commitDurations = new Histogram({ name: 'tollgate_store_commit_duration_seconds', help: 'How long a transaction of the store took.', buckets: COMMIT_BUCKETS, registers })
  const groups = new Histogram({ name: 'tollgate_store_group_commands', help: 'Commands in one transaction of a store that gateways share.', buckets: GROUP_BUCKETS, registers })
  const alerts = new Counter({ name: 'tollgate_alerts_total', help: 'Alerts that were raised; status and log say which.', labelNames: ['kind'], registers })
  const reloads = new Counter({ name: 'tollgate_config_reloads_total', help: 'Reloads of the configuration.', labelNames: ['outcome'], registers })
  for (const outcome of ['ok', 'failed']) for (const counter of [commits, reloads]) counter.inc({ outcome }, 0)

  /** `over`: what becomes of it over the workers of a gateway. */
  const gauge = (name: string, help: string, labelNames: string[], over: 'sum' | 'min' | 'first', collect: (gauge: Gauge) => void): void => {
    void new Gauge({ name, help, labelNames, registers, aggregator: over, collect() { collect(this as Gauge) } })
  }
  gauge('tollgate_build_info', 'The version that runs; always 1.', ['version'], 'first', (each) => each.set({ version }, 1))
  gauge('tollgate_ready', 'Whether the gateway takes calls: 1, or 0 as /readyz says 503.', [], 'min', (each) => each.set(gauged.ready() ? 1 : 0))
  gauge('tollgate_requests_in_flight', 'Calls under way.', ['api'], 'sum', (each) => gauged.inFlight().forEach(({ api, calls }) => each.set({ api }, calls)))
  gauge('tollgate_tls_certificate_expiry_timestamp_seconds', 'When the certificate of a listener expires.', ['listener'], 'min', (each) =>
    gauged.certificates().forEach(({ listener, expiresAtMs }) => each.set({ listener }, expiresAtMs / 1_000)),
  )

  return {
    money: createMoneyMetrics(registry, apiOf),
    engines: createEngineMetrics(registry, gauged.engines, gauged.gateways),
    contentType: registry.contentType,
    request: (row) => requests.count(row),
    commit({ durationMs, failed, commands }) {
      if (commands !== undefined) groups.observe(commands)
      commits.inc({ outcome: failed ? 'failed' : 'ok' })
      commitDurations.observe(durationMs / 1_000)
    },
    alert: (kind) => alerts.inc({ kind }),
    reload: (ok) => reloads.inc({ outcome: ok ? 'ok' : 'failed' }),
    json: async () => [...(await registry.getMetricsAsJSON()), ...(await ofProcess().getMetricsAsJSON())],
    text: async () => `${await registry.metrics()}${await ofProcess().metrics()}`,
  }
}

let process: Registry | undefined

/** Memory, CPU, event loop, garbage: of the process, however many gateways run in it. It listens to the runtime from the first scrape on. */
function ofProcess(): Registry {
  if (process === undefined) {
    process = new Registry()
    collectDefaultMetrics({ register: process })
    // Gauges that are called totals, against the conventions; what they count has other figures too.
    for (const name of ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total']) process.removeSingleMetric(name)
  }
  return process
}
