/** Connections to Postgres as the store wants them, made of `pg`, which is loaded only where there is one to be made. */
import process from 'node:process'
import type { Duplex } from 'node:stream'
import type { QueryConfig } from 'pg'
import type { ConnectSql, SqlConnection, SqlResult } from 'tollgate/stores/postgres'

export interface PostgresOptions {
  readonly url: string
  /** Until a connection stands. */
  readonly connectTimeoutMs?: number | undefined
  /** On the server: a statement that takes longer, a lock included, is refused. */
  readonly statementTimeoutMs?: number | undefined
}

const CONNECT_TIMEOUT_MS = 5_000
const STATEMENT_TIMEOUT_MS = 5_000
/** A gateway that stands still within a transaction lets others wait for its locks no longer than this. */
const IDLE_IN_TRANSACTION_MS = 5_000

/** Opens connections to one database. */
export function connectPostgres({ url, connectTimeoutMs = CONNECT_TIMEOUT_MS, statementTimeoutMs = STATEMENT_TIMEOUT_MS }: PostgresOptions): ConnectSql {
  return async (role) => {
    const { Client } = await import('pg')
    const client = new Client({
      connectionString: url,
      application_name: `tollgate ${role}`,
      connectionTimeoutMillis: connectTimeoutMs,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
      keepAlive: true,
      statement_timeout: role === 'migration' ? undefined : statementTimeoutMs,
      // Statements of one connection are sent without waiting for each other.
      pipeline: true,
    })
    let end: (why: unknown) => void
    const lost = new Promise<unknown>((resolve) => (end = resolve))
    client.on('error', (error) => end(error))
    client.on('end', () => end(new Error('the connection ended')))
    await client.connect()
    const { connection: wire } = client as unknown as { readonly connection: { readonly stream: Duplex } }
    const gather = createGathering(() => wire.stream)
    const connection: SqlConnection = {
      query({ name, text, values }) {
        gather()
        return client.query({ name, text, values } as QueryConfig) as Promise<SqlResult>
      },
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
