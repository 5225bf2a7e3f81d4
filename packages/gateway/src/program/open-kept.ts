/** What outlives every configuration: the store and what is kept in it, and whoever looks after it. */
import { hostname } from 'node:os'
import { createDirectory, type Directory, type StaleRows } from 'tollgate/directory'
import { kindOf, type Clock } from 'tollgate/engine'
import type { SetBack, StoreObserver } from 'tollgate/stores/sqlite'
import type { GatewayConfig } from '../config/gateway-config.ts'
import { formatProblem } from '../config/read/config-problem.ts'
import type { EngineHeard } from '../metrics/engine-metrics.ts'
import type { Alerts } from '../platform/alerts.ts'
import type { Closers } from '../platform/closers.ts'
import type { Log } from '../platform/log.ts'
import { randomBytes, sha256Hex } from '../platform/secrets.ts'
import type { SystemClock } from '../platform/system-clock.ts'
import { createGatewayTokens } from '../tokens/gateway-tokens.ts'
import { createSigningKeys } from '../tokens/signing-keys.ts'
import { programVersion } from '../platform/version.ts'
import { watchClock } from './clock-watch.ts'
import { claimDatabase } from './database-claim.ts'
import { configError } from './demand.ts'
import { startHeartbeat } from './heartbeat.ts'
import { heldPlans } from './held-plans.ts'
import { keepMeanings } from './kept-meanings.ts'
import { createReservedMeters } from './reserved-meters.ts'
import { openStoreAndCounters } from './open-store.ts'
import type { OpenStore } from './opened-store.ts'
import { fleetOfOne, startFleet, type Fleet } from './fleet.ts'
import { startSweeping } from './sweeping.ts'

export interface Kept extends Omit<OpenStore, 'watch'> {
  readonly directory: Directory
  /** Signed with keys that are kept. */
  readonly tokens: ReturnType<typeof createGatewayTokens>
  /** The gateways that share the store. */
  readonly fleet: Fleet
  /** The name of this run: what one before it left behind is not its own. */
  readonly owner: string
}

export interface KeptOptions {
  readonly clock: Clock
  /** Where the clock is the machine's. */
  readonly machine: SystemClock | undefined
  /** Go back to the machine's time, although the database has seen a later one. */
  readonly setTimeBack: boolean
  readonly observer: StoreObserver
  /** The configuration that holds now: what routes reserve of may change. */
  readonly current: () => GatewayConfig
  /** Told of what engines are asked. */
  readonly heard: EngineHeard
  readonly alert: Alerts['raise']
  readonly log: Log
  /** The database has ended by itself. */
  readonly died: (error: Error) => void
  /** The database is damaged, as is found out while it is in use. */
  readonly damaged: () => void
  /** What was opened is in here at once, also if what follows fails. */
  readonly closers: Closers
}

/** Rejects where the database cannot be had, or where the configuration gives another meaning to what is counted in it. */
export async function openKept(config: GatewayConfig, { clock, machine, setTimeBack, observer, current, heard, alert, log, died, damaged, closers }: KeptOptions): Promise<Kept> {
  if (config.store.kind === 'sqlite') closers.push(await claimDatabase(config.store.file))
  const setBack = setTimeBack ? setBackOf(config, Date.now()) : undefined
  const { store, backup, damage, engines, watch } = await openStoreAndCounters(config.store, config.counters, clock, alert, { observer, heard, keptWithMoney: createReservedMeters(current), log, died, damaged, setBack })
  closers.push(() => store.close())
  // Where the time is the database server's, that of this machine need not wait for it.
  if (config.store.kind !== 'postgres') machine?.notBefore(store.highWaterMs())
  if (machine !== undefined) closers.push(watchClock({ clock: machine, alert }))
  const changes = await keepMeanings(store, config)
  if (changes.length > 0) throw configError(changes)

  const directory = createDirectory({ store, clock, sha256Hex, stale: staleRows(config, alert), switchesStaleMs: config.store.kind === 'postgres' ? Infinity : undefined })
  for (const problem of await heldPlans(directory, config)) alert({ kind: 'config', message: formatProblem(problem) })
  const signingKeys = createSigningKeys({ store, clock, randomBytes })
  // Made at the first start, not at the first call.
  await signingKeys(clock.wallMs())
  const owner = `gw_${Buffer.from(randomBytes(8)).toString('hex')}`
  closers.push(await startHeartbeat({ store, clock, owner }))
  const about = { host: hostname(), pid: process.pid, startedAtMs: clock.wallMs(), version: programVersion() }
  const fleet = config.store.kind === 'postgres' ? await startFleet({ store, clock, owner, about }) : fleetOfOne(owner, about)
  closers.push(fleet.stop)
  closers.push(await startSweeping({ store, clock, alert, storeMs: config.store.kind === 'postgres' ? store.highWaterMs : undefined, takesTurn: fleet.isFirst }))
  closers.push(watch())
  return { store, backup, damage, engines, directory, fleet, tokens: createGatewayTokens(signingKeys), owner }
}

/** For how long cached rows are used while the store does not answer, and that this is said. */
function staleRows({ onStoreFailure: { credentials, cachedForMs } }: GatewayConfig, alert: Alerts['raise']): StaleRows | undefined {
  if (credentials === 'refuse') return undefined
  return {
    forMs: cachedForMs,
    told: (isStale) => alert({ kind: 'store', message: isStale ? `the store does not answer: keys, accounts and switches that this gateway knows are good for ${cachedForMs / 1_000} s, also where they were changed elsewhere meanwhile` : 'the store answers again: keys, accounts and switches are as they stand there' }),
  }
}

function setBackOf({ apis }: GatewayConfig, toMs: number): SetBack {
  const meters = apis.flatMap(({ meters: ofApi }) => Object.values(ofApi).map(({ meter }) => meter))
  return { toMs, periodEndsMs: new Set(meters.flatMap((meter) => kindOf(meter).periodEndMs(meter, toMs) ?? [])) }
}
