/**
 * One transaction for all that came in since the last turn. What must be durable joins the group and is told the outcome; what need not wait
 * only says that there is work, and goes with the next group or after `flushMs`.
 *
 * After a failed commit the group is told, last first, so that each can take back what it did in memory; then nothing joins until `flushMs`
 * have passed: without that pause each request would try a full disk again.
 */
import type { Clock } from '../admission/clock.ts'
import { StoreUnavailableError } from '../admission/store-error.ts'
import { toUnavailable } from './sqlite-error.ts'
import type { StoreObserver } from './store-observer.ts'

export interface Member {
  /** Runs inside the transaction. */
  write(): void
  committed(): void
  failed(error: StoreUnavailableError): void
}

export interface GroupCommitOptions {
  readonly clock: Clock
  readonly flushMs: number
  /** Calls back after the current turn of the event loop, so that one group takes all of the turn. */
  readonly schedule: (run: () => void) => void
  /** One transaction: what waits besides the group, and each member's write. Throws when nothing of it took effect. */
  readonly transact: (group: readonly Member[]) => void
  readonly observer?: Pick<StoreObserver, 'committed'> | undefined
  /** Called when commits begin to fail, and when they work again. */
  readonly alert: (message: string) => void
}

export interface GroupCommit {
  join(member: Member): void
  /** Something waits that need not be awaited. */
  touch(): void
  /** The same, and there is much of it: commit after this turn, unless commits are failing. */
  hurry(): void
  /** Commits at once. Returns the failure, if any. */
  commit(): StoreUnavailableError | undefined
  /** Throws while commits are failing. */
  assertWorking(): void
  readonly failing: boolean
  /** For how long, in ms, no commit has worked; 0 while they do. */
  failingForMs(): number
  /** Commits what waits and stops the timer. Returns the failure, if any. */
  close(): StoreUnavailableError | undefined
}

export function createGroupCommit({ clock, flushMs, schedule, transact, observer, alert }: GroupCommitOptions): GroupCommit {
  let group: Member[] = []
  let scheduled = false
  let cancelFlush: (() => void) | undefined
  let failure: { readonly error: StoreUnavailableError; readonly sinceMs: number; readonly untilMs: number } | undefined

  function commit(): StoreUnavailableError | undefined {
    cancelFlush?.()
    cancelFlush = undefined
    const members = group
    group = []
    const beganMs = clock.monotonicMs()
    try {
      transact(members)
    } catch (cause) {
      observer?.committed({ durationMs: clock.monotonicMs() - beganMs, failed: true })
      return fail(members, toUnavailable('the store cannot write', cause))
    }
    if (failure !== undefined) alert('the store writes again')
    failure = undefined
    observer?.committed({ durationMs: clock.monotonicMs() - beganMs, failed: false })
    for (const member of members) member.committed()
    return undefined
  }

  function fail(members: readonly Member[], error: StoreUnavailableError): StoreUnavailableError {
    if (failure === undefined) alert(error.message)
    const nowMs = clock.monotonicMs()
    failure = { error, sinceMs: failure?.sinceMs ?? nowMs, untilMs: nowMs + flushMs }
    for (const member of members.toReversed()) member.failed(error)
    touch()
    return error
  }

  function touch(): void {
    cancelFlush ??= clock.after(flushMs, () => void commit())
  }

  function commitAfterTurn(): void {
    if (scheduled) return
    scheduled = true
    schedule(() => {
      scheduled = false
      // A commit in between (the flush, a close) may have taken all there was.
      if (group.length > 0 || cancelFlush !== undefined) commit()
    })
  }

  return {
    join(member) {
      group.push(member)
      commitAfterTurn()
    },
    touch,
    hurry() {
      touch()
      if (failure === undefined) commitAfterTurn()
    },
    commit,
    assertWorking() {
      if (failure !== undefined && clock.monotonicMs() < failure.untilMs) throw new StoreUnavailableError(failure.error.message, { cause: failure.error.cause })
    },
    failingForMs: () => (failure === undefined ? 0 : clock.monotonicMs() - failure.sinceMs),
    get failing() {
      return failure !== undefined
    },
    close() {
      const error = commit()
      cancelFlush?.()
      return error
    },
  }
}
