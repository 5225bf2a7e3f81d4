/** Time comes in from outside, so that an hour of retries and thirty days can pass in a test. */
export interface Clock {
  /** Epoch milliseconds. */
  wallMs(): number
  /** Calls `run` once after `delayMs`; the returned function cancels. */
  after(delayMs: number, run: () => void): () => void
}

export const systemClock: Clock = {
  wallMs: () => Date.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs)
    return () => clearTimeout(timer)
  },
}

/** Over after `delayMs`, or as soon as nobody waits any more. */
export function pause(clock: Clock, delayMs: number, abandoned?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (abandoned?.aborted === true) return resolve()
    const end = () => {
      cancel()
      abandoned?.removeEventListener('abort', end)
      resolve()
    }
    const cancel = clock.after(delayMs, end)
    abandoned?.addEventListener('abort', end)
  })
}

export function toUnixSeconds(wallMs: number): number {
  return Math.floor(wallMs / 1000)
}

/** `2024-01-01T00:00:00Z`, the fraction only where there is one. */
export function toInstant(wallMs: number): string {
  return new Date(wallMs).toISOString().replace('.000Z', 'Z')
}

export interface StoppableClock extends Clock {
  /** Forgets every timer that waits, and from now on those that come. */
  stop(): void
}

export function createStoppableClock(clock: Clock): StoppableClock {
  const waiting = new Set<() => void>()
  let stopped = false
  return {
    wallMs: () => clock.wallMs(),
    after(delayMs, run) {
      if (stopped) return () => {}
      const cancel = clock.after(delayMs, () => {
        waiting.delete(cancel)
        run()
      })
      waiting.add(cancel)
      return () => {
        waiting.delete(cancel)
        cancel()
      }
    },
    stop() {
      stopped = true
      for (const cancel of waiting) cancel()
      waiting.clear()
    },
  }
}
