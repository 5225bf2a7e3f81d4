/** A store whose clock stands where a test says: each command of a case is given at an instant. */
import type { Clock } from '../engine/clock.ts'
import type { Store } from '../stores/store.ts'

export type TimedStore<S extends Store = Store> = S & {
  /** What is asked of the result, and of any store of the same time, is asked at this instant, until another one is named. */
  at(nowMs: number): TimedStore<S>
}

export interface StoreTime {
  /** For the stores: stands still until a test names another instant. Its timers are those of `timers`. */
  readonly clock: Clock
  over<S extends Store>(store: S): TimedStore<S>
}

export function createStoreTime(timers: Clock): StoreTime {
  let nowMs = timers.wallMs()
  return {
    clock: { ...timers, wallMs: () => nowMs },
    over(store) {
      const timed: TimedStore<typeof store> = {
        ...store,
        at(atMs) {
          nowMs = atMs
          return timed
        },
      }
      return timed
    },
  }
}
