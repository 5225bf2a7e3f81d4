/** All that is to be known of one kind of command, side by side: what it may not ask, what it reads, what comes of it. */
import type { CounterCommand, CounterResults } from './counters.ts'
import type { Draft } from './draft.ts'
import type { FootprintKey } from './footprint.ts'
import type { MoneyCommand, MoneyResults } from './money-commands.ts'

/** All that concern neither documents nor the request log. */
export type StateCommand = CounterCommand | MoneyCommand

/** What each of them comes to, by its kind. */
export type StateResults = CounterResults & MoneyResults

export interface Decision<C extends StateCommand = StateCommand> {
  /** Throws for what no store may take. */
  assert(command: C): void
  /** What it names of that which the decision reads; the rest is in what was found there. */
  footprint(command: C): readonly FootprintKey[]
  decide(draft: Draft, command: C): StateResults[C['kind']]
}
