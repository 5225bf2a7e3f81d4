/** Each part of the conformance suite asks for no more than its part of a store: it runs over an engine that has nothing else, and refuses other commands. */
import { describe, expect, test } from 'vitest'
import { storeCases } from '../../../../test/runs.ts'
import type { Documents } from '../directory/documents.ts'
import type { CounterCommand, Counters } from '../engine/counters.ts'
import type { MoneyEngine } from '../engine/money-commands.ts'
import type { Journal } from '../journal/journal.ts'
import { createMemoryStore } from '../stores/resident/memory.ts'
import type { Command, Store } from '../stores/store.ts'
import { countersConformanceCases } from './counters-conformance.ts'
import { documentsConformanceCases } from './documents-conformance.ts'
import { journalConformanceCases } from './journal-conformance.ts'
import { moneyConformanceCases } from './money-conformance.ts'
import type { StoreConformanceCase } from './store-case.ts'
import { storeConformanceCases } from './store-conformance.ts'

/** Carries out these alone. */
function only<C extends Command>(store: Store, kinds: { readonly [K in C['kind']]: true }) {
  return async (commands: readonly C[]): Promise<readonly unknown[]> => {
    for (const { kind } of commands) if (!Object.hasOwn(kinds, kind)) throw new TypeError(`this engine knows no ${kind}`)
    return store.apply(commands)
  }
}

const counterKinds = { admit: true, uncount: true, extend: true, free: true, beat: true } as const
const moneyKinds = {
  admit: true, extend: true, claim: true, dispatch: true, settle: true, 'bind-lease': true, 'renew-lease': true, 'end-lease': true, grant: true, debit: true, sweep: true,
} as const

const countersOf = (store: Store): Counters => ({
  apply: only<CounterCommand>(store, counterKinds),
  peek: store.peek,
  close: store.close,
})

const moneyOf = (store: Store): MoneyEngine => ({
  apply: only(store, moneyKinds),
  call: store.call,
  calls: store.calls,
  lease: store.lease,
  leases: store.leases,
  ledger: store.ledger,
  balance: store.balance,
  close: store.close,
})

const documentsOf = (store: Store): Documents => ({
  apply: only(store, { put: true, delete: true }),
  get: store.get,
  list: store.list,
  parents: store.parents,
  changes: store.changes,
  close: store.close,
})

const journalOf = (store: Store): Journal => ({
  apply: only(store, { log: true }),
  request: store.request,
  requests: store.requests,
  pruneRequests: store.pruneRequests,
  close: store.close,
})

function runOver<S>(cases: readonly StoreConformanceCase<S>[], partOf: (store: Store) => S): void {
  for (const { name, run } of storeCases(cases)) test(name, () => expect(run({ create: (clock) => partOf(createMemoryStore({ clock })) })).resolves.toBeUndefined())
}

describe('an engine that only counts', () => {
  runOver(countersConformanceCases, countersOf)
})
describe('an engine of money alone', () => {
  runOver(moneyConformanceCases, moneyOf)
})
describe('an engine of documents alone', () => {
  runOver(documentsConformanceCases, documentsOf)
})
describe('an engine of the request log alone', () => {
  runOver(journalConformanceCases, journalOf)
})

test('a store must keep all that its parts must, each guarantee under a name of its own', () => {
  const names = storeConformanceCases.map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
  for (const { name } of [...countersConformanceCases, ...moneyConformanceCases, ...documentsConformanceCases, ...journalConformanceCases]) expect(names).toContain(name)
})
