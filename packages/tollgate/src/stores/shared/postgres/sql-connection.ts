/** What the store asks of a client library of Postgres, and no more: the gateway makes it of `pg`. */

/** One statement. `name`: prepared once for each connection, and then sent by its name. */
export interface SqlQuery {
  readonly name?: string | undefined
  readonly text: string
  readonly values?: readonly unknown[] | undefined
}

/** What a statement came to. Columns of `bigint` may be texts. */
export interface SqlResult {
  readonly rows: readonly { readonly [column: string]: unknown }[]
  readonly rowCount: number | null
}

/** One connection to the server. */
export interface SqlConnection {
  /**
   * Sent at once, behind what is under way; each statement by itself, so that one that fails leaves the others alone. Rejects with what the server said of it (`severity` ERROR
   * and the five characters of its SQLSTATE as `code`), or with anything else where the connection is lost: then nobody knows whether it was done.
   */
  query(query: SqlQuery): Promise<SqlResult>
  /** At once, whatever is under way, which then rejects. Again, it does nothing. */
  close(): Promise<void>
  /** Resolves with the reason when the connection is no more. Never rejects. */
  readonly lost: Promise<unknown>
  /** Told the payload of each notification that this connection listens for. Where there are none, changes are asked for each second. */
  readonly notified?: ((listener: (payload: string | undefined) => void) => void) | undefined
}

/**
 * What the connection is for, so that a client may give each its own settings. `lane`: transactions of commands; `reader`: single statements that only read; `listener`: it
 * waits for notifications; `migration`: it may take long.
 */
export type ConnectionRole = 'lane' | 'reader' | 'listener' | 'migration'

/** Opens a connection. Rejects where there is none to be had, within a bound of its own. */
export type ConnectSql = (role: ConnectionRole) => Promise<SqlConnection>

/** What a server says of a statement that it refused; undefined for whatever else failed. */
export interface SqlFailure {
  /** SQLSTATE. */
  readonly code: string
  readonly message: string
}

export function toSqlFailure(error: unknown): SqlFailure | undefined {
  if (!(error instanceof Error)) return undefined
  const { severity, code } = error as Error & { readonly severity?: unknown; readonly code?: unknown }
  if (typeof severity !== 'string' || typeof code !== 'string' || code.length !== 5) return undefined
  return severity === 'ERROR' || (severity !== 'FATAL' && severity !== 'PANIC' && !mayBeTheEnd(code)) ? { code, message: error.message } : undefined
}

/** Of a server that speaks another language than English (`lc_messages`), whose severities are words of that: whether the connection may end with what it says. */
function mayBeTheEnd(code: string): boolean {
  return code !== '57014' && /^(?:08|28|53|57|58|F0|XX|25P0[34])/.test(code)
}
