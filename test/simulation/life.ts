/**
 * The life of one process. It goes from step to step: before and after each command of its store, each commit of its disk, each moment of a service's work.
 * At the step that is its last it is dead at once: whatever of it goes on running reaches nothing and nobody any more. It may also stand still, as a process does whose machine
 * is suspended: time goes on, what it has begun comes to its next wait, and what it is told and what falls due comes when it goes on.
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
  /** Still for so long. */
  stand(ms: number): void
  /** From outside: a request, a word of the service. At once, or when it goes on; of a dead one nothing runs. */
  hear(run: () => void): void
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

/** One for all: a stack is worth nothing here, and costs. */
const dead = new DeadError()

/** `isLast`: asked at each step. `buried`: called when it has died. */
export function createLife(clock: Clock, isLast: (step: string, number: number) => boolean, buried: () => void = () => undefined): Life {
  let isDead = false
  /** What waits for it to go on. Undefined: it goes. */
  let waiting: (() => void)[] | undefined
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

  function hear(run: () => void): void {
    if (isDead) return
    if (waiting === undefined) run()
    else waiting.push(run)
  }

  function stand(ms: number): void {
    if (waiting !== undefined) return
    waiting = []
    clock.after(ms, () => {
      const missed = waiting ?? []
      waiting = undefined
      // One by one: what each of them begins goes as far as it goes before the next one.
      for (const run of missed) clock.after(0, () => hear(run))
    })
  }

  function after(delayMs: number, run: () => void): () => void {
    let isCancelled = false
    const cancel = clock.after(delayMs, () => hear(() => (isCancelled ? undefined : run())))
    return () => {
      isCancelled = true
      cancel()
    }
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
    stand,
    hear,
    clock: { wallMs: clock.wallMs, monotonicMs: clock.monotonicMs, after },
    get steps() {
      return steps
    },
  }
}
