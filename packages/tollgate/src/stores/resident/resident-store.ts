/**
 * A store whose state is in memory, with a disk behind it, owned by one process.
 *
 * Meters are decided in memory at once, over the subjects' records; the disk follows in groups: one transaction takes all that has come in
 * since the last one began. `durable` admissions and documents wait for that commit. Counts of other admissions and log rows do
 * not wait; they are written with the next group, at the latest after `flushMs`, and are all that `kill -9` can lose.
 *
 * Whatever moves money, durable leases or a key waits too, and so does an answer that rests on what is not on disk yet. Only a fresh claim does
 * not: it goes with its call's next durable command.
 *
 * What memory does not have is loaded first, and then decided (`waiting-line.ts`). The disk is never waited for in between: however slow it is, it holds up
 * nobody but who waits for it.
 *
 * When a commit fails (disk full, I/O error), what waited for it, or for the one after it, is rejected and undone, exactly; the rest stays in memory and is
 * tried again after `flushMs`. Until then nothing durable is accepted. When none has worked for a second, because they fail or because one does not end,
 * nothing is admitted at all. Log rows are bounded meanwhile: the oldest are dropped.
 *
 * Time never goes back within a store: an instant before the highest seen counts as that.
 */
import type { Clock } from '../../engine/clock.ts'
import { peekStage, readBalance } from '../../engine/read-state.ts'
import { assertTakes } from '../../engine/meters/stage.ts'
import { StoreUnavailableError } from '../../engine/store-error.ts'
import type { Store } from '../store.ts'
import { createAcceptance, type Displaced } from './acceptance.ts'
import type { Disk, DiskContents, DiskQuestion, WalkPlace, WalkSlice } from './disk.ts'
import { callKey, leaseKey, subjectDiskKey } from './disk-key.ts'
import { CALL_NAMES_MAX } from './call-names.ts'
import { createCallNamesLearning } from './call-names-learning.ts'
import { createDocumentChanges } from './document-changes.ts'
import { createGroupCommit } from './group-commit.ts'
import { createPendingRequests } from './pending-requests.ts'
import { createResidentCommands, type Waiter } from './resident-commands.ts'
import { createResidentReads } from './resident-reads.ts'
import { createResidentState } from './resident-state.ts'
import { createResidentWrites } from './resident-writes.ts'
import type { StoreObserver } from './store-observer.ts'
import { createPassingTime } from './passing-time.ts'
import { createWaitingLine } from './waiting-line.ts'

/** What a store over a disk is made from. Durations are milliseconds. */
export interface ResidentStoreOptions {
  readonly clock: Clock
  /** At most this long a count or log row that nobody waits for stays in memory alone. Default 250. */
  readonly flushMs?: number
  /** Subjects kept in memory. Default 50,000, some 15 MB. */
  readonly recordsMax?: number
  /** Log rows kept in memory while the disk fails. Default 10,000. */
  readonly pendingRequestsMax?: number
  /** Calls back after the current turn of the event loop. Default: `setImmediate` where there is one. */
  readonly schedule?: (run: () => void) => void
  /**
   * That the file is not where its next owner will look for it, and for how long, in ms. After five seconds nothing is begun any more that must last.
   * Default: it is there.
   */
  readonly displaced?: () => Displaced | undefined
  readonly observer?: StoreObserver | undefined
  /** Told when the store begins to fail, loses log rows, and works again. */
  readonly alert?: (event: { readonly kind: 'store'; readonly message: string }) => void
}

/** A store whose state is in memory, with what only a disk has. */
export interface ResidentStore extends Store {
  /** Writes a whole, consistent copy to a path that does not exist yet. Nothing else is written meanwhile. */
  backupTo(path: string): Promise<void>
  /** What is damaged in the file, a line for each fault; empty if nothing is. Reads all of it. */
  damage(): Promise<readonly string[]>
  /**
   * Reads on in what is summed up: money, calls, sessions and counts, so many rows or entries of their indexes, and says what is damaged there, and where to go on;
   * undefined: at the first, and that was all. A small file is looked through when it is opened, a large one by who asks for this.
   */
  walk(from: WalkPlace | undefined, limit: number): Promise<WalkSlice>
  /** Writes all of the log (`-wal`) into the database and begins a new one, whatever has become of the old one's name. Rejects with a StoreUnavailableError. */
  renewLog(): Promise<void>
}

const FLUSH_MS = 250
const RECORDS_MAX = 50_000
const PENDING_REQUESTS_MAX = 10_000
/** Of calls and of leases that live, so many are in memory from the first on. */
const LIVING_MAX = 10_000

/**
 * What to open a disk with, for a store that keeps so many subjects.
 *
 * @example
 * openingQuestion(50_000).kind // => 'open'
 */
export function openingQuestion(recordsMax = RECORDS_MAX): Extract<DiskQuestion, { readonly kind: 'open' }> {
  // Half of what the cache holds, so that it forgets nothing at once.
  return { kind: 'open', recordsMax: Math.max(0, Math.floor(recordsMax / 2) - 1), livingMax: LIVING_MAX, namesMax: CALL_NAMES_MAX }
}

/**
 * A store over a disk that may be in another thread. `contents`: what the disk answered to `openingQuestion`.
 *
 * @example
 * function open(disk: Disk, options: ResidentStoreOptions): Promise<ResidentStore> {
 *   return new Promise((resolve, reject) =>
 *     disk.ask(openingQuestion(), (outcome) => (outcome.kind === 'done' ? resolve(createResidentStore(disk, outcome.value, options)) : reject(outcome.error))),
 *   )
 * }
 */
export function createResidentStore(disk: Disk, contents: DiskContents, options: ResidentStoreOptions): ResidentStore {
  const { clock, flushMs = FLUSH_MS, recordsMax = RECORDS_MAX, schedule = afterThisTurn, displaced = () => undefined, observer } = options
  const alert = (message: string): void => options.alert?.({ kind: 'store', message })
  let closing: Promise<void> | undefined
  function assertOpen(): void {
    if (closing !== undefined) throw new StoreUnavailableError('the store is closed')
  }

  const time = createPassingTime(clock, contents.highWaterMs)
  const state = createResidentState(contents, recordsMax)
  const pending = createPendingRequests(options.pendingRequestsMax ?? PENDING_REQUESTS_MAX)
  const documentChanges = createDocumentChanges()
  const learning = createCallNamesLearning(disk, state.callNames, clock)
  const writes = createResidentWrites({ disk, state, pending, time, clock, alert, written: learning.check })
  const group = createGroupCommit<Waiter>({ clock, flushMs, schedule, transact: writes.write, observer, alert })
  const line = createWaitingLine(disk, state)
  const reads = createResidentReads({ disk, state, line, group, pending, schedule, assertOpen })
  const assertAcceptable = createAcceptance({ state, group, displaced, recordsMax })

  learning.check()

  function close(told: (failure: StoreUnavailableError | undefined) => void): void {
    line.idle(() =>
      group.flush((failure) => {
        group.stop()
        writes.stop()
        learning.stop()
        const away = displaced()
        disk.close(away !== undefined, () => told(failure ?? (away && new StoreUnavailableError(away.message))))
      }),
    )
  }

  return {
    apply: createResidentCommands({ state, time, line, group, pending, documentChanges, observer, assertOpen, assertAcceptable, sweepAlso: writes.sweepAlso }),
    get: (collection, id) => reads.ask({ kind: 'document', collection, id }),
    async changes(after, limit) {
      assertOpen()
      return documentChanges.read(after, limit)
    },
    list: (collection, page) => reads.ask({ kind: 'documents', collection, page }),
    parents: (collection, page) => reads.ask({ kind: 'parents', collection, page }),
    async peek(takes) {
      assertTakes(takes)
      return reads.look(takes.map(({ subject }) => subjectDiskKey(subject)), () => peekStage(state.view, takes, time.readMs()))
    },
    request: async (id) => pending.find(id) ?? reads.ask({ kind: 'request', id }),
    requests: reads.requests,
    async pruneRequests(beforeMs, limit) {
      if (pending.count() > 0) await reads.flush()
      return reads.ask({ kind: 'prune', beforeMs, limit })
    },
    call: (id) => reads.look([callKey(id)], () => state.view.call(id)),
    calls: (query) => reads.askWritten({ kind: 'calls', query }),
    lease: (api, id) => reads.look([leaseKey(api, id)], () => state.view.lease(api, id)),
    leases: (query) => reads.askWritten({ kind: 'leases', query }),
    ledger: (query) => reads.askWritten({ kind: 'ledger', query }),
    balance: (subject, name, allowance) => reads.look([subjectDiskKey(subject)], () => readBalance(state.view, subject, name, time.readMs(), allowance)),
    highWaterMs: time.highWaterMs,
    async backupTo(path) {
      assertOpen()
      const failure = await reads.flush()
      if (failure !== undefined) throw failure
      await reads.ask({ kind: 'backup', path })
    },
    damage: reads.damage,
    walk: (from, limit) => reads.ask({ kind: 'walk', from, limit }),
    renewLog: () => reads.ask({ kind: 'renew-log' }),
    close() {
      // What was lost is said once.
      if (closing !== undefined) return closing.catch(() => undefined)
      closing = new Promise((resolve, reject) => close((failure) => (failure === undefined ? resolve() : reject(failure))))
      return closing
    },
  }
}

/** `setImmediate` runs once the sockets of this turn have been read; a timer is the next best, a millisecond later. */
function afterThisTurn(run: () => void): void {
  const { setImmediate } = globalThis as { readonly setImmediate?: (run: () => void) => unknown }
  if (setImmediate === undefined) setTimeout(run, 0)
  else setImmediate(run)
}
