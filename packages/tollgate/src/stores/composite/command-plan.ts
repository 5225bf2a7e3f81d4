/** What a command asks of the counters, what then of the store, and what comes of both. */
import type { Awaitable } from '../../engine/awaitable.ts'
import type { CounterCommand, CounterResults, Counters, ExtendCommand } from '../../engine/counters.ts'
import type { Take } from '../../engine/meters/meter.ts'
import type { Command, Result, Store } from '../store.ts'
import type { StageSplit } from './stage-split.ts'

/** Counters that can take an admission back, as those on Valkey or Redis can. */
export interface ReturningCounters extends Counters {
  /** Gives back, once, what the admission of this name took for the call; attempts stay counted. */
  takeBack(admission: { readonly takes: readonly Take[]; readonly callId: string; readonly admission: string; readonly accountId?: string | undefined }): Promise<boolean>
  /** The latest instant of its time that it has seen. */
  highWaterMs?(): number
}

export interface CommandPlan {
  readonly ofCounters: readonly CounterCommand[]
  /** Whether the command may do without them where they fail. */
  readonly mayMissCounters: boolean
  /** Undefined: nothing. */
  ofStore(counted: readonly unknown[]): Command | undefined
  result(counted: readonly unknown[], kept: unknown): Awaitable<Result>
  /** Where the store has failed, and done nothing. */
  takeBack(counted: readonly unknown[]): Promise<void>
}

export interface Engines {
  readonly counters: ReturningCounters
  readonly store: Store
  readonly split: StageSplit
}

/** Finds out whether a call has slots, and changes nothing that counts: a deadline is never moved back. */
export const slotProbe = (callId: string): ExtendCommand => ({ kind: 'extend', callId, holdMs: 1 })
export const hasSlots = (answer: unknown): boolean => (answer as CounterResults['extend'] | undefined)?.extended === true
