/** Connections to Postgres as the store wants them, made of `pg`, which is loaded only where there is one to be made. */
import process from 'node:process'
import type { Duplex } from 'node:stream'
import type { ClientConfig, QueryConfig } from 'pg'
import { compact } from 'tollgate/contract'
import type { ConnectionRole, ConnectSql, SqlConnection, SqlResult } from 'tollgate/stores/postgres'
import { heardOf, type TripHeard } from './engine-heard.ts'
import { tlsOptions, type EngineServer } from './engine-server.ts'

/** A database: its server, or all in one as libpq writes it. */
export type PostgresTarget = (EngineServer & { readonly database: string | undefined }) | { readonly url: string }

/** What is told of the connections. */
export interface ConnectPostgresOptions {
  /** Told of each statement that was answered, or was not. */
  readonly heard?: TripHeard
}

/** A gateway that stands still within a transaction lets others wait for its locks no longer than this. */
const IDLE_IN_TRANSACTION_MS = 5_000

/**
 * Opens connections to one database, for `createPostgresStore` and `migratePostgres`. `pg` is loaded with the first one.
 *
 * @example
 * const connect = connectPostgres({ url: 'postgres://tollgate@127.0.0.1/tollgate' })
 */
export function connectPostgres(target: PostgresTarget, { heard }: ConnectPostgresOptions = {}): ConnectSql {
  return async (role) => {
    const { Client } = await import('pg')
    const client = new Client(settingsOf(target, role))
    let end: (why: unknown) => void
    const lost = new Promise<unknown>((resolve) => (end = resolve))
    client.on('error', (error) => end(error))
    client.on('end', () => end(new Error('the connection ended')))
    await client.connect()
    const { connection: wire } = client as unknown as { readonly connection: { readonly stream: Duplex } }
    const gather = createGathering(() => wire.stream)
    const ask = ({ name, text, values }: Parameters<SqlConnection['query']>[0]): Promise<SqlResult> => {
      gather()
      return client.query({ name, text, values } as QueryConfig) as Promise<SqlResult>
    }
    const connection: SqlConnection = {
      query: heard === undefined ? ask : (query) => heardOf(ask(query), heard),
      close() {
        // `end` would wait for what is under way.
        void client.end().catch(() => undefined)
        wire.stream.destroy()
        return lost.then(() => undefined)
      },
      lost,
      notified: (listener) => void client.on('notification', ({ payload }) => listener(payload)),
    }
    return connection
  }
}

/** What is sent in one turn goes out as one: each statement is four messages, and a write to a socket costs more than all of them. */
function createGathering(streamOf: () => Duplex): () => void {
  let isGathering = false
  return () => {
    if (isGathering) return
    isGathering = true
    const stream = streamOf()
    stream.cork()
    process.nextTick(() => {
      isGathering = false
      stream.uncork()
    })
  }
}

const defaults = { connectTimeoutMs: 5_000, timeoutMs: 5_000 }

function settingsOf(target: PostgresTarget, role: ConnectionRole): ClientConfig {
  const { connectTimeoutMs, timeoutMs } = { ...defaults, ...target }
  const settings = {
    ...addressOf(target),
    application_name: `tollgate ${role}`,
    connectionTimeoutMillis: connectTimeoutMs,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    keepAlive: true,
    // On the server: a statement that takes longer, a lock included, is refused.
    statement_timeout: role === 'migration' ? undefined : timeoutMs,
    // Statements of one connection are sent without waiting for each other.
    pipeline: true,
  }
  return compact(settings) as ClientConfig
}

function addressOf(target: PostgresTarget): ClientConfig {
  if (!isServer(target)) return { connectionString: target.url }
  const { host, port, user, password, database, tls } = target
  return compact({ host, port, user, password, database, ssl: tls === undefined ? false : tlsOptions(tls) }) as ClientConfig
}

function isServer(target: PostgresTarget): target is EngineServer & { readonly database: string | undefined } {
  return Object.hasOwn(target, 'host')
}
