/**
 * The life of one process. It goes from step to step: before and after each command of its store, each commit of its disk, each moment of a service's work.
 * At the step that is its last it is dead at once: whatever of it goes on running reaches nothing and nobody any more.
 */
import type { Clock } from 'tollgate/engine'

export interface Life {
  readonly isDead: boolean
  /** Resolves when it is dead. */
  readonly end: Promise<void>
  /** For its code, which stands between two steps: dies where this step was to be the last. Throws when it is dead. */
  reach(step: string): void
  assertAlive(): void
  die(): void
  /** What a dead process waits for never comes. */
  readonly never: Promise<never>
  readonly clock: Clock
  /** Steps so far. */
  readonly steps: number
}

export class DeadError extends Error {
  constructor() {
    super('the process is dead')
  }
}

/** `isLast`: asked at each step. `buried`: called when it has died. */
/** One for all: a stack is worth nothing here, and costs. */
const dead = new DeadError()

export function createLife(clock: Clock, isLast: (step: string, number: number) => boolean, buried: () => void = () => undefined): Life {
  let isDead = false
  let steps = 0
  let tellEnd = (): void => undefined
  const end = new Promise<void>((resolve) => (tellEnd = resolve))

  function die(): void {
    if (isDead) return
    isDead = true
    buried()
    tellEnd()
  }

  function assertAlive(): void {
    if (isDead) throw dead
  }

  return {
    get isDead() {
      return isDead
    },
    end,
    never: new Promise<never>(() => undefined),
    reach(step) {
      assertAlive()
      steps += 1
      if (isLast(step, steps)) die()
      assertAlive()
    },
    assertAlive,
    die,
    clock: { wallMs: clock.wallMs, monotonicMs: clock.monotonicMs, after: (delayMs, run) => clock.after(delayMs, () => (isDead ? undefined : run())) },
    get steps() {
      return steps
    },
  }
}
