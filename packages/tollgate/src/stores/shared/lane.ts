/** Batches that wait for their group: one group is under way, and what comes meanwhile is the next one. */
import { StoreUnavailableError } from '../../engine/store-error.ts'
import { DecideAnew, GroupRefused } from './group-transaction.ts'
import type { Batch } from './group-work.ts'

export interface LaneOptions {
  /** Answers all of a group, or throws and has answered none. */
  readonly work: (group: readonly Batch[]) => Promise<void>
  /** Commands in a group; a batch is never parted. */
  readonly commandsMax: number
}

export interface Lane {
  enter(batch: Batch): void
  /** Resolves when nothing waits any more. */
  idle(): Promise<void>
}

/** So often others may be in the way of one group. Each time somebody else has come through. */
const TRIES_MAX = 50
/** A connection may have been lost since it was last used; one that is lost again is no accident. */
const LOSSES_MAX = 1

export function createLane({ work, commandsMax }: LaneOptions): Lane {
  let waiting: Batch[] = []
  let working: Promise<void> | undefined

  function nextGroup(): readonly Batch[] {
    let [batches, commands] = [0, 0]
    for (const { commands: { length } } of waiting) {
      if (batches > 0 && commands + length > commandsMax) break
      batches += 1
      commands += length
    }
    if (batches === waiting.length) {
      const all = waiting
      waiting = []
      return all
    }
    return waiting.splice(0, batches)
  }

  async function run(): Promise<void> {
    // What comes in the same turn comes along.
    await Promise.resolve()
    while (waiting.length > 0) await untilDecided(nextGroup())
    // In the same turn in which nothing waited, or what comes in between would wait for ever.
    working = undefined
  }

  async function untilDecided(group: readonly Batch[]): Promise<void> {
    let losses = 0
    for (let tries = 1; ; tries += 1) {
      try {
        return await work(group)
      } catch (thrown) {
        if (thrown instanceof DecideAnew && thrown.isLost) losses += 1
        if (thrown instanceof DecideAnew && tries < TRIES_MAX && losses <= LOSSES_MAX) continue
        const error = thrown instanceof DecideAnew ? new StoreUnavailableError(thrown.message, { cause: thrown }) : thrown
        // Something that one of the batches asks cannot be done, and the rest can.
        if (error instanceof GroupRefused && group.length > 1) for (const batch of group) await untilDecided([batch])
        else for (const batch of group) batch.reject(error)
        return
      }
    }
  }

  return {
    enter(batch) {
      waiting.push(batch)
      working ??= run()
    },
    idle: async () => working,
  }
}
