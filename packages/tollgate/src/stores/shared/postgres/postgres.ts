export { createPostgresStore, type PostgresStore, type PostgresStoreOptions } from './postgres-store.ts'
export { migratePostgres, type MigrateOptions, type SchemaChange } from './migrate-postgres.ts'
export type { ConnectionRole, ConnectSql, SqlConnection, SqlQuery, SqlResult } from './sql-connection.ts'
