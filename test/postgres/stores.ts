/** Stores over the Postgres of a worker: each test has the tables for itself, empty. */
import type { Clock } from 'tollgate/engine'
import type { Store } from 'tollgate/stores'
import { createPostgresStore, migratePostgres, type ConnectSql, type PostgresStore, type PostgresStoreOptions } from 'tollgate/stores/postgres'
import { connectPostgres } from '../../packages/gateway/src/platform/postgres.ts'
import { freshDatabase } from '../servers/postgres.ts'
import { createConnectionPool } from './connection-pool.ts'
import { createFleet } from '../shared-store/fleet.ts'

const TABLES = ['subjects', 'calls', 'leases', 'slots', 'owners', 'movements', 'ledger_new', 'ledger', 'documents', 'changes', 'requests']

export interface PostgresDatabase {
  readonly url: string
  readonly connect: ConnectSql
  /** As after the migration. */
  empty(): Promise<void>
  open(options: Omit<PostgresStoreOptions, 'connect'>): Promise<PostgresStore>
  /** So many stores, each command to the next of them, dated by the clock. They are closed before the next ones are opened. */
  fleet(writers: number, clock: Clock): Promise<Store>
  close(): Promise<void>
}

export async function createPostgresDatabase(url?: string): Promise<PostgresDatabase> {
  const own = url ?? (await freshDatabase())
  const connect = connectPostgres({ url: own })
  await migratePostgres({ connect })
  const pool = createConnectionPool(connect)
  const open: PostgresDatabase['open'] = (options) => createPostgresStore({ connect, ...options })
  return {
    url: own,
    connect,
    async empty() {
      const connection = await pool.connect('lane')
      await connection.query({ text: `truncate ${TABLES.map((table) => `tollgate.${table}`).join(', ')}; update tollgate.heads set last = 0` })
      await connection.close()
    },
    open,
    async fleet(writers, clock) {
      const stores = await Promise.all(Array.from({ length: writers }, () => createPostgresStore({ connect: pool.connect, clock, datedBy: 'clock' })))
      return createFleet(stores)
    },
    close: () => pool.close(),
  }
}
