/**
 * Endings that give back and that the store did not take. They are tried again until it does, so that slots, keys and money do not wait for a deadline that may be far: the
 * gateway lives, and with it the slots of its calls. A deadline does the same, so none is tried longer than that.
 *
 * One asks each second whether the store answers; then the others follow.
 */
import type { Clock } from '../../engine/clock.ts'
import type { Counters, FreeCommand } from '../../engine/counters.ts'
import type { MoneyEngine, SettleCommand } from '../../engine/money-commands.ts'
import { applyOne } from '../../stores/store.ts'

export interface OwedEndingsOptions {
  readonly money: Pick<MoneyEngine, 'apply'>
  readonly counters: Pick<Counters, 'apply'>
  readonly clock: Clock
}

export interface OwedEndings {
  /** `untilMs`: when the deadline does the same, epoch ms; what is still under way may move it on. */
  add(command: SettleCommand | FreeCommand, untilMs: () => number): void
}

interface Owed {
  readonly command: SettleCommand | FreeCommand
  readonly untilMs: () => number
}

const ASK_AGAIN_AFTER_MS = 1_000
/** More of them wait for their deadlines. */
const OWED_MAX = 10_000
const AT_ONCE = 100

export function createOwedEndings({ money, counters, clock }: OwedEndingsOptions): OwedEndings {
  let owed: Owed[] = []
  let isAsking = false

  function askLater(): void {
    if (isAsking || owed.length === 0) return
    isAsking = true
    clock.after(ASK_AGAIN_AFTER_MS, () => void askAll())
  }

  async function askAll(): Promise<void> {
    owed = owed.filter(({ untilMs }) => untilMs() > clock.wallMs())
    for (let count = 1; owed.length > 0; count = AT_ONCE) {
      const some = owed.splice(0, count)
      const outcomes = await Promise.allSettled(some.map(({ command }) => (command.kind === 'free' ? applyOne(counters, command) : applyOne(money, command))))
      const left = some.filter((_, at) => outcomes[at]?.status === 'rejected')
      // Behind the others, so that one that never can is in nobody's way.
      owed.push(...left)
      if (left.length > 0) break
    }
    isAsking = false
    askLater()
  }

  return {
    add(command, untilMs) {
      if (owed.length >= OWED_MAX) return
      owed.push({ command, untilMs })
      askLater()
    },
  }
}
