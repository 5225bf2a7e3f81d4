/**
 * A disk on bad days: slow, full, or gone in the middle of a word. What it does is done in the order in which it was asked, and told in that order; so a commit can
 * be under way, done and not told, when the process dies.
 */
import { StoreUnavailableError } from 'tollgate/engine'
import type { Disk, DiskOutcome } from 'tollgate/stores/sqlite'
import type { Random } from '../chaos/random.ts'
import type { Life } from './life.ts'

export interface Trouble {
  /** At most so long until something is done, and as long again until it is told. 0: at once. */
  readonly slowMs: number
  /** How likely it is that a write is refused; nothing of it is done. */
  readonly refuses: number
  /** How likely it is that the disk is gone with a write: half of them it has done. The process ends soon after, as the program does. */
  readonly loses: number
}

export const noTrouble: Trouble = { slowMs: 0, refuses: 0, loses: 0 }

/** Longer than a count may stand in memory alone, too. */
const SLOW_MS_MAX = [3, 40, 300, 1_200] as const
const END_MS_MAX = 40

export function randomTrouble(random: Random): Trouble {
  switch (random.weighted({ none: 3, slow: 4, full: 2, gone: 2 })) {
    case 'none':
      return noTrouble
    case 'slow':
      return { ...noTrouble, slowMs: random.oneOf(SLOW_MS_MAX) }
    case 'full':
      return { ...noTrouble, slowMs: random.oneOf([0, 3]), refuses: random.oneOf([0.1, 0.5, 1]) }
    case 'gone':
      return { ...noTrouble, slowMs: random.oneOf([0, 3, 40]), loses: 0.1 }
  }
}

/** `trouble`: asked at each write. `tellsRefused`: whether it says so when it has refused one. */
export function createTroubledDisk(disk: Disk, life: Life, random: Random, trouble: () => Trouble, tellsRefused = true): Disk {
  const line: ((done: () => void) => void)[] = []
  let isBusy = false
  let isGone = false

  function next(): void {
    const job = line.shift()
    isBusy = job !== undefined
    job?.(next)
  }

  function enter(job: (done: () => void) => void): void {
    line.push(job)
    if (!isBusy) next()
  }

  function after(slowMs: number, run: () => void): void {
    if (slowMs === 0) run()
    else life.clock.after(random.whole(0, slowMs), run)
  }

  const failed = (message: string, applied: 'no' | 'unknown' = 'no'): Extract<DiskOutcome<never>, { kind: 'failed' }> => ({ kind: 'failed', error: new StoreUnavailableError(message, { applied }) })

  return {
    write(group, told) {
      enter((done) => {
        const { slowMs, refuses, loses } = trouble()
        const tell = (outcome: Parameters<typeof told>[0]): void => {
          after(slowMs, () => {
            told(outcome)
            done()
          })
        }
        after(slowMs, () => {
          if (isGone) return tell(failed('the disk is gone'))
          if (refuses > 0 && random.chance(refuses)) return tell(tellsRefused ? failed('the disk is full') : { kind: 'done', value: [] })
          if (loses === 0 || !random.chance(loses)) return disk.write(group, tell)
          isGone = true
          life.clock.after(random.whole(0, END_MS_MAX), life.die)
          const lost = failed('the disk is gone', 'unknown')
          if (random.chance(0.5)) disk.write(group, () => tell(lost))
          else tell(lost)
        })
      })
    },
    ask(question, told) {
      enter((done) => {
        const tell = (outcome: Parameters<typeof told>[0]): void => {
          told(outcome)
          done()
        }
        after(trouble().slowMs, () => (isGone ? tell(failed('the disk is gone')) : disk.ask(question, tell)))
      })
    },
    close(displaced, told) {
      enter((done) =>
        disk.close(displaced, () => {
          told()
          done()
        }),
      )
    },
  }
}
