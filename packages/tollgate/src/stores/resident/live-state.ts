/**
 * The state that decisions see and change, over the places where a store keeps its parts. The same on every store: how changes are put in
 * place, and how they are taken back while they are not on disk.
 */
import type { CallRecord } from '../../engine/calls/call-record.ts'
import type { Lease } from '../../engine/calls/lease-record.ts'
import type { LedgerEntry, NamedMovement } from '../../engine/money/ledger.ts'
import { recordDueMs } from '../../engine/meters/record-codec.ts'
import { createSlotBook, type SlotBook } from '../../engine/meters/slot-book.ts'
import { giveBack, type ChangedRecord } from '../../engine/meters/stage.ts'
import { callDueMs, isWeighty, leaseDueMs, type Changes, type StateView } from '../../engine/state.ts'
import { findState, withoutState, withState, type RecordState, type SubjectRecord } from '../../engine/meters/subject-record.ts'

export interface StateParts {
  readonly records: {
    get(subject: string): SubjectRecord
    put(changed: readonly ChangedRecord[]): void
    due(nowMs: number, limit: number): readonly string[]
  }
  readonly calls: {
    get(id: string): CallRecord | undefined
    ofScope(scope: string): CallRecord | undefined
    set(id: string, call: CallRecord | undefined): void
    /** Returns what puts it back as it is now. */
    remember(id: string): () => void
    due(nowMs: number, limit: number): readonly CallRecord[]
    forgettable(nowMs: number, limit: number): readonly string[]
  }
  readonly leases: {
    get(api: string, id: string): Lease | undefined
    ofAccount(accountId: string, id: string): Lease | undefined
    expiring(accountId: string): readonly Lease[]
    set(api: string, id: string, lease: Lease | undefined): void
    remember(api: string, id: string): () => void
    due(nowMs: number, limit: number): readonly Lease[]
    ended(byMs: number, limit: number): readonly Lease[]
  }
  readonly ledger: {
    append(entries: readonly LedgerEntry[]): void
    /** Takes back the last so many. */
    retract(count: number): void
    namedRow(movement: NamedMovement): LedgerEntry | undefined
  }
}

export interface LiveState {
  readonly view: StateView
  readonly slots: SlotBook
  /** Puts the changes in place. The returned function takes them back; several are taken back last first. */
  apply(changes: Changes, nowMs: number): () => void
  /** No call, lease or grant falls due before this instant. */
  nextDueMs(): number
  /** What is known of the next due instant from the parts themselves. */
  setNextDueMs(dueMs: number): void
}

/** What a balance or lease count was before. */
interface Former {
  readonly subject: string
  readonly name: string
  readonly state: RecordState | undefined
}

export function createLiveState({ records, calls, leases, ledger }: StateParts): LiveState {
  const slots = createSlotBook()
  let nextDueMs = -Infinity

  const view: StateView = {
    record: records.get,
    call: calls.get,
    callOfScope: calls.ofScope,
    lease: leases.get,
    leaseOfAccount: leases.ofAccount,
    expiringLeases: leases.expiring,
    namedRow: ledger.namedRow,
    slotsOn: slots.slotsOn,
    slotsOf: slots.slotsOf,
    livesUntilMs: slots.livesUntilMs,
    dueCalls: calls.due,
    dueLeases: leases.due,
    dueSubjects: records.due,
    forgettableCalls: calls.forgettable,
    endedLeases: leases.ended,
  }

  function comesDue(dueMs: number | undefined): void {
    if (dueMs !== undefined && dueMs < nextDueMs) nextDueMs = dueMs
  }

  /** Balances and lease counts go back to what they were; counters give back what was counted, since others may have counted since. */
  function apply(changes: Changes, nowMs: number): () => void {
    if (!isWeighty(changes) && changes.slotsTaken === undefined && changes.slotsExtended === undefined && changes.beat === undefined && changes.ended.length === 0) return applyCounts(changes, nowMs)
    // What is kept to take it back is kept until the commit: no more than that, and of all else nothing.
    const { counted } = changes
    const movements = changes.ledger.length
    const former: Former[] = []
    for (const { subject, name } of changes.touched) former.push({ subject, name, state: findState(records.get(subject), name) })
    const putBacks: (() => void)[] = []
    for (const id of changes.calls.keys()) putBacks.push(calls.remember(id))
    for (const { api, id } of changes.leases) putBacks.push(leases.remember(api, id))
    for (const { api, id } of changes.goneLeases) putBacks.push(leases.remember(api, id))
    records.put(changes.records)
    for (const { record } of changes.records) comesDue(recordDueMs(record))

    for (const [id, call] of changes.calls) {
      calls.set(id, call)
      comesDue(call && callDueMs(call))
    }
    for (const lease of changes.leases) {
      leases.set(lease.api, lease.id, lease)
      comesDue(leaseDueMs(lease))
    }
    for (const { api, id } of changes.goneLeases) leases.set(api, id, undefined)
    if (changes.ledger.length > 0) ledger.append(changes.ledger)
    // A call that begins afresh past its deadline takes after its former slots are free.
    for (const callId of changes.ended) slots.free(callId)
    const untake = changes.slotsTaken && slots.take(changes.slotsTaken.callId, changes.slotsTaken)
    const unextend = changes.slotsExtended && slots.extend(changes.slotsExtended.callId, changes.slotsExtended.deadlineMs)
    if (changes.beat !== undefined) slots.beat(changes.beat.owner, changes.beat.untilMs)

    return () => {
      // The slots of a call that ended stay free: the work is over, whatever the disk says.
      untake?.()
      unextend?.()
      ledger.retract(movements)
      for (const putBack of putBacks.toReversed()) putBack()
      records.put(giveBack(records.get, counted, nowMs).changed)
      for (const { subject, name, state } of former.toReversed()) records.put([{ subject, record: restored(records.get(subject), name, state) }])
      nextDueMs = -Infinity
    }
  }

  function applyCounts({ records: changed, counted }: Changes, nowMs: number): () => void {
    records.put(changed)
    return () => records.put(giveBack(records.get, counted, nowMs).changed)
  }

  return { view, slots, apply, nextDueMs: () => nextDueMs, setNextDueMs: (dueMs) => void (nextDueMs = dueMs) }
}

function restored(record: SubjectRecord, name: string, state: RecordState | undefined): SubjectRecord {
  return state === undefined ? withoutState(record, name) : withState(record, state)
}
