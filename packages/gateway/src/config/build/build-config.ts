/** The whole configuration: its parts held against each other, paths resolved, contracts and schemas loaded. */
import { isIP } from 'node:net'
import { problem } from 'tollgate/catalog'
import { compact, type Contract, valueAt } from 'tollgate/contract'
import { isHost, isLoopback } from '../read/addresses.ts'
import { buildApi, type BuiltApi } from './build-api.ts'
import { checkClusterStages } from './cluster-stages.ts'
import { buildCalls } from './build-calls.ts'
import { buildUpstream } from './build-upstream.ts'
import type { FileShape } from '../shape/file-shape.ts'
import type { Files } from '../read/files.ts'
import { warnOfHealthPaths } from './health-paths.ts'
import { loadContract } from './contract-source.ts'
import { buildDocs } from './docs-places.ts'
import { buildIssuers } from './issuers.ts'
import { buildCounters, buildOnStoreFailure, buildStore, checkWorkers } from './engines.ts'
import type { StoreConfig } from '../engine-config.ts'
import type { AdminConfig, GatewayConfig } from '../gateway-config.ts'
import type { Path } from '../read/config-problem.ts'
import { suggestion } from '../read/suggestion.ts'
import type { Report } from '../read/report.ts'
import { createSchemas } from './schemas.ts'
import { readTlsMaterial, type TlsMaterial } from '../../tls/tls-material.ts'
import { buildSpoken } from './spoken-contracts.ts'
import { tokenFile } from './token-file.ts'
import { toTokenSettings } from './token-routes.ts'
import type { Work } from './work.ts'

export interface BuildContext {
  /** As written: names are looked up here, so that one slip is not reported as many. */
  readonly data: unknown
  readonly files: Files
  readonly report: Report
  /** Beside which a made admin token may be kept; undefined where the configuration is no file. */
  readonly configFile: string | undefined
  /** Stand-ins for pieces whose problems are known already. */
  readonly isAside: (path: Path) => boolean
}

/** Undefined when something is wrong with it; the report says what. */
export function* buildConfig(shape: FileShape, context: BuildContext): Work<GatewayConfig | undefined> {
  const { data, files, report, isAside } = context
  checkListen(shape, report)
  const upstreams = Object.fromEntries(Object.entries(shape.upstreams).map(([name, upstream]) => [name, buildUpstream(name, upstream, context)]))
  const namesAt = (path: Path): readonly string[] => Object.keys(valueAt(data, path) ?? {})
  const spoken = buildSpoken(shape, files, report)
  const names = { spoken, upstreams: namesAt(['upstreams']), idempotentUpstreams: Object.keys(shape.upstreams).filter((name) => shape.upstreams[name]?.idempotent) }
  const schemas = createSchemas(files)
  const apis: (BuiltApi | undefined)[] = []
  for (const [name, api] of Object.entries(shape.apis)) {
    const path = ['apis', name]
    const own = { meters: namesAt([...path, 'meters']), tables: namesAt([...path, 'tables']) }
    apis.push(yield* buildApi(name, api, path, { ...names, ...own, files, schemas, report, isAside }))
  }
  if (apis.length === 0) report(['apis'], 'must have at least one API')
  const whole = apis.filter((api) => api !== undefined)
  const built = { apis: whole.map(({ api }) => api), passages: Object.fromEntries(whole.map(({ api, passage }) => [api.name, passage])) }
  const issuers = Object.fromEntries(Object.entries(shape.apis).map(([name, api]) => [name, buildIssuers(api, ['apis', name], files, report)]))
  checkMounts(shape, report)
  if (shape.listen.health) warnOfHealthPaths(built.apis, report)
  const docs = buildDocs(shape.apis, built.apis, report)
  const store = buildStore(shape.store, context)
  const counters = buildCounters(shape.counters, context)
  const onStoreFailure = buildOnStoreFailure(shape, report)
  checkWorkers(shape, report)
  checkClusterStages(counters, built.apis, report)
  const admin = buildAdmin(shape, store, context)
  const tls = buildTls(shape.listen.tls, 'listen', context)
  const calls = buildCalls(shape, built, report)
  const fallback = buildFallback(shape, apis[0]?.api.contract, files, report)
  if (report.problems.length > 0 || fallback === undefined) return undefined
  return {
    listen: { port: shape.listen.port, host: shape.listen.host, trust: shape.listen.trust, tls, health: shape.listen.health, wire: shape.listen.wire },
    admin,
    calls,
    store,
    counters,
    onStoreFailure,
    workers: shape.workers,
    requestLog: { keepMs: shape.requestLog.keep },
    shutdown: { graceMs: shape.shutdown.grace, delayMs: shape.shutdown.delay },
    log: shape.log,
    metrics: { token: shape.metrics.token, public: shape.metrics.public },
    upstreams,
    ...built,
    tokenSettings: Object.fromEntries(Object.entries(shape.apis).map(([name, { tokens }]) => [name, toTokenSettings(tokens)])),
    issuers,
    docs,
    fallback,
  }
}

function checkListen({ listen, admin }: FileShape, report: Report): void {
  if (listen.port !== 0 && listen.port === admin.port) report(['admin', 'port'], `${admin.port} is the port of listen too; they need one each`)
  if (!isHost(listen.host)) report.value(['listen', 'host'], 'must be an IP address or a host name, such as 0.0.0.0 or localhost')
}

/** Read at once, as contracts are: what cannot be served is said before it would have to be. */
function buildTls(tls: FileShape['listen']['tls'], listener: 'listen' | 'admin', { files, report }: BuildContext): TlsMaterial | undefined {
  if (tls === undefined) return undefined
  const read = readTlsMaterial(tls, [listener, 'tls'], files)
  if (read.ok) return read.value
  for (const { path, message } of read.problems) report(path, message)
  return undefined
}

function checkMounts({ apis }: FileShape, report: Report): void {
  const owners = new Map<string, string>()
  for (const [name, { mount }] of Object.entries(apis)) {
    const owner = owners.get(mount)
    if (owner !== undefined) report.value(['apis', name, 'mount'], `is where ${owner} is mounted; each API needs its own`)
    else owners.set(mount, name)
  }
}

function buildAdmin({ admin }: FileShape, store: StoreConfig, context: BuildContext): AdminConfig {
  const { data, report, configFile } = context
  const tokens = { ...compact({ admin: admin.token }), ...admin.tokens }
  const may = admin.may ?? {}
  for (const name of Object.keys(may)) if (!Object.hasOwn(tokens, name)) report(['admin', 'may', name], `no token is called "${name}"${suggestion(name, Object.keys(tokens))}`)
  const hasToken = valueAt(data, ['admin', 'token']) !== undefined || valueAt(data, ['admin', 'tokens']) !== undefined
  if (!isLoopback(admin.host) && !hasToken) {
    report.value(['admin', 'host'], 'can be reached from other machines; set admin.token as well, or keep to 127.0.0.1')
  }
  if (admin.host !== 'localhost' && isIP(admin.host) === 0) report.value(['admin', 'host'], 'must be an IP address or localhost')
  return { port: admin.port, host: admin.host, hostnames: admin.hostnames.map((name) => name.toLowerCase()), tokens, may, tokenFile: tokenFile(store, configFile), tls: buildTls(admin.tls, 'admin', context) }
}

/** The contract that is named; otherwise that of the only API, otherwise problem+json. */
function buildFallback(shape: FileShape, first: Contract | undefined, files: Files, report: Report): Contract | undefined {
  if (shape.listen.contract !== undefined) return loadContract(shape.listen.contract, ['listen', 'contract'], files, report)
  return Object.keys(shape.apis).length === 1 && first !== undefined ? first : problem
}
