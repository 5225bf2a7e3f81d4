/** A shop of its own for one test: its file, its service, and one program after the other. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { applyOne, type Store } from 'tollgate/admission'
import { startGateway } from '@tollgate/gateway'
import { freePort } from '../../packages/gateway/src/fixtures/free-port.ts'
import { openStore } from '../../packages/gateway/src/open-store.ts'
import { sha256Hex } from '../../packages/gateway/src/secrets.ts'
import { createSystemClock } from '../../packages/gateway/src/system-clock.ts'
import type { Books, Grant } from './history.ts'
import { createPrograms, type Programs } from './program.ts'
import { createService, type Service } from './service.ts'
import { accounts, products, shopConfig } from './shop.ts'

export interface World {
  readonly url: string
  readonly adminUrl: string
  readonly service: Service
  readonly programs: Programs
  /** What the accounts were given before all. */
  readonly grants: readonly Grant[]
  /** No program may be running. */
  read(endedAtMs: number): Promise<Books>
  close(): Promise<void>
}

const ROWS = 1_000_000

/** `compiled`: where the programs are. */
export async function createWorld(compiled: string): Promise<World> {
  const directory = mkdtempSync(join(tmpdir(), 'tollgate-chaos-'))
  const file = join(directory, 'tollgate.db')
  const configFile = join(directory, 'tollgate.json')
  const service = await createService()
  const ports = { front: await freePort(), admin: await freePort(), calls: await freePort(), service: service.port }
  writeFileSync(configFile, JSON.stringify(shopConfig(file, ports)))
  const programs = createPrograms(compiled, configFile)
  const grants = await openAccounts(configFile)

  return {
    url: `http://127.0.0.1:${ports.front}`,
    adminUrl: `http://127.0.0.1:${ports.admin}`,
    service,
    programs,
    grants,
    read: (endedAtMs) => readBooks(file, endedAtMs),
    async close() {
      service.close()
      await programs.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

async function openAccounts(configFile: string): Promise<readonly Grant[]> {
  const gateway = await startGateway({ config: configFile })
  const { directory, store } = gateway
  const grants: Grant[] = []
  for (const [id, { key, units }] of Object.entries(accounts)) {
    await directory.putAccount({ id, api: 'shop', name: id, status: 'active', plan: id, createdAtMs: 0 })
    await directory.putKey({ id: `key_${id}`, api: 'shop', accountId: id, hash: sha256Hex(key), hint: 'sk_', status: 'active', scopes: [], createdAtMs: 0 })
    await applyOne(store, { kind: 'grant', subject: `account:${id}`, name: 'credit', scale: 2, grantId: `first-${id}`, units, reason: 'first' })
    grants.push({ account: id, id: `first-${id}`, units, acknowledged: true })
  }
  await gateway.close()
  return grants
}

async function readBooks(file: string, endedAtMs: number): Promise<Books> {
  const faults: string[] = []
  const { store } = openStore({ kind: 'sqlite', file }, createSystemClock(), ({ message }) => void faults.push(message))
  try {
    if (faults.length > 0) throw new Error(faults.join('\n'))
    return { endedAtMs, ...(await readAll(store)) }
  } finally {
    await store.close()
  }
}

async function readAll(store: Store): Promise<Omit<Books, 'endedAtMs'>> {
  const names = Object.keys(accounts)
  const sessions = names.map((name) => ({ subject: `account:${name}`, name: 'sessions', of: 'session' }) as const)
  const stock = Object.keys(products).map((id) => ({ subject: `resource:shop:products:${id}`, name: 'stock', of: 'stock' }) as const)
  const takes = [...sessions, ...stock].map(({ of, ...at }) => ({ ...at, meter: { kind: 'lease', of }, limit: ROWS, cost: 1 }) as const)
  const balances = await Promise.all(names.map((name) => store.balance(`account:${name}`, 'credit')))
  return {
    rows: await store.ledger({ limit: ROWS }),
    calls: await store.calls({ limit: ROWS }),
    leases: (await Promise.all(names.map((accountId) => store.leases({ accountId, limit: ROWS })))).flat(),
    alive: await store.peek(takes),
    balances: balances.filter((balance) => balance !== undefined),
  }
}
