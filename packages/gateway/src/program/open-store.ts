/** The store that the configuration asks for, with what only some stores can do. */
import type { Clock } from 'tollgate/engine'
import { createMemoryStore } from 'tollgate/stores/memory'
import type { Alerts } from '../platform/alerts.ts'
import type { StoreConfig, ValkeyConfig } from '../config/engine-config.ts'
import type { EngineHeard } from '../metrics/engine-metrics.ts'
import type { OpenStore, OpenStoreOptions } from './opened-store.ts'

const unheard: EngineHeard = { postgres() {}, valkey() {} }

/** Rejects with an Error whose message names the file, or the address, and the mend. */
export async function openStore(config: StoreConfig, clock: Clock, alert: Alerts['raise'], options: OpenStoreOptions = {}): Promise<OpenStore> {
  const { observer, heard = unheard } = options
  switch (config.kind) {
    case 'memory':
      return { store: createMemoryStore({ clock, observer }), backup: undefined, damage: undefined, engines: [], watch: unwatched }
    case 'sqlite': {
      const { openSqlite } = await import('./open-sqlite.ts')
      return openSqlite(config.file, clock, alert, options)
    }
    case 'postgres': {
      const { openPostgres } = await import('./open-engines.ts')
      const { opened, watch, close } = await openPostgres(config, { clock, alert, heard, observer })
      return { store: { ...opened, close }, backup: undefined, damage: undefined, engines: [watch], watch: unwatched }
    }
  }
}

/** The same, with windows, quotas and slots counted elsewhere. */
export async function openStoreAndCounters(config: StoreConfig, counters: ValkeyConfig | undefined, clock: Clock, alert: Alerts['raise'], options: OpenStoreOptions = {}): Promise<OpenStore> {
  const base = await openStore(config, clock, alert, options)
  if (counters === undefined) return base
  try {
    const { openComposite } = await import('./open-counters.ts')
    const { opened, watch, close } = await openComposite(base.store, counters, { clock, alert, heard: options.heard ?? unheard, keptWithMoney: options.keptWithMoney ?? nothingReserved })
    return { ...base, store: { ...opened, close }, engines: [...base.engines, watch] }
  } catch (error) {
    await base.store.close()
    throw error
  }
}

function nothingReserved(): boolean {
  return false
}

function unwatched(): () => void {
  return () => undefined
}
