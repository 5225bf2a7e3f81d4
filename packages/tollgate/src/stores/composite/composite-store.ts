/**
 * One store of two engines: windows, quotas and slots where they are counted fast, money and all else where it is durable.
 *
 * A stage over both takes the counters' part first and then the other one; where that refuses or fails, the counters give back what the stage took, by its name. So
 * money never moves for a call that a limit refuses, and no durable record rests on a count that was not made. Between the two steps there is no transaction: whoever
 * dies there leaves counts that nobody pays for. Slots come free when the heart of their owner stops, the rest when its window or period is over; no money is held.
 * What else concerns both (the end of a call, its deadline) is asked of both at once.
 *
 * What a call reserves is corrected when it ends, together with its record, so it is counted beside the money. A meter for which some route reserves is counted there by
 * every route: `keptWithMoney` names it.
 */
import { CallOverdueError } from '../../engine/calls/decide-claim.ts'
import type { ReturningCounters } from '../../engine/counters.ts'
import type { Engine } from '../../engine/engine.ts'
import { mayHaveHappened } from '../../engine/store-error.ts'
import { assertTakes } from '../../engine/meters/stage.ts'
import { assertCommand } from '../assert-command.ts'
import type { Command, Result, Store } from '../store.ts'
import { slotsOfCall, type SlotsFound, type CommandPlan, type CountersSaid, type PlanAtOnce } from './command-plan.ts'
import { createPlans, isOfStoreAlone } from './plans.ts'
import { createStageSplit } from './stage-split.ts'

/** The two engines of a composite store. */
export interface CompositeStoreOptions {
  readonly counters: ReturningCounters
  readonly store: Store
  /** Of a meter by this name, whether some route reserves: then it is counted beside the money. Default: none is. */
  readonly keptWithMoney?: (meter: string) => boolean
}

/**
 * A store that counts in one engine and keeps all else in another. Closing it closes both.
 *
 * @example
 * declare const counters: ReturningCounters
 * const both = createCompositeStore({ counters, store })
 * await both.apply([{ kind: 'beat', owner: 'gateway 1', ttlMs: 10_000 }])
 */
export function createCompositeStore({ counters, store, keptWithMoney = () => false }: CompositeStoreOptions): Store {
  const split = createStageSplit(keptWithMoney)
  const planOf = createPlans({ counters, store, split })

  async function applyAll(commands: readonly Command[]): Promise<readonly Result[]> {
    for (const command of commands) assertCommand(command)
    const plans = commands.map(planOf)
    return plans.every(isAtOnce) ? applyAtOnce(plans) : applyInTurn(plans)
  }

  /** Who can do without the counters does not wait for them. */
  async function applyAtOnce(plans: readonly PlanAtOnce[]): Promise<readonly Result[]> {
    const counted = askEach(counters.apply, plans.map(({ ofCounters }) => ofCounters))
    counted.catch(() => undefined)
    const kept = await askEach(store.apply, plans.map(({ ofStore }) => ofStore))
    return Promise.all(plans.map((plan, at) => plan.result(async () => (await counted)[at], kept[at])))
  }

  async function applyInTurn(plans: readonly CommandPlan[]): Promise<readonly Result[]> {
    // First, or a call past its deadline would live by the slot that it is just taking. In the same turn: what is about one call is decided in the order in which it was asked.
    const finding = Promise.all(plans.map((plan) => (isAtOnce(plan) || plan.begun === undefined ? noSlots : slotsOfCall(counters, plan.begun))))
    const [slots, answers] = await Promise.all([finding, askEach(counters.apply, plans.map(({ ofCounters }) => ofCounters))])
    const counted = plans.map((_, at): CountersSaid => ({ answer: answers[at], slots: slots[at] ?? noSlots }))
    const kept = await askStore(plans, counted)
    return Promise.all(plans.map((plan, at) => (isAtOnce(plan) ? plan.result(async () => answers[at], kept[at]) : plan.result(counted[at] as CountersSaid, kept[at]))))
  }

  async function askStore(plans: readonly CommandPlan[], counted: readonly CountersSaid[]): Promise<readonly unknown[]> {
    try {
      return await askEach(store.apply, plans.map((plan, at) => (isAtOnce(plan) ? plan.ofStore : plan.ofStore(counted[at] as CountersSaid))))
    } catch (error) {
      // Of an unknown outcome nothing is given back: whoever asks again by its name is told the same by both.
      if (!mayHaveHappened(error)) await Promise.all(plans.map((plan, at) => (isAtOnce(plan) ? undefined : plan.takeBack(counted[at] as CountersSaid))))
      // It may live by slots of which nobody could be asked.
      const [unknown] = error instanceof CallOverdueError ? counted.flatMap(({ slots }) => (slots.kind === 'unknown' ? [slots.error] : [])) : []
      throw unknown ?? error
    }
  }

  return {
    apply(commands) {
      if (commands.every(isOfStoreAlone)) return store.apply(commands)
      return applyAll(commands)
    },
    async peek(takes, accountId) {
      assertTakes(takes)
      const { ofCounters, ofStore, join } = split(takes)
      const [counted, kept] = await Promise.all([ofCounters.length === 0 ? [] : counters.peek(ofCounters, accountId), ofStore.length === 0 && takes.length > 0 ? [] : store.peek(ofStore, accountId)])
      return join(counted, kept)
    },
    call: (id) => store.call(id),
    calls: (query) => store.calls(query),
    lease: (api, id) => store.lease(api, id),
    leases: (query) => store.leases(query),
    ledger: (query) => store.ledger(query),
    balance: (subject, name, allowance) => store.balance(subject, name, allowance),
    get: (collection, id) => store.get(collection, id),
    list: (collection, page) => store.list(collection, page),
    parents: (collection, page) => store.parents(collection, page),
    changes: (after, limit) => store.changes(after, limit),
    watch: store.watch && ((listen) => store.watch?.(listen) ?? (() => undefined)),
    request: (id) => store.request(id),
    requests: (query) => store.requests(query),
    pruneRequests: (beforeMs, limit) => store.pruneRequests(beforeMs, limit),
    highWaterMs: () => Math.max(store.highWaterMs(), counters.highWaterMs?.() ?? 0),
    overEngines: (around) => createCompositeStore({ counters: around.counters(counters), store: around.store(store), keptWithMoney }),
    async close() {
      await Promise.all([counters.close(), store.close()])
    },
  }
}

const noSlots: SlotsFound = { kind: 'none' }

function isAtOnce(plan: CommandPlan): plan is PlanAtOnce {
  return plan.kind === 'at once'
}

/** Asks all of them that there are in one, and gives the answers in their places. */
async function askEach<C>(apply: Engine<C>['apply'], asked: readonly (C | undefined)[]): Promise<readonly unknown[]> {
  const commands = asked.filter((command) => command !== undefined)
  if (commands.length === 0) return []
  const answers = (await apply(commands)).values()
  return asked.map((command) => (command === undefined ? undefined : answers.next().value))
}
