/** Subjects, calls, leases and the ledger as memory has them now, and the way of their changes to the disk. */
import { namedMovement, type LedgerEntry } from '../../engine/money/ledger.ts'
import type { CallRow, DiskContents, DiskGroup, DueRows, LeaseRow, MovementRow } from './disk.ts'
import { furtherFootprint } from '../../engine/footprint.ts'
import { callKey, movementKey, subjectDiskKey, type DiskKey } from './disk-key.ts'
import { earliestOf } from './earliest.ts'
import type { CallNames } from './call-names.ts'
import { createFreshRows, type FreshRows } from './fresh-rows.ts'
import { createLiveState, type LiveState } from './live-state.ts'
import { createResidentCalls } from './resident-calls.ts'
import { createResidentLeases } from './resident-leases.ts'
import { createResidentRecords } from './resident-records.ts'
import { parseRow } from '../stored-json.ts'

export interface ResidentState extends LiveState {
  readonly fresh: FreshRows
  readonly callNames: CallNames
  /** Whether decisions may read it now. */
  isKnown(key: DiskKey): boolean
  /** Decides as if the call were new, where only the disk could say otherwise. */
  assumingNew<T>(callId: string, decide: () => T): T
  /** Keeps what was loaded, as far as it is likely to be asked for again, and forgets the rest. */
  keepLoaded(): void
  /** Whether what is known of the key is not yet on disk. */
  isScopeUnwritten(scope: string): boolean
  isCallUnwritten(callId: string): boolean
  /** Whether any lease or ledger row is not yet on disk. */
  hasUnwritten(): boolean
  /** Keeps for this turn what is due on disk; returns where what these calls and leases hold is kept. */
  takeDue(due: DueRows): readonly DiskKey[]
  /** When the first call, lease or grant falls due; of those on disk, as of the last sweep and what was written since. */
  nextDueMs(): number
  /** Subjects and calls that wait to be written. */
  waiting(): number
  /** Rows of all that wait; they wait on until `written`. */
  write(nowMs: number): { readonly rows: StateRows; readonly written: () => void }
}

export type StateRows = Pick<DiskGroup, 'records' | 'goneCalls' | 'calls' | 'goneLeases' | 'leases' | 'movements'>

export function createResidentState(contents: DiskContents, recordsMax: number): ResidentState {
  const fresh = createFreshRows()
  const records = createResidentRecords(contents, fresh, recordsMax)
  const calls = createResidentCalls(contents, fresh)
  const leases = createResidentLeases(contents, fresh)
  let movements: LedgerEntry[] = []
  const named = new Map<DiskKey, LedgerEntry>()
  /** Nothing on disk is due before, as far as is known. */
  let storedDueMs = -Infinity

  const live = createLiveState({
    records,
    calls: {
      ...calls,
      // Who has slots is in flight, and no call in flight is done: if it lives it is in memory, otherwise it has no record.
      get: (id) => (live.slots.slotsOf(id) !== undefined && !calls.has(id) ? undefined : calls.get(id)),
    },
    leases,
    ledger: {
      append(entries) {
        for (const entry of entries) {
          movements.push(entry)
          const of = namedMovement(entry)
          if (of !== undefined) named.set(movementKey(of), entry)
        }
      },
      retract(count) {
        for (const entry of movements.splice(movements.length - count)) {
          const of = namedMovement(entry)
          if (of !== undefined) named.delete(movementKey(of))
        }
      },
      namedRow(of) {
        const key = movementKey(of)
        const known = named.get(key)
        if (known !== undefined) return known
        const text = fresh.get(key)
        return text === undefined ? undefined : parseRow<LedgerEntry>(text)
      },
    },
  })

  const pairOf = (key: DiskKey): [string, string] => JSON.parse(key.slice(1)) as [string, string]

  function isKnown(key: DiskKey): boolean {
    const name = key.slice(1)
    switch (key.charAt(0)) {
      case 's':
        return records.has(name) || fresh.has(key)
      case 'c':
        return calls.has(name) || live.slots.slotsOf(name) !== undefined
      case 'k':
        return calls.hasScope(name)
      case 'l':
        return leases.has(...pairOf(key))
      case 'a':
        return leases.hasOfAccount(...pairOf(key))
      default:
        return named.has(key) || fresh.has(key)
    }
  }

  return {
    ...live,
    fresh,
    callNames: calls.names,
    isKnown,
    assumingNew(callId, decide) {
      if (calls.has(callId) || calls.names.isKnown()) return decide()
      fresh.put(callKey(callId), undefined)
      try {
        return decide()
      } finally {
        fresh.drop(callKey(callId))
      }
    },
    keepLoaded() {
      for (const [key, text] of fresh.entries()) if (key.startsWith('s')) records.keep(key.slice(1), text)
      fresh.clear()
    },
    isScopeUnwritten: calls.isScopeUnwritten,
    isCallUnwritten: calls.isUnwritten,
    hasUnwritten: () => leases.waiting() > 0 || movements.length > 0,
    takeDue(due) {
      fresh.due = due
      storedDueMs = due.nextMs
      const found = [
        ...due.calls.map((id) => ({ of: 'call' as const, id, found: calls.get(id) })),
        ...due.leases.map(([api, id]) => ({ of: 'lease' as const, api, id, found: leases.get(api, id) })),
      ]
      return furtherFootprint(found).flatMap((key) => (key.of === 'subject' ? [subjectDiskKey(key.subject)] : []))
    },
    nextDueMs: () => Math.min(storedDueMs, records.earliestMs(), calls.earliestMs(), leases.earliestMs()),
    waiting: () => records.waiting() + calls.waiting(),
    write(nowMs) {
      const going = { records: records.write(nowMs), calls: calls.write(), leases: leases.write() }
      const written = movements.length
      storedDueMs = Math.min(storedDueMs, earliestOf(going.records.rows, (row) => row[3] ?? undefined))
      for (const { rows } of [going.calls, going.leases]) storedDueMs = Math.min(storedDueMs, earliestOf<CallRow | LeaseRow>(rows, (row) => row[5] ?? undefined))
      return {
        rows: {
          records: going.records.rows,
          goneCalls: going.calls.gone,
          calls: going.calls.rows,
          goneLeases: going.leases.gone,
          leases: going.leases.rows,
          movements: movements.map(toMovementRow),
        },
        written() {
          going.records.written()
          going.calls.written()
          going.leases.written()
          for (const entry of movements.slice(0, written)) {
            const of = namedMovement(entry)
            if (of === undefined) continue
            named.delete(movementKey(of))
            fresh.drop(movementKey(of))
          }
          movements = movements.slice(written)
        },
      }
    },
  }
}

function toMovementRow(entry: LedgerEntry): MovementRow {
  const { subject, name, kind, callId, grantId, debitId } = entry
  // An expiry names its grant too, which it did not make.
  return [subject, name, callId ?? null, kind === 'grant' ? (grantId ?? null) : null, debitId ?? null, JSON.stringify(entry)]
}
