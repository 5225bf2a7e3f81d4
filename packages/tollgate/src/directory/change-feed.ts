/**
 * What other gateways have written to the store's documents: read in turns, so that no cached row is older than its age allows.
 *
 * Who asks for a cached row asks here first. Up to half a second after the last turn the answer is yes; after that a turn begins beside the call; and
 * after a second and a half the call waits for it. So a key that was revoked anywhere is refused everywhere within two seconds, no timer runs while
 * nobody calls, and a store whose changes cannot be read lets nobody in (fails closed).
 */
import type { Clock } from '../engine/clock.ts'
import type { Documents } from './documents.ts'

/** A turn begins this long after the one before, if somebody asks. */
const REREAD_AFTER_MS = 500
/** Older than this no row is used. Half a second below the promise, for the way from the other gateway's commit. */
export const ROW_AGE_MAX_MS = 1_500
const PAGE = 1_000

/** Tells caches which documents others have written. One feed for all caches of a store. */
export interface ChangeFeed {
  /** Undefined: what is cached may be used at once. Otherwise it may be when this resolves; a rejection is the store's. */
  caughtUp(): Promise<void> | undefined
  /** `forget` is told the id of each row that changed, undefined where it may be any. */
  listen(collection: string, forget: (id: string | undefined) => void): void
}

/**
 * A feed over the documents of this store. It reads only when somebody asks.
 *
 * @example
 * const feed = createChangeFeed({ store, clock })
 * feed.listen('notes', (id) => console.log(id === undefined ? 'any note may have changed' : `${id} has changed`))
 * await feed.caughtUp()
 */
export function createChangeFeed({ store, clock }: { readonly store: Pick<Documents, 'changes'>; readonly clock: Clock }): ChangeFeed {
  const listeners = new Map<string, (id: string | undefined) => void>()
  let cursor: number | undefined
  /** All that was committed before this instant has been heard. */
  let heardAtMs = -Infinity
  let turn: Promise<void> | undefined

  async function read(): Promise<void> {
    const beganMs = clock.monotonicMs()
    for (;;) {
      const page = await store.changes(cursor, PAGE)
      cursor = page.cursor
      if (!page.complete) for (const forget of listeners.values()) forget(undefined)
      for (const { collection, id } of page.changes) listeners.get(collection)?.(id)
      if (page.changes.length < PAGE) break
    }
    heardAtMs = beganMs
  }

  const nextTurn = (): Promise<void> => (turn ??= read().finally(() => (turn = undefined)))

  return {
    caughtUp() {
      const ageMs = clock.monotonicMs() - heardAtMs
      if (ageMs < REREAD_AFTER_MS) return undefined
      const next = nextTurn()
      if (ageMs >= ROW_AGE_MAX_MS) return next
      // Its failure is told to the calls that wait for a turn, once rows are too old.
      next.catch(() => undefined)
      return undefined
    },
    listen(collection, forget) {
      listeners.set(collection, forget)
    },
  }
}
