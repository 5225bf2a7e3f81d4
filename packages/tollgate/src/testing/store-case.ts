/** One guarantee of a store, and what a test gives it to be shown on. */
import type { Clock } from '../engine/clock.ts'
import type { Store } from '../stores/store.ts'
import { createManualClock } from './manual-clock.ts'
import { NOON } from './paid-call.ts'
import { createStoreTime, type StoreTime, type TimedStore } from './timed-store.ts'

/** How a store under test is made, or an engine that is a part of one. `create` gives a new, empty one each time. */
export interface StoreHarness<S = Store> {
  /** A new, empty store, which dates its commands by this clock. */
  create(clock: Clock): S | Promise<S>
  /** Opens again what a closed store has kept. */
  reopen?(closed: S, clock: Clock): S | Promise<S>
}

/** What the cases see of it. */
export interface TimedHarness<S> {
  create(): Promise<TimedStore<S>>
  readonly reopen: ((closed: TimedStore<S>) => Promise<TimedStore<S>>) | undefined
}

/** A case asks for the part of a store that it needs. */
export interface TimedCase<S = Store> {
  readonly name: string
  run(harness: TimedHarness<S>): Promise<void>
}

/** One guarantee of a store. `run` rejects with an Error that says what is wrong. */
export interface StoreConformanceCase<S = Store> {
  /** The guarantee, as a sentence. */
  readonly name: string
  run(harness: StoreHarness<S>): Promise<void>
}

/** Each store of a case has a time of its own, which begins at noon. */
export function timed<S extends object>({ name, run }: TimedCase<S>): StoreConformanceCase<S> {
  return {
    name,
    run(harness) {
      const { reopen } = harness
      const opened = new Map<TimedStore<S>, { readonly store: S; readonly time: StoreTime }>()
      const over = async (time: StoreTime, opening: S | Promise<S>): Promise<TimedStore<S>> => {
        const store = await opening
        const timedStore = time.over(store)
        opened.set(timedStore, { store, time })
        return timedStore
      }
      return run({
        create() {
          const time = createStoreTime(createManualClock(NOON))
          return over(time, harness.create(time.clock))
        },
        reopen: reopen && ((closed) => {
          const { store, time } = opened.get(closed) ?? { store: closed, time: createStoreTime(createManualClock(NOON)) }
          return over(time, reopen.call(harness, store, time.clock))
        }),
      })
    },
  }
}
