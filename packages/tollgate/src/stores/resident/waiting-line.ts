/**
 * Commands and reads that need what memory does not have wait here until it is loaded; others go past them, but for those that are about the same things,
 * which keep their order.
 */
import type { StoreUnavailableError } from '../../engine/store-error.ts'
import type { Disk, DiskAnswers, DiskOutcome, DiskQuestion } from './disk.ts'
import { eachLoaded, keysOfDue, toWanted, type DiskKey } from './disk-key.ts'
import { NotLoaded } from './fresh-rows.ts'
import type { ResidentState } from './resident-state.ts'
import { toUnavailable } from './disk-error.ts'

export interface Turn {
  /** What it needs. */
  readonly keys: readonly DiskKey[]
  /** What is due by then it needs too, and to know of it. */
  readonly due: Omit<Extract<DiskQuestion, { readonly kind: 'due' }>, 'kind'> | undefined
  /** Throws a NotLoaded if it turns out to need more; then nothing has been done. Whatever else it throws is what it failed by. */
  run(): void
  failed(error: StoreUnavailableError): void
}

export interface WaitingLine {
  enter(turn: Turn): void
  /** Tells when nothing waits. */
  idle(told: () => void): void
}

interface Waiting {
  readonly turn: Turn
  /** Grows when it turns out to need more. */
  keys: readonly DiskKey[]
  isLoading: boolean
  due: DiskAnswers['due'] | undefined
}

export function createWaitingLine(disk: Pick<Disk, 'ask'>, state: ResidentState): WaitingLine {
  let line: Waiting[] = []
  let idlers: (() => void)[] = []
  let isAdvancing = false
  /** Whether something arrived while the line was gone through. */
  let again = false

  /** False: it waits. */
  function tryTurn(waiting: Waiting): boolean {
    const { turn, keys, due } = waiting
    if (turn.due !== undefined && due === undefined) return load(waiting)
    for (const key of keys) if (!state.isKnown(key)) return load(waiting)
    try {
      if (due !== undefined) {
        // All at once: each by itself would be a way to the disk, and another decision about all of them.
        const further = state.takeDue(due).filter((key) => !state.isKnown(key))
        if (further.length > 0) {
          waiting.keys = [...keys, ...further]
          return load(waiting)
        }
      }
      turn.run()
      return true
    } catch (error) {
      if (error instanceof NotLoaded) {
        waiting.keys = [...keys, error.key]
        return load(waiting)
      }
      // It must not stop those behind it.
      turn.failed(toUnavailable('the store cannot decide', error))
      return true
    }
  }

  /** All that memory does not have, also what was loaded before: that was kept for one turn. */
  function load(waiting: Waiting): false {
    waiting.isLoading = true
    if (!line.includes(waiting)) line.push(waiting)
    const { due } = waiting.turn
    if (due !== undefined && waiting.due === undefined) {
      disk.ask({ kind: 'due', ...due }, (outcome) => {
        if (outcome.kind === 'done') {
          waiting.due = outcome.value
          waiting.keys = [...waiting.keys, ...keysOfDue(outcome.value)]
        }
        arrived(waiting, outcome)
      })
      return false
    }
    // What is fresh now is not kept until the rest comes.
    const wanted = toWanted(waiting.keys.filter((key) => state.fresh.has(key) || !state.isKnown(key)))
    disk.ask({ kind: 'load', wanted }, (outcome) => {
      if (outcome.kind === 'done') for (const [key, text] of eachLoaded(wanted, outcome.value)) state.fresh.put(key, text)
      arrived(waiting, outcome)
    })
    return false
  }

  function arrived(waiting: Waiting, outcome: DiskOutcome<unknown>): void {
    waiting.isLoading = false
    if (outcome.kind === 'failed') {
      line = line.filter((each) => each !== waiting)
      waiting.turn.failed(outcome.error)
    }
    advance()
  }

  function advance(): void {
    // What is told at once comes back here from within.
    again = true
    if (isAdvancing) return
    isAdvancing = true
    while (again) {
      again = false
      const blocked = new Set<DiskKey>()
      for (const waiting of line) {
        const isBlocked = waiting.isLoading || waiting.keys.some((key) => blocked.has(key))
        if (!isBlocked && tryTurn(waiting)) line = line.filter((each) => each !== waiting)
        else for (const key of waiting.keys) blocked.add(key)
      }
    }
    isAdvancing = false
    state.keepLoaded()
    if (line.length === 0) for (const told of idlers.splice(0)) told()
  }

  return {
    enter(turn) {
      const waiting: Waiting = { turn, keys: turn.keys, isLoading: false, due: undefined }
      const isBlocked = line.some(({ keys }) => turn.keys.some((key) => keys.includes(key)))
      if (isBlocked) line.push(waiting)
      else tryTurn(waiting)
    },
    idle(told) {
      if (line.length === 0) told()
      else idlers.push(told)
    },
  }
}
