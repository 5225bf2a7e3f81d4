/**
 * Looks through what is summed up in the database while it is in use: money, calls, sessions and counts. A start does not wait for it, since a large file takes minutes. It
 * goes in slices, and most of the disk's time is left to others.
 */
import type { Clock } from 'tollgate/engine'
import { DAMAGE_MEND, type ResidentStore, type WalkPlace } from 'tollgate/stores/sqlite'
import type { Alerts } from '../platform/alerts.ts'

/** A commit that comes meanwhile waits for no more than these. */
const ENTRIES_AT_ONCE = 500
/** After each slice so many times as long as it took. */
const PAUSE_FACTOR = 9
const PAUSE_LEAST_MS = 20
const BEGIN_AFTER_MS = 1_000
/** Where the disk does not answer. */
const AGAIN_AFTER_MS = 30_000

export interface DatabaseWalkOptions {
  readonly store: Pick<ResidentStore, 'walk'>
  readonly file: string
  readonly clock: Clock
  readonly alert: Alerts['raise']
  readonly damaged?: ((fault: string) => void) | undefined
}

/** Once, from end to end. The returned function stops it. */
export function startDatabaseWalk({ store, file, clock, alert, damaged }: DatabaseWalkOptions): () => void {
  let cancel: (() => void) | undefined
  let isStopped = false

  async function slice(from: WalkPlace | undefined): Promise<void> {
    const beganMs = clock.monotonicMs()
    try {
      const { fault, next } = await store.walk(from, ENTRIES_AT_ONCE)
      if (fault !== undefined) {
        alert({ kind: 'store', message: `the database ${file} is damaged (${fault}); ${DAMAGE_MEND}` })
        damaged?.(fault)
      }
      if (next !== undefined) later(Math.max(PAUSE_LEAST_MS, PAUSE_FACTOR * (clock.monotonicMs() - beganMs)), next)
    } catch {
      // Who needs the disk says what is wrong with it.
      later(AGAIN_AFTER_MS, from)
    }
  }

  function later(delayMs: number, from: WalkPlace | undefined): void {
    if (!isStopped) cancel = clock.after(delayMs, () => void slice(from))
  }

  later(BEGIN_AFTER_MS, undefined)
  return () => {
    isStopped = true
    cancel?.()
  }
}
