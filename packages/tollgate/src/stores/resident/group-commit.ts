/**
 * One transaction for all that came in since the last one began. What must be durable joins the group and is told the outcome; what need not wait
 * only says that there is work, and goes with the next group or after `flushMs`. While a transaction is under way the next group gathers.
 *
 * After a failed commit all that wait are told, last first, so that each can take back what it did in memory, also those of the group that gathers: they were
 * decided over what the others had done, and nothing of theirs was written (`applied: 'no'`), whatever became of the commit. Then nothing joins until `flushMs` have passed: without that pause each request would try a full disk again.
 */
import type { Clock } from '../../engine/clock.ts'
import { StoreUnavailableError } from '../../engine/store-error.ts'
import type { DiskOutcome } from './disk.ts'
import type { StoreObserver } from './store-observer.ts'

export interface Member {
  committed(): void
  failed(error: StoreUnavailableError): void
}

export interface GroupCommitOptions<M extends Member> {
  readonly clock: Clock
  readonly flushMs: number
  /** Calls back after the current turn of the event loop, so that one group takes all of the turn. */
  readonly schedule: (run: () => void) => void
  /** One transaction: what waits besides the group, and what its members write. */
  readonly transact: (group: readonly M[], told: (outcome: DiskOutcome<unknown>) => void) => void
  readonly observer?: Pick<StoreObserver, 'committed'> | undefined
  /** Called when commits begin to fail, and when they work again. */
  readonly alert: (message: string) => void
}

export interface GroupCommit<M extends Member> {
  join(member: M): void
  /** Something waits that need not be awaited. */
  touch(): void
  /** The same, and there is much of it: commit after this turn, unless commits are failing. */
  hurry(): void
  /** Begins a commit of all that waits; as soon as the one that is under way is over. */
  commit(): void
  /** Commits, and tells when all that waits now is on disk, or why it is not. At once, if nothing waits. */
  flush(told: (failure: StoreUnavailableError | undefined) => void): void
  /** Throws while commits are failing. */
  assertWorking(): void
  readonly failing: boolean
  /** For how long, in ms, no commit has worked: since the first that failed, or since the one began that does not end; 0 while they do. */
  stuckForMs(): number
  /** Stops the timer. */
  stop(): void
}

export function createGroupCommit<M extends Member>({ clock, flushMs, schedule, transact, observer, alert }: GroupCommitOptions<M>): GroupCommit<M> {
  let group: M[] = []
  let scheduled = false
  let cancelFlush: (() => void) | undefined
  let failure: { readonly error: StoreUnavailableError; readonly sinceMs: number; readonly untilMs: number } | undefined
  let beganMs: number | undefined
  /** Whether another commit is to follow the one under way at once. */
  let again = false
  let flushes: ((failure: StoreUnavailableError | undefined) => void)[] = []

  function commit(): void {
    if (beganMs !== undefined) {
      again = true
      return
    }
    cancelFlush?.()
    cancelFlush = undefined
    const members = group
    const waiting = flushes
    group = []
    flushes = []
    again = false
    const startMs = (beganMs = clock.monotonicMs())
    transact(members, (outcome) => {
      beganMs = undefined
      observer?.committed({ durationMs: clock.monotonicMs() - startMs, failed: outcome.kind === 'failed' })
      if (outcome.kind === 'failed') {
        fail(members, outcome.error)
        for (const told of [...waiting, ...flushes.splice(0)]) told(outcome.error)
        return
      }
      if (failure !== undefined) alert('the store writes again')
      failure = undefined
      for (const member of members) member.committed()
      for (const told of waiting) told(undefined)
      if (again) commit()
      // Who was just told may come back with more in this turn, and goes with the next commit instead of the one after it.
      else if (group.length > 0) commitAfterTurn()
    })
  }

  function fail(members: readonly M[], error: StoreUnavailableError): void {
    if (failure === undefined) alert(error.message)
    const nowMs = clock.monotonicMs()
    failure = { error, sinceMs: failure?.sinceMs ?? nowMs, untilMs: nowMs + flushMs }
    const later = group
    group = []
    const unwritten = new StoreUnavailableError(error.message, { cause: error.cause })
    for (const member of later.toReversed()) member.failed(unwritten)
    for (const member of members.toReversed()) member.failed(error)
    touch()
  }

  function touch(): void {
    cancelFlush ??= clock.after(flushMs, commit)
  }

  function commitAfterTurn(): void {
    if (scheduled) return
    scheduled = true
    schedule(() => {
      scheduled = false
      // A commit in between (the flush, a close) may have taken all there was.
      if (beganMs === undefined && (group.length > 0 || cancelFlush !== undefined)) commit()
    })
  }

  return {
    join(member) {
      group.push(member)
      // The one that is under way looks at what has gathered when it ends.
      if (beganMs === undefined) commitAfterTurn()
    },
    touch,
    hurry() {
      touch()
      if (failure === undefined) commitAfterTurn()
    },
    commit,
    flush(told) {
      if (beganMs === undefined && group.length === 0 && cancelFlush === undefined) {
        told(undefined)
        return
      }
      flushes.push(told)
      commit()
    },
    assertWorking() {
      if (failure !== undefined && clock.monotonicMs() < failure.untilMs) throw new StoreUnavailableError(failure.error.message, { cause: failure.error.cause })
    },
    stuckForMs: () => Math.max(failure === undefined ? 0 : clock.monotonicMs() - failure.sinceMs, beganMs === undefined ? 0 : clock.monotonicMs() - beganMs),
    get failing() {
      return failure !== undefined
    },
    stop() {
      cancelFlush?.()
      cancelFlush = undefined
    },
  }
}
