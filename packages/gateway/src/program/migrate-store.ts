/** Brings the tables of a store to what this version knows, without a gateway. */
import { existsSync } from 'node:fs'
import { engineName, type StoreConfig } from '../config/engine-config.ts'
import { engineFault } from '../platform/engine-fault.ts'

export interface StoreMigration {
  /** 0: there was none. */
  readonly from: number
  readonly to: number
  /** What was done, or would be. */
  readonly statements: readonly string[]
  /** Of a file: where it lies as it was. */
  readonly copy?: string | undefined
}

/** Rejects with an Error whose message names the store and the mend. */
export async function migrateStore(config: StoreConfig, { dryRun }: { readonly dryRun: boolean }): Promise<StoreMigration> {
  switch (config.kind) {
    case 'memory':
      throw new Error('a store in memory has no tables')
    case 'sqlite':
      return migrateFile(config.file, dryRun)
    case 'postgres': {
      const { migratePostgres } = await import('tollgate/stores/postgres')
      const { connectPostgres } = await import('../platform/postgres.ts')
      const connect = connectPostgres(config)
      const about = { ...config, name: engineName(config) }
      // What a failed connection means is said here; what is wrong with a schema, by whoever reads it.
      const probe = await connect('migration').catch((error: unknown) => Promise.reject(new Error(engineFault(error, about), { cause: error })))
      await probe.close()
      return migratePostgres({ connect, dryRun }).catch((error: unknown) => Promise.reject(new Error(`${about.name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })))
    }
  }
}

async function migrateFile(file: string, dryRun: boolean): Promise<StoreMigration> {
  if (!existsSync(file)) throw new Error(`${file}: there is no such file yet; the first start makes it`)
  const { openSqliteDatabase, sqliteSchemas } = await import('../platform/sqlite-database.ts')
  const { there: from, newest } = sqliteSchemas(file)
  if (from > newest) throw new Error(`${file}: the database has schema ${from}, this version of Tollgate knows ${newest}: run the newer version, or restore a backup`)
  if (dryRun || from === newest) return { from, to: newest, statements: [] }
  let copy: string | undefined
  openSqliteDatabase(file, { migrating: (change) => (copy = change.copy) }).close()
  return { from, to: newest, statements: [], copy }
}
