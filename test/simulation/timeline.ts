/** The time of a simulation: it stands still while anything runs, and goes on to the next instant at which something is due. */
import type { Clock } from 'tollgate/engine'
import type { Time } from '../chaos/time.ts'

export interface Timeline extends Clock, Time {
  /** Lets time pass until the work is done. Throws where it waits for what never comes. */
  run<T>(work: Promise<T>): Promise<T>
}

interface Timer {
  readonly dueMs: number
  run: (() => void) | undefined
}

/** A workload that does not end by itself is broken. */
const SPAN_MS_MAX = 86_400_000

export function createTimeline(startMs: number): Timeline {
  /** The next one last; of one instant, the older one after the younger. */
  const timers: Timer[] = []
  let nowMs = startMs

  function after(delayMs: number, run: () => void): () => void {
    const timer: Timer = { dueMs: nowMs + Math.max(0, Math.ceil(delayMs)), run }
    let at = timers.length
    while (at > 0 && (timers[at - 1]?.dueMs ?? Infinity) <= timer.dueMs) at -= 1
    timers.splice(at, 0, timer)
    return () => void (timer.run = undefined)
  }

  return {
    wallMs: () => nowMs,
    monotonicMs: () => nowMs - startMs,
    nowMs: () => nowMs,
    after,
    pause: (ms) => new Promise((resolve) => after(ms, resolve)),
    async run(work) {
      const state = { isDone: false }
      const done = (): void => void (state.isDone = true)
      work.then(done, done)
      for (let turns = 0; ; turns += 1) {
        await (turns % BREATH_TURNS === 0 ? breath() : turn())
        if (state.isDone) break
        const timer = timers.pop()
        if (timer === undefined) throw new Error('everything waits for what never comes')
        nowMs = Math.max(nowMs, timer.dueMs)
        if (nowMs - startMs > SPAN_MS_MAX) throw new Error('a day has passed, and there is no end')
        timer.run?.()
      }
      return work
    },
  }
}

/** Nothing but promises is waited for within an instant. Node has a tick when none of them can go on, and before it looks at anything else: a turn of its event loop would cost more than most instants. */
const turn = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve))

/** So that whoever runs the simulation, as the runner of tests, is not kept from its own work for as long as a history takes. */
const BREATH_TURNS = 1_000
const breath = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
