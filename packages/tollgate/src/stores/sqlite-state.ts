/** Subjects, calls, leases and the ledger as memory has them now, and the way of their changes into the tables. */
import type { CallRecord } from '../admission/call-record.ts'
import type { Lease } from '../admission/lease.ts'
import { namedMovement, type LedgerEntry, type NamedMovement } from '../admission/ledger.ts'
import { callDueMs, leaseDueMs } from '../admission/state.ts'
import { recordDueMs } from '../admission/record-codec.ts'
import { createLiveState, type LiveState } from './live-state.ts'
import { createRecordCache } from './record-cache.ts'
import { createRowCache } from './row-cache.ts'
import type { SqliteCallTables } from './sqlite-call-tables.ts'
import type { SqliteTables } from './sqlite-tables.ts'

export interface SqliteState extends LiveState {
  /** Whether what is known of the key or the call is not yet on disk. */
  isUnwritten(about: { readonly scope?: string; readonly callId?: string }): boolean
  /** Whether any lease or ledger row is not yet on disk. */
  hasUnwritten(): boolean
  /** Nothing is due at the instant: looks for what is next. */
  nothingDue(nowMs: number): void
  /** Subjects and calls that wait to be written. */
  waiting(): number
  /** Hands all that wait to the tables. They wait on until `committed`. */
  write(nowMs: number): void
  committed(nowMs: number): void
}

/** Enough to say when a session comes free; nobody waits for the hundredth to expire. */
const EXPIRING_MAX = 100

export function createSqliteState(tables: SqliteTables, callTables: SqliteCallTables, recordsMax: number): SqliteState {
  const records = createRecordCache({ max: recordsMax, read: tables.readRecord })
  /** Changed subjects with grants that expire. */
  const dueSubjects = new Set<string>()
  // Calls that are done live on disk.
  const calls = createRowCache<CallRecord>({ max: recordsMax, read: callTables.readCall, keep: ({ state }) => state !== 'done' })
  const scopes = new Map<string, string>()
  const leases = createRowCache<Lease>({ max: recordsMax, read: (key) => callTables.readLease(...partsOf(key)), keep: ({ state }) => state === 'active' })
  let movements: LedgerEntry[] = []

  /** What the table says is due may have changed since; what changed since may be due too. */
  function callsWhere(ids: (limit: number) => readonly string[], isMeant: (call: CallRecord) => boolean, limit: number): CallRecord[] {
    const candidates = new Set([...ids(limit + calls.changed().size), ...calls.changed().keys()])
    return [...candidates].flatMap((id) => calls.get(id) ?? []).filter(isMeant).slice(0, limit)
  }

  function leasesWhere(stored: readonly Lease[], isMeant: (lease: Lease) => boolean): Lease[] {
    const keys = new Set([...stored.map(({ api, id }) => keyOf(api, id)), ...leases.changed().keys()])
    const meant = [...keys].flatMap((key) => leases.get(key) ?? []).filter(isMeant)
    return meant.toSorted((a, b) => (a.expiresAtMs ?? 0) - (b.expiresAtMs ?? 0))
  }

  const live = createLiveState({
    records: {
      get: records.get,
      put(changed) {
        records.put(changed)
        for (const { subject, record } of changed) if (recordDueMs(record) !== undefined) dueSubjects.add(subject)
      },
      due(nowMs, limit) {
        const candidates = new Set([...tables.dueSubjects(nowMs, limit + dueSubjects.size), ...dueSubjects])
        return [...candidates].filter((subject) => (recordDueMs(records.get(subject)) ?? Infinity) <= nowMs).slice(0, limit)
      },
    },
    calls: {
      get: calls.get,
      ofScope(scope) {
        const id = scopes.get(scope) ?? callTables.idOfScope(scope)
        const call = id === undefined ? undefined : calls.get(id)
        return call?.claim?.scope === scope ? call : undefined
      },
      set(id, call) {
        // Where a call loses its key, others may see that this is not on disk yet.
        const scope = (call?.claim ?? calls.get(id)?.claim)?.scope
        if (scope !== undefined) scopes.set(scope, id)
        calls.set(id, call)
      },
      due: (nowMs, limit) => callsWhere((most) => callTables.dueCallIds(nowMs, most), (call) => (callDueMs(call) ?? Infinity) <= nowMs, limit),
      forgettable: (nowMs, limit) => callsWhere((most) => callTables.forgettableCallIds(nowMs, most), ({ ended }) => (ended?.keptUntilMs ?? Infinity) <= nowMs, limit),
    },
    leases: {
      get: (api, id) => leases.get(keyOf(api, id)),
      ofAccount(accountId, id) {
        const changed = [...leases.changed().values()].find((lease) => lease?.accountId === accountId && lease.id === id)
        if (changed !== undefined) return changed
        const api = callTables.apiOfLease(accountId, id)
        return api === undefined ? undefined : leases.get(keyOf(api, id))
      },
      expiring: (accountId) =>
        leasesWhere(callTables.expiringLeases(accountId, EXPIRING_MAX), (lease) => lease.accountId === accountId && leaseDueMs(lease) !== undefined).slice(0, EXPIRING_MAX),
      set: (api, id, lease) => leases.set(keyOf(api, id), lease),
      due: (nowMs, limit) => leasesWhere(callTables.dueLeases(nowMs, limit + leases.changed().size), (lease) => (leaseDueMs(lease) ?? Infinity) <= nowMs).slice(0, limit),
      ended: (byMs, limit) => leasesWhere(callTables.endedLeases(byMs, limit + leases.changed().size), (lease) => (lease.endedAtMs ?? Infinity) <= byMs).slice(0, limit),
    },
    ledger: {
      append(entries) {
        movements.push(...entries)
      },
      retract(count) {
        movements.length -= count
      },
      namedRow: (of) => movements.find((entry) => isSame(namedMovement(entry), of)) ?? callTables.namedRow(of),
    },
  })

  return {
    ...live,
    isUnwritten: ({ scope, callId }) => (scope !== undefined && scopes.has(scope)) || (callId !== undefined && calls.isChanged(callId)),
    hasUnwritten: () => leases.changed().size > 0 || movements.length > 0,
    nothingDue(nowMs) {
      // The tables do not know of what waits: they are asked again a moment later, or after the commit.
      const isWritten = calls.changed().size + leases.changed().size + dueSubjects.size === 0
      live.setNextDueMs(isWritten ? callTables.nextDueMs() : nowMs + 1)
    },
    waiting: () => records.waiting() + calls.changed().size,
    write(nowMs) {
      records.writeTo(tables.writeRecord, nowMs)
      // First what goes or has no key: it may have had the key of what comes.
      for (const [id, call] of calls.changed()) {
        if (call === undefined) callTables.deleteCall(id)
        else if (call.claim === undefined) callTables.writeCall(call)
      }
      for (const call of calls.changed().values()) if (call?.claim !== undefined) callTables.writeCall(call)
      for (const [key, lease] of leases.changed()) {
        if (lease === undefined) callTables.deleteLease(...partsOf(key))
        else callTables.writeLease(lease)
      }
      for (const entry of movements) callTables.appendMovement(entry)
    },
    committed(nowMs) {
      records.committed()
      dueSubjects.clear()
      calls.committed()
      scopes.clear()
      leases.committed()
      movements = []
      if (live.nextDueMs() <= nowMs) live.setNextDueMs(callTables.nextDueMs())
    },
  }
}

function isSame(a: NamedMovement | undefined, b: NamedMovement): boolean {
  return a !== undefined && a.kind === b.kind && a.subject === b.subject && a.name === b.name && a.id === b.id
}

/** APIs are named by the configuration, without line breaks; ids come from services. */
function keyOf(api: string, id: string): string {
  return `${api}\n${id}`
}

function partsOf(key: string): [api: string, id: string] {
  const at = key.indexOf('\n')
  return [key.slice(0, at), key.slice(at + 1)]
}
