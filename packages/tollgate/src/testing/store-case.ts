/** One guarantee of a store, and what a test gives it to be shown on. */
import type { Store } from '../admission/store.ts'

/** How a store under test is made. `create` gives a new, empty one each time. */
export interface StoreHarness {
  /** A new, empty store. */
  create(): Store | Promise<Store>
  /** Opens again what a closed store has kept. */
  reopen?(closed: Store): Store | Promise<Store>
}

/** One guarantee of a store. `run` rejects with an Error that says what is wrong. */
export interface StoreConformanceCase {
  /** The guarantee, as a sentence. */
  readonly name: string
  run(harness: StoreHarness): Promise<void>
}
