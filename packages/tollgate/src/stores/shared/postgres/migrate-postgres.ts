/** Brings a database to the schema that this version knows, one gateway at a time. */
import { StoreUnavailableError } from '../../../engine/store-error.ts'
import { postgresMigrations } from './postgres-schema.ts'
import { toSqlFailure, type ConnectSql, type SqlConnection } from './sql-connection.ts'
import { asUnavailable } from './sql-link.ts'

/** What is to be migrated. */
export interface MigrateOptions {
  readonly connect: ConnectSql
  /** Only says what would be done. */
  readonly dryRun?: boolean | undefined
}

/** What a migration did, or would do. */
export interface SchemaChange {
  /** The schema that was there; 0: none. */
  readonly from: number
  readonly to: number
  /** In one transaction. Empty where there is nothing to do. */
  readonly statements: readonly string[]
}

/** Of an advisory lock that ends with its transaction: "tollgate" in ASCII, its first seven letters. */
const LOCK = '0x746f6c6c676174'
const VERSION_TABLE = 'create table if not exists tollgate.schema_version (version integer primary key)'

/**
 * Makes the tables, or brings them to the newest schema, in one transaction; whoever else does so meanwhile waits. Throws a StoreUnavailableError for a schema that is newer
 * than this version knows.
 *
 * @example
 * async function preview(connect: ConnectSql) {
 *   const { from, to, statements } = await migratePostgres({ connect, dryRun: true })
 *   return `-- schema ${from} to ${to}\n${statements.join(';\n')}`
 * }
 */
export async function migratePostgres({ connect, dryRun = false }: MigrateOptions): Promise<SchemaChange> {
  const connection = await connect('migration').catch((error: unknown) => Promise.reject(asUnavailable('the database cannot be reached', error)))
  try {
    const before = await planFor(connection)
    if (dryRun || before.statements.length === 0) return before
    return await migrate(connection)
  } catch (error) {
    throw asUnavailable('the database cannot be used', error)
  } finally {
    await connection.close()
  }
}

async function migrate(connection: SqlConnection): Promise<SchemaChange> {
  await connection.query({ text: 'begin' })
  await connection.query({ text: `select pg_advisory_xact_lock(${Number(LOCK)})` })
  // Somebody else may have done it meanwhile.
  const plan = await planFor(connection, 'savepoint')
  for (const text of plan.statements) await connection.query({ text })
  await connection.query({ text: 'commit' })
  return plan
}

async function planFor(connection: SqlConnection, within?: 'savepoint'): Promise<SchemaChange> {
  const from = await schemaVersion(connection, within)
  const to = postgresMigrations.length
  if (from > to) throw new StoreUnavailableError(`the database has schema ${from}, this version of Tollgate knows ${to}: run the newer version, or restore a backup`)
  if (from === to) return { from, to, statements: [] }
  const steps = postgresMigrations.slice(from).flat()
  const first = from === 0 ? ['create schema if not exists tollgate', VERSION_TABLE] : []
  return { from, to, statements: [...first, ...steps, 'delete from tollgate.schema_version', `insert into tollgate.schema_version (version) values (${to})`] }
}

async function schemaVersion(connection: SqlConnection, within?: 'savepoint'): Promise<number> {
  if (within !== undefined) await connection.query({ text: 'savepoint version' })
  try {
    const { rows } = await connection.query({ text: 'select version from tollgate.schema_version' })
    return Number(rows[0]?.['version'] ?? 0)
  } catch (error) {
    const code = toSqlFailure(error)?.code
    // Neither the schema nor the table.
    if (code !== '3F000' && code !== '42P01') throw error
    if (within !== undefined) await connection.query({ text: 'rollback to savepoint version' })
    return 0
  }
}
