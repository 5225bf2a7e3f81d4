/** What commands do in memory, before the disk knows of it. */
import { decideCommand } from '../../engine/decide-command.ts'
import type { StateCommand } from '../../engine/decision.ts'
import type { Changes } from '../../engine/state.ts'
import type { Command, Result } from '../store.ts'
import { takesMoney } from './disk-key.ts'
import { mustLast, restsOnUnwritten } from './durability.ts'
import type { ResidentState } from './resident-state.ts'
import type { PassingTime } from './passing-time.ts'

export interface Decisions {
  /** By the place of the command; those of documents are missing: they are decided where they lie, inside the transaction. */
  readonly results: Result[]
  /** Whether any of it must be on disk, or rests on what is not, before it is told. */
  readonly waits: boolean
  /** Movements of money. */
  readonly ledger: Changes['ledger']
  /** Takes back what waited for the disk. What did not was told, and stays. */
  undo(): void
}

/** What one command did. */
interface Done {
  readonly result: Result
  readonly waits: boolean
  readonly ledger: Changes['ledger']
  readonly undo: () => void
}

/** If one command fails, nothing of the batch was done. */
export function decideInMemory(state: ResidentState, time: PassingTime, commands: readonly Command[]): Decisions {
  const [first] = commands
  if (commands.length === 1 && first !== undefined) return decideOne(state, time, first)
  const results: Result[] = []
  const done: Done[] = []
  try {
    for (const [at, command] of commands.entries()) {
      if (command.kind === 'put' || command.kind === 'delete') continue
      if (command.kind === 'log') results[at] = {}
      else {
        const one = decide(state, command, time.passMs())
        done.push(one)
        results[at] = one.result
      }
    }
  } catch (error) {
    for (const { undo } of done.toReversed()) undo()
    throw error
  }
  return {
    results,
    waits: done.some(({ waits }) => waits),
    ledger: done.flatMap(({ ledger }) => ledger),
    undo() {
      for (const { waits, undo } of done.toReversed()) if (waits) undo()
    },
  }
}

function decideOne(state: ResidentState, time: PassingTime, command: Command): Decisions {
  if (command.kind === 'put' || command.kind === 'delete') return { results: [], waits: false, ledger: nothingMoved, undo: nothing }
  if (command.kind === 'log') return { results: [{}], waits: false, ledger: nothingMoved, undo: nothing }
  const { result, waits, ledger, undo } = decide(state, command, time.passMs())
  return { results: [result], waits, ledger, undo: waits ? undo : nothing }
}

const nothingMoved: Changes['ledger'] = []
function nothing(): void {}

function decide(state: ResidentState, command: StateCommand, nowMs: number): Done {
  state.slots.freeOverdue(nowMs)
  const unwritten = restsOnUnwritten(command, state)
  const isNew = command.kind === 'admit' && command.call !== undefined && !takesMoney(command) ? command.call.id : undefined
  const { result, changes } = isNew === undefined ? decideCommand(state.view, command, nowMs) : state.assumingNew(isNew, () => decideCommand(state.view, command, nowMs))
  const undo = state.apply(changes, nowMs)
  return { result, waits: unwritten || mustLast(command, changes), ledger: changes.ledger, undo }
}
