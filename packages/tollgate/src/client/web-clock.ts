/** Time, and waiting for it: a wait ends when it is over, and at once when whoever waits gives up. */
import type { Clock } from '../engine/clock.ts'

/** Beyond it `setTimeout` fires at once: 2^31 - 1 ms, some 25 days. */
const TIMER_MAX_MS = 2_147_483_647

/** The time of the runtime. */
export const webClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs)
    return () => clearTimeout(timer)
  },
}

/** Calls `run` when `delayMs` have passed, however many they are, and never sooner: timers may fire early. Infinity: never. */
export function afterLong(clock: Clock, delayMs: number, run: () => void): () => void {
  if (delayMs === Infinity) return () => {}
  const dueMs = clock.monotonicMs() + delayMs
  let cancel = clock.after(Math.min(delayMs, TIMER_MAX_MS), function again() {
    const leftMs = dueMs - clock.monotonicMs()
    if (leftMs > 0) cancel = clock.after(Math.min(Math.ceil(leftMs), TIMER_MAX_MS), again)
    else run()
  })
  return () => cancel()
}

const listening = new WeakMap<AbortSignal, Set<() => void>>()

/** Calls `run` when the signal is aborted. One listener for all who wait: runtimes warn of signals that have many. */
export function onAbort(signal: AbortSignal | undefined, run: () => void): () => void {
  if (signal === undefined) return () => {}
  let waiting = listening.get(signal)
  if (waiting === undefined) {
    const all = (waiting = new Set())
    listening.set(signal, all)
    signal.addEventListener('abort', () => all.forEach((each) => each()), { once: true })
  }
  const own = waiting
  own.add(run)
  return () => void own.delete(run)
}

/** What comes of work that nobody waits for any longer: the time was up, or whoever waited gave up. */
export type Cut = 'expired' | 'aborted'

/** The work, or why it was not waited for to its end. What is cut is told so, and ends by itself. */
export function within<T>(clock: Clock, limitMs: number, signal: AbortSignal | undefined, work: Promise<T>, cut: (why: Cut) => void): Promise<T | Cut> {
  if (signal === undefined && limitMs === Infinity) return work
  return new Promise((resolve, reject) => {
    const end = (why: Cut): void => {
      over()
      cut(why)
      resolve(why)
    }
    const cancel = afterLong(clock, Math.max(0, limitMs), () => end('expired'))
    const deafen = onAbort(signal, () => end('aborted'))
    const over = (): void => {
      cancel()
      deafen()
    }
    work.then(
      (value) => {
        over()
        resolve(value)
      },
      (error: unknown) => {
        over()
        reject(error as Error)
      },
    )
    if (signal?.aborted === true) end('aborted')
  })
}

/** Waits; true: to the end. */
export function waited(clock: Clock, delayMs: number, signal: AbortSignal | undefined): Promise<boolean> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) return resolve(false)
    const end = (isOver: boolean): void => {
      cancel()
      deafen()
      resolve(isOver)
    }
    const deafen = onAbort(signal, () => end(false))
    const cancel = afterLong(clock, delayMs, () => end(true))
  })
}
