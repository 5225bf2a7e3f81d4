/**
 * The gateway as one running thing: configuration → store → directory → pipeline → HTTP in front, admin API beside it.
 *
 * The configuration is a snapshot. A reload builds the next one whole and swaps it in between two requests; whatever is wrong with it, the old
 * one stays. What cannot change while running (addresses, the store, what a meter means) is refused by name.
 */
import { createInFlight, createTokenHandlers, type Gate, type TokenHandlers } from 'tollgate/gate'
import type { ReloadOutcome } from '../operator/admin-gateway.ts'
import { createAdminServer } from '../operator/admin-server.ts'
import { openAdminTokens } from '../operator/admin-token.ts'
import { createAlerts } from '../platform/alerts.ts'
import { createCallListener } from '../settling/call-listener.ts'
import { openCallSecret } from '../settling/call-secret.ts'
import { closeAll, type Closers } from '../platform/closers.ts'
import { needsCallApi } from '../config/build/call-api-need.ts'
import { toTokenSettings } from '../config/build/token-routes.ts'
import type { GatewayConfig } from '../config/gateway-config.ts'
import { loadConfigAside } from '../config/load-aside.ts'
import { loadConfig, loadInSlices, type LoadedConfig, type LoadOptions } from '../config/load-config.ts'
import { formatProblem, type Outcome } from '../config/read/config-problem.ts'
import { configuredGate } from './configured-gate.ts'
import { decompress } from '../platform/decompress.ts'
import { demand } from './demand.ts'
import { gateWithHealth } from '../health/gate-with-health.ts'
import { closeServer, listenOn, opened, urlHost } from '../http/listening.ts'
import { silentLog } from '../platform/log.ts'
import { observeRequests } from './observed-store.ts'
import { createObserving } from './observing.ts'
import { createHttpFront } from '../http/front.ts'
import { createProxy } from '../proxy/proxy.ts'
import { openKept } from './open-kept.ts'
import { createReloader } from './reloader.ts'
import { startRequestLogPruning } from './request-log-pruning.ts'
import type { GatewayStart, RunningGateway } from './running-gateway.ts'
import { createRandomPool, randomBytes, sha256Hex } from '../platform/secrets.ts'
import { nextSnapshot, type Snapshot } from './snapshot.ts'
import { GatewayStartError } from '../platform/start-error.ts'
import { createSystemClock } from '../platform/system-clock.ts'
import { startCertificateKeeping, type CertificateKeeping } from '../tls/certificate-keeping.ts'
import type { TlsMaterial } from '../tls/tls-material.ts'
import { createIssuerTokens } from '../tokens/issuer-tokens.ts'
import { programVersion } from '../platform/version.ts'

export type { GatewayStart, RunningGateway } from './running-gateway.ts'

/**
 * Starts the whole gateway in this process: store, pipeline, listeners. Rejects with a `GatewayStartError` where the configuration is wrong (all problems
 * at once) or a resource is not to be had (a port, the database); nothing stays behind then.
 *
 * @example
 * const gateway = await startGateway({
 *   config: {
 *     listen: { port: 0 }, admin: { port: 0 }, store: 'memory',
 *     upstreams: { reports: { url: 'http://127.0.0.1:9000' } },
 *     apis: { reports: { mount: '/', upstream: 'reports', contract: 'problem', routes: [{ on: 'GET /v1/reports/{id}', public: true }] } },
 *   },
 * })
 * gateway.url.startsWith('http://127.0.0.1:') // => true
 * await gateway.close()
 */
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

async function openGateway(start: GatewayStart, closers: Closers): Promise<RunningGateway> {
  const { log = silentLog } = start
  const options: LoadOptions = {
    environment: start.env ?? process.env,
    ...(start.baseDir !== undefined && { baseDir: start.baseDir }),
  }
  const noted = (loaded: LoadedConfig): Outcome<GatewayConfig> => {
    if (loaded.ok && loaded.warnings.length > 0) log.warn('the configuration has warnings', { warnings: loaded.warnings.map(formatProblem) })
    return loaded
  }
  // While calls are served, none of them waits for it.
  const readNext = async (): Promise<Outcome<GatewayConfig>> => noted(typeof start.config === 'string' ? await loadConfigAside(start.config, options) : await loadInSlices(start.config, options))

  const config = demand(noted(loadConfig(start.config, options)))
  const system = createSystemClock()
  const clock = start.clock ?? system
  log.configure?.(config.log)
  const inFlight = createInFlight()
  let certificates: CertificateKeeping | undefined
  let heldConfig = config
  const observing = createObserving({ config: () => heldConfig, directory: () => directory, inFlight, certificates: () => certificates?.expiries() ?? [], log })
  const { health, metrics } = observing
  const alerts = createAlerts(clock, log, metrics.alert)

  /** Known once there is something to stop. */
  let died = (error: Error): void => void (death = error)
  let death: Error | undefined
  const { store, directory, backup, damage, tokens, owner } = await openKept(config, {
    clock,
    machine: start.clock === undefined ? system : undefined,
    setTimeBack: start.setTimeBack === true,
    observer: observing.store,
    alert: alerts.raise,
    log,
    died: (error) => died(error),
    closers,
  })
  const verifierFor = createIssuerTokens({ clock, alert: (message) => alerts.raise({ kind: 'tokens', message }) })
  await metrics.money.countHeld(store)

  const randomIds = createRandomPool()
  const onError = (error: unknown): void => log.error('a request failed unexpectedly', { error: error instanceof Error ? (error.stack ?? error.message) : String(error) })
  const calls = createCallListener({
    address: config.calls,
    publicUrl: config.calls.url,
    secret: await openCallSecret(store, randomBytes),
    store,
    clock,
    sha256Hex,
    randomBytes: randomIds,
    alert: alerts.raise,
    onError,
    log,
  })
  // Before the front, so that it is closed after: services settle while the front ends its calls.
  closers.push(() => calls.close())

  const handlersOf = ({ tokenSettings }: GatewayConfig): TokenHandlers => createTokenHandlers({ ...toTokenSettings(), apis: tokenSettings, tokens, directory, sha256Hex, randomBytes })
  const gateOf = (next: GatewayConfig): Outcome<Gate> =>
    configuredGate({ apis: next.apis, fallback: next.fallback, handlers: handlersOf(next), store: observeRequests(store, observing.request), directory, clock, randomBytes: randomIds, sha256Hex, owner, tokens: verifierFor(next.issuers, tokens), calls: calls.options, decompress, alert: alerts.raise, inFlight })
  let running: Snapshot = { config, gate: demand(gateOf(config)) }
  const frontGateOf = ({ config: { listen }, gate }: Snapshot): Gate => (listen.health ? gateWithHealth(gate, health) : gate)
  let frontGate = frontGateOf(running)
  if (needsCallApi(config)) await calls.open()

  let proxy = createProxy(config, clock)
  const front = createHttpFront({
    gate: () => frontGate,
    clock,
    carrier: proxy,
    trust: config.listen.trust,
    tls: config.listen.tls,
    onError,
  })

  async function swapConfig(): Promise<ReloadOutcome> {
    const next = await nextSnapshot({ current: running.config, read: readNext, gateOf, directory, store, calls })
    if (!next.ok) return next
    running = next.value
    heldConfig = running.config
    frontGate = frontGateOf(running)
    log.configure?.(heldConfig.log)
    proxy = createProxy(heldConfig, clock, proxy)
    front.reconfigure({ carrier: proxy, trust: heldConfig.listen.trust })
    certificates?.take(running.config)
    return { ok: true }
  }

  const { reload, settled } = createReloader(swapConfig, log, metrics.reload)

  const { port, host } = await opened('listen', config.listen, front.listen(config.listen))
  let started = false
  closers.push(async () => {
    const drained = await front.drain(running.config.shutdown.graceMs)
    if (started) log.info('stopped taking requests', { ...drained })
  })
  const url = urlOf(config.listen.tls, host, port)

  let closing: Promise<void> | undefined
  const close = (): Promise<void> => (closing ??= settled().then(closeInOrder))

  async function closeInOrder(): Promise<void> {
    health.stopping()
    const { delayMs } = running.config.shutdown
    if (delayMs > 0) await new Promise<void>((resolve) => void clock.after(delayMs, resolve))
    await closeAll(closers)
    if (death !== undefined) throw death
  }

  let noteStop = (): void => undefined
  const stopAsked = new Promise<void>((resolve) => (noteStop = resolve))
  function stop(): void {
    // Who awaits the end hears of what went wrong on the way.
    close().catch(() => undefined)
    noteStop()
  }
  // What memory says of the disk is not to be trusted any more: the next process reads what is there.
  died = (error) => {
    death = error
    stop()
  }
  if (death !== undefined) throw death

  const adminTokens = openAdminTokens(config.admin, randomBytes)
  const forAdmin = { directory, store, clock, randomBytes, sha256Hex, aheadMs: () => (start.clock === undefined ? system.aheadMs() : 0), reload, stop, backup, damage, url }
  const admin = createAdminServer({
    gateway: { ...forAdmin, config: () => running.config, alerts: alerts.kept, version: programVersion(), startedAtMs: clock.wallMs() },
    tokens: adminTokens,
    log,
    tls: config.admin.tls,
    probes: { health, metrics, config: () => running.config.metrics },
  })
  const adminPort = await opened('admin', config.admin, listenOn(admin.server, config.admin))
  closers.push(() => closeServer(admin))
  closers.push(startRequestLogPruning({ store, clock, log, keepMs: () => running.config.requestLog.keepMs }))

  certificates = startCertificateKeeping({ renew: { listen: front.renewCertificate, admin: admin.renew }, config, clock, alert: alerts.raise, log })
  closers.push(certificates.stop)

  started = true
  health.started()
  return {
    url,
    port,
    get callsUrl() {
      return calls.url()
    },
    adminUrl: urlOf(config.admin.tls, config.admin.host, adminPort),
    adminToken: adminTokens.first,
    adminTokenFile: adminTokens.file,
    directory,
    store,
    config: () => running.config,
    reload,
    stopAsked,
    close,
  }
}

function urlOf(tls: TlsMaterial | undefined, host: string, port: number): string {
  return `${tls === undefined ? 'http' : 'https'}://${urlHost(host)}:${port}`
}
