/**
 * The gateway as one running thing: configuration → store → directory → pipeline → HTTP in front, admin API beside it.
 *
 * The configuration is a snapshot. A reload builds the next one whole and swaps it in between two requests; whatever is wrong with it, the old
 * one stays. What cannot change while running (addresses, the store, what a meter means) is refused by name.
 */
import { createDirectory, type Clock, type Directory, type Store } from 'tollgate/admission'
import { createGate, createInFlight, type Gate } from 'tollgate/server'
import type { ReloadOutcome } from './admin/admin-gateway.ts'
import { createAdminServer } from './admin/admin-server.ts'
import { openAdminTokens } from './admin/admin-token.ts'
import { createAlerts } from './alerts.ts'
import type { Environment } from './config/environment.ts'
import type { FileInput } from './config/file-shape.ts'
import { fixedChanges } from './config/fixed-settings.ts'
import type { GatewayConfig } from './config/gateway-config.ts'
import { loadConfig } from './config/load-config.ts'
import { formatProblem, type ConfigProblem } from './config/problem.ts'
import { heldPlans } from './held-plans.ts'
import { keepMeanings } from './kept-meanings.ts'
import { closeServer, listenOn, opened, urlHost } from './listening.ts'
import { silentLog, type Log } from './log.ts'
import { openStore } from './open-store.ts'
import { createHttpFront } from './proxy/front.ts'
import { createReloader } from './reloader.ts'
import { startRequestLogPruning } from './request-log-pruning.ts'
import { createRandomPool, randomBytes, sha256Hex } from './secrets.ts'
import { GatewayStartError } from './start-error.ts'
import { createSystemClock } from './system-clock.ts'
import { programVersion } from './version.ts'

export interface GatewayStart {
  /** A file, or what it would say as an object. */
  readonly config: string | FileInput
  /** What relative paths are relative to when the configuration is an object. Default: the working directory. */
  readonly baseDir?: string
  /** Where `${NAME}` is looked up. Default: the process's environment. */
  readonly env?: Environment
  readonly clock?: Clock
  /** Default: silence. */
  readonly log?: Log
}

export interface RunningGateway {
  /** Where callers reach it: `http://127.0.0.1:8080`. */
  readonly url: string
  readonly port: number
  readonly adminUrl: string
  readonly adminToken: string
  /** Where the token is kept, if it was made and not configured. */
  readonly adminTokenFile: string | undefined
  readonly directory: Directory
  readonly store: Store
  config(): GatewayConfig
  reload(): Promise<ReloadOutcome>
  /** Answers what is in flight, writes what is pending, lets go of everything; rejects if something could not be written. May be called again; ends once. */
  close(): Promise<void>
}

/** What was opened, to be closed in the opposite order. */
type Closers = (() => Promise<void> | void)[]

/** Rejects with a `GatewayStartError` whose message is one clear line for each problem. Whatever was opened by then is closed again. */
export async function startGateway(start: GatewayStart): Promise<RunningGateway> {
  const closers: Closers = []
  try {
    return await openGateway(start, closers)
  } catch (error) {
    // What stands in the way of the start counts, not what follows from it.
    await closeAll(closers).catch(() => undefined)
    if (error instanceof GatewayStartError) throw error
    throw new GatewayStartError('resource', error instanceof Error ? error.message : String(error), { cause: error })
  }
}

/** Closes everything, whatever fails; then throws what failed first. */
async function closeAll(closers: Closers): Promise<void> {
  const failures: unknown[] = []
  for (const close of closers.splice(0).toReversed()) {
    try {
      await close()
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length > 0) throw failures[0]
}

async function openGateway(start: GatewayStart, closers: Closers): Promise<RunningGateway> {
  const { log = silentLog } = start
  let config = firstConfig(start)
  const system = createSystemClock()
  const clock = start.clock ?? system
  const alerts = createAlerts(clock, log)

  const { store, backup } = openStore(config.store, clock, alerts.raise)
  closers.push(() => store.close())
  system.notBefore(store.highWaterMs())
  const changes = await keepMeanings(store, config)
  if (changes.length > 0) throw configError(changes)

  const directory = createDirectory({ store, clock, sha256Hex })
  for (const problem of await heldPlans(directory, config)) alerts.raise({ kind: 'config', message: formatProblem(problem) })
  const inFlight = createInFlight()
  const randomIds = createRandomPool()
  const gateOf = ({ apis, fallback }: GatewayConfig): Gate =>
    createGate({ apis, fallback, store, directory, clock, randomBytes: randomIds, sha256Hex, alert: alerts.raise, inFlight })
  let gate = gateOf(config)

  const front = createHttpFront({
    gate: () => gate,
    clock,
    randomBytes: randomIds,
    upstreams: config.upstreams,
    trust: config.listen.trust,
    onError: (error) => log.error('a request failed unexpectedly', { error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  })

  async function swapConfig(): Promise<ReloadOutcome> {
    const loaded = readConfig(start)
    if (!loaded.ok) return loaded
    const next = loaded.value
    const nextGate = gateOf(next)
    const refusals = [...fixedChanges(config, next), ...(await heldPlans(directory, next))]
    const problems = refusals.length > 0 ? refusals : await keepMeanings(store, next)
    if (problems.length > 0) return { ok: false, problems }
    front.reconfigure({ upstreams: next.upstreams, trust: next.listen.trust })
    config = next
    gate = nextGate
    return { ok: true }
  }

  const { reload, settled } = createReloader(swapConfig, log)

  const { port, host } = await opened('listen', config.listen, front.listen(config.listen))
  let started = false
  closers.push(async () => {
    const drained = await front.drain(config.shutdown.graceMs)
    if (started) log.info('stopped taking requests', { ...drained })
  })
  const url = `http://${urlHost(host)}:${port}`

  const tokens = openAdminTokens(config.admin, randomBytes)
  const forAdmin = { directory, store, clock, randomBytes, sha256Hex, reload, backup, url }
  const admin = createAdminServer({
    gateway: { ...forAdmin, config: () => config, alerts: alerts.kept, version: programVersion(), startedAtMs: clock.wallMs() },
    tokens,
    log,
  })
  const adminPort = await opened('admin', config.admin, listenOn(admin, config.admin))
  closers.push(() => closeServer(admin))
  closers.push(startRequestLogPruning({ store, clock, log, keepMs: () => config.requestLog.keepMs }))

  started = true
  let closing: Promise<void> | undefined
  return {
    url,
    port,
    adminUrl: `http://${urlHost(config.admin.host)}:${adminPort}`,
    adminToken: tokens.first,
    adminTokenFile: tokens.file,
    directory,
    store,
    config: () => config,
    reload,
    close: () => (closing ??= settled().then(() => closeAll(closers))),
  }
}

function readConfig({ config, baseDir, env = process.env }: GatewayStart) {
  return loadConfig(config, { environment: env, ...(baseDir !== undefined && { baseDir }) })
}

function firstConfig(start: GatewayStart): GatewayConfig {
  const loaded = readConfig(start)
  if (loaded.ok) return loaded.value
  throw configError(loaded.problems)
}

function configError(problems: readonly ConfigProblem[]): GatewayStartError {
  return new GatewayStartError('config', problems.map(formatProblem).join('\n'), { problems })
}
