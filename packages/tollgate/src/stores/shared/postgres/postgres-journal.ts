/** Rows of the request log on their way: written in groups, by themselves, and kept for later while the database is away. */
import type { Clock } from '../../../engine/clock.ts'
import { StoreUnavailableError } from '../../../engine/store-error.ts'
import type { LoggedRow } from '../../logged-row.ts'
import { toLoggedValues } from './logged-values.ts'
import { NO_PART, type PostgresRequests } from './postgres-requests.ts'
import { toSqlFailure } from './sql-connection.ts'
import { asUnavailable, type SqlLink } from './sql-link.ts'
import { writeStatements } from './write-statements.ts'

export interface PostgresJournalOptions {
  readonly link: SqlLink
  readonly requests: Pick<PostgresRequests, 'prepareDays' | 'forgetDays'>
  readonly clock: Pick<Clock, 'after'>
  /** Rows that may wait. */
  readonly pendingMax: number
}

export interface PostgresJournal {
  /** Resolves when they are written, or are kept since the database is away. */
  log(rows: readonly LoggedRow[]): Promise<void>
  /** Resolves when all that waits is written, or cannot be. */
  flush(): Promise<void>
}

/** Less than a thousand: their numbers lie within the microsecond in which they were given. */
const ROWS_AT_ONCE = 999
const AGAIN_AFTER_MS = 500

interface Waiting {
  readonly rows: readonly LoggedRow[]
  done(error?: unknown): void
}

export function createPostgresJournal({ link, requests, clock, pendingMax }: PostgresJournalOptions): PostgresJournal {
  let waiting: Waiting[] = []
  /** Whoever gave them has been told that they are kept. */
  let kept: LoggedRow[] = []
  let pending = 0
  let working: Promise<void> | undefined

  async function work(): Promise<void> {
    await Promise.resolve()
    while (kept.length + waiting.length > 0) {
      const group = waiting
      waiting = []
      const rows = [...kept, ...group.flatMap((each) => each.rows)]
      kept = []
      const left = await writeAll(rows)
      pending -= rows.length - left.length
      for (const { done } of group) done()
      if (left.length === 0) continue
      kept = left
      clock.after(AGAIN_AFTER_MS, begin)
      break
    }
    working = undefined
  }

  function begin(): void {
    working ??= work()
  }

  /** What is left since the database is away. */
  async function writeAll(rows: readonly LoggedRow[]): Promise<LoggedRow[]> {
    for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
      try {
        await write(rows.slice(at, at + ROWS_AT_ONCE))
      } catch {
        return rows.slice(at)
      }
    }
    return []
  }

  async function write(rows: readonly LoggedRow[], isAgain = false): Promise<void> {
    try {
      await requests.prepareDays(rows.map(([, atMs]) => atMs))
      const connection = await link.connection()
      await link.within(connection, connection.query(writeStatements.insertRequests(toLoggedValues(rows))))
    } catch (error) {
      if (isAgain || toSqlFailure(error)?.code !== NO_PART) throw error
      requests.forgetDays()
      await write(rows, true)
    }
  }

  return {
    log(rows) {
      return new Promise((resolve, reject) => {
        if (pending + rows.length > pendingMax) return reject(new StoreUnavailableError('the store cannot write, and holds as many rows of the request log as it may'))
        pending += rows.length
        waiting.push({ rows, done: (error) => (error === undefined ? resolve() : reject(asUnavailable('the store cannot write', error))) })
        begin()
      })
    },
    flush: async () => working,
  }
}
