/**
 * Puts simulated time and seeded randomness in the place of what every library uses: timers, Date, performance, AbortSignal.timeout, Math.random. For a process that does
 * nothing else: before the libraries are imported, since some take hold of the functions then.
 */
import { createRequire, syncBuiltinESMExports } from 'node:module'
import type { Timeline } from './timeline.ts'

/** The simulation begins at a fixed moment. */
export const EPOCH_MS = Date.UTC(2026, 10, 29)

/** As in Node: what is longer than 2^31-1 ms, or no number, is one millisecond. */
const LONGEST_MS = 2_147_483_647

export function simulateGlobals(time: () => Timeline, random: () => number): void {
  const require = createRequire(import.meta.url)

  class Timer {
    #cancel = (): void => {}
    readonly #plan: () => void
    constructor(run: () => void, delayMs: number, repeats: boolean) {
      const afterMs = delayMs >= 1 && delayMs <= LONGEST_MS ? Math.trunc(delayMs) : 1
      this.#plan = () => {
        this.#cancel = time().after(afterMs, () => {
          if (repeats) this.#plan()
          run()
        })
      }
      this.#plan()
    }
    refresh(): this {
      this.#cancel()
      this.#plan()
      return this
    }
    close(): this {
      this.#cancel()
      return this
    }
    ref(): this {
      return this
    }
    unref(): this {
      return this
    }
    hasRef(): boolean {
      return true
    }
  }

  const set = (repeats: boolean) => (run: (...args: unknown[]) => void, delayMs?: number, ...args: unknown[]): Timer => new Timer(() => run(...args), Number(delayMs ?? 1), repeats)
  const clear = (timer: unknown): void => {
    if (timer instanceof Timer) timer.close()
  }
  const timers = { setTimeout: set(false), setInterval: set(true), clearTimeout: clear, clearInterval: clear }

  const waited = <T>(delayMs?: number, value?: T, options?: { readonly signal?: AbortSignal }): Promise<T | undefined> =>
    new Promise((resolve, reject) => {
      const signal = options?.signal
      const abort = (): void => reject(new DOMException('The operation was aborted', { name: 'AbortError', cause: signal?.reason }))
      if (signal?.aborted === true) return abort()
      const timer = timers.setTimeout(() => resolve(value), delayMs)
      signal?.addEventListener('abort', () => {
        timer.close()
        abort()
      })
    })

  const RealDate = globalThis.Date
  const wallMs = (): number => EPOCH_MS + Math.floor(time().nowMs())
  const SimulatedDate: DateConstructor = new Proxy(RealDate, {
    construct: (target, args: unknown[], newTarget: unknown): object => Reflect.construct(target, args.length === 0 ? [wallMs()] : args, newTarget === SimulatedDate ? target : (newTarget as DateConstructor)) as object,
    apply: () => new RealDate(wallMs()).toString(),
    get: (target, name, receiver) => (name === 'now' ? wallMs : (Reflect.get(target, name, receiver) as unknown)),
  })

  Object.assign(globalThis, timers, { Date: SimulatedDate })
  Object.assign(require('node:timers') as object, timers)
  Object.assign(require('node:timers/promises') as object, { setTimeout: waited })
  syncBuiltinESMExports()
  globalThis.performance.now = () => time().nowMs()
  Math.random = random
  AbortSignal.timeout = (delayMs) => {
    const controller = new AbortController()
    timers.setTimeout(() => controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError')), delayMs)
    return controller.signal
  }
}
