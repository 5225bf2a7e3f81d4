/**
 * Everything in one SQLite file, owned by one process.
 *
 * Meters are decided in memory at once, over the subjects' records; the file follows in groups: one transaction takes all that has come in
 * since the last turn of the event loop. `durable` admissions and documents wait for that commit. Counts of other admissions and log rows do
 * not wait; they are written with the next group, at the latest after `flushMs`, and are all that `kill -9` can lose.
 *
 * When a commit fails (disk full, I/O error), what waited for it is rejected and its counts are given back, exactly; the rest stays in memory
 * and is tried again after `flushMs`. Until then nothing durable is accepted. Log rows are bounded meanwhile: the oldest are dropped.
 *
 * Time never goes back within a store: an instant before the highest seen counts as that.
 */
import type { Clock } from '../admission/clock.ts'
import type { Receipt } from '../admission/meter.ts'
import { assertTakes, decideStage, giveBack, readStage } from '../admission/stage.ts'
import { StoreUnavailableError } from '../admission/store-error.ts'
import type { Command, Result, Store } from '../admission/store.ts'
import { assertCommand } from './assert-command.ts'
import { createGroupCommit, type Member } from './group-commit.ts'
import { createPendingRequests, toPendingRequest } from './pending-requests.ts'
import { createRecordCache } from './record-cache.ts'
import type { SqlDatabase } from './sqlite-database.ts'
import { toUnavailable } from './sqlite-error.ts'
import { closeDatabase, prepareDatabase, rollback } from './sqlite-schema.ts'
import { createSqliteTables } from './sqlite-tables.ts'

export type { SqlDatabase, SqlStatement, SqlValue } from './sqlite-database.ts'
export { describeSqliteError } from './sqlite-error.ts'
export { prepareDatabase as prepareSqliteDatabase } from './sqlite-schema.ts'

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
  /** Calls back after the current turn of the event loop. Default: `setImmediate` where there is one. */
  readonly schedule?: (run: () => void) => void
  /** Told when the store begins to fail, loses log rows, and works again. */
  readonly alert?: (event: { readonly kind: 'store'; readonly message: string }) => void
}

export interface SqliteStore extends Store {
  /** Writes a whole, consistent copy to a path that does not exist yet. Nothing else is decided meanwhile. */
  backupTo(path: string): Promise<void>
}

const FLUSH_MS = 250
const RECORDS_MAX = 50_000
const PENDING_REQUESTS_MAX = 10_000
/** So many waiting rows are not left for the timer. */
const HURRY_REQUESTS = 1_000
/** Expired subjects are looked for at most this often, among so many at a time. */
const SWEEP_EVERY_MS = 1_000
const SWEEP_SUBJECTS = 500

export function createSqliteStore(options: SqliteStoreOptions): SqliteStore {
  const { database, clock, flushMs = FLUSH_MS, recordsMax = RECORDS_MAX, schedule = afterThisTurn } = options
  prepareDatabase(database)
  const tables = createSqliteTables(database)
  const records = createRecordCache({ max: recordsMax, read: tables.readRecord })
  const pending = createPendingRequests(options.pendingRequestsMax ?? PENDING_REQUESTS_MAX)
  const group = createGroupCommit({ clock, flushMs, schedule, transact, alert })
  let highWaterMs = tables.readHighWaterMs()
  let writtenHighWaterMs = highWaterMs
  let sweptAtMs = highWaterMs
  let closed = false

  function alert(message: string): void {
    options.alert?.({ kind: 'store', message })
  }

  function transact(members: readonly Member[]): void {
    database.exec('BEGIN IMMEDIATE')
    try {
      records.writeTo(tables.writeRecord, highWaterMs)
      for (const member of members) member.write()
      pending.writeTo(tables)
      if (highWaterMs > writtenHighWaterMs) tables.writeHighWaterMs(highWaterMs)
      if (highWaterMs - sweptAtMs >= SWEEP_EVERY_MS) tables.sweepRecords(highWaterMs, SWEEP_SUBJECTS)
      database.exec('COMMIT')
    } catch (error) {
      rollback(database)
      const dropped = pending.trim()
      if (dropped > 0) alert(`${dropped} rows of the request log were dropped: the store cannot write them`)
      throw error
    }
    records.committed()
    pending.committed()
    writtenHighWaterMs = highWaterMs
    if (highWaterMs - sweptAtMs >= SWEEP_EVERY_MS) sweptAtMs = highWaterMs
  }

  function assertOpen(): void {
    if (closed) throw new StoreUnavailableError('the store is closed')
  }

  /** Whatever can fail does so here, before anything takes effect. */
  function assertAcceptable(commands: readonly Command[]): void {
    assertOpen()
    commands.forEach(assertCommand)
    if (commands.some(isDurable)) group.assertWorking()
    if (records.waiting() >= recordsMax && (group.failing || group.commit() !== undefined)) {
      throw new StoreUnavailableError('the store cannot write, and holds as many unwritten counters as it may')
    }
    // Reads the records in, so that a damaged row refuses the batch rather than half of it.
    try {
      for (const command of commands) for (const subject of subjectsOf(command)) records.get(subject)
    } catch (error) {
      throw toUnavailable('the store cannot read', error)
    }
  }

  function passTime(nowMs: number): number {
    highWaterMs = Math.max(highWaterMs, nowMs)
    return highWaterMs
  }

  function takeBack(receipts: readonly Receipt[]): void {
    records.put(giveBack(records.get, receipts, highWaterMs).changed)
  }

  async function apply(commands: readonly Command[]): Promise<readonly Result[]> {
    assertAcceptable(commands)
    const rows = commands.map((command) => (command.kind === 'log' ? toPendingRequest(command.row) : undefined))
    const results: Result[] = []
    const durablyCounted: Receipt[] = []
    const writes: (() => void)[] = []
    commands.forEach((command, at) => {
      switch (command.kind) {
        case 'admit': {
          const { decision, changed, counted } = decideStage(records.get, command.takes, passTime(command.nowMs))
          records.put(changed)
          if (command.durable === true) durablyCounted.push(...counted)
          results[at] = decision
          return
        }
        case 'uncount': {
          const { readings, changed } = giveBack(records.get, command.receipts, passTime(command.nowMs))
          records.put(changed)
          results[at] = { readings }
          return
        }
        // Documents are decided where they lie, inside the transaction.
        case 'put':
          writes.push(() => (results[at] = tables.put(command)))
          return
        case 'delete':
          writes.push(() => (results[at] = tables.delete(command)))
          return
        case 'log': {
          const row = rows[at]
          if (row !== undefined) pending.add(row)
          results[at] = {}
        }
      }
    })
    if (!commands.some(isDurable)) {
      if (pending.count() >= HURRY_REQUESTS) group.hurry()
      else group.touch()
      return results
    }
    return new Promise((resolve, reject) => {
      group.join({
        write: () => writes.forEach((write) => write()),
        committed: () => resolve(results),
        failed(error) {
          takeBack(durablyCounted)
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

  return {
    apply,
    get: (collection, id) => read(() => tables.readDocument(collection, id)),
    list: (collection, page) => read(() => tables.listDocuments(collection, page)),
    async peek(takes, nowMs) {
      assertTakes(takes, nowMs)
      return read(() => readStage(records.get, takes, Math.max(nowMs, highWaterMs)))
    },
    request: (requestId) => read(() => pending.find(requestId) ?? tables.readRequest(requestId)),
    requests: (query) => read(() => pending.search(query, tables)),
    async pruneRequests(beforeMs, limit) {
      if (pending.count() > 0) group.commit()
      return read(() => tables.pruneRequests(beforeMs, limit))
    },
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
    async close() {
      if (closed) return
      closed = true
      const failure = group.close()
      closeDatabase(database)
      if (failure !== undefined) throw failure
    },
  }
}

function isDurable(command: Command): boolean {
  return command.kind === 'put' || command.kind === 'delete' || (command.kind === 'admit' && command.durable === true)
}

function subjectsOf(command: Command): readonly string[] {
  if (command.kind === 'admit') return command.takes.map((take) => take.subject)
  return command.kind === 'uncount' ? command.receipts.map((receipt) => receipt.subject) : []
}

/** `setImmediate` runs once the sockets of this turn have been read; a timer is the next best, a millisecond later. */
function afterThisTurn(run: () => void): void {
  const { setImmediate } = globalThis as { readonly setImmediate?: (run: () => void) => unknown }
  if (setImmediate === undefined) setTimeout(run, 0)
  else setImmediate(run)
}
