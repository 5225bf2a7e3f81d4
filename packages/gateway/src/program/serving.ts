/** What callers reach: the front, and behind it the gate and the way to the services; and how a reload puts the next ones in their place, whole. */
import type { Directory, Documents } from 'tollgate/directory'
import type { Clock } from 'tollgate/engine'
import type { Gate } from 'tollgate/gate'
import type { GatewayConfig } from '../config/gateway-config.ts'
import type { Outcome } from '../config/read/config-problem.ts'
import type { DocsAnswers } from '../docs/serve/docs-answers.ts'
import { gateWithDocs } from '../docs/serve/gate-with-docs.ts'
import { gateWithHealth } from '../health/gate-with-health.ts'
import type { Health } from '../health/health.ts'
import { createHttpFront, type HttpFront } from '../http/front.ts'
import type { ReloadOutcome } from '../operator/admin-gateway.ts'
import type { Log } from '../platform/log.ts'
import { createProxy } from '../proxy/proxy.ts'
import type { CallListener } from '../settling/call-listener.ts'
import { demand } from './demand.ts'
import type { DocsOf } from './docs-of.ts'
import { createReloader, type Reloader } from './reloader.ts'
import { nextSnapshot, type Snapshot } from './snapshot.ts'

export interface ServingSetup {
  /** To begin with. */
  readonly config: GatewayConfig
  /** What the configuration says by now. */
  readonly read: () => Promise<Outcome<GatewayConfig>>
  readonly gateOf: (config: GatewayConfig) => Outcome<Gate>
  readonly directory: Directory
  readonly store: Documents
  readonly calls: CallListener
  /** The references that are served, to begin with; and how the next ones are made. */
  readonly docs: DocsAnswers | undefined
  readonly docsOf: DocsOf
  /** Answers on the front too, where that was asked for. */
  readonly health: Health
  readonly clock: Clock
  readonly log: Log
  readonly onError: (error: unknown) => void
  /** Told of each configuration that has taken the place of another. */
  readonly swapped: (config: GatewayConfig) => void
  readonly reloaded: (ok: boolean) => void
}

export interface Serving extends Reloader {
  readonly front: HttpFront
  /** The configuration that holds now. */
  config(): GatewayConfig
}

/** Throws a `GatewayStartError` where there cannot be a gate. */
export function createServing({ config, read, gateOf, directory, store, calls, docs: firstDocs, docsOf, health, clock, log, onError, swapped, reloaded }: ServingSetup): Serving {
  let running: Snapshot = { config, gate: demand(gateOf(config)), docs: firstDocs }
  let frontGate = frontGateOf(running)
  const { listen } = config
  let proxy = createProxy({ ...config, wire: listen.wire }, clock)
  const front = createHttpFront({ gate: () => frontGate, clock, carrier: proxy, trust: listen.trust, tls: listen.tls, wire: listen.wire, onError })

  function frontGateOf({ config: next, gate, docs }: Snapshot): Gate {
    const documented = docs === undefined ? gate : gateWithDocs(gate, docs)
    return next.listen.health ? gateWithHealth(documented, health) : documented
  }

  async function swap(): Promise<ReloadOutcome> {
    const next = await nextSnapshot({ current: running.config, read, gateOf, directory, store, calls, docsOf })
    if (!next.ok) return next
    running = next.value
    frontGate = frontGateOf(running)
    proxy = createProxy({ ...running.config, wire: listen.wire }, clock, proxy)
    front.reconfigure({ carrier: proxy, trust: running.config.listen.trust })
    swapped(running.config)
    return { ok: true }
  }

  return { front, config: () => running.config, ...createReloader(swap, log, reloaded) }
}
