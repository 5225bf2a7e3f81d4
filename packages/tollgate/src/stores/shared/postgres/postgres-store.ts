/** Everything in a Postgres database that several gateways share: each loads what its commands name, decides, and writes, in groups. */
import type { Clock } from '../../../engine/clock.ts'
import { stageFootprint, assertTakes } from '../../../engine/meters/stage.ts'
import { grantsFootprint, peekStage, readBalance } from '../../../engine/read-state.ts'
import { loadView } from '../../../engine/load-view.ts'
import { StoreUnavailableError } from '../../../engine/store-error.ts'
import { searchInSlices } from '../../../journal/sliced-search.ts'
import { assertCommand } from '../../assert-command.ts'
import { toLoggedRow } from '../../logged-row.ts'
import type { Command, Result, Store } from '../../store.ts'
import { withNextDue } from '../../sweep-result.ts'
import type { StoreObserver } from '../../resident/store-observer.ts'
import { DecideAnew } from '../group-transaction.ts'
import { createLane } from '../lane.ts'
import { createLaneOf } from '../lane-key.ts'
import { workGroup, type Batch } from '../group-work.ts'
import { createChangeWatch } from './change-watch.ts'
import { createLoadStatements } from './load-statements.ts'
import { migratePostgres, type SchemaChange } from './migrate-postgres.ts'
import { PostgresGroup } from './postgres-group.ts'
import { createPostgresJournal } from './postgres-journal.ts'
import { listLedger } from './postgres-ledger.ts'
import { createPostgresReads } from './postgres-reads.ts'
import { createPostgresRequests } from './postgres-requests.ts'
import { createPostgresTime } from './postgres-time.ts'
import { createPostgresUpkeep } from './postgres-upkeep.ts'
import { createReadFinder } from './read-finder.ts'
import { toSqlFailure, type ConnectionRole, type ConnectSql, type SqlConnection } from './sql-connection.ts'
import { createSqlLink, type SqlLink } from './sql-link.ts'

/** What a store over Postgres is made from. Durations are milliseconds. */
export interface PostgresStoreOptions {
  /** Opens connections; the store has some seven of them, and makes one anew that was lost. */
  readonly connect: ConnectSql
  /** For waits. Commands are dated by the server. */
  readonly clock: Clock
  /** Connections for commands, each with one group under way. Few are faster than many: their groups are larger. Default 2. */
  readonly lanes?: number | undefined
  /** Commands in a group. Default 500. */
  readonly groupMax?: number | undefined
  /** An answer of the database that takes longer is given up, and its connection with it. Default 10,000. */
  readonly answerWithinMs?: number | undefined
  /** Rows of the request log that wait while the database is away. Default 10,000. */
  readonly pendingRequestsMax?: number | undefined
  /** Told of each group, and of money that has moved. */
  readonly observer?: StoreObserver | undefined
  /** `clock`: commands are dated by it, for tests. Default: by the server. */
  readonly datedBy?: 'server' | 'clock' | undefined
  /** Whether the tables are made, or brought to the newest schema, where they are not. Default true; otherwise an older schema is refused. */
  readonly migrate?: boolean | undefined
}

/** A store in a Postgres database, with what only that has. */
export interface PostgresStore extends Store {
  /** What was done to the database when this store was opened. */
  readonly migrations: SchemaChange
  /** At once by a notification, otherwise within a second. */
  readonly watch: (listen: () => void) => () => void
  /** Rejects where the database does not answer. */
  ping(): Promise<void>
}

const LANES = 2
const GROUP_MAX = 500
const ANSWER_WITHIN_MS = 10_000
const PENDING_REQUESTS_MAX = 10_000

/**
 * A store in a Postgres database (14 or later). Money, calls, sessions, accounts and keys are on its disk before `apply` resolves; counts and log rows are committed, and a crash of
 * the server may forget the last tenths of a second of them. Where the connection is lost while a commit is under way, its commands reject with a StoreUnavailableError whose
 * `applied` is `unknown`; otherwise with one that says that nothing took effect.
 *
 * @example
 * // `connect`: opens a connection by `pg`, as `packages/gateway/src/platform/postgres.ts` does
 * async function open(connect: ConnectSql, clock: PostgresStoreOptions['clock']): Promise<PostgresStore> {
 *   return createPostgresStore({ connect, clock })
 * }
 */
export async function createPostgresStore(options: PostgresStoreOptions): Promise<PostgresStore> {
  const { connect, clock, observer, lanes: laneCount = LANES, groupMax = GROUP_MAX, answerWithinMs = ANSWER_WITHIN_MS, pendingRequestsMax = PENDING_REQUESTS_MAX, datedBy = 'server', migrate = true } = options
  const migrations = await migratePostgres({ connect, dryRun: !migrate })
  if (!migrate && migrations.statements.length > 0) {
    throw new StoreUnavailableError(`the database has schema ${migrations.from}, this version of Tollgate needs ${migrations.to}: run tollgate migrate`)
  }

  const links: SqlLink[] = []
  const linkOf = (role: ConnectionRole, greet?: (connection: SqlConnection) => Promise<unknown>): SqlLink => {
    const link = createSqlLink({ connect, role, clock, answerWithinMs, greet })
    links.push(link)
    return link
  }

  const time = createPostgresTime(datedBy === 'clock' ? clock : undefined)
  const load = createLoadStatements(time)
  const [reader, lists, alone, listener] = [linkOf('reader', findByKeys), linkOf('reader'), linkOf('lane'), linkOf('listener')]
  const unhurried = linkOf('lane', (connection) => connection.query({ text: 'set synchronous_commit = off' }))
  const requests = createPostgresRequests(reader, lists, alone)
  const journal = createPostgresJournal({ link: unhurried, requests, clock, pendingMax: pendingRequestsMax })
  const upkeep = createPostgresUpkeep({ reader, alone, time })
  const watch = createChangeWatch({ reader, listener, clock, eachSecond: upkeep.keepTime })
  const reads = createPostgresReads(reader, lists)
  const find = createReadFinder(reader, load)

  const laneOf = createLaneOf(laneCount)
  const lanes = Array.from({ length: laneCount + 1 }, () => {
    const link = linkOf('lane', findByKeys)
    const work = (group: readonly Batch[]): Promise<void> => workGroup(group, (documents) => new PostgresGroup({ link, load, time, requests }, documents), observer?.moved)
    return createLane({ commandsMax: groupMax, work: observer === undefined ? work : observed(work, observer, clock) })
  })
  let isClosed = false

  const [copying] = await reader.read({ text: "select to_regclass('tollgate.copy_under_way') is not null as there" })
  if (copying?.['there'] === true) {
    await Promise.all(links.map((link) => link.close()))
    throw new StoreUnavailableError('a copy into this database was begun and is not whole: run tollgate store copy once more, or empty the database')
  }
  const [head] = await reader.read({ text: "select last from tollgate.heads where name = 'time'" })
  time.saw(Number(head?.['last'] ?? 0))

  function assertOpen(): void {
    if (isClosed) throw new StoreUnavailableError('the store is closed')
  }

  async function nowMs(): Promise<number> {
    const [row] = await reader.read(load.now())
    // To look is not to have been there: the next command may be dated earlier.
    return Number(row?.['now'])
  }

  function decide(commands: readonly Command[]): Promise<readonly Result[]> {
    return new Promise((resolve, reject) => lanes[laneOf(commands)]?.enter({ commands, resolve, reject } satisfies Batch))
  }

  async function apply(commands: readonly Command[]): Promise<readonly Result[]> {
    assertOpen()
    for (const command of commands) assertCommand(command)
    if (commands.length === 0) return []
    const rows = commands.flatMap((command) => (command.kind === 'log' ? [toLoggedRow(command.row)] : []))
    if (rows.length === commands.length) {
      await journal.log(rows)
      return rows.map(() => ({}))
    }
    const results = await decide(commands)
    if (commands.some(({ kind }) => kind === 'put' || kind === 'delete')) watch.written()
    return commands.some(({ kind }) => kind === 'sweep') ? afterSweep(commands, results) : results
  }

  async function afterSweep(commands: readonly Command[], results: readonly Result[]): Promise<readonly Result[]> {
    const limit = Math.max(...commands.map((command) => (command.kind === 'sweep' ? command.limit : 0)))
    // The sweep is done, whatever becomes of this: the next one comes soon.
    const dueMs = await upkeep.tidy(limit).then(upkeep.nextDueMs).catch(() => Infinity)
    return results.map((result, at) => withNextDue(result, commands[at] as Command, () => dueMs))
  }

  return {
    migrations,
    apply,
    async peek(takes) {
      assertOpen()
      assertTakes(takes)
      const view = await loadView(stageFootprint(takes), find)
      return peekStage(view, takes, await nowMs())
    },
    async balance(subject, name, allowance) {
      assertOpen()
      const view = await loadView([{ of: 'subject', subject }], find)
      await loadView(grantsFootprint(view, subject, name), find, view)
      return readBalance(view, subject, name, await nowMs(), allowance)
    },
    ...reads,
    async ledger(query) {
      assertOpen()
      await upkeep.orderLedger()
      return listLedger(lists, query)
    },
    request: (requestId) => requests.read(requestId),
    requests: (query) => searchInSlices(query, requests.search, () => Promise.resolve()),
    pruneRequests: (beforeMs, limit) => requests.prune(beforeMs, limit),
    highWaterMs: time.highWaterMs,
    watch: watch.watch,
    async ping() {
      await reader.read({ name: 'tollgate_ping', text: 'select 1' })
    },
    async close() {
      if (isClosed) return
      isClosed = true
      watch.stop()
      await Promise.all(lanes.map((lane) => lane.idle()))
      await journal.flush()
      await upkeep.keepTime().catch(() => undefined)
      await Promise.all(links.map((link) => link.close()))
    },
  }
}

/**
 * All that a lane asks for is found by a key. A statement is planned once for a connection, perhaps while its tables are empty, and would read them from end to end as they grow, until the
 * server has counted their rows. A server that knows no such settings has its own way.
 */
async function findByKeys(connection: SqlConnection): Promise<void> {
  const ways = ['seqscan', 'hashjoin', 'mergejoin']
  const outcomes = await Promise.allSettled(ways.map((way) => connection.query({ text: `set enable_${way} = off` })))
  for (const outcome of outcomes) if (outcome.status === 'rejected' && toSqlFailure(outcome.reason) === undefined) throw outcome.reason
}

/** A group that others were faster than is none: it is decided anew. */
function observed(work: (group: readonly Batch[]) => Promise<void>, { committed }: StoreObserver, clock: Pick<Clock, 'monotonicMs'>): (group: readonly Batch[]) => Promise<void> {
  return async (group) => {
    const beganMs = clock.monotonicMs()
    const tell = (failed: boolean): void => committed({ durationMs: clock.monotonicMs() - beganMs, failed, commands: group.reduce((count, { commands }) => count + commands.length, 0) })
    try {
      await work(group)
    } catch (error) {
      if (!(error instanceof DecideAnew)) tell(true)
      throw error
    }
    tell(false)
  }
}
