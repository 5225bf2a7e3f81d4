/**
 * Where meters, accounts, keys and the request log live.
 *
 * A store takes commands in batches (group commit) and decides each command atomically, in order, with the same pure functions on every
 * store. `durable` commands are on disk before `apply` resolves; the others are decided at once and written with the next group.
 * A refused stage leaves every meter as it was, except meters that count attempts. If `apply` rejects, no durable command of the batch
 * took effect.
 *
 * Time is the store's: a command carries durations and no instant but facts of the world outside (an expiry that somebody wrote down), and the store
 * dates it by its own clock, which never goes back.
 *
 * Whatever moves money, durable leases or a claimed key is durable, asked for or not. A command resolves what has fallen due among the things that it is about;
 * what is due elsewhere waits for the next sweep.
 *
 * A store has four parts, and whoever uses it asks for the one that it needs: an engine that only counts is `Counters`, and no more than that.
 */
import type { CounterCommand, CounterResults, Counters, ReturningCounters } from '../engine/counters.ts'
import type { DocumentCommand, DocumentResults, Documents } from '../directory/documents.ts'
import { whenKnown, type Awaitable } from '../engine/awaitable.ts'
import type { Engine } from '../engine/engine.ts'
import type { Journal, JournalResults, LogCommand } from '../journal/journal.ts'
import type { MoneyEngine, MoneyCommand, MoneyResults } from '../engine/money-commands.ts'
import { mayHaveHappened } from '../engine/store-error.ts'

/** All that a store can be asked to do. */
export type Command = CounterCommand | MoneyCommand | DocumentCommand | LogCommand

/** What each command comes to, by its kind. */
export interface ResultOf extends CounterResults, MoneyResults, DocumentResults, JournalResults {}
/** What a command came to. */
export type Result = ResultOf[Command['kind']]

/**
 * All four engines in one: what a gate needs. `createMemoryStore` and `createSqliteStore` make one; `storeConformanceCases` say what another must keep.
 *
 * @example
 * const [grant, put] = await store.apply([
 *   { kind: 'grant', subject: 'account:acme', name: 'credit', scale: 2, grantId: 'invoice-117', units: 1_000, reason: 'invoice 117' },
 *   { kind: 'put', collection: 'notes', id: 'n1', value: { text: 'paid' } },
 * ])
 */
export interface Store extends Counters, MoneyEngine, Documents, Journal {
  readonly apply: (commands: readonly Command[]) => Awaitable<readonly Result[]>
  /** The highest wall time that the store has seen, epoch ms; 0 when new. */
  highWaterMs(): number
  /**
   * Of a store of several engines: the same one over what stands around each of them, so that one of them may fail and the other not hear of it. Who wraps `apply` wraps
   * what this gives, too. Absent: the store is one engine.
   */
  readonly overEngines?: ((around: EnginesAround) => Store) | undefined
}

/** What stands around the engines of a store. */
export interface EnginesAround {
  counters(counters: ReturningCounters): ReturningCounters
  store(store: Store): Store
}

/**
 * Applies one command and gives its own result type.
 *
 * @example
 * const { written } = await applyOne(store, { kind: 'put', collection: 'notes', id: 'n1', value: { text: 'hello' }, expect: 0 })
 */
export async function applyOne<C extends Command>(engine: Pick<Engine<C>, 'apply'>, command: C): Promise<ResultOf[C['kind']]> {
  const [result] = await engine.apply([command])
  return result as ResultOf[C['kind']]
}

/**
 * Applies one command and, where the store cannot say what became of it, asks once more at most. For commands that have a name, of which the same again is
 * done once: admissions of a call, claims, dispatches, settlements, what is asked about a call and its leases, grants and debits. If that fails too, nobody
 * knows what the first has done, whatever is known of the second. `askedAgain` is told that a result which says "done before" may be the own first time.
 *
 * @example
 * const { granted } = await applyNamed(store, { kind: 'grant', subject: 'account:acme', name: 'credit', scale: 2, grantId: 'invoice-117', units: 1_000, reason: 'invoice 117' })
 */
export async function applyNamed<C extends Command>(engine: Pick<Engine<C>, 'apply'>, command: C, askedAgain?: () => void): Promise<ResultOf[C['kind']]> {
  try {
    return await applyOne(engine, command)
  } catch (error) {
    if (!mayHaveHappened(error)) throw error
    askedAgain?.()
    return applyOne(engine, command).catch(() => Promise.reject(error))
  }
}

/**
 * As `applyOne`, without a promise where the engine has none to wait for.
 *
 * @example
 * const freed = applyNow(store, { kind: 'free', callId: 'req_1' })
 * const isThere = !(freed instanceof Promise)
 */
export function applyNow<C extends Command>(engine: Pick<Engine<C>, 'apply'>, command: C): Awaitable<ResultOf[C['kind']]> {
  return whenKnown(engine.apply([command]), firstOf) as Awaitable<ResultOf[C['kind']]>
}

function firstOf(results: readonly unknown[]): unknown {
  return results[0]
}
