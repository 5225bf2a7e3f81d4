/** Engines that gateways share: the store on Postgres, and counters on Valkey or Redis beside it or beside another store. */
import { hostname } from 'node:os'
import type { Clock } from 'tollgate/engine'
import type { Store } from 'tollgate/stores'
import type { StoreObserver } from 'tollgate/stores/sqlite'
import { engineName, type PostgresConfig } from '../config/engine-config.ts'
import { watchEngine, type EngineWatch } from '../health/engine-state.ts'
import type { EngineHeard } from '../metrics/engine-metrics.ts'
import type { Alerts } from '../platform/alerts.ts'
import { engineFault } from '../platform/engine-fault.ts'
import { connectPostgres } from '../platform/postgres.ts'
import { createPostgresPing } from '../platform/postgres-ping.ts'

export interface EngineTools {
  readonly clock: Clock
  readonly alert: Alerts['raise']
  readonly heard: EngineHeard
  readonly observer?: StoreObserver | undefined
}

export interface OpenEngine<Opened> {
  readonly opened: Opened
  readonly watch: EngineWatch
  close(): Promise<void>
}

/** The server itself gives up a statement that takes too long; who does not even say so has gone. */
const ANSWER_BEYOND_MS = 500

/** By how much the clocks of two machines may differ before it is said. */
const SKEW_MS = 5_000

/** Rejects with an Error whose message names the address and the mend, and no secret. */
export async function openPostgres(config: PostgresConfig, { clock, alert, heard, observer }: EngineTools): Promise<OpenEngine<Store>> {
  // Loaded where it is used.
  const { createPostgresStore, migratePostgres } = await import('tollgate/stores/postgres')
  const about = { ...config, name: engineName(config) }
  const connect = connectPostgres(config, { heard: heard.postgres })
  const ping = createPostgresPing(connect)
  let isSkewSaid = false

  async function look(): Promise<void> {
    const skewMs = (await ping.serverMs().catch((error: unknown) => Promise.reject(new Error(engineFault(error, about).slice(about.name.length + 2), { cause: error })))) - Date.now()
    const isSkewed = Math.abs(skewMs) > SKEW_MS
    if (isSkewed && !isSkewSaid) alert({ kind: 'clock', message: `the time of this machine (${hostname()}) is ${Math.round(Math.abs(skewMs) / 1_000)} s ${skewMs < 0 ? 'ahead of' : 'behind'} that of the database, by which everything is counted: set it right, or callers are told wrong waits` })
    isSkewSaid = isSkewed
  }

  try {
    await look()
    // An empty database is filled. One that other gateways may be using is changed by whoever is asked to.
    const { from, to, statements } = await migratePostgres({ connect, dryRun: true })
    if (from > 0 && statements.length > 0) throw new Error(`the database has schema ${from}, this version of Tollgate needs ${to}: run "tollgate migrate" (--dry-run says what it would do)`)
    const store = await createPostgresStore({ connect, lanes: config.lanes, clock, observer, answerWithinMs: config.timeoutMs + ANSWER_BEYOND_MS })
    const watch = watchEngine({ engine: 'postgres', name: about.name, ping: look, clock, alert: (message) => alert({ kind: 'store', message }) })
    return {
      opened: store,
      watch,
      async close() {
        watch.stop()
        await store.close()
        await ping.close()
      },
    }
  } catch (error) {
    await ping.close()
    const message = error instanceof Error ? error.message : String(error)
    throw new Error(message.startsWith(about.name) ? message : `${about.name}: ${message}`, { cause: error })
  }
}
