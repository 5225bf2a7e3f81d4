/** Reads the names of calls from the disk where there are too many to begin with, a slice at a time, between which others get their turn. */
import type { Clock } from '../../engine/clock.ts'
import type { Disk } from './disk.ts'
import type { CallNames } from './call-names.ts'

export interface CallNamesLearning {
  /** Begins, where it is time to and it has not begun. */
  check(): void
  stop(): void
}

/** A commit that comes meanwhile waits for no more than these. */
const SLICE = 2_000
const AGAIN_AFTER_MS = 30_000

export function createCallNamesLearning(disk: Pick<Disk, 'ask'>, done: CallNames, clock: Pick<Clock, 'after'>, slice = SLICE): CallNamesLearning {
  let isStopped = false
  let cancel: (() => void) | undefined

  function read(after: number, learning: ReturnType<CallNames['learn']>): void {
    cancel = undefined
    disk.ask({ kind: 'call-names', after, limit: slice }, (outcome) => {
      if (isStopped) return
      if (outcome.kind === 'failed') {
        cancel = clock.after(AGAIN_AFTER_MS, () => read(after, learning))
        return
      }
      learning.take(outcome.value.hashes)
      const { last } = outcome.value
      if (last === undefined) learning.end()
      else cancel = clock.after(0, () => read(last, learning))
    })
  }

  return {
    check() {
      if (!isStopped && done.wantsLearning()) read(0, done.learn())
    },
    stop() {
      isStopped = true
      cancel?.()
    },
  }
}
