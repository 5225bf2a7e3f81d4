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
import { LEASES_KEPT_MS } from '../../engine/calls/decide-due.ts'
import { decideCommand } from '../../engine/decide-command.ts'
import type { StateCommand } from '../../engine/decision.ts'
import { peekStage, readBalance } from '../../engine/read-state.ts'
import { assertTakes } from '../../engine/meters/stage.ts'
import { type Changes } from '../../engine/state.ts'
import type { RequestRow } from '../../journal/request-row.ts'
import { StoreUnavailableError } from '../../engine/store-error.ts'
import type { DocumentCommand } from '../../directory/documents.ts'
import type { RequestQuery } from '../../journal/journal.ts'
import type { SweepCommand } from '../../engine/money-commands.ts'
import type { Command, Result, Store } from '../store.ts'
import { assertCommand } from './assert-command.ts'
import type { Disk, DiskAnswers, DiskContents, DiskOutcome, DiskQuestion, DocumentResult } from './disk.ts'
import { callKey, keysOf, leaseKey, subjectKey, takesMoney, type DiskKey } from './disk-key.ts'
import { createDocumentChanges } from './document-changes.ts'
import { beginsWhatLasts, mustLast, needsDisk, restsOnUnwritten } from './durability.ts'
import { createGroupCommit, type Member } from './group-commit.ts'
import { NotLoaded } from './fresh-rows.ts'
import { createPendingRequests, toPendingRequest, type PendingRequest } from './pending-requests.ts'
import { matchesRequest, toRequestColumns } from '../../journal/request-match.ts'
import { DONE_CALLS_MAX } from './resident-calls.ts'
import { createResidentState } from './resident-state.ts'
import { toUnavailable } from './sqlite-error.ts'
import type { StoreObserver } from './store-observer.ts'
import { withNextDue } from './sweep-result.ts'
import { createWaitingLine, type Turn } from './waiting-line.ts'

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
  readonly displaced?: () => { readonly message: string; readonly forMs: number } | undefined
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
  /** Writes all of the log (`-wal`) into the database and begins a new one, whatever has become of the old one's name. Rejects with a StoreUnavailableError. */
  renewLog(): Promise<void>
}

const FLUSH_MS = 250
const RECORDS_MAX = 50_000
const PENDING_REQUESTS_MAX = 10_000
/** So long after a commit at the latest it lies in the database itself and not in the log alone, so that a quiet gateway's log is short. */
const CHECKPOINT_AFTER_MS = 30_000
/** How long counts may stand in memory alone while no commit works. After that nobody is admitted: a crash would forget all of them. */
const UNWRITTEN_MS_MAX = 1_000
/** For so long all goes on in a file that lost its name, in case it is moved back. */
const DISPLACED_MS_MAX = 5_000
/** So many rows of the request log are looked through in one go. */
const SLICE_ROWS = 1_000
/** So many waiting rows are not left for the timer. */
const HURRY_REQUESTS = 1_000
/** Expired subjects are looked for at most this often. */
const SWEEP_EVERY_MS = 1_000
/** Among so many at a time, and so many more for each one written since. Otherwise strangers would come in faster than they go out. */
const SWEEP_SUBJECTS = 500
const SWEEP_PER_WRITE = 2
/** But no more than delays a commit by a few milliseconds. */
const SWEEP_SUBJECTS_MAX = 20_000


/**
 * What to open a disk with, for a store that keeps so many subjects.
 *
 * @example
 * openingQuestion(50_000).kind // => 'open'
 */
export function openingQuestion(recordsMax = RECORDS_MAX): Extract<DiskQuestion, { readonly kind: 'open' }> {
  // Half of what the cache holds, so that it forgets nothing at once.
  return { kind: 'open', recordsMax: Math.max(0, Math.floor(recordsMax / 2) - 1), keysMax: DONE_CALLS_MAX }
}

/** What one command did in memory. */
interface Done {
  readonly result: Result
  readonly waits: boolean
  readonly ledger: Changes['ledger']
  readonly undo: () => void
}

interface Waiter extends Member {
  readonly documents: readonly DocumentCommand[]
  take(results: readonly DocumentResult[]): void
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
  const { clock, flushMs = FLUSH_MS, recordsMax = RECORDS_MAX, schedule = afterThisTurn } = options
  const state = createResidentState(contents, recordsMax)
  const pending = createPendingRequests(options.pendingRequestsMax ?? PENDING_REQUESTS_MAX)
  const group = createGroupCommit<Waiter>({ clock, flushMs, schedule, transact, observer: options.observer, alert })
  const line = createWaitingLine(disk, state)
  const documentChanges = createDocumentChanges()
  let highWaterMs = contents.highWaterMs
  let writtenHighWaterMs = highWaterMs
  let sweptAtMs = highWaterMs
  /** Subjects to look at in the next round. */
  let sweepDue = SWEEP_SUBJECTS
  let closing: Promise<void> | undefined
  let cancelCheckpoint: (() => void) | undefined

  function alert(message: string): void {
    options.alert?.({ kind: 'store', message })
  }

  function transact(members: readonly Waiter[], told: (outcome: DiskOutcome<unknown>) => void): void {
    const atMs = highWaterMs
    const sweeps = atMs - sweptAtMs >= SWEEP_EVERY_MS
    sweepDue = Math.min(SWEEP_SUBJECTS_MAX, sweepDue + SWEEP_PER_WRITE * state.waiting())
    const rows = state.write(atMs)
    const requests = pending.write()
    const sweep = sweeps ? { subjects: sweepDue, nowMs: atMs } : undefined
    const documents = members.flatMap((member) => member.documents)
    disk.write({ ...rows.rows, requests: requests.rows, documents, highWaterMs: atMs > writtenHighWaterMs ? atMs : undefined, sweep }, (outcome) => {
      if (outcome.kind === 'failed') pending.trim()
      else {
        cancelCheckpoint ??= clock.after(CHECKPOINT_AFTER_MS, checkpoint)
        rows.written()
        requests.written()
        writtenHighWaterMs = atMs
        if (sweeps) {
          sweptAtMs = atMs
          sweepDue = SWEEP_SUBJECTS
        }
        let at = 0
        for (const member of members) member.take(outcome.value.slice(at, (at += member.documents.length)))
      }
      const dropped = pending.takeDropped()
      if (dropped > 0) alert(`${dropped} rows of the request log were dropped: the store cannot write them`)
      told(outcome)
    })
  }

  /** What fails here is said by the commits, which need the same disk; and the log keeps all. */
  function checkpoint(): void {
    cancelCheckpoint = undefined
    disk.ask({ kind: 'checkpoint' }, (outcome) => {
      if (outcome.kind === 'failed' && closing === undefined) cancelCheckpoint ??= clock.after(CHECKPOINT_AFTER_MS, checkpoint)
    })
  }

  function assertOpen(): void {
    if (closing !== undefined) throw new StoreUnavailableError('the store is closed')
  }

  /** Whatever can fail does so here, before anything takes effect. */
  function assertAcceptable(commands: readonly Command[]): void {
    if (commands.some((command) => needsDisk(command, state))) group.assertWorking()
    const displaced = options.displaced?.()
    if (displaced !== undefined && displaced.forMs >= DISPLACED_MS_MAX && commands.some((command) => beginsWhatLasts(command, state))) {
      throw new StoreUnavailableError(displaced.message)
    }
    if (group.stuckForMs() > UNWRITTEN_MS_MAX && commands.some(({ kind }) => kind === 'admit')) {
      throw new StoreUnavailableError('the store cannot write what is counted')
    }
    if (state.waiting() < recordsMax) return
    group.commit()
    // What is being written now still counts: as many again may come meanwhile.
    if (group.failing || state.waiting() >= 2 * recordsMax) throw new StoreUnavailableError('the store cannot write, and holds as many unwritten counters as it may')
  }

  const nowOrLater = (): number => Math.max(highWaterMs, clock.wallMs())

  function passTime(): number {
    highWaterMs = nowOrLater()
    return highWaterMs
  }

  function decide(command: StateCommand): Done {
    const nowMs = passTime()
    state.slots.freeOverdue(nowMs)
    if (command.kind === 'sweep') sweepDue += command.limit
    const unwritten = restsOnUnwritten(command, state)
    const isNew = command.kind === 'admit' && command.call !== undefined && !takesMoney(command) ? command.call.id : undefined
    const decideNow = () => decideCommand(state.view, command, nowMs)
    const { result, changes } = isNew === undefined ? decideNow() : state.assumingNew(isNew, decideNow)
    const undo = state.apply(changes, nowMs)
    return { result, waits: unwritten || mustLast(command, changes), ledger: changes.ledger, undo }
  }

  /** Runs the batch in memory. Documents are decided where they lie, inside the transaction. */
  function decideAll(commands: readonly Command[]) {
    const results: Result[] = []
    const done: Done[] = []
    try {
      for (const [at, command] of commands.entries()) {
        if (command.kind === 'put' || command.kind === 'delete') continue
        if (command.kind === 'log') results[at] = {}
        else {
          const one = decide(command)
          done.push(one)
          results[at] = one.result
        }
      }
    } catch (error) {
      for (const { undo } of done.toReversed()) undo()
      throw error
    }
    return { results, done }
  }

  function apply(commands: readonly Command[]): Promise<readonly Result[]> {
    return new Promise((resolve, reject) => {
      /** Slots are free when their call ends, whatever the disk says. */
      const refuse = (error: unknown): void => {
        for (const command of commands) if (command.kind === 'settle') state.slots.free(command.callId)
        reject(error)
      }
      let rows: readonly (PendingRequest | undefined)[]
      try {
        assertOpen()
        commands.forEach(assertCommand)
        rows = commands.map((command) => (command.kind === 'log' ? toPendingRequest(command.row) : undefined))
      } catch (error) {
        refuse(error)
        return
      }
      const sweep = commands.find((command) => command.kind === 'sweep')
      line.enter({
        keys: commands.length === 1 && commands[0] !== undefined ? keysOf(commands[0]) : commands.flatMap(keysOf),
        forgettable: sweep && forgettableBy(sweep, nowOrLater()),
        failed: refuse,
        run() {
          try {
            assertAcceptable(commands)
          } catch (error) {
            if (error instanceof NotLoaded) throw error
            refuse(error)
            return
          }
          try {
            run(commands, rows, resolve, reject)
          } catch (error) {
            if (error instanceof NotLoaded) throw error
            reject(error)
          }
        },
      })
    })
  }

  function run(commands: readonly Command[], rows: readonly (PendingRequest | undefined)[], resolve: (results: readonly Result[]) => void, reject: (error: unknown) => void): void {
    const { results, done } = decideAll(commands)
    for (const row of rows) if (row !== undefined) pending.add(row)
    const answer = (): void => resolve(commands.map((command, at) => withNextDue(results[at] ?? {}, command, state.nextDueMs)))
    const documents = commands.filter((command) => command.kind === 'put' || command.kind === 'delete')
    if (documents.length === 0 && !done.some(({ waits }) => waits)) {
      if (pending.count() >= HURRY_REQUESTS) group.hurry()
      // A heartbeat is in memory alone.
      else if (commands.some(({ kind }) => kind !== 'beat')) group.touch()
      answer()
      return
    }
    group.join({
      documents,
      take(written) {
        let next = 0
        for (const [at, { kind }] of commands.entries()) {
          if (kind !== 'put' && kind !== 'delete') continue
          results[at] = written[next] ?? {}
          next += 1
        }
      },
      committed() {
        options.observer?.moved(done.flatMap(({ ledger }) => ledger))
        // Also of a version that was not the expected one: to look once more than needed does no harm.
        for (const command of documents) documentChanges.note(command)
        answer()
      },
      failed(error) {
        for (const { waits, undo } of done.toReversed()) if (waits) undo()
        reject(error)
      },
    })
  }

  function ask<Q extends DiskQuestion>(question: Q): Promise<DiskAnswers[Q['kind']]> {
    return new Promise((resolve, reject) => {
      assertOpen()
      disk.ask(question, (outcome) => (outcome.kind === 'done' ? resolve(outcome.value) : reject(outcome.error)))
    })
  }

  /** Lists come from the disk, so what waits goes there first. Where it cannot, the list is of what is there. */
  async function askWritten<Q extends DiskQuestion>(question: Q): Promise<DiskAnswers[Q['kind']]> {
    if (state.waiting() > 0) await new Promise<void>((resolve) => group.flush(() => resolve()))
    return ask(question)
  }

  async function assertFlushed(): Promise<void> {
    assertOpen()
    const failure = await new Promise<StoreUnavailableError | undefined>((resolve) => group.flush(resolve))
    if (failure !== undefined) throw failure
  }

  /** Out of memory, after what it needs is there. */
  function view<T>(keys: readonly DiskKey[], look: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      assertOpen()
      line.enter({
        keys,
        forgettable: undefined,
        failed: reject,
        run() {
          try {
            resolve(look())
          } catch (error) {
            if (error instanceof NotLoaded) throw error
            reject(toUnavailable('the store cannot read', error))
          }
        },
      })
    })
  }

  /**
   * What has a column of its own is found by an index. The rest is looked for in the rows, in slices between which others get their turn: of a million rows
   * that takes some seconds, and holds up nobody.
   */
  async function searchRequests(query: RequestQuery): Promise<readonly RequestRow[]> {
    const { route, reason, status, ...indexed } = query
    const search = async (asked: RequestQuery): Promise<readonly RequestRow[]> => pending.search(asked, await ask({ kind: 'requests', query: asked }))
    if (route === undefined && reason === undefined && status === undefined) return search(indexed)
    const found: RequestRow[] = []
    for (let before = query.before; ; ) {
      const slice = await search({ ...indexed, limit: SLICE_ROWS, ...(before !== undefined && { before }) })
      found.push(...slice.filter((row) => matchesRequest(toRequestColumns(row), query)))
      before = slice.at(-1)
      if (found.length >= query.limit || slice.length < SLICE_ROWS) return found.slice(0, query.limit)
      await new Promise<void>((resolve) => schedule(resolve))
    }
  }

  function close(told: (failure: StoreUnavailableError | undefined) => void): void {
    line.idle(() =>
      group.flush((failure) => {
        group.stop()
        cancelCheckpoint?.()
        const displaced = options.displaced?.()
        disk.close(displaced !== undefined, () => told(failure ?? (displaced && new StoreUnavailableError(displaced.message))))
      }),
    )
  }

  return {
    apply,
    get: (collection, id) => ask({ kind: 'document', collection, id }),
    async changes(after, limit) {
      assertOpen()
      return documentChanges.read(after, limit)
    },
    list: (collection, page) => ask({ kind: 'documents', collection, page }),
    async peek(takes) {
      assertTakes(takes)
      return view(takes.map(({ subject }) => subjectKey(subject)), () => peekStage(state.view, takes, nowOrLater()))
    },
    request: async (id) => pending.find(id) ?? ask({ kind: 'request', id }),
    requests: searchRequests,
    async pruneRequests(beforeMs, limit) {
      if (pending.count() > 0) await new Promise<void>((resolve) => group.flush(() => resolve()))
      return ask({ kind: 'prune', beforeMs, limit })
    },
    call: (id) => view([callKey(id)], () => state.view.call(id)),
    calls: (query) => askWritten({ kind: 'calls', query }),
    lease: (api, id) => view([leaseKey(api, id)], () => state.view.lease(api, id)),
    leases: (query) => askWritten({ kind: 'leases', query }),
    ledger: (query) => askWritten({ kind: 'ledger', query }),
    balance: (subject, name) => view([subjectKey(subject)], () => readBalance(state.view, subject, name, nowOrLater())),
    highWaterMs: () => highWaterMs,
    async backupTo(path) {
      await assertFlushed()
      await ask({ kind: 'backup', path })
    },
    async damage() {
      await new Promise<void>((resolve) => group.flush(() => resolve()))
      const faults: string[] = []
      for (let table: string | undefined; ; ) {
        const checked: DiskAnswers['damage'] = await ask({ kind: 'damage', table })
        faults.push(...checked.faults)
        table = checked.next
        if (table === undefined) return faults
        await new Promise<void>((resolve) => schedule(resolve))
      }
    },
    async renewLog() {
      await ask({ kind: 'renew-log' })
    },
    close() {
      // What was lost is said once.
      if (closing !== undefined) return closing.catch(() => undefined)
      closing = new Promise((resolve, reject) => close((failure) => (failure === undefined ? resolve() : reject(failure))))
      return closing
    },
  }
}

function forgettableBy({ limit, leasesKeptMs }: SweepCommand, nowMs: number): Turn['forgettable'] {
  return { nowMs, endedByMs: nowMs - (leasesKeptMs ?? LEASES_KEPT_MS), limit }
}

/** `setImmediate` runs once the sockets of this turn have been read; a timer is the next best, a millisecond later. */
function afterThisTurn(run: () => void): void {
  const { setImmediate } = globalThis as { readonly setImmediate?: (run: () => void) => unknown }
  if (setImmediate === undefined) setTimeout(run, 0)
  else setImmediate(run)
}
