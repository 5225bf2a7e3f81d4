/** A store whose clock stands where a test says: each command of a case is given at an instant. */
import type { Clock } from '../engine/clock.ts'
import type { Store } from '../stores/store.ts'

export type TimedStore<S = Store> = S & {
  /** What is asked of the result, and of any store of the same time, is asked at this instant, until another one is named. */
  at(nowMs: number): TimedStore<S>
}

export interface StoreTime {
  /** For the stores: stands still until a test names another instant. Its timers are those of `timers`. */
  readonly clock: Clock
  over<S extends object>(store: S): TimedStore<S>
}

export function createStoreTime(timers: Clock): StoreTime {
  let nowMs = timers.wallMs()
  return {
    clock: { ...timers, wallMs: () => nowMs },
    over<S extends object>(store: S): TimedStore<S> {
      const at = (atMs: number): TimedStore<S> => {
        nowMs = atMs
        return timed
      }
      // Not a copy: a store may be of a class, and have its methods elsewhere.
      const timed = new Proxy(store, {
        get(target, name) {
          if (name === 'at') return at
          const value: unknown = Reflect.get(target, name)
          return typeof value === 'function' ? value.bind(target) : value
        },
      }) as TimedStore<S>
      return timed
    },
  }
}
