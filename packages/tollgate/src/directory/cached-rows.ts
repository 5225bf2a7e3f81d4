/**
 * Rows of one collection, read through a bounded cache. What is missing is remembered apart, briefly and in a bound of its own: a flood of
 * wrong keys neither reaches the store for each repetition nor drives out the rows of good ones. What others change is dropped by the feed of changes,
 * without which no row that is kept is used.
 */
import { createBoundedCache } from './bounded-cache.ts'
import type { ChangeFeed } from './change-feed.ts'
import { whenKnown, type Awaitable } from '../engine/awaitable.ts'
import type { Clock } from '../engine/clock.ts'
import type { Documents } from './documents.ts'

const MISSING_MAX = 2_000
const MISSING_FOR_MS = 1_000

/** Rows of one collection, read through a cache. */
export interface CachedRows<T> {
  /** At once where it is in the cache. */
  get(id: string): Awaitable<T | undefined>
  /** Runs a write to the row; neither an old value nor one read meanwhile stays in the cache, whatever becomes of the write. */
  during<R>(id: string, write: () => Promise<R>): Promise<R>
}

/** What a cache of rows is made from. */
export interface CachedRowsOptions {
  readonly store: Pick<Documents, 'get'>
  readonly clock: Clock
  readonly feed: ChangeFeed
  /** Rows kept. */
  readonly max: number
  /** For how long they may be used while the store does not answer. Default: as the feed says. */
  readonly staleMs?: number | undefined
}

/**
 * Reads rows through a bounded cache that a feed of changes keeps young. `T` is what the collection's writers put there.
 *
 * @example
 * const notes = createCachedRows<{ text: string }>('notes', { store, clock, feed: createChangeFeed({ store, clock }), max: 1_000 })
 * const note = await notes.get('n1')
 */
export function createCachedRows<T>(collection: string, options: CachedRowsOptions): CachedRows<T> {
  const { store, clock, feed, max, staleMs } = options
  let present = createBoundedCache<{ readonly row: T }>(max)
  let missingUntilMs = createBoundedCache<number>(MISSING_MAX)
  let writes = 0

  function forget(id: string): void {
    writes += 1
    present.delete(id)
    missingUntilMs.delete(id)
  }

  function forgetAll(): void {
    writes += 1
    present = createBoundedCache(max)
    missingUntilMs = createBoundedCache(MISSING_MAX)
  }

  feed.listen(collection, (id) => (id === undefined ? forgetAll() : forget(id)))

  function find(id: string): Awaitable<T | undefined> {
    const known = present.get(id)
    if (known !== undefined) return known.row
    const untilMs = missingUntilMs.get(id)
    // Of a store that does not answer nothing can be learnt but after a time-out.
    if (untilMs !== undefined && (untilMs > clock.monotonicMs() || (staleMs !== undefined && feed.isSilent()))) return undefined
    return load(id)
  }

  /** That there was none is known as well as any row, where rows may be old. */
  function orKnownMissing(id: string, error: unknown): undefined {
    if (staleMs === undefined || missingUntilMs.get(id) === undefined) throw error
    return undefined
  }

  async function load(id: string): Promise<T | undefined> {
    const writesBefore = writes
    const document = await store.get(collection, id).catch((error: unknown) => orKnownMissing(id, error))
    // A write that began or ended while we read may have made this row an old one: use it, do not keep it.
    const mayKeep = writes === writesBefore
    if (document === undefined) {
      if (mayKeep) missingUntilMs.set(id, clock.monotonicMs() + MISSING_FOR_MS)
      return undefined
    }
    const row = document.value as T
    if (mayKeep) present.set(id, { row })
    return row
  }

  return {
    get: (id) => whenKnown(feed.caughtUp(staleMs), () => find(id)),
    async during(id, write) {
      forget(id)
      try {
        return await write()
      } finally {
        forget(id)
      }
    },
  }
}
