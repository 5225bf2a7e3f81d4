/** Subjects, calls, leases and the ledger in maps, with a queue of what falls due for each. */
import type { CallRecord } from '../../engine/calls/call-record.ts'
import type { Lease } from '../../engine/calls/lease-record.ts'
import { namedMovement, type LedgerRow, type NamedMovement } from '../../engine/money/ledger.ts'
import { callDueMs, leaseDueMs } from '../../engine/state.ts'
import type { CallQuery, LeaseQuery, LedgerQuery } from '../../engine/money-commands.ts'
import { packRecord, pruneKept, recordOfKept, type KeptRecord } from '../../engine/meters/packed-record.ts'
import { recordDueMs } from '../../engine/meters/record-codec.ts'
import type { SubjectRecord } from '../../engine/meters/subject-record.ts'
import { matchesCall, matchesLease, matchesRow } from './call-match.ts'
import { createDueQueue } from './due-queue.ts'
import { createLiveState, type LiveState } from './live-state.ts'
import { compareNewest } from './page-order.ts'

export interface MemoryState extends LiveState {
  /** Looks at so many subjects, each time at others, and forgets what has expired. */
  prune(subjects: number, nowMs: number): void
  nextDueMs(): number
  calls(query: CallQuery): CallRecord[]
  leases(query: LeaseQuery): Lease[]
  ledger(query: LedgerQuery): LedgerRow[]
}

export function createMemoryState(): MemoryState {
  const records = new Map<string, KeptRecord>()
  const calls = new Map<string, CallRecord>()
  const scopes = new Map<string, string>()
  const leases = new Map<string, Lease>()
  const accountLeases = new Map<string, string>()
  /** Of each account: those that live and end by time alone. */
  const expiring = new Map<string, Set<string>>()
  const rows: LedgerRow[] = []
  /** Of each subject: the number of its last row. */
  const lastNumbers = new Map<string, number>()
  /** Where the row of each grant and debit stands. */
  const named = new Map<string, number>()
  let round = records.entries()

  /** What was asked for last: a decision asks for the same one several times, and the next one is often about it too. */
  let last: { readonly subject: string; readonly record: SubjectRecord } | undefined

  function recordOf(subject: string): SubjectRecord {
    if (last?.subject !== subject) last = { subject, record: recordOfKept(records.get(subject)) }
    return last.record
  }

  const dueRecords = createDueQueue((subject) => recordDueMs(recordOf(subject)))
  const dueCalls = createDueQueue((id) => dueOf(calls.get(id), callDueMs))
  const dueLeases = createDueQueue((key) => dueOf(leases.get(key), leaseDueMs))
  const forgettable = createDueQueue((id) => calls.get(id)?.ended?.keptUntilMs)
  const endedLeases = createDueQueue((key) => leases.get(key)?.endedAtMs)

  function setCall(id: string, call: CallRecord | undefined): void {
    const former = calls.get(id)?.claim?.scope
    if (former !== undefined && scopes.get(former) === id) scopes.delete(former)
    if (call === undefined) {
      calls.delete(id)
      return
    }
    calls.set(id, call)
    if (call.claim !== undefined) scopes.set(call.claim.scope, id)
    if (call.ended !== undefined) forgettable.push(id, call.ended.keptUntilMs)
    else dueCalls.push(id, call.deadlineMs)
  }

  function setLease(api: string, id: string, lease: Lease | undefined): void {
    const key = keyOf(api, id)
    const former = leases.get(key)
    if (former !== undefined) {
      accountLeases.delete(keyOf(former.accountId, id))
      const own = expiring.get(former.accountId)
      own?.delete(key)
      if (own?.size === 0) expiring.delete(former.accountId)
    }
    if (lease === undefined) {
      leases.delete(key)
      return
    }
    leases.set(key, lease)
    if (leaseDueMs(lease) !== undefined) expiring.set(lease.accountId, (expiring.get(lease.accountId) ?? new Set()).add(key))
    accountLeases.set(keyOf(lease.accountId, id), key)
    if (lease.endedAtMs !== undefined) endedLeases.push(key, lease.endedAtMs)
    else if (lease.expiresAtMs !== undefined) dueLeases.push(key, lease.expiresAtMs)
  }

  const live = createLiveState({
    records: {
      get: recordOf,
      put(changed) {
        for (const { subject, record } of changed) {
          const dueMs = recordDueMs(record)
          if (dueMs !== undefined && dueMs !== recordDueMs(recordOf(subject))) dueRecords.push(subject, dueMs)
          records.set(subject, packRecord(record))
          last = { subject, record }
        }
      },
      due: (nowMs, limit) => dueRecords.due(nowMs, limit),
    },
    calls: {
      get: (id) => calls.get(id),
      ofScope: (scope) => calls.get(scopes.get(scope) ?? ''),
      set: setCall,
      remember(id) {
        const former = calls.get(id)
        return () => setCall(id, former)
      },
      due: (nowMs, limit) => dueCalls.due(nowMs, limit).flatMap((id) => calls.get(id) ?? []),
      forgettable: (nowMs, limit) => forgettable.due(nowMs, limit),
    },
    leases: {
      get: (api, id) => leases.get(keyOf(api, id)),
      ofAccount: (accountId, id) => leases.get(accountLeases.get(keyOf(accountId, id)) ?? ''),
      expiring: (accountId) =>
        [...(expiring.get(accountId) ?? [])]
          .flatMap((key) => leases.get(key) ?? [])
          .toSorted((a, b) => (a.expiresAtMs ?? 0) - (b.expiresAtMs ?? 0)),
      set: setLease,
      remember(api, id) {
        const former = leases.get(keyOf(api, id))
        return () => setLease(api, id, former)
      },
      due: (nowMs, limit) => dueLeases.due(nowMs, limit).flatMap((key) => leases.get(key) ?? []),
      ended: (byMs, limit) => endedLeases.due(byMs, limit).flatMap((key) => leases.get(key) ?? []),
    },
    ledger: {
      append(entries) {
        for (const entry of entries) {
          const of = namedMovement(entry)
          if (of !== undefined) named.set(nameKeyOf(of), rows.length)
          const number = (lastNumbers.get(entry.subject) ?? 0) + 1
          lastNumbers.set(entry.subject, number)
          rows.push({ number, cursor: rows.length + 1, ...entry })
        }
      },
      retract(count) {
        for (const row of rows.splice(rows.length - count).toReversed()) {
          lastNumbers.set(row.subject, row.number - 1)
          const of = namedMovement(row)
          if (of !== undefined) named.delete(nameKeyOf(of))
        }
      },
      namedRow: (of) => rows[named.get(nameKeyOf(of)) ?? -1],
    },
  })

  return {
    ...live,
    nextDueMs: () => Math.min(dueRecords.earliestMs(), dueCalls.earliestMs(), dueLeases.earliestMs()),
    prune(subjects, nowMs) {
      for (let step = 0; step < subjects; step += 1) {
        const next = round.next()
        if (next.done === true) {
          round = records.entries()
          return
        }
        const [subject, record] = next.value
        const pruned = pruneKept(record, nowMs)
        if (pruned === record) continue
        if (subject === last?.subject) last = undefined
        if (pruned === undefined) records.delete(subject)
        else records.set(subject, pruned)
      }
    },
    calls: (query) => [...calls.values()].filter((call) => matchesCall(call, query)).toSorted(compareNewest).slice(0, query.limit),
    leases: (query) => [...leases.values()].filter((lease) => matchesLease(lease, query)).toSorted(compareNewest).slice(0, query.limit),
    ledger(query) {
      const found = rows.filter((row) => matchesRow(row, query))
      return (query.order === 'newest' ? found.toReversed() : found).slice(0, query.limit)
    },
  }
}

function dueOf<T>(thing: T | undefined, dueMsOf: (thing: T) => number | undefined): number | undefined {
  return thing === undefined ? undefined : dueMsOf(thing)
}

function keyOf(owner: string, id: string): string {
  return JSON.stringify([owner, id])
}

function nameKeyOf({ kind, subject, name, id }: NamedMovement): string {
  return JSON.stringify([kind, subject, name, id])
}
