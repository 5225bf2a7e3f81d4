/** What a command asks of the counters and of the store, and what comes of both. */
import type { Awaitable } from '../../engine/awaitable.ts'
import type { CounterCommand, CounterResults, Counters, ReturningCounters } from '../../engine/counters.ts'
import { StoreUnavailableError } from '../../engine/store-error.ts'
import type { Command, Result, Store } from '../store.ts'
import type { StageSplit } from './stage-split.ts'

export type CommandPlan = PlanAtOnce | PlanInTurn

/** Neither part waits for what the other answers. */
export interface PlanAtOnce {
  readonly kind: 'at once'
  readonly ofCounters: CounterCommand | undefined
  readonly ofStore: Command | undefined
  /** `counted`: what the counters answer; rejects where they fail. Who can do without does not ask. */
  result(counted: () => Promise<unknown>, kept: unknown): Awaitable<Result>
}

/** The counters first, and then the store. */
export interface PlanInTurn {
  readonly kind: 'in turn'
  /** A call that has begun, of which the plan must know whether it lives by the slots that it has, before the plan takes some. */
  readonly begun: string | undefined
  readonly ofCounters: CounterCommand | undefined
  /** Undefined: nothing. */
  ofStore(counted: CountersSaid): Command | undefined
  result(counted: CountersSaid, kept: unknown): Awaitable<Result>
  /** Where the store has failed, and done nothing. */
  takeBack(counted: CountersSaid): Promise<void>
}

export interface CountersSaid {
  readonly answer: unknown
  readonly slots: SlotsFound
}

/** Whether a call has slots. `unknown`: their engine could not be asked. */
export type SlotsFound = { readonly kind: 'some' } | { readonly kind: 'none' } | { readonly kind: 'unknown'; readonly error: unknown }

export interface Engines {
  readonly counters: ReturningCounters
  readonly store: Store
  readonly split: StageSplit
}

/** Finds out, and changes nothing that counts: a deadline is never moved back. */
export async function slotsOfCall(counters: Counters, callId: string): Promise<SlotsFound> {
  try {
    const [answer] = await counters.apply([{ kind: 'extend', callId, holdMs: 1 }])
    return (answer as CounterResults['extend']).extended ? { kind: 'some' } : { kind: 'none' }
  } catch (error) {
    if (!(error instanceof StoreUnavailableError)) throw error
    return { kind: 'unknown', error }
  }
}
