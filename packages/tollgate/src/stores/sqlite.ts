/**
 * Everything in one SQLite file, owned by one process.
 *
 * Meters are decided in memory at once, over the subjects' records; the file follows in groups: one transaction takes all that has come in
 * since the last turn of the event loop. `durable` admissions and documents wait for that commit. Counts of other admissions and log rows do
 * not wait; they are written with the next group, at the latest after `flushMs`, and are all that `kill -9` can lose.
 *
 * Whatever moves money, durable leases or a key waits too, and so does an answer that rests on what is not on disk yet. Only a fresh claim does
 * not: it goes with its call's next durable command.
 *
 * When a commit fails (disk full, I/O error), what waited for it is rejected and undone, exactly; the rest stays in memory and is tried again
 * after `flushMs`. Until then nothing durable is accepted, and after a second nothing is admitted at all. Log rows are bounded meanwhile: the
 * oldest are dropped.
 *
 * Time never goes back within a store: an instant before the highest seen counts as that.
 */
import type { Clock } from '../admission/clock.ts'
import { decideCommand, peekStage, readBalance, type StateCommand } from '../admission/decide-command.ts'
import { assertTakes } from '../admission/stage.ts'
import { isWeighty, type Changes } from '../admission/state.ts'
import type { RequestRow } from '../admission/request-row.ts'
import { StoreUnavailableError } from '../admission/store-error.ts'
import type { RequestQuery } from '../admission/journal.ts'
import type { Command, Result, Store } from '../admission/store.ts'
import { assertCommand } from './assert-command.ts'
import { createDocumentChanges } from './document-changes.ts'
import { beginsWhatLasts, mustLast, needsDisk, restsOnUnwritten } from './durability.ts'
import { createGroupCommit, type Member } from './group-commit.ts'
import { createPendingRequests, toPendingRequest } from './pending-requests.ts'
import { matchesRequest, toRequestColumns } from './request-match.ts'
import { assertWhole, damageOf } from './sqlite-check.ts'
import { createSqliteCallTables } from './sqlite-call-tables.ts'
import type { SqlDatabase } from './sqlite-database.ts'
import { isSqliteError, toUnavailable } from './sqlite-error.ts'
import { closeDatabase, prepareDatabase, renewLog, rollback } from './sqlite-schema.ts'
import { createSqliteState } from './sqlite-state.ts'
import { setTimeBack, type SetBack } from './sqlite-time.ts'
import { createSqliteTables, type PendingRequest } from './sqlite-tables.ts'
import type { StoreObserver } from './store-observer.ts'
import { withNextDue } from './sweep-result.ts'

export type { SqlDatabase, SqlStatement, SqlValue } from './sqlite-database.ts'
export type { StoreObserver } from './store-observer.ts'
export type { SetBack } from './sqlite-time.ts'
export { describeSqliteError } from './sqlite-error.ts'
export { prepareDatabase as prepareSqliteDatabase } from './sqlite-schema.ts'

/** What a store over SQLite is made from. Durations are milliseconds. */
export interface SqliteStoreOptions {
  /** Open, and used by nobody else. The store closes it. */
  readonly database: SqlDatabase
  readonly clock: Clock
  /** At most this long a count or log row that nobody waits for stays in memory alone. Default 250. */
  readonly flushMs?: number
  /** Subjects kept in memory. Default 50,000, some 15 MB. */
  readonly recordsMax?: number
  /** Log rows kept in memory while the disk fails. Default 10,000. */
  readonly pendingRequestsMax?: number
  /** Forgets that a later time than this was ever seen. */
  readonly setBack?: SetBack | undefined
  /** Calls back after the current turn of the event loop. Default: `setImmediate` where there is one. */
  readonly schedule?: (run: () => void) => void
  /**
   * That the file is not where its next owner will look for it, and for how long, in ms. After five seconds nothing is begun any more that must last.
   * Default: it is there.
   */
  readonly displaced?: () => { readonly message: string; readonly forMs: number } | undefined
  readonly observer?: StoreObserver | undefined
  /** Told when the store begins to fail, loses log rows, and works again. */
  readonly alert?: (event: { readonly kind: 'store'; readonly message: string }) => void
}

/** A store in one SQLite file, with what only a file has. */
export interface SqliteStore extends Store {
  /** Writes a whole, consistent copy to a path that does not exist yet. Nothing else is decided meanwhile. */
  backupTo(path: string): Promise<void>
  /** What is damaged in the file, a line for each fault; empty if nothing is. Reads all of it. */
  damage(): Promise<readonly string[]>
  /** Writes all of the log (`-wal`) into the database and begins a new one, whatever has become of the old one's name. Throws a StoreUnavailableError. */
  renewLog(): void
}

const FLUSH_MS = 250
const RECORDS_MAX = 50_000
const PENDING_REQUESTS_MAX = 10_000
/** So long after a commit at the latest it lies in the database itself and not in the log alone, so that a quiet gateway's log is short. */
const CHECKPOINT_AFTER_MS = 30_000
/** How long counts may stand in memory alone while commits fail. After that nobody is admitted: a crash would forget all of them. */
const UNWRITTEN_MS_MAX = 1_000
/** For so long all goes on in a file that lost its name, in case it is moved back. */
const DISPLACED_MS_MAX = 5_000
/** So many rows of the request log are looked through in one go. */
const SLICE_ROWS = 1_000
/** So many waiting rows are not left for the timer. */
const HURRY_REQUESTS = 1_000
/** Expired subjects are looked for at most this often. */
const SWEEP_EVERY_MS = 1_000
/** Among so many at a time, and so many more for each one written since: else strangers would come in faster than they go out. */
const SWEEP_SUBJECTS = 500
const SWEEP_PER_WRITE = 2
/** But no more than delays a commit by a few milliseconds. */
const SWEEP_SUBJECTS_MAX = 20_000

/**
 * A store in one SQLite file, which one process owns. Money, calls, sessions, accounts and keys are on disk before `apply` resolves; counts and log rows
 * follow within `flushMs`. If the disk fails, what must be durable rejects with a `StoreUnavailableError`.
 *
 * @example
 * import Database from 'libsql'
 * const database = new Database('tollgate.db')
 * prepareSqliteDatabase(database)
 * const store = createSqliteStore({ database, clock: { wallMs: Date.now, monotonicMs: () => performance.now(), after: (ms, run) => { const timer = setTimeout(run, ms); return () => clearTimeout(timer) } } })
 * await store.close()
 */
export function createSqliteStore(options: SqliteStoreOptions): SqliteStore {
  const { database, clock, flushMs = FLUSH_MS, recordsMax = RECORDS_MAX, schedule = afterThisTurn } = options
  prepareDatabase(database)
  assertWhole(database)
  const tables = createSqliteTables(database)
  const callTables = createSqliteCallTables(database)
  const state = createSqliteState(tables, callTables, recordsMax)
  const pending = createPendingRequests(options.pendingRequestsMax ?? PENDING_REQUESTS_MAX)
  const group = createGroupCommit({ clock, flushMs, schedule, transact, observer: options.observer, alert })
  if (options.setBack !== undefined) setTimeBack(database, tables, options.setBack)
  const documentChanges = createDocumentChanges()
  let highWaterMs = tables.readHighWaterMs()
  let writtenHighWaterMs = highWaterMs
  let sweptAtMs = highWaterMs
  /** Subjects to look at in the next round. */
  let sweepDue = SWEEP_SUBJECTS
  let closed = false
  let cancelCheckpoint: (() => void) | undefined

  function alert(message: string): void {
    options.alert?.({ kind: 'store', message })
  }

  function transact(members: readonly Member[]): void {
    const sweeps = highWaterMs - sweptAtMs >= SWEEP_EVERY_MS
    sweepDue = Math.min(SWEEP_SUBJECTS_MAX, sweepDue + SWEEP_PER_WRITE * state.waiting())
    database.exec('BEGIN IMMEDIATE')
    try {
      state.write(highWaterMs)
      for (const member of members) member.write()
      pending.writeTo(tables)
      if (highWaterMs > writtenHighWaterMs) tables.writeHighWaterMs(highWaterMs)
      if (sweeps) tables.sweepRecords(highWaterMs, sweepDue)
      database.exec('COMMIT')
    } catch (error) {
      rollback(database)
      const dropped = pending.trim()
      if (dropped > 0) alert(`${dropped} rows of the request log were dropped: the store cannot write them`)
      throw error
    }
    cancelCheckpoint ??= clock.after(CHECKPOINT_AFTER_MS, checkpoint)
    state.committed(highWaterMs)
    pending.committed()
    writtenHighWaterMs = highWaterMs
    if (!sweeps) return
    sweptAtMs = highWaterMs
    sweepDue = SWEEP_SUBJECTS
  }

  /** What fails here is said by the commits, which need the same disk; and the log keeps all. */
  function checkpoint(): void {
    cancelCheckpoint = undefined
    try {
      database.prepare('PRAGMA wal_checkpoint(PASSIVE)').all()
    } catch {
      cancelCheckpoint = clock.after(CHECKPOINT_AFTER_MS, checkpoint)
    }
  }

  function assertOpen(): void {
    if (closed) throw new StoreUnavailableError('the store is closed')
  }

  /** Whatever can fail does so here, before anything takes effect. */
  function assertAcceptable(commands: readonly Command[]): void {
    commands.forEach(assertCommand)
    if (commands.some((command) => needsDisk(command, state))) group.assertWorking()
    const displaced = options.displaced?.()
    if (displaced !== undefined && displaced.forMs >= DISPLACED_MS_MAX && commands.some((command) => beginsWhatLasts(command, state))) {
      throw new StoreUnavailableError(displaced.message)
    }
    if (group.failingForMs() > UNWRITTEN_MS_MAX && commands.some(({ kind }) => kind === 'admit')) {
      throw new StoreUnavailableError('the store cannot write what is counted')
    }
    if (state.waiting() >= recordsMax && (group.failing || group.commit() !== undefined)) {
      throw new StoreUnavailableError('the store cannot write, and holds as many unwritten counters as it may')
    }
  }

  const nowOrLater = (): number => Math.max(highWaterMs, clock.wallMs())

  function passTime(): number {
    highWaterMs = nowOrLater()
    return highWaterMs
  }

  /** What one command did in memory. */
  interface Done {
    readonly result: Result
    readonly waits: boolean
    readonly ledger: Changes['ledger']
    readonly undo: () => void
  }

  function decide(command: StateCommand): Done {
    const nowMs = passTime()
    state.slots.freeOverdue(nowMs)
    if (command.kind === 'sweep') sweepDue += command.limit
    const unwritten = restsOnUnwritten(command, state)
    const { result, changes } = decideCommand(state.view, command, nowMs)
    const undo = state.apply(changes, nowMs)
    if (command.kind === 'sweep' && !isWeighty(changes)) state.nothingDue(nowMs)
    return { result, waits: unwritten || mustLast(command, changes), ledger: changes.ledger, undo }
  }

  /** Runs the batch in memory. Documents are decided where they lie, inside the transaction: `writes` does that. */
  function decideAll(commands: readonly Command[], rows: readonly (PendingRequest | undefined)[]) {
    const results: Result[] = []
    const done: Done[] = []
    const writes: (() => void)[] = []
    try {
      for (const [at, command] of commands.entries()) {
        if (command.kind === 'put') writes.push(() => (results[at] = tables.put(command)))
        else if (command.kind === 'delete') writes.push(() => (results[at] = tables.delete(command)))
        else if (command.kind === 'log') results[at] = {}
        else {
          const one = decide(command)
          done.push(one)
          results[at] = one.result
        }
      }
    } catch (error) {
      for (const { undo } of done.toReversed()) undo()
      throw isSqliteError(error) ? toUnavailable('the store cannot read', error) : error
    }
    for (const row of rows) if (row !== undefined) pending.add(row)
    return { results, done, writes }
  }

  async function apply(commands: readonly Command[]): Promise<readonly Result[]> {
    assertOpen()
    try {
      assertAcceptable(commands)
    } catch (error) {
      // Slots are free when their call ends, whatever the disk says.
      for (const command of commands) if (command.kind === 'settle') state.slots.free(command.callId)
      throw error
    }
    const rows = commands.map((command) => (command.kind === 'log' ? toPendingRequest(command.row) : undefined))
    const { results, done, writes } = decideAll(commands, rows)
    const answer = (): readonly Result[] => commands.map((command, at) => withNextDue(results[at] ?? {}, command, state.nextDueMs))
    if (writes.length === 0 && !done.some(({ waits }) => waits)) {
      if (pending.count() >= HURRY_REQUESTS) group.hurry()
      else group.touch()
      return answer()
    }
    return new Promise((resolve, reject) => {
      group.join({
        write: () => writes.forEach((write) => write()),
        committed() {
          options.observer?.moved(done.flatMap(({ ledger }) => ledger))
          // Also of a version that was not the expected one: to look once more than needed does no harm.
          for (const command of commands) if (command.kind === 'put' || command.kind === 'delete') documentChanges.note(command)
          resolve(answer())
        },
        failed(error) {
          for (const { waits, undo } of done.toReversed()) if (waits) undo()
          reject(error)
        },
      })
    })
  }

  /** Reads fail as the store fails: with an error that says why. */
  async function read<T>(run: () => T): Promise<T> {
    assertOpen()
    try {
      return run()
    } catch (error) {
      throw toUnavailable('the store cannot read', error)
    }
  }

  /** Lists come from the tables, so what waits goes there first. */
  async function readWritten<T>(run: () => T): Promise<T> {
    assertOpen()
    if (state.waiting() > 0) group.commit()
    return read(run)
  }

  /**
   * What has a column of its own is found by an index. The rest is looked for in the rows, in slices between which others get their turn: of a million rows
   * that takes some seconds, and holds up nobody.
   */
  async function searchRequests(query: RequestQuery): Promise<readonly RequestRow[]> {
    const { route, reason, status, ...indexed } = query
    if (route === undefined && reason === undefined && status === undefined) return read(() => pending.search(indexed, tables))
    const found: RequestRow[] = []
    for (let before = query.before; ; ) {
      const slice = await read(() => pending.search({ ...indexed, limit: SLICE_ROWS, ...(before !== undefined && { before }) }, tables))
      found.push(...slice.filter((row) => matchesRequest(toRequestColumns(row), query)))
      before = slice.at(-1)
      if (found.length >= query.limit || slice.length < SLICE_ROWS) return found.slice(0, query.limit)
      await new Promise<void>((resolve) => schedule(resolve))
    }
  }

  return {
    apply,
    get: (collection, id) => read(() => tables.readDocument(collection, id)),
    changes: (after, limit) => read(() => documentChanges.read(after, limit)),
    list: (collection, page) => read(() => tables.listDocuments(collection, page)),
    async peek(takes) {
      assertTakes(takes)
      return read(() => peekStage(state.view, takes, nowOrLater()))
    },
    request: (requestId) => read(() => pending.find(requestId) ?? tables.readRequest(requestId)),
    requests: searchRequests,
    async pruneRequests(beforeMs, limit) {
      if (pending.count() > 0) group.commit()
      return read(() => tables.pruneRequests(beforeMs, limit))
    },
    call: (id) => read(() => state.view.call(id)),
    calls: (query) => readWritten(() => callTables.listCalls(query)),
    lease: (api, id) => read(() => state.view.lease(api, id)),
    leases: (query) => readWritten(() => callTables.listLeases(query)),
    ledger: (query) => readWritten(() => callTables.listRows(query)),
    balance: (subject, name) => read(() => readBalance(state.view, subject, name, nowOrLater())),
    highWaterMs: () => highWaterMs,
    async backupTo(path) {
      assertOpen()
      const failure = group.commit()
      if (failure !== undefined) throw failure
      try {
        database.prepare('VACUUM INTO ?').run(path)
      } catch (error) {
        throw toUnavailable(`the backup to ${path} failed`, error)
      }
    },
    async damage() {
      assertOpen()
      group.commit()
      return damageOf(database, () => new Promise((resolve) => schedule(resolve)))
    },
    renewLog() {
      try {
        renewLog(database)
      } catch (error) {
        throw toUnavailable('the log of the database cannot be begun anew', error)
      }
    },
    async close() {
      if (closed) return
      closed = true
      const failure = group.close()
      cancelCheckpoint?.()
      const displaced = options.displaced?.()
      closeDatabase(database, displaced !== undefined)
      if (failure !== undefined) throw failure
      if (displaced !== undefined) throw new StoreUnavailableError(displaced.message)
    },
  }
}

/** `setImmediate` runs once the sockets of this turn have been read; a timer is the next best, a millisecond later. */
function afterThisTurn(run: () => void): void {
  const { setImmediate } = globalThis as { readonly setImmediate?: (run: () => void) => unknown }
  if (setImmediate === undefined) setTimeout(run, 0)
  else setImmediate(run)
}
