/** The extensions that follow one call: asked before each attempt, told of what comes of it, and released at its end, once. */
import type { Clock } from '../engine/clock.ts'
import type { Attempt } from './attempt.ts'
import type { CallHooks, CallStart, ClientCallEnd, Extension, HeldBack } from './extension.ts'
import { afterLong, onAbort, within, type Cut } from './web-clock.ts'

export interface CallFollowers {
  /** Undefined: it goes out. What is waited for is cut by the limit and the caller. */
  ask(number: number, headers: Map<string, string>, limitMs: number): Promise<HeldBack | Cut | undefined>
  tell(attempt: Attempt, headers: Headers | undefined): void
  /** What it gives is called when the wait is over. */
  waits(wait: Parameters<NonNullable<CallHooks['onWait']>>[0]): () => void
  end(end: ClientCallEnd): void
}

/** Throws what an extension throws. */
export function followedBy(extensions: readonly Extension[], call: Omit<CallStart, 'signal' | 'clock'>, clock: Clock, timeoutMs: number, signal: AbortSignal | undefined): CallFollowers {
  const controller = new AbortController()
  let following: readonly CallHooks[] = extensions.flatMap((extension) => extension.begin({ ...call, clock, signal: controller.signal }) ?? [])
  const cancel = afterLong(clock, timeoutMs, () => controller.abort())
  const deafen = onAbort(signal, () => controller.abort(signal?.reason))
  return {
    async ask(number, headers, limitMs) {
      for (const hooks of following) {
        const asked = hooks.beforeAttempt?.({ number, setHeader: (name, value) => void headers.set(name, value), signal: controller.signal })
        const said = asked === undefined ? undefined : await within(clock, limitMs, signal, Promise.resolve(asked), () => {})
        if (said !== undefined) return said
      }
      return undefined
    },
    tell(attempt, headers) {
      for (const hooks of following) hooks.afterAttempt?.(attempt, headers)
    },
    waits(wait) {
      const ends = following.map((hooks) => hooks.onWait?.(wait))
      return () => ends.forEach((end) => end?.())
    },
    end(end) {
      // First, whatever the others do.
      cancel()
      deafen()
      // Who still waits to be let out waits for nothing, and takes no turn.
      controller.abort()
      const told = following
      following = []
      const thrown: unknown[] = []
      // One that throws keeps the others from nothing: they may hold a turn.
      for (const hooks of told) {
        try {
          hooks.onEnd?.(end)
        } catch (each) {
          thrown.push(each)
        }
      }
      if (thrown.length > 0) throw thrown[0]
    },
  }
}
