/** Real engines, several gateways over them as processes of their own, a service behind, and what all of them say in the end. */
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSystemClock, startGateway } from '@tollgate/gateway'
import type { Directory } from 'tollgate/directory'
import { checkLedger, type BalanceStatement } from 'tollgate/engine'
import { parseRequest } from 'tollgate/journal'
import { applyOne, type Store } from 'tollgate/stores'
import { createPostgresStore } from 'tollgate/stores/postgres'
import { freePort } from '../../packages/gateway/src/fixtures/free-port.ts'
import { connectPostgres } from '../../packages/gateway/src/platform/postgres.ts'
import { putAccounts, readAll } from '../chaos/books.ts'
import type { Books, Grant } from '../chaos/history.ts'
import { createService, type Service } from '../chaos/service.ts'
import { startPostgres, type TestPostgres } from '../servers/postgres.ts'
import { mayUseValkey, startValkey, type ValkeyServer } from '../servers/valkey.ts'
import { createCountersService, type CountersService } from './counters-service.ts'
import { openCutWay } from './cut-way.ts'
import { createGatewayProcess, type Gateway } from './gateway-process.ts'
import { counting, sharedShop } from './shared-shop.ts'

/** `forgetting`: the counters' server keeps nothing on disk. */
export type Engines = 'Postgres' | 'Postgres and forgetting counters' | 'Postgres and counters on disk'
export const engineSets: readonly Engines[] = ['Postgres', ...(mayUseValkey ? (['Postgres and forgetting counters', 'Postgres and counters on disk'] as const) : [])]

export interface SharedWorld {
  readonly engines: Engines
  readonly gateways: readonly Gateway[]
  readonly postgres: TestPostgres
  readonly counters: ValkeyServer | undefined
  readonly service: Service
  readonly countersService: CountersService
  readonly grants: readonly Grant[]
  /** Of the ones that live, in turn. */
  next(): Gateway
  purseBalance(id: string): Promise<BalanceStatement | undefined>
  /** Of the shop; and what is wrong with the whole ledger. No gateway may be running. */
  read(endedAtMs: number): Promise<{ readonly books: Books; readonly violations: readonly string[] }>
  close(): Promise<void>
}

export interface SharedWorldSetup {
  readonly engines: Engines
  readonly compiled: string
  /** For each gateway, by how much its clock is ahead. */
  readonly skewsMs: readonly number[]
  /** Accounts with so much money, which call `POST /v1/coin`. */
  readonly purses: { readonly [id: string]: number }
}

export const purseKey = (id: string): string => `sk_the_key_of_${id}`

export async function createSharedWorld({ engines, compiled, skewsMs, purses }: SharedWorldSetup): Promise<SharedWorld> {
  const directory = mkdtempSync(join(tmpdir(), 'tollgate-gateways-'))
  const postgres = await startPostgres()
  const counters = engines === 'Postgres' ? undefined : await startValkey(engines === 'Postgres and counters on disk' ? { appendonly: 'yes', appendfsync: 'everysec' } : {})
  const url = await postgres.freshDatabase()
  const gateways: Gateway[] = []
  let turn = 0

  function next(): Gateway {
    for (let tried = 0; tried < gateways.length; tried += 1) {
      turn += 1
      const gateway = gateways[turn % gateways.length]
      if (gateway?.isUp() === true) return gateway
    }
    return gateways[turn % gateways.length] as Gateway
  }

  /** Every gateway can settle every call; a balancer leads to one that lives. */
  const service = await createService((address) => {
    const reached = new URL(address)
    reached.port = String(next().callsPort)
    return reached.href
  })
  const countersService = await createCountersService()
  const database = url.slice(url.lastIndexOf('/'))

  for (const [at, skewMs] of skewsMs.entries()) {
    const ports = { front: await freePort(), admin: await freePort(), calls: await freePort(), service: service.port, countersService: countersService.port }
    const ways = { postgres: await openCutWay(postgres.port), counters: counters === undefined ? undefined : await openCutWay(counters.port) }
    const config = sharedShop(ports, { postgres: `postgres://tollgate@127.0.0.1:${ways.postgres.port}${database}`, counters: ways.counters?.port })
    gateways.push(createGatewayProcess({ name: `gateway-${at}`, compiled, directory, ports, config, ...ways, skewMs }))
  }

  async function withStore<T>(work: (store: Store) => Promise<T>): Promise<T> {
    const store = await createPostgresStore({ connect: connectPostgres({ url }), clock: createSystemClock() })
    try {
      return await work(store)
    } finally {
      await store.close()
    }
  }

  // As an operator does it, before any of them serves.
  const ports = { front: 0, admin: 0, calls: 0, service: service.port, countersService: countersService.port }
  const first = await startGateway({ config: sharedShop(ports, { postgres: url, counters: counters?.port }) })
  const grants = await putAccounts(first)
  await putCaller(first.directory, counting.id, 'counting', counting.key)
  for (const [id, units] of Object.entries(purses)) {
    await putCaller(first.directory, id, 'coins', purseKey(id))
    await applyOne(first.store, { kind: 'grant', subject: `account:${id}`, name: 'credit', scale: 2, grantId: `first-${id}`, units, reason: 'first' })
  }
  await first.close()

  return {
    engines,
    gateways,
    postgres,
    counters,
    service,
    countersService,
    grants,
    next,
    purseBalance: (id) => withStore((store) => store.balance(`account:${id}`, 'credit')),
    read: (endedAtMs) => withStore(async (store) => readBooks(store, endedAtMs, url)),
    async close() {
      service.close()
      countersService.close()
      await Promise.all(gateways.map((gateway) => gateway.close()))
      await postgres.stop()
      await counters?.stop()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

async function putCaller(directory: Directory, id: string, plan: string, key: string): Promise<void> {
  await directory.putAccount({ id, api: 'shop', name: id, status: 'active', plan, createdAtMs: 0 })
  await directory.putKey({ id: `key_${id}`, api: 'shop', accountId: id, hash: createHash('sha256').update(key).digest('hex'), hint: 'sk_', status: 'active', scopes: [], createdAtMs: 0 })
}

async function readBooks(store: Store, endedAtMs: number, url: string): Promise<{ readonly books: Books; readonly violations: readonly string[] }> {
  const all = await readAll(store)
  const isOfShop = new Set(all.balances.map(({ subject }) => subject))
  const connection = await connectPostgres({ url })('reader')
  const { rows } = await connection.query({ text: 'select request_id, json from tollgate.requests' })
  await connection.close()
  const logged = rows.map((row) => parseRequest({ requestId: String(row['request_id']), atMs: 0 }, String(row['json'])))
  return {
    books: { endedAtMs, ...all, rows: all.rows.filter(({ subject }) => isOfShop.has(subject)), calls: all.calls.filter(({ accountId }) => isOfShop.has(`account:${accountId}`)), logged },
    violations: checkLedger(all.rows, all.calls).map(({ message }) => message),
  }
}
