/** One connection that is made again when it was lost. While there is none to be had, who asks is told at once, and not after a time-out of its own each time. */
import { StoreUnavailableError, type Applied } from '../../../engine/store-error.ts'
import type { Clock } from '../../../engine/clock.ts'
import { toSqlFailure, type ConnectionRole, type ConnectSql, type SqlConnection, type SqlQuery, type SqlResult } from './sql-connection.ts'

export interface SqlLinkOptions {
  readonly connect: ConnectSql
  readonly role: ConnectionRole
  readonly clock: Pick<Clock, 'after' | 'monotonicMs'>
  /** Without an answer for so long the connection is given up. */
  readonly answerWithinMs: number
  /** Said once to each new connection. */
  readonly greet?: ((connection: SqlConnection) => Promise<unknown>) | undefined
}

export interface SqlLink {
  connection(): Promise<SqlConnection>
  /** A statement that only reads: over a new connection where the old one is lost. */
  read(query: SqlQuery): Promise<SqlResult['rows']>
  /** Waits for the answer within the bound; the connection is closed where it does not come. */
  within<T>(connection: SqlConnection, answer: Promise<T>): Promise<T>
  close(): Promise<void>
}

const RETRY_LEAST_MS = 50
const RETRY_MOST_MS = 2_000
const READ_ONLY = '25006'

export function createSqlLink({ connect, role, clock, answerWithinMs, greet }: SqlLinkOptions): SqlLink {
  let current: Promise<SqlConnection> | undefined
  let failure: { readonly error: StoreUnavailableError; readonly untilMs: number; readonly pauseMs: number } | undefined
  let isClosed = false

  function connection(): Promise<SqlConnection> {
    if (isClosed) return Promise.reject(new StoreUnavailableError('the store is closed'))
    if (current !== undefined) return current
    if (failure !== undefined && clock.monotonicMs() < failure.untilMs) return Promise.reject(failure.error)
    // Whoever asks while it is being made is told in the same words.
    const opening = open().catch((error: unknown) => Promise.reject(asUnavailable('the database cannot be reached', error)))
    current = opening
    opening.then(
      (opened) => {
        failure = undefined
        void opened.lost.then(() => forget(opening))
      },
      (error: StoreUnavailableError) => {
        forget(opening)
        const pauseMs = Math.min(RETRY_MOST_MS, 2 * (failure?.pauseMs ?? RETRY_LEAST_MS / 2))
        failure = { error, untilMs: clock.monotonicMs() + pauseMs, pauseMs }
      },
    )
    return opening
  }

  async function open(): Promise<SqlConnection> {
    const opened = openAgainWhereReadOnly(await connect(role))
    try {
      await greet?.(opened)
      return opened
    } catch (error) {
      await opened.close()
      throw error
    }
  }

  function forget(opening: Promise<SqlConnection>): void {
    if (current === opening) current = undefined
  }

  function within<T>(of: SqlConnection, answer: Promise<T>): Promise<T> {
    const cancel = clock.after(answerWithinMs, () => void of.close())
    return answer.finally(cancel)
  }

  async function read(query: SqlQuery, isLast = false): Promise<SqlResult['rows']> {
    const of = await connection()
    try {
      return (await within(of, of.query(query))).rows
    } catch (error) {
      if (toSqlFailure(error) !== undefined || isLast) throw asUnavailable('the store cannot read', error)
      await of.close()
      return read(query, true)
    }
  }

  return {
    connection,
    read: (query) => read(query),
    within,
    async close() {
      isClosed = true
      const closing = current
      current = undefined
      await closing?.then((opened) => opened.close()).catch(() => undefined)
    },
  }
}

/** A server that was the primary takes no writes on the connections that it has; the address may lead to another one by now, or the server may take them again on a new one. */
function openAgainWhereReadOnly(opened: SqlConnection): SqlConnection {
  const query = (asked: SqlQuery): Promise<SqlResult> =>
    opened.query(asked).catch((error: unknown) => {
      if (toSqlFailure(error)?.code === READ_ONLY) void opened.close()
      throw error
    })
  return { ...opened, query }
}

/** What a client library throws says what failed; never what was sent. */
export function asUnavailable(what: string, cause: unknown, applied: Applied = 'no'): StoreUnavailableError {
  if (cause instanceof StoreUnavailableError) return cause
  const said = cause instanceof Error ? cause.message || cause.name : String(cause)
  return new StoreUnavailableError(`${what}: ${said}`, { cause, applied })
}
