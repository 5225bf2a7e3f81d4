/**
 * One store of two engines: windows, quotas and slots where they are counted fast, money and all else where it is durable.
 *
 * A stage over both takes the counters' part first and then the other one; where that refuses or fails, the counters give back what the stage took, by its name. So
 * money never moves for a call that a limit refuses, and no durable record rests on a count that was not made. Between the two steps there is no transaction: whoever
 * dies there leaves counts that nobody pays for. Slots come free when the heart of their owner stops, the rest when its window or period is over; no money is held.
 *
 * What a call reserves is corrected when it ends, together with its record, so it is counted beside the money. A meter for which some route reserves is counted there by
 * every route: `keptWithMoney` names it.
 */
import { mayHaveHappened } from '../../engine/store-error.ts'
import { assertTakes } from '../../engine/meters/stage.ts'
import { assertCommand } from '../assert-command.ts'
import type { Command, Result, Store } from '../store.ts'
import type { CommandPlan, ReturningCounters } from './command-plan.ts'
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
    const counted = await askCounters(plans)
    const asked = plans.flatMap((plan, at) => plan.ofStore(counted[at] ?? []) ?? [])
    const kept = await askStore(asked, plans, counted)
    let next = 0
    return Promise.all(
      plans.map((plan, at) => {
        const own = counted[at] ?? []
        const isAsked = plan.ofStore(own) !== undefined
        if (isAsked) next += 1
        return plan.result(own, isAsked ? kept[next - 1] : undefined)
      }),
    )
  }

  async function askCounters(plans: readonly CommandPlan[]): Promise<readonly (readonly unknown[])[]> {
    const asked = plans.flatMap(({ ofCounters }) => ofCounters)
    if (asked.length === 0) return plans.map(() => [])
    const answers = await Promise.resolve(counters.apply(asked)).catch((error: unknown) => {
      // What only frees slots is not worth that a settlement fails: they come free at their deadline.
      if (plans.every(({ mayMissCounters }) => mayMissCounters)) return undefined
      throw error
    })
    let next = 0
    return plans.map(({ ofCounters }) => {
      const own = ofCounters.map((_, at) => answers?.[next + at])
      next += ofCounters.length
      return own
    })
  }

  async function askStore(asked: readonly Command[], plans: readonly CommandPlan[], counted: readonly (readonly unknown[])[]): Promise<readonly unknown[]> {
    if (asked.length === 0) return []
    try {
      return await store.apply(asked)
    } catch (error) {
      // Of an unknown outcome nothing is given back: whoever asks again by its name is told the same by both.
      if (!mayHaveHappened(error)) await Promise.all(plans.map((plan, at) => plan.takeBack(counted[at] ?? [])))
      throw error
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
    async close() {
      await Promise.all([counters.close(), store.close()])
    },
  }
}
