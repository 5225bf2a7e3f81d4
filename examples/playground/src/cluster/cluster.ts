/**
 * The playground behind two gateways on one Postgres, and on one Valkey or Redis where this machine has one: everything that is promised of several gateways, to look at. What it starts is its own,
 * on ports of this machine, and gone at the end.
 *
 * A third gateway, in this process, has the page and makes the samples; callers are never sent to it.
 */
import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { silentLog, type Log } from '@tollgate/gateway'
import { startPostgres, type TestPostgres } from '@tollgate/example-servers/postgres'
import { startValkey, valkeyPrograms, type ValkeyServer } from '@tollgate/example-servers/valkey'
import { createApiKey } from 'tollgate/directory'
import { applyOne } from 'tollgate/stores'
import { createPlayground, type Playground } from '../playground.ts'
import { createBalancer, type Balancer } from './balancer.ts'
import { toClusterConfig } from './cluster-config.ts'
import { startCoinService, type CoinService } from './coins.ts'
import { startGatewayProcess, type GatewayProcess } from './gateways.ts'
import { startPayer, type Payer } from './payer.ts'

export interface ClusterOptions {
  /** Of the balancer. */
  readonly port: number
  /** What its parts say. */
  readonly heard?: (name: string, line: string) => void
  readonly log?: Log
}

export interface ClusterBooks {
  /** All in units of 0.01. */
  readonly granted: number
  readonly charged: number
  readonly available: number
  readonly held: number
}

export interface Cluster {
  readonly url: string
  readonly adminToken: string
  readonly gateways: readonly [GatewayProcess, GatewayProcess]
  readonly balancer: Balancer
  readonly playground: Playground
  readonly postgres: TestPostgres
  readonly valkey: ValkeyServer | undefined
  readonly coins: CoinService
  readonly payer: Payer
  books(): Promise<ClusterBooks>
  /** Revokes a key at the first gateway that runs; resolves to how long the other one has let it in, in ms. */
  measureRevocation(): Promise<number>
  close(): Promise<void>
}

const YAML = fileURLToPath(new URL('../../tollgate.yaml', import.meta.url))
const ACCOUNT = 'coin_buyer'
const GRANTED = 1_000_000

/** Rejects with one clear sentence where something cannot be started; nothing is left behind then. */
export async function createCluster(options: ClusterOptions): Promise<Cluster> {
  const undo: (() => unknown)[] = []
  const close = async (): Promise<void> => {
    for (const step of undo.splice(0).toReversed()) await step()
  }
  try {
    return { ...(await openCluster(options, undo)), close }
  } catch (error) {
    await close()
    throw error
  }
}

async function openCluster({ port, heard = () => undefined, log = silentLog }: ClusterOptions, undo: (() => unknown)[]): Promise<Omit<Cluster, 'close'>> {
  const folder = await mkdtemp(join(tmpdir(), 'tollgate-cluster-'))
  undo.push(() => rm(folder, { recursive: true, force: true }))
  const postgres = await startPostgres()
  undo.push(() => postgres.stop())
  const valkey = valkeyPrograms.length === 0 ? undefined : await startValkey({ appendonly: 'yes' })
  undo.push(() => valkey?.stop())
  const coins = await startCoinService()
  undo.push(() => coins.close())
  const config = join(folder, 'tollgate.yaml')
  await writeFile(config, toClusterConfig(await readFile(YAML, 'utf8'), dirname(YAML), { withValkey: valkey !== undefined }))

  const [portA, portB, adminA, adminB, callsA, callsB, callsHere, callsPort] = await Promise.all([freePort(), freePort(), freePort(), freePort(), freePort(), freePort(), freePort(), freePort()])
  const adminToken = randomBytes(16).toString('hex')
  const shared = { DATABASE_URL: await postgres.freshDatabase(), VALKEY_URL: valkey?.url ?? '', COINS_URL: coins.url, ADMIN_TOKEN: adminToken, CALLS_URL: `http://127.0.0.1:${callsPort}/calls` }
  const url = `http://localhost:${port === 0 ? await freePort() : port}`
  const playground = await createPlayground({ port: 0, publicUrl: url, config, env: { ...shared, CALLS_PORT: String(callsHere) }, log })
  undo.push(() => playground.close())
  const key = await openAccount(playground)

  const start = (name: string, own: number, admin: number, calls: number): Promise<GatewayProcess> =>
    startGatewayProcess({ name, config, port: own, adminPort: admin, env: { ...shared, ...playground.urls, CALLS_PORT: String(calls) }, heard: (line) => heard(name, line) })
  const gateways = [await start('A', portA, adminA, callsA), await start('B', portB, adminB, callsB)] as const
  undo.push(() => Promise.all(gateways.map((gateway) => gateway.stop())))
  // The services settle where they are told to: at any gateway that is there.
  const settling = await createBalancer({ port: callsPort, backends: [callsA, callsB].map((calls, at) => ({ name: String(at), url: `http://127.0.0.1:${calls}`, readyUrl: gateways[at]?.adminUrl ?? '' })) })
  undo.push(() => settling.close())
  const balancer = await createBalancer({ port: Number(new URL(url).port), backends: gateways.map((gateway) => ({ name: gateway.name, url: gateway.url })) })
  undo.push(() => balancer.close())
  const payer = startPayer({ url, secret: key, callers: 8, pauseMs: 40 })
  undo.push(() => payer.stop())

  return { url, adminToken, gateways, balancer, playground, postgres, valkey, coins, payer, books: () => booksOf(playground), measureRevocation: () => measureRevocation(playground, gateways) }
}

async function openAccount({ gateway }: Playground): Promise<string> {
  const nowMs = Date.now()
  await gateway.directory.putAccount({ id: ACCOUNT, api: 'coins', name: 'A steady buyer', status: 'active', plan: 'basic', createdAtMs: nowMs })
  await applyOne(gateway.store, { kind: 'grant', subject: `account:${ACCOUNT}`, name: 'credit', scale: 2, grantId: 'first', units: GRANTED, reason: 'cluster' })
  return openKey({ gateway }, `key_${ACCOUNT}`)
}

async function openKey({ gateway }: Pick<Playground, 'gateway'>, id: string): Promise<string> {
  const secret = `coin_${randomBytes(16).toString('hex')}`
  await gateway.directory.putKey(createApiKey({ id, api: 'coins', accountId: ACCOUNT, secret, prefix: 'coin_', sha256Hex: (text) => createHash('sha256').update(text).digest('hex'), nowMs: Date.now() }))
  return secret
}

async function booksOf({ gateway }: Playground): Promise<ClusterBooks> {
  const balance = await gateway.store.balance(`account:${ACCOUNT}`, 'credit')
  return { granted: balance?.grantedUnits ?? 0, charged: balance?.chargedUnits ?? 0, available: balance?.availableUnits ?? 0, held: balance?.heldUnits ?? 0 }
}

/** By the operator's API of one of them, as an operator does it. */
async function measureRevocation(playground: Playground, gateways: readonly GatewayProcess[]): Promise<number> {
  const [told, other] = gateways.filter((gateway) => gateway.isRunning())
  if (told === undefined || other === undefined) throw new Error('it takes two gateways that run')
  const id = `key_${randomBytes(6).toString('hex')}`
  const secret = await openKey(playground, id)
  const statusAt = async (gateway: GatewayProcess): Promise<number> => {
    const answer = await fetch(`${gateway.url}/coins/v1/look`, { headers: { 'x-api-key': secret } })
    await answer.text()
    return answer.status
  }
  for (const gateway of [told, other]) if ((await statusAt(gateway)) !== 200) throw new Error(`${gateway.name} does not let the new key in`)
  const revoked = await fetch(`${told.adminUrl}/v1/keys/${id}`, { method: 'PATCH', headers: { authorization: `Bearer ${playground.adminToken}`, 'content-type': 'application/json' }, body: '{"status":"revoked"}' })
  if (!revoked.ok) throw new Error(`the key was not revoked: ${revoked.status} ${await revoked.text()}`)
  const sinceMs = performance.now()
  if ((await statusAt(told)) !== 401) throw new Error(`${told.name} lets in what was revoked there`)
  while ((await statusAt(other)) === 200) await new Promise((resolve) => setTimeout(resolve, 20))
  return Math.round(performance.now() - sinceMs)
}

/** Of this machine, for parts that must know each other's before they start. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => void server.close(resolve))
  return port
}
