/** Everything that hears what the gateway does, without a part in it: metrics, health, lines about requests. */
import type { Directory } from 'tollgate/directory'
import type { RequestRow } from 'tollgate/journal'
import type { InFlight } from 'tollgate/gate'
import type { StoreObserver } from 'tollgate/stores/sqlite'
import { accessLine } from './access-line.ts'
import type { GatewayConfig } from '../config/gateway-config.ts'
import type { EngineWatch } from '../health/engine-state.ts'
import { createHealth, type Health } from '../health/health.ts'
import type { Fleet } from './fleet.ts'
import type { Log } from '../platform/log.ts'
import { createApiOfBalance } from '../metrics/api-of-balance.ts'
import { createMetrics, type Gauged, type Metrics } from '../metrics/metrics.ts'
import { programVersion } from '../platform/version.ts'

export interface Observing {
  readonly health: Health
  readonly metrics: Metrics
  readonly store: StoreObserver
  /** Of a store on another machine: whether it answers is asked besides, and one transaction that fails says nothing of it. */
  readonly sharedStore: StoreObserver
  request(row: RequestRow): void
  /** The store's file is damaged: it is not ready any more. */
  damaged(): void
}

export interface ObservingOptions {
  readonly config: () => GatewayConfig
  /** Asked late: it stands on the store, which is observed. */
  readonly directory: () => Pick<Directory, 'account' | 'keyById'>
  readonly inFlight: Pick<InFlight, 'counts'>
  readonly certificates: Gauged['certificates']
  /** Asked late: they are opened after it. */
  readonly shared: () => { readonly engines: readonly EngineWatch[]; readonly fleet: Pick<Fleet, 'count'> } | undefined
  readonly log: Log
}

export function createObserving({ config, directory, inFlight, certificates, shared, log }: ObservingOptions): Observing {
  let storeFault: string | undefined
  let isDamaged = false
  const engines = () => (shared()?.engines ?? []).map((engine) => engine.state())
  const health = createHealth(() => (isDamaged ? 'the store is damaged' : storeFault), engines)
  const metrics = createMetrics({
    version: programVersion(),
    apiOf: createApiOfBalance(() => config().apis, { account: (id) => directory().account(id), keyById: (id) => directory().keyById(id) }),
    inFlight: inFlight.counts,
    certificates,
    engines,
    gateways: () => shared()?.fleet.count() ?? 1,
    ready: () => health.unready() === undefined,
  })

  return {
    health,
    metrics,
    store: {
      moved: metrics.money.moved,
      committed(commit) {
        storeFault = commit.failed ? 'the store cannot write' : undefined
        metrics.commit(commit)
      },
    },
    sharedStore: { moved: metrics.money.moved, committed: metrics.commit },
    damaged: () => void (isDamaged = true),
    request(row) {
      metrics.request(row)
      if (config().log.access) log.access?.(accessLine(row))
    },
  }
}
