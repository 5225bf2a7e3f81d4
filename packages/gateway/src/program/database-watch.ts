/**
 * Whether the database still lies where its next owner will look for it. A file that is deleted or replaced under a running process is no error to
 * SQLite: all goes on in a file without a name, and is gone at the stop.
 */
import { statSync } from 'node:fs'
import type { Clock } from 'tollgate/engine'
import type { Alerts } from '../platform/alerts.ts'

export interface DatabaseWatchOptions {
  readonly file: string
  readonly clock: Clock
  readonly alert: Alerts['raise']
  /** Writes all of the log (`-wal`) into the database and begins another one. */
  readonly renewLog: () => Promise<void>
}

export interface DatabaseWatch {
  /** Why what is written now would not last, and for how long that has been known; undefined as long as it does. */
  displaced(): { readonly message: string; readonly forMs: number } | undefined
  stop(): void
}

const LOOK_EVERY_MS = 1_000
const MEND = 'what is written now is lost at the stop, and money is soon refused; move it back, or save all with "tollgate backup FILE", stop, and put that in its place'

/** Looks now, then every second, and once more when it is stopped. */
export function watchDatabase({ file, clock, alert, renewLog }: DatabaseWatchOptions): DatabaseWatch {
  const place = identityOf(file)
  let log = identityOf(`${file}-wal`)
  let leastBytes = place?.bytes ?? 0n
  let fault: { readonly message: string; readonly sinceMs: number } | undefined
  let cancel: (() => void) | undefined
  let isStopped = false
  let isRenewing = false

  function look(): void {
    const message = faultOf(identityOf(file))
    if (message === undefined && fault !== undefined) alert({ kind: 'store', message: `the database is in its place again: ${file}` })
    if (message !== undefined && fault === undefined) alert({ kind: 'store', message })
    fault = message === undefined ? undefined : (fault ?? { message, sinceMs: clock.monotonicMs() })
    if (fault === undefined) lookAtLog()
  }

  function plan(): void {
    cancel = clock.after(LOOK_EVERY_MS, () => {
      look()
      // Once for a clock that leaps by a month, not two million times.
      setImmediate(() => isStopped || plan())
    })
  }

  function faultOf(now: Identity | undefined): string | undefined {
    if (now === undefined) return `the database ${file} was moved or deleted while it is in use: ${MEND}`
    if (!isSame(now, place)) return `the database ${file} was replaced while it is in use: ${MEND}`
    // It never shrinks by itself.
    if (now.bytes < leastBytes) return `the database ${file} was cut short or written over while it is in use: ${MEND}`
    leastBytes = now.bytes
    return undefined
  }

  /** What is in the log alone can still be saved, since we have it open. */
  function lookAtLog(): void {
    const now = identityOf(`${file}-wal`)
    if (isRenewing || isSame(now, log)) return
    isRenewing = true
    void renewed().finally(() => {
      log = identityOf(`${file}-wal`)
      isRenewing = false
    })
  }

  async function renewed(): Promise<void> {
    try {
      await renewLog()
      alert({ kind: 'store', message: `the log of the database, ${file}-wal, was moved, deleted or replaced while it is in use; all of it was written into the database, and it was begun anew` })
    } catch (error) {
      alert({ kind: 'store', message: `the log of the database, ${file}-wal, was moved, deleted or replaced while it is in use, and cannot be begun anew: ${error instanceof Error ? error.message : String(error)}` })
    }
  }

  look()
  plan()
  return {
    displaced: () => (fault === undefined ? undefined : { message: fault.message, forMs: clock.monotonicMs() - fault.sinceMs }),
    stop() {
      isStopped = true
      cancel?.()
      look()
    },
  }
}

interface Identity {
  readonly device: bigint
  readonly inode: bigint
  readonly bytes: bigint
}

/** By name: to open and close the file once more would let go of SQLite's own lock on it. */
function identityOf(file: string): Identity | undefined {
  try {
    const { dev, ino, size } = statSync(file, { bigint: true })
    return { device: dev, inode: ino, bytes: size }
  } catch {
    // Whether it is gone or cannot be looked at: nobody will find it there.
    return undefined
  }
}

function isSame(one: Identity | undefined, other: Identity | undefined): boolean {
  return one?.device === other?.device && one?.inode === other?.inode
}
