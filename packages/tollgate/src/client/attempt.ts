/** What is remembered of each attempt of a call; the error, the hooks and the log of a program have it from here. */
import type { Reason } from '../contract/declare/reason.ts'
import type { RetryBecause, StopBecause } from './decide-retry.ts'

/** One request that went out, how it ended, and why it was the last one or not. */
export interface Attempt {
  /** 1 is the first. */
  readonly number: number
  /** Epoch milliseconds. */
  readonly startedAtMs: number
  /** Until the answer was understood, or until it was clear that there is none. */
  readonly tookMs: number
  /** Of the answer; undefined: there was none. */
  readonly status: number | undefined
  /** Undefined: it succeeded. */
  readonly reason: Reason | undefined
  readonly code: string | number | undefined
  readonly requestId: string | undefined
  /** Why another one followed, or why none did. */
  readonly because: RetryBecause | StopBecause
  /** What was waited before the next one; undefined: there was none. */
  readonly delayMs: number | undefined
}
