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
/** By its data, a rule of the table, or what an index can hold: it would be refused again. */
const REFUSED = new Set(['22', '23', '54'])

interface Waiting {
  readonly row: LoggedRow
  /** Whoever gave it is told: it is written, kept, or refused. */
  done(error?: unknown): void
}

export function createPostgresJournal({ link, requests, clock, pendingMax }: PostgresJournalOptions): PostgresJournal {
  let waiting: Waiting[] = []
  /** Of those that wait and of those that are being written. */
  let pending = 0
  let working: Promise<void> | undefined

  function begin(): void {
    working ??= work()
  }

  async function work(): Promise<void> {
    await Promise.resolve()
    while (waiting.length > 0) {
      const left = await writeWhatCan(waiting.splice(0, ROWS_AT_ONCE))
      if (left.length === 0) continue
      keep(left)
      clock.after(AGAIN_AFTER_MS, begin)
      break
    }
    working = undefined
  }

  /** For later: nobody need wait for it. */
  function keep(left: readonly Waiting[]): void {
    const all = [...left, ...waiting]
    waiting = all.map(({ row }) => ({ row, done: () => undefined }))
    for (const { done } of all) done()
  }

  /** What is left since the database is away. */
  async function writeWhatCan(part: readonly Waiting[]): Promise<readonly Waiting[]> {
    try {
      await write(part.map(({ row }) => row))
      settle(part)
      return []
    } catch (error) {
      if (!REFUSED.has(toSqlFailure(error)?.code.slice(0, 2) ?? '')) return part
      if (part.length > 1) return writeOneByOne(part)
      settle(part, error)
      return []
    }
  }

  /** One of them cannot be written, and the others can. */
  async function writeOneByOne(part: readonly Waiting[]): Promise<readonly Waiting[]> {
    const left: Waiting[] = []
    for (const one of part) left.push(...(await writeWhatCan([one])))
    return left
  }

  function settle(part: readonly Waiting[], error?: unknown): void {
    pending -= part.length
    for (const { done } of part) done(error)
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
        let left = rows.length
        const done = (error?: unknown): void => {
          left -= 1
          if (error !== undefined) reject(asUnavailable('the store cannot write', error))
          else if (left === 0) resolve()
        }
        for (const row of rows) waiting.push({ row, done })
        begin()
      })
    },
    flush: async () => working,
  }
}
