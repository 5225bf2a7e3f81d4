/** One guarantee of a store, and what a test gives it to be shown on. */
import type { Clock } from '../engine/clock.ts'
import type { Store } from '../stores/store.ts'
import { createManualClock } from './manual-clock.ts'
import { NOON } from './paid-call.ts'
import { createStoreTime, type StoreTime, type TimedStore } from './timed-store.ts'

/** How a store under test is made. `create` gives a new, empty one each time. */
export interface StoreHarness {
  /** A new, empty store, which dates its commands by this clock. */
  create(clock: Clock): Store | Promise<Store>
  /** Opens again what a closed store has kept. */
  reopen?(closed: Store, clock: Clock): Store | Promise<Store>
}

/** What the cases see of it. */
export interface TimedHarness {
  create(): Promise<TimedStore>
  readonly reopen: ((closed: TimedStore) => Promise<TimedStore>) | undefined
}

export interface TimedCase {
  readonly name: string
  run(harness: TimedHarness): Promise<void>
}

/** One guarantee of a store. `run` rejects with an Error that says what is wrong. */
export interface StoreConformanceCase {
  /** The guarantee, as a sentence. */
  readonly name: string
  run(harness: StoreHarness): Promise<void>
}

/** Each store of a case has a time of its own, which begins at noon. */
export function timed({ name, run }: TimedCase): StoreConformanceCase {
  return {
    name,
    run(harness) {
      const { reopen } = harness
      const times = new Map<TimedStore, StoreTime>()
      const over = async (time: StoreTime, opened: Store | Promise<Store>): Promise<TimedStore> => {
        const store = time.over(await opened)
        times.set(store, time)
        return store
      }
      return run({
        create() {
          const time = createStoreTime(createManualClock(NOON))
          return over(time, harness.create(time.clock))
        },
        reopen: reopen && ((closed) => {
          const time = times.get(closed) ?? createStoreTime(createManualClock(NOON))
          return over(time, reopen.call(harness, closed, time.clock))
        }),
      })
    },
  }
}
