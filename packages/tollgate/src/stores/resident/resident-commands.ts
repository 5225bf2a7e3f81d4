/** Commands on their way through a store over a disk: what they need is loaded, they are decided in memory, and what must last waits for its commit. */
import type { DocumentCommand } from '../../directory/documents.ts'
import type { Awaitable } from '../../engine/awaitable.ts'
import { LEASES_KEPT_MS } from '../../engine/calls/decide-due.ts'
import type { SweepCommand } from '../../engine/money-commands.ts'
import type { StoreUnavailableError } from '../../engine/store-error.ts'
import type { Command, Result } from '../store.ts'
import { assertCommand } from '../assert-command.ts'
import { keysOf, type DiskKey } from './disk-key.ts'
import type { DocumentChanges } from './document-changes.ts'
import { NotLoaded } from './fresh-rows.ts'
import type { GroupCommit, Member } from './group-commit.ts'
import { toLoggedRow, type LoggedRow } from '../logged-row.ts'
import type { PendingRequests } from './pending-requests.ts'
import { decideInMemory, type Decisions } from './resident-decisions.ts'
import type { ResidentState } from './resident-state.ts'
import type { Writer } from './resident-writes.ts'
import type { StoreObserver } from './store-observer.ts'
import type { PassingTime } from './passing-time.ts'
import { withNextDue } from '../sweep-result.ts'
import type { Turn, WaitingLine } from './waiting-line.ts'

export type Waiter = Member & Writer

export interface ResidentCommandsOptions {
  readonly state: ResidentState
  readonly time: PassingTime
  readonly line: WaitingLine
  readonly group: GroupCommit<Waiter>
  readonly pending: PendingRequests
  readonly documentChanges: DocumentChanges
  readonly observer: StoreObserver | undefined
  /** Throws where the store takes nothing any more. */
  readonly assertOpen: () => void
  /** Throws a StoreUnavailableError. */
  readonly assertAcceptable: (commands: readonly Command[]) => void
  readonly sweepAlso: (subjects: number) => void
}

/** So many waiting rows are not left for the timer. */
const HURRY_REQUESTS = 1_000

/** What need not wait for the disk is told at once. */
export function createResidentCommands(options: ResidentCommandsOptions): (commands: readonly Command[]) => Awaitable<readonly Result[]> {
  const { assertOpen, line, time, state } = options
  return (commands) => {
    let rows: readonly LoggedRow[]
    try {
      assertOpen()
      for (const command of commands) assertCommand(command)
      rows = loggedRows(commands)
    } catch (error) {
      freeSlots(state, commands)
      return Promise.reject(error)
    }
    const asked = new Asked(options, commands, rows, dueBy(commands, time))
    line.enter(asked)
    return asked.outcome()
  }
}

const noRows: readonly LoggedRow[] = []

function loggedRows(commands: readonly Command[]): readonly LoggedRow[] {
  const [first] = commands
  if (commands.length === 1) return first?.kind === 'log' ? [toLoggedRow(first.row)] : noRows
  return commands.flatMap((command) => (command.kind === 'log' ? [toLoggedRow(command.row)] : []))
}

/** Slots are free when their call ends, whatever the disk says. */
function freeSlots(state: ResidentState, commands: readonly Command[]): void {
  for (const command of commands) if (command.kind === 'settle') state.slots.free(command.callId)
}

/** Commands that were asked together, from their turn to their outcome. A class, since there are several for each request. */
class Asked implements Turn, Waiter {
  readonly keys: readonly DiskKey[]
  readonly due: Turn['due']
  documents: readonly DocumentCommand[] = noDocuments
  readonly #options: ResidentCommandsOptions
  readonly #commands: readonly Command[]
  readonly #rows: readonly LoggedRow[]
  #decisions: Decisions | undefined
  #outcome: Awaitable<readonly Result[]> | undefined
  #resolve: ((results: readonly Result[]) => void) | undefined
  #reject: ((error: unknown) => void) | undefined

  constructor(options: ResidentCommandsOptions, commands: readonly Command[], rows: readonly LoggedRow[], due: Turn['due']) {
    const [first] = commands
    this.keys = commands.length === 1 && first !== undefined ? keysOf(first) : commands.flatMap(keysOf)
    this.due = due
    this.#options = options
    this.#commands = commands
    this.#rows = rows
  }

  /** A promise only where it is not known yet. */
  outcome(): Awaitable<readonly Result[]> {
    return (this.#outcome ??= new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    }))
  }

  #tell(results: readonly Result[]): void {
    if (this.#resolve === undefined) this.#outcome = results
    else this.#resolve(results)
  }

  #failWith(error: unknown): void {
    if (this.#reject === undefined) this.#outcome = Promise.reject(error)
    else this.#reject(error)
  }

  run(): void {
    try {
      this.#options.assertAcceptable(this.#commands)
    } catch (error) {
      if (error instanceof NotLoaded) throw error
      freeSlots(this.#options.state, this.#commands)
      this.#failWith(error)
      return
    }
    try {
      this.#decide()
    } catch (error) {
      if (error instanceof NotLoaded) throw error
      this.#failWith(error)
    }
  }

  #decide(): void {
    const { state, time, group, pending, sweepAlso } = this.#options
    const commands = this.#commands
    const decisions = decideInMemory(state, time, commands)
    this.#decisions = decisions
    for (const row of this.#rows) pending.add(row)
    // A heartbeat is in memory alone.
    let writes = false
    for (const command of commands) {
      if (command.kind === 'sweep') sweepAlso(command.limit)
      if (command.kind !== 'beat') writes = true
      if (isDocument(command)) this.documents = [...this.documents, command]
    }
    if (this.documents.length > 0 || decisions.waits) {
      group.join(this)
      return
    }
    if (pending.count() >= HURRY_REQUESTS) group.hurry()
    else if (writes) group.touch()
    this.#answer()
  }

  #answer(): void {
    const { nextDueMs } = this.#options.state
    const results = this.#decisions?.results ?? []
    for (const [at, command] of this.#commands.entries()) results[at] = withNextDue(results[at] ?? {}, command, nextDueMs)
    this.#tell(results)
  }

  /** What became of the documents, at the places of their commands. */
  take(written: readonly Result[]): void {
    if (this.documents.length === 0) return
    const results = this.#decisions?.results ?? []
    let next = 0
    for (const [at, command] of this.#commands.entries()) {
      if (!isDocument(command)) continue
      results[at] = written[next] ?? {}
      next += 1
    }
  }

  committed(): void {
    const { observer, documentChanges } = this.#options
    const ledger = this.#decisions?.ledger ?? []
    if (ledger.length > 0) observer?.moved(ledger)
    // Also of a version that was not the expected one: to look once more than needed does no harm.
    for (const command of this.documents) documentChanges.note(command)
    this.#answer()
  }

  /** Before its turn, or by the commit that it waited for. */
  failed(error: StoreUnavailableError): void {
    if (this.#decisions === undefined) freeSlots(this.#options.state, this.#commands)
    else this.#decisions.undo()
    this.#failWith(error)
  }
}

const noDocuments: readonly DocumentCommand[] = []

const isDocument = (command: Command): command is DocumentCommand => command.kind === 'put' || command.kind === 'delete'

function dueBy(commands: readonly Command[], time: PassingTime): Turn['due'] {
  const sweep = commands.find((command): command is SweepCommand => command.kind === 'sweep')
  if (sweep === undefined) return undefined
  const { limit, leasesKeptMs = LEASES_KEPT_MS } = sweep
  const nowMs = time.readMs()
  return { nowMs, endedByMs: nowMs - leasesKeptMs, limit }
}
