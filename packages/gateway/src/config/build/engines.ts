/** The store, the engine beside it, and what holds where one does not answer. */
import type { Files } from '../read/files.ts'
import type { Path } from '../read/config-problem.ts'
import type { Report } from '../read/report.ts'
import { readEngineUrl, type EngineUrl } from '../read/engine-url.ts'
import type { EngineTls } from '../../platform/engine-server.ts'
import type { OnStoreFailureConfig, PostgresConfig, StoreConfig, ValkeyConfig } from '../engine-config.ts'
import type { CountersShape, EngineTlsShape, OnStoreFailureShape, PostgresShape, StoreShape, ValkeyShape } from '../shape/engine-shapes.ts'
import type { FileShape } from '../shape/file-shape.ts'
import { readAuthorities, readTlsMaterial } from '../../tls/tls-material.ts'

export interface EnginesContext {
  readonly files: Files
  readonly report: Report
}

/** What is wrong with it, the report says; then a store in memory stands in. */
export function buildStore(store: StoreShape, context: EnginesContext): StoreConfig {
  if (store === 'memory') return { kind: 'memory' }
  if (store.postgres !== undefined) return buildPostgres(store.postgres, context) ?? { kind: 'memory' }
  return { kind: 'sqlite', file: context.files.pathOf(store.sqlite ?? '') }
}

export function buildCounters(counters: CountersShape | undefined, context: EnginesContext): ValkeyConfig | undefined {
  return counters && buildValkey(counters.valkey, context)
}

/** More than one process needs a store that they can share. */
export function checkWorkers({ workers, store }: FileShape, report: Report): void {
  if (workers === 1 || (store !== 'memory' && store.postgres !== undefined)) return
  report(['workers'], `${workers} need a store that they can share, and ${store === 'memory' ? 'each would have a memory of its own' : 'a SQLite file is owned by one process'}; write store: { postgres: "\${DATABASE_URL}" }, or workers: 1`)
}

export function buildOnStoreFailure({ onStoreFailure, counters, store }: FileShape, report: Report): OnStoreFailureConfig {
  const isShared = counters !== undefined || (store !== 'memory' && store.postgres !== undefined)
  const nearEnough = isShared ? 'allowLocally' : 'refuse'
  const { credentials = 'refuse', cachedFor, money = 'refuse', quotas = 'refuse', slots = nearEnough, windows = nearEnough, patience }: OnStoreFailureShape = onStoreFailure
  if (report.isWritten(['onStoreFailure', 'cachedFor']) && credentials === 'refuse') report.warn(['onStoreFailure', 'cachedFor'], 'has no effect as long as credentials is not allowLocally')
  return { credentials, cachedForMs: cachedFor, money, quotas, slots, windows, patienceMs: patience }
}

function buildPostgres({ url, lanes, connectTimeout, timeout, tls }: PostgresShape, context: EnginesContext): PostgresConfig | undefined {
  const path = ['store', 'postgres']
  const read = readUrl('postgres', url, path, context.report)
  if (read === undefined) return undefined
  return { kind: 'postgres', ...read.server, database: read.path, lanes, connectTimeoutMs: connectTimeout, timeoutMs: timeout, tls: tls === undefined ? ofUrl(read.tls) : buildTls(tls, [...path, 'tls'], context) }
}

function buildValkey({ url, prefix, cluster, connectTimeout, timeout, tls }: ValkeyShape, context: EnginesContext): ValkeyConfig | undefined {
  const path = ['counters', 'valkey']
  const read = readUrl('valkey', url, path, context.report)
  if (read === undefined) return undefined
  if (tls !== undefined && read.tls === undefined) context.report([...path, 'tls'], 'belongs to a rediss URL; write rediss://, or take it away')
  return { kind: 'valkey', ...read.server, database: Number(read.path ?? 0), prefix, isCluster: cluster, connectTimeoutMs: connectTimeout, timeoutMs: timeout, tls: tls === undefined ? ofUrl(read.tls) : buildTls(tls, [...path, 'tls'], context) }
}

function readUrl(engine: 'postgres' | 'valkey', url: string, path: Path, report: Report): EngineUrl | undefined {
  const read = readEngineUrl(engine, url)
  if (read.ok) return read.value
  report.value(report.isWritten([...path, 'url']) ? [...path, 'url'] : path, read.fault)
  return undefined
}

function ofUrl(verify: EngineTls['verify'] | undefined): EngineTls | undefined {
  return verify && { verify, ca: undefined, certificate: undefined, key: undefined, passphrase: undefined, serverName: undefined }
}

function buildTls({ ca: caFile, verify, certificate, key, passphrase, serverName }: EngineTlsShape, path: Path, { files, report }: EnginesContext): EngineTls {
  const ca = caFile === undefined ? undefined : readAuthorities([...path, 'ca'], caFile, files)
  if ((certificate === undefined) !== (key === undefined)) report(path, `certificate and key belong together; ${certificate === undefined ? 'certificate' : 'key'} is missing`)
  const own = certificate === undefined || key === undefined ? undefined : readTlsMaterial({ certificate, key, passphrase, minVersion: '1.2' }, path, files)
  for (const read of [ca, own]) if (read?.ok === false) for (const problem of read.problems) report(problem.path, problem.message)
  if (verify === 'none') report.warn([...path, 'verify'], 'trusts whoever answers at this address; give the authority in ca, and take it away')
  return { verify, ca: ca?.ok === true ? ca.value : undefined, certificate: own?.ok === true ? own.value.certificate : undefined, key: own?.ok === true ? own.value.key : undefined, passphrase, serverName }
}
