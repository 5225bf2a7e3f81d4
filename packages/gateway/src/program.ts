/**
 * The gateway as one running thing: configuration → store → directory → pipeline → HTTP in front, admin API beside it.
 *
 * The configuration is a snapshot. A reload builds the next one whole and swaps it in between two requests; whatever is wrong with it, the old
 * one stays. What cannot change while running (addresses, the store, what a meter means) is refused by name.
 */
import { readFileSync } from 'node:fs'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { applyOne, createDirectory, type Clock, type Directory, type Store } from 'tollgate/admission'
import { createGate, type Gate } from 'tollgate/server'
import type { Alert, AdminGateway, ReloadOutcome } from './admin/admin-gateway.ts'
import { createAdminServer } from './admin/admin-server.ts'
import { openAdminTokens } from './admin/admin-token.ts'
import type { Environment } from './config/environment.ts'
import type { FileInput } from './config/file-shape.ts'
import type { GatewayConfig } from './config/gateway-config.ts'
import { loadConfig } from './config/load-config.ts'
import { meterChanges, meterMeanings, type MeterMeanings } from './config/meter-changes.ts'
import { formatProblem, type ConfigProblem } from './config/problem.ts'
import { silentLog, type Log } from './log.ts'
import { openStore, type OpenStore } from './open-store.ts'
import { createHttpFront } from './proxy/front.ts'
import { startRequestLogPruning } from './request-log-pruning.ts'
import { randomBytes, sha256Hex } from './secrets.ts'
import { GatewayStartError } from './start-error.ts'
import { createSystemClock } from './system-clock.ts'

const ALERTS_KEPT = 50

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
  /** Answers what is in flight, writes what is pending, lets go of everything. May be called again; ends once. */
  close(): Promise<void>
}

/** Rejects with a `GatewayStartError` whose message is one clear line for each problem. Whatever was opened by then is closed again. */
export async function startGateway(start: GatewayStart): Promise<RunningGateway> {
  const closers: (() => Promise<void> | void)[] = []
  const closeAll = async (): Promise<void> => {
    for (const close of closers.splice(0).toReversed()) await close()
  }
  try {
    return await open(start, closers, closeAll)
  } catch (error) {
    await closeAll()
    if (error instanceof GatewayStartError) throw error
    throw new GatewayStartError('resource', error instanceof Error ? error.message : String(error), { cause: error })
  }
}

async function open(start: GatewayStart, closers: (() => Promise<void> | void)[], closeAll: () => Promise<void>): Promise<RunningGateway> {
  const { log = silentLog } = start
  let config = readConfig(start)
  const system = start.clock === undefined ? createSystemClock() : undefined
  const clock = start.clock ?? system ?? createSystemClock()
  const alerts = createAlerts(clock, log)

  const { store, backup } = openStoreOf(config, clock, alerts.raise)
  closers.push(() => store.close())
  system?.notBefore(store.highWaterMs())
  const changes = await keepMeanings(store, config)
  if (changes.length > 0) throw configError(changes)

  const directory = createDirectory({ store, clock, sha256Hex })
  const gateOf = (from: GatewayConfig): Gate =>
    createGate({ apis: from.apis, fallback: from.fallback, store, directory, clock, randomBytes, sha256Hex, alert: alerts.raise })
  let gate = gateOf(config)

  async function reloadNow(): Promise<ReloadOutcome> {
    const loaded = load(start)
    if (!loaded.ok) return loaded
    const fixed = fixedChanges(config, loaded.value)
    if (fixed.length > 0) return { ok: false, problems: fixed }
    const next = loaded.value
    const nextGate = gateOf(next)
    const changed = await keepMeanings(store, next)
    if (changed.length > 0) return { ok: false, problems: changed }
    front.reconfigure({ upstreams: next.upstreams, trust: next.listen.trust })
    config = next
    gate = nextGate
    return { ok: true }
  }

  // One after the other: two reloads at once could end with the older configuration.
  let reloading: Promise<unknown> = Promise.resolve()
  function reload(): Promise<ReloadOutcome> {
    const outcome = reloading.then(reloadNow).then((result) => {
      if (result.ok) log.info('configuration reloaded')
      else log.error('configuration not reloaded; the old one stays', { problems: result.problems.map(formatProblem) })
      return result
    })
    reloading = outcome.catch(() => undefined)
    return outcome
  }

  const front = createHttpFront({
    gate: () => gate,
    clock,
    randomBytes,
    upstreams: config.upstreams,
    trust: config.listen.trust,
    onError: (error) => log.error('a request failed unexpectedly', { error: errorText(error) }),
  })
  const { port, host } = await listening('listen', config.listen, front.listen(config.listen))
  closers.push(async () => {
    const report = await front.drain(config.shutdown.graceMs)
    log.info('stopped taking requests', { ...report })
  })
  const url = `http://${hostInUrl(host)}:${port}`

  const tokens = openAdminTokens(config.admin, randomBytes)
  const gatewayForAdmin: AdminGateway = {
    config: () => config,
    directory,
    store,
    clock,
    randomBytes,
    sha256Hex,
    reload,
    backup,
    alerts: alerts.kept,
    version: programVersion(),
    startedAtMs: clock.wallMs(),
    url,
  }
  const admin = createAdminServer({ gateway: gatewayForAdmin, tokens, log })
  const adminPort = await listening('admin', config.admin, listen(admin, config.admin))
  closers.push(() => closeServer(admin))
  closers.push(startRequestLogPruning({ store, clock, log, keepMs: () => config.requestLog.keepMs }))

  let closing: Promise<void> | undefined
  return {
    url,
    port,
    adminUrl: `http://${hostInUrl(config.admin.host)}:${adminPort}`,
    adminToken: tokens.first,
    adminTokenFile: tokens.file,
    directory,
    store,
    config: () => config,
    reload,
    close: () => (closing ??= reloading.then(closeAll)),
  }
}

function load({ config, baseDir, env = process.env }: GatewayStart) {
  return loadConfig(config, { environment: env, ...(baseDir !== undefined && { baseDir }) })
}

function readConfig(start: GatewayStart): GatewayConfig {
  const loaded = load(start)
  if (loaded.ok) return loaded.value
  throw configError(loaded.problems)
}

function configError(problems: readonly ConfigProblem[]): GatewayStartError {
  return new GatewayStartError('config', problems.map(formatProblem).join('\n'), { problems })
}

function openStoreOf(config: GatewayConfig, clock: Clock, raise: (event: { readonly kind: string; readonly message: string }) => void): OpenStore {
  try {
    return openStore(config.store, clock, raise)
  } catch (error) {
    throw new GatewayStartError('resource', error instanceof Error ? error.message : String(error), { cause: error })
  }
}

/** What each meter counts is kept beside its counters. Returns what would change; when nothing does, new meters are added. */
async function keepMeanings(store: Store, config: GatewayConfig): Promise<readonly ConfigProblem[]> {
  const kept = (await store.get('gateway', 'meters'))?.value
  const before = (kept ?? {}) as MeterMeanings
  const after = meterMeanings(config.apis)
  const changes = meterChanges(before, after)
  // A meter that was taken out is remembered: its counters are still there.
  if (changes.length === 0) await applyOne(store, { kind: 'put', collection: 'gateway', id: 'meters', value: { ...before, ...after } })
  return changes
}

/** Settings that hold until the process ends. */
function fixedChanges(before: GatewayConfig, after: GatewayConfig): readonly ConfigProblem[] {
  const fixed = ({ listen, admin, store }: GatewayConfig) =>
    [
      [['listen', 'port'], listen.port],
      [['listen', 'host'], listen.host],
      [['admin', 'port'], admin.port],
      [['admin', 'host'], admin.host],
      [['store'], store.kind === 'sqlite' ? store.file : store.kind],
    ] as const
  const next = fixed(after)
  return fixed(before).flatMap(([path, value], at) => {
    const wanted = next[at]?.[1]
    return wanted === value ? [] : [{ path, message: `is ${value} and cannot become ${wanted} while running; restart for that` }]
  })
}

function createAlerts(clock: Clock, log: Log) {
  const kept: Alert[] = []
  return {
    kept: (): readonly Alert[] => kept,
    raise(event: { readonly kind: string; readonly message: string; readonly requestId?: string }): void {
      log.error(event.message, { kind: event.kind, ...(event.requestId !== undefined && { requestId: event.requestId }) })
      kept.push({ atMs: clock.wallMs(), ...event })
      if (kept.length > ALERTS_KEPT) kept.shift()
    },
  }
}

async function listening<T>(setting: string, { port, host }: { readonly port: number; readonly host: string }, opened: Promise<T>): Promise<T> {
  try {
    return await opened
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    const reasons: { readonly [code: string]: string } = {
      EADDRINUSE: 'the port is in use by another process; stop that one, or choose another port',
      EACCES: 'permission denied; ports below 1024 need special rights',
      EADDRNOTAVAIL: 'this machine has no such address',
    }
    const reason = (typeof code === 'string' && Object.hasOwn(reasons, code) ? reasons[code] : undefined) ?? errorText(error)
    throw new GatewayStartError('resource', `${setting} on ${hostInUrl(host)}:${port}: ${reason}`, { cause: error })
  }
}

function listen(server: Server, { port, host }: { readonly port: number; readonly host: string }): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, host }, () => {
      server.off('error', reject)
      resolve((server.address() as AddressInfo).port)
    })
  })
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeIdleConnections()
  })
}

function hostInUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}

function errorText(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

/** `../package.json` stands beside `src` and beside `dist`. */
export function programVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : '0.0.0'
}
