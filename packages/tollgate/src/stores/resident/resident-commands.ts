/** Commands on their way through a store over a disk: what they need is loaded, they are decided in memory, and what must last waits for its commit. */
import type { DocumentCommand } from '../../directory/documents.ts'
import { LEASES_KEPT_MS } from '../../engine/calls/decide-due.ts'
import type { SweepCommand } from '../../engine/money-commands.ts'
import type { Command, Result } from '../store.ts'
import { assertCommand } from './assert-command.ts'
import { keysOf } from './disk-key.ts'
import type { DocumentChanges } from './document-changes.ts'
import { NotLoaded } from './fresh-rows.ts'
import type { GroupCommit, Member } from './group-commit.ts'
import { toPendingRequest, type PendingRequest, type PendingRequests } from './pending-requests.ts'
import { decideInMemory } from './resident-decisions.ts'
import type { ResidentState } from './resident-state.ts'
import type { Writer } from './resident-writes.ts'
import type { StoreObserver } from './store-observer.ts'
import type { PassingTime } from './passing-time.ts'
import { withNextDue } from './sweep-result.ts'
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

export function createResidentCommands(options: ResidentCommandsOptions): (commands: readonly Command[]) => Promise<readonly Result[]> {
  const { state, time, line, group, pending, documentChanges, observer, assertOpen, assertAcceptable, sweepAlso } = options

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
        due: sweep && dueBy(sweep, time.readMs()),
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
    const { results, waits, ledger, undo } = decideInMemory(state, time, commands)
    for (const row of rows) if (row !== undefined) pending.add(row)
    for (const command of commands) if (command.kind === 'sweep') sweepAlso(command.limit)
    const answer = (): void => resolve(commands.map((command, at) => withNextDue(results[at] ?? {}, command, state.nextDueMs)))
    const documents = commands.filter(isDocument)
    if (documents.length === 0 && !waits) {
      if (pending.count() >= HURRY_REQUESTS) group.hurry()
      // A heartbeat is in memory alone.
      else if (commands.some(({ kind }) => kind !== 'beat')) group.touch()
      answer()
      return
    }
    group.join({
      documents,
      take: (written) => putInPlace(results, commands, written),
      committed() {
        observer?.moved(ledger)
        // Also of a version that was not the expected one: to look once more than needed does no harm.
        for (const command of documents) documentChanges.note(command)
        answer()
      },
      failed(error) {
        undo()
        reject(error)
      },
    })
  }

  return apply
}

/** What became of the documents, at the places of their commands. */
function putInPlace(results: Result[], commands: readonly Command[], written: readonly Result[]): void {
  let next = 0
  for (const [at, command] of commands.entries()) {
    if (!isDocument(command)) continue
    results[at] = written[next] ?? {}
    next += 1
  }
}

const isDocument = (command: Command): command is DocumentCommand => command.kind === 'put' || command.kind === 'delete'

function dueBy({ limit, leasesKeptMs }: SweepCommand, nowMs: number): Turn['due'] {
  return { nowMs, endedByMs: nowMs - (leasesKeptMs ?? LEASES_KEPT_MS), limit }
}
