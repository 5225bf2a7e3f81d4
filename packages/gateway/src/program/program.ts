/**
 * The gateway as one running thing: configuration → store → directory → pipeline → HTTP in front, admin API beside it. What callers reach is `serving.ts`;
 * how it ends, `ending.ts`.
 *
 * The configuration is a snapshot. A reload builds the next one whole and swaps it in between two requests; whatever is wrong with it, the old
 * one stays. What cannot change while running (addresses, the store, what a meter means) is refused by name.
 */
import { joinFellows } from './joined-fellows.ts'
import { createInFlight, createTokenHandlers, type Gate, type TokenHandlers } from 'tollgate/gate'
import { createAdminServer } from '../operator/admin-server.ts'
import { createOrder } from '../operator/order.ts'
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
import { createDocsOf } from './docs-of.ts'
import { createEnding } from './ending.ts'
import { closeServer, listenOn, opened, urlHost } from '../http/listening.ts'
import { silentLog } from '../platform/log.ts'
import { observeRequests } from './observed-store.ts'
import { createObserving } from './observing.ts'
import { openKept, type Kept } from './open-kept.ts'
import { startRequestLogPruning } from './request-log-pruning.ts'
import type { GatewayStart, RunningGateway } from './running-gateway.ts'
import { createServing, type Serving } from './serving.ts'
import { createRandomPool, randomBytes, sha256Hex } from '../platform/secrets.ts'
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
  const options: LoadOptions = { environment: start.env ?? process.env, baseDir: start.baseDir }
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
  const ending = createEnding({ clock, closers })
  let serving: Serving | undefined
  let kept: Kept | undefined
  let certificates: CertificateKeeping | undefined
  const current = (): GatewayConfig => serving?.config() ?? config
  const observing = createObserving({ config: current, directory: () => directoryOf(kept), inFlight, certificates: () => certificates?.expiries() ?? [], shared: () => kept, log })
  const { health, metrics } = observing
  const alerts = createAlerts(clock, log, metrics.alert)

  kept = await openKept(config, {
    clock,
    machine: start.clock === undefined ? system : undefined,
    setTimeBack: start.setTimeBack === true,
    observer: config.store.kind === 'postgres' ? observing.sharedStore : observing.store,
    current,
    heard: metrics.engines,
    alert: alerts.raise,
    log,
    died: ending.died,
    damaged: observing.damaged,
    closers,
  })
  const { store, directory, backup, damage, tokens, owner, fleet } = kept
  const verifierFor = createIssuerTokens({ clock, alert: (message) => alerts.raise({ kind: 'tokens', message }) })

  const randomIds = createRandomPool()
  const onError = (error: unknown): void => log.error('a request failed unexpectedly', { error: error instanceof Error ? (error.stack ?? error.message) : String(error) })
  const calls = createCallListener({
    address: config.calls,
    wire: config.listen.wire,
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
    configuredGate({ apis: next.apis, fallback: next.fallback, handlers: handlersOf(next), store: observeRequests(store, observing.request), directory, clock, randomBytes: randomIds, sha256Hex, owner, tokens: verifierFor(next.issuers, tokens), calls: calls.options, decompress, alert: alerts.raise, inFlight, onStoreFailure: { ...next.onStoreFailure, gateways: fleet.count } })
  const swapped = (next: GatewayConfig): void => {
    log.configure?.(next.log)
    certificates?.take(next)
  }
  const docsOf = createDocsOf(onError)
  serving = createServing({ config, read: readNext, gateOf, directory, store, calls, docs: await docsOf(config.docs), docsOf, health, clock, log, onError, swapped, reloaded: metrics.reload })
  const { front, reload, settled } = serving
  if (needsCallApi(config)) await calls.open()

  const { port, host } = await opened('listen', config.listen, front.listen(config.listen))
  let started = false
  closers.push(async () => {
    const drained = await front.drain(current().shutdown.graceMs)
    if (started) log.info('stopped taking requests', { ...drained })
  })
  const url = urlOf(config.listen.tls, host, port)

  ending.begin({ settled, stopping: health.stopping, delayMs: () => current().shutdown.delayMs })

  const asOne = joinFellows(start.fellows, { reload, stop: ending.stop, alerts: alerts.kept, metrics })
  const adminTokens = openAdminTokens(config.admin, randomBytes)
  const forAdmin = { directory, store, order: createOrder(store), storeHighWaterMs: store.highWaterMs, clock, randomBytes, sha256Hex, aheadMs: () => (start.clock === undefined ? system.aheadMs() : 0), reload: asOne.reload, stop: asOne.stop, pid: asOne.pid, backup, damage, url }
  const admin = createAdminServer({
    gateway: { ...forAdmin, config: current, alerts: asOne.alerts, version: programVersion(), startedAtMs: clock.wallMs() },
    tokens: adminTokens,
    log,
    tls: config.admin.tls,
    probes: { health, metrics: asOne.metrics, config: () => current().metrics },
  })
  const adminPort = await opened('admin', config.admin, listenOn(admin.server, config.admin))
  closers.push(() => closeServer(admin))
  closers.push(startRequestLogPruning({ store, clock, log, keepMs: () => current().requestLog.keepMs, takesTurn: fleet.isFirst }))

  // Not before: there may be many, and nobody waits for this figure.
  let isClosing = false
  closers.push(() => void (isClosing = true))
  metrics.money.countHeld(store, () => isClosing).catch((error: unknown) => isClosing || log.error('what calls hold could not be counted for the metrics', { error: String(error) }))

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
    config: current,
    reload,
    stopAsked: ending.stopAsked,
    close: ending.close,
  }
}

function directoryOf(kept: Kept | undefined): Kept['directory'] {
  if (kept === undefined) throw new Error('the store is not open yet')
  return kept.directory
}

function urlOf(tls: TlsMaterial | undefined, host: string, port: number): string {
  return `${tls === undefined ? 'http' : 'https'}://${urlHost(host)}:${port}`
}
