/** Reads the names of done calls from the disk where there are too many to begin with, a slice at a time, between which others get their turn. */
import type { Clock } from '../../engine/clock.ts'
import type { Disk } from './disk.ts'
import type { DoneCalls } from './done-calls.ts'

export interface DoneCallsLearning {
  /** Begins, where it is time to and it has not begun. */
  check(): void
  stop(): void
}

const SLICE = 10_000
const AGAIN_AFTER_MS = 30_000

export function createDoneCallsLearning(disk: Pick<Disk, 'ask'>, done: DoneCalls, clock: Pick<Clock, 'after'>, slice = SLICE): DoneCallsLearning {
  let isStopped = false
  let cancel: (() => void) | undefined

  function read(after: number, learning: ReturnType<DoneCalls['learn']>): void {
    cancel = undefined
    disk.ask({ kind: 'done-calls', after, limit: slice }, (outcome) => {
      if (isStopped) return
      if (outcome.kind === 'failed') {
        cancel = clock.after(AGAIN_AFTER_MS, () => read(after, learning))
        return
      }
      learning.take(outcome.value.calls)
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
