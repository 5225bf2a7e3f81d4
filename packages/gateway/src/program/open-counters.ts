/** Counters on Valkey or Redis, over a store that keeps the rest. */
import { StoreUnavailableError } from 'tollgate/engine'
import type { Store } from 'tollgate/stores'
import { engineName, type ValkeyConfig } from '../config/engine-config.ts'
import { watchEngine } from '../health/engine-state.ts'
import { engineFault } from '../platform/engine-fault.ts'
import { connectValkey } from '../platform/valkey.ts'
import type { EngineTools, OpenEngine } from './open-engines.ts'

export interface CompositeTools extends EngineTools {
  /** Whether some route reserves of a meter of this name: then it is counted beside the money. */
  readonly keptWithMoney: (meter: string) => boolean
}

/** Closes the store too. */
export async function openComposite(store: Store, config: ValkeyConfig, { clock, alert, heard, keptWithMoney }: CompositeTools): Promise<OpenEngine<Store>> {
  const { createValkeyCounters } = await import('tollgate/stores/valkey')
  const { createCompositeStore } = await import('tollgate/stores/composite')
  const about = { ...config, name: engineName(config), database: String(config.database) }
  const connection = await connectValkey({ ...config, heard: heard.valkey })
  // Where there is no connection: why there is none.
  const faultOf = (error: unknown): string => engineFault(error instanceof StoreUnavailableError ? (error.cause ?? error) : error, about).slice(about.name.length + 2)
  const ping = (): Promise<unknown> => connection.client.command('PING', []).catch((error: unknown) => Promise.reject(new Error(faultOf(error), { cause: error })))
  try {
    await ping()
    const counters = createValkeyCounters({ client: connection.client, prefix: config.prefix })
    for (const warning of await counters.warnings()) alert({ kind: 'store', message: `${about.name}: ${warning}` })
    const composite = createCompositeStore({ counters, store, keptWithMoney })
    const watch = watchEngine({ engine: 'valkey', name: about.name, ping, clock, alert: (message) => alert({ kind: 'store', message }) })
    return {
      opened: composite,
      watch,
      async close() {
        watch.stop()
        await composite.close()
        connection.close()
      },
    }
  } catch (error) {
    connection.close()
    throw new Error(`${about.name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}
