/**
 * What other gateways have written to the store's documents: read in turns, so that no cached row is older than its age allows.
 *
 * Who asks for a cached row asks here first. Up to half a second after the last turn the answer is yes; after that a turn begins beside the call; and
 * after a second and a half the call waits for it. So a key that was revoked anywhere is refused everywhere within two seconds, no timer runs while
 * nobody calls, and a store whose changes cannot be read lets nobody in (fails closed), unless `stale` says that what is cached may be used for longer then.
 */
import type { Clock } from '../engine/clock.ts'
import type { Documents } from './documents.ts'

/** A turn begins this long after the one before, if somebody asks. */
const REREAD_AFTER_MS = 500
/** Older than this no row is used. Half a second below the promise, for the way from the other gateway's commit. */
export const ROW_AGE_MAX_MS = 1_500
const PAGE = 1_000
/** Where rows may be older while the store does not answer: how long the first call waits to find that out. */
const PATIENCE_MS = 1_000

/** Lets cached rows be used while the store does not answer. A key that is revoked meanwhile is good for so long at gateways that cannot hear of it. */
export interface StaleRows {
  /** Since the store has last answered. */
  readonly forMs: number
  /** Told when it begins, and when the store answers again. */
  readonly told?: ((isStale: boolean) => void) | undefined
}

/** What a feed is made from. */
export interface ChangeFeedOptions {
  readonly store: Pick<Documents, 'changes' | 'watch'>
  readonly clock: Clock
  /** Absent: rows that are too old are not used. */
  readonly stale?: StaleRows | undefined
}

/** Tells caches which documents others have written. One feed for all caches of a store. */
export interface ChangeFeed {
  /**
   * Undefined: what is cached may be used at once. Otherwise it may be when this resolves; a rejection is the store's. `staleMs`: for how long it may be used while the store does not
   * answer, where that is not as the feed's options say.
   */
  caughtUp(staleMs?: number): Promise<void> | undefined
  /** The store has not answered the last turn: what is cached is all that there is. */
  isSilent(): boolean
  /** `forget` is told the id of each row that changed, undefined where it may be any. */
  listen(collection: string, forget: (id: string | undefined) => void): void
}

/**
 * A feed over the documents of this store. It reads when somebody asks, and where the store tells of changes, also then.
 *
 * @example
 * const feed = createChangeFeed({ store, clock })
 * feed.listen('notes', (id) => console.log(id === undefined ? 'any note may have changed' : `${id} has changed`))
 * await feed.caughtUp()
 */
export function createChangeFeed({ store, clock, stale }: ChangeFeedOptions): ChangeFeed {
  const listeners = new Map<string, (id: string | undefined) => void>()
  let cursor: number | undefined
  /** All that was committed before this instant has been heard. */
  let heardAtMs = -Infinity
  let turn: Promise<void> | undefined
  let isSilent = false

  const ageMs = (): number => clock.monotonicMs() - heardAtMs

  async function read(): Promise<void> {
    try {
      await readAll()
    } catch (error) {
      setSilent(true)
      throw error
    }
  }

  async function readAll(): Promise<void> {
    const beganMs = clock.monotonicMs()
    for (;;) {
      const page = await store.changes(cursor, PAGE)
      cursor = page.cursor
      if (!page.complete) for (const forget of listeners.values()) forget(undefined)
      for (const { collection, id } of page.changes) listeners.get(collection)?.(id)
      if (page.changes.length < PAGE) break
    }
    heardAtMs = beganMs
    setSilent(false)
  }

  function setSilent(next: boolean): void {
    if (next === isSilent) return
    isSilent = next
    stale?.told?.(next)
  }

  /** Waits for the turn, and no longer than patience lasts where old rows may be used in its place. */
  function orStale(next: Promise<void>, forMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const mayUse = (): boolean => ageMs() < forMs
      const cancel = clock.after(PATIENCE_MS, () => {
        setSilent(true)
        if (!mayUse()) return
        resolve()
      })
      next.then(resolve, (error: unknown) => {
        if (!mayUse()) return reject(error)
        resolve()
      }).finally(cancel)
    })
  }

  const nextTurn = (): Promise<void> => (turn ??= read().finally(() => (turn = undefined)))

  /** What was told while a turn was under way may have been too late for it. */
  const hurry = (): void => void (turn ?? Promise.resolve()).then(nextTurn, nextTurn).catch(() => undefined)
  store.watch?.(hurry)

  return {
    isSilent: () => isSilent,
    caughtUp(staleMs = stale?.forMs ?? 0) {
      const oldMs = ageMs()
      if (oldMs < REREAD_AFTER_MS) return undefined
      const next = nextTurn()
      const mayBeStale = oldMs < staleMs
      if (oldMs >= ROW_AGE_MAX_MS && !(isSilent && mayBeStale)) return mayBeStale ? orStale(next, staleMs) : next
      // Its failure is told to the calls that wait for a turn, once rows are too old.
      next.catch(() => undefined)
      return undefined
    },
    listen(collection, forget) {
      listeners.set(collection, forget)
    },
  }
}
