/**
 * One transaction of a group: two round trips, a third where what was found names more than the statements of the first have looked up.
 *
 * Statements are sent without waiting for each other, and each has its own fate: after one that failed the server refuses the rest, and its answer to `commit` is no error
 * though all is rolled back. So the group is done only if every one of them is. What fails before `commit` was sent has changed nothing; where the connection is lost after
 * that, nobody knows.
 */
import type { Document } from '../../../directory/documents.ts'
import type { Finding, FootprintKey } from '../../../engine/footprint.ts'
import { StoreUnavailableError } from '../../../engine/store-error.ts'
import { LOGGED_VALUES } from '../../logged-row.ts'
import { toDocument } from '../../stored-document.ts'
import { toNameText } from '../document-group.ts'
import { DecideAnew, GroupRefused, type DocumentName, type GroupTransaction, type GroupWrites } from '../group-transaction.ts'
import { composeWrites } from './compose-writes.ts'
import { FindingRound } from './finding-round.ts'
import type { SqlRow } from './found-rows.ts'
import type { LoadStatements } from './load-statements.ts'
import { NO_PART, type PostgresRequests } from './postgres-requests.ts'
import type { PostgresTime } from './postgres-time.ts'
import { toSqlFailure, type SqlConnection, type SqlQuery } from './sql-connection.ts'
import { asUnavailable, type SqlLink } from './sql-link.ts'
import { StandingRows } from './standing-rows.ts'

export interface PostgresGroupOptions {
  readonly link: SqlLink
  readonly load: LoadStatements
  readonly time: PostgresTime
  readonly requests: Pick<PostgresRequests, 'prepareDays' | 'forgetDays'>
}

/** Others were in the way: serialization failure, deadlock, a row that another has inserted meanwhile, a day of the request log that was dropped. */
const CONFLICTS = new Set(['40001', '40P01', '23505', NO_PART])
/** What some distributed servers say where they lost the answer of one of their own. */
const UNKNOWN = '40003'
/** The server has had enough, of this statement or of all: a lock or statement that took too long, no memory, no disk, it ends. */
const EXHAUSTED = new Set(['55P03', '53', '57', '58'])

export class PostgresGroup implements GroupTransaction {
  readonly #options: PostgresGroupOptions
  readonly #documentNames: readonly DocumentName[]
  readonly #standing = new StandingRows()
  #connection: SqlConnection | undefined
  #nowMs = 0

  constructor(options: PostgresGroupOptions, documentNames: readonly DocumentName[]) {
    this.#options = options
    this.#documentNames = documentNames
  }

  nowMs(): number {
    return this.#nowMs
  }

  readonly document = (name: DocumentName): Document | undefined => this.#standing.documents.get(toNameText(name))

  readonly find = async (keys: readonly FootprintKey[]): Promise<readonly Finding[]> => {
    const { load, link, time } = this.#options
    const isFirst = this.#connection === undefined
    const connection = (this.#connection ??= await link.connection())
    const round = new FindingRound(load, this.#standing, keys)
    const before = isFirst ? [load.begin] : []
    const documents = isFirst && this.#documentNames.length > 0 ? [load.documents(this.#documentNames)] : []
    const answers = await this.#send(connection, [...before, ...round.queries, ...documents, load.now()], 'no')
    this.#nowMs = time.saw(Number(answers.at(-1)?.[0]?.['now']))
    if (documents.length > 0) for (const row of answers.at(-2) ?? []) this.#standing.documents.set(toNameText(row as unknown as DocumentName), documentOf(row))
    return round.findings(answers.slice(before.length), this.#nowMs)
  }

  async commit(writes: GroupWrites): Promise<void> {
    if (this.#connection === undefined) throw new Error('nothing was found yet')
    const { logged } = writes
    if (logged.length > 0) await this.#prepareDays(logged.filter((_, at) => at % LOGGED_VALUES === 1) as number[])
    await this.#send(this.#connection, composeWrites(this.#standing, writes, this.#nowMs), 'unknown')
  }

  /** Over another connection: what was found waits for it. */
  async #prepareDays(atMs: readonly number[]): Promise<void> {
    try {
      await this.#options.requests.prepareDays(atMs)
    } catch (error) {
      this.end()
      if (error instanceof StoreUnavailableError || toSqlFailure(error) !== undefined) throw asUnavailable('the request log has no part for its day', error)
      throw new DecideAnew('the connection to the database was lost', { cause: error, isLost: true })
    }
  }

  end(): void {
    const { load, link } = this.#options
    const connection = this.#connection
    // What comes next on the connection comes behind it.
    if (connection !== undefined) void link.within(connection, connection.query(load.rollback)).catch(() => connection.close())
  }

  /** All at once. `ifLost`: what is known of them where the connection is. */
  async #send(connection: SqlConnection, queries: readonly SqlQuery[], ifLost: 'no' | 'unknown'): Promise<readonly (readonly SqlRow[])[]> {
    const outcomes = await this.#options.link.within(connection, Promise.allSettled(queries.map((query) => connection.query(query))))
    const rejected = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []))
    if (rejected.length === 0) return outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value.rows : []))
    const [first] = rejected
    const failure = toSqlFailure(first)
    const isLost = rejected.some((error) => toSqlFailure(error) === undefined)
    if (isLost) void connection.close()
    if (failure === undefined || failure.code === UNKNOWN) {
      if (ifLost === 'no') throw new DecideAnew('the connection to the database was lost', { cause: first, isLost })
      throw new StoreUnavailableError('the connection to the database was lost before it said what became of the commit', { cause: first, applied: 'unknown' })
    }
    // The server refused a statement, so that nothing is committed, whether or not its other answers came.
    if (!isLost && ifLost === 'no') this.end()
    if (failure.code === NO_PART) this.#options.requests.forgetDays()
    if (CONFLICTS.has(failure.code)) throw new DecideAnew(failure.message)
    if (EXHAUSTED.has(failure.code) || EXHAUSTED.has(failure.code.slice(0, 2))) throw asUnavailable('the database refused', first)
    throw new GroupRefused(`the database refused: ${failure.message}`, { cause: first })
  }
}

function documentOf(row: SqlRow): Document {
  return toDocument(row['collection'] as string, { id: row['id'] as string, parent: (row['parent'] as string | null) ?? undefined, version: Number(row['version']), json: row['json'] as string })
}
