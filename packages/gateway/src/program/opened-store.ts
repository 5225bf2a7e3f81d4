/** A store that is open, with what only some stores can do; and what they are opened with. */
import type { Store } from 'tollgate/stores'
import type { SetBack, StoreObserver } from 'tollgate/stores/sqlite'
import type { EngineWatch } from '../health/engine-state.ts'
import type { EngineHeard } from '../metrics/engine-metrics.ts'
import type { Log } from '../platform/log.ts'

export interface OpenStore {
  readonly store: Store
  /** Undefined where the store has no file. */
  readonly backup: ((file: string) => Promise<void>) | undefined
  /** What is damaged in the file. */
  readonly damage: (() => Promise<readonly string[]>) | undefined
  /** Those that are asked over a network. */
  readonly engines: readonly EngineWatch[]
  /** Watches that the file stays where it is, and looks through it; returns what ends that. */
  watch(): () => void
}

export interface OpenStoreOptions {
  readonly observer?: StoreObserver | undefined
  readonly log?: Log
  /** Forgets that a later time than this was ever seen. */
  readonly setBack?: SetBack | undefined
  /** The thread that has the database has ended by itself: nothing can be written any more, and what was being written may be there or not. */
  readonly died?: ((error: Error) => void) | undefined
  /** The file is damaged, as is found out while it is in use. */
  readonly damaged?: ((fault: string) => void) | undefined
  /** Whether some route reserves of a meter of this name. */
  readonly keptWithMoney?: ((meter: string) => boolean) | undefined
  /** Told of what engines are asked. */
  readonly heard?: EngineHeard | undefined
  /** The program of that thread. */
  readonly thread?: URL | undefined
}
