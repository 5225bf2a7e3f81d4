/** The statements for calls, leases and the ledger, prepared once. Nothing here opens a transaction. */
import type { CallRecord } from '../admission/call-record.ts'
import type { Lease } from '../admission/lease.ts'
import type { LedgerEntry, LedgerRow, NamedMovement } from '../admission/ledger.ts'
import { callDueMs, leaseDueMs } from '../admission/state.ts'
import { StoreUnavailableError } from '../admission/store-error.ts'
import type { CallQuery, LeaseQuery, LedgerQuery } from '../admission/money.ts'
import type { SqlDatabase, SqlValue } from './sqlite-database.ts'

export interface SqliteCallTables {
  readCall(id: string): CallRecord | undefined
  idOfScope(scope: string): string | undefined
  writeCall(call: CallRecord): void
  deleteCall(id: string): void
  dueCallIds(nowMs: number, limit: number): string[]
  forgettableCallIds(nowMs: number, limit: number): string[]
  listCalls(query: CallQuery): CallRecord[]

  readLease(api: string, id: string): Lease | undefined
  apiOfLease(accountId: string, id: string): string | undefined
  writeLease(lease: Lease): void
  deleteLease(api: string, id: string): void
  dueLeases(nowMs: number, limit: number): Lease[]
  /** Tombstones, the oldest first. */
  endedLeases(byMs: number, limit: number): Lease[]
  /** Living ones that expire, the earliest first. */
  expiringLeases(accountId: string, limit: number): Lease[]
  listLeases(query: LeaseQuery): Lease[]

  /** Under the next number of its subject. */
  appendMovement(entry: LedgerEntry): void
  namedRow(movement: NamedMovement): LedgerEntry | undefined
  listRows(query: LedgerQuery): LedgerRow[]

  /** The earliest instant at which a call, lease or grant falls due; infinite if none does. */
  nextDueMs(): number
}

/** One with a value that is undefined is not asked. */
type Condition = readonly [sql: string] | readonly [sql: string, value: SqlValue | readonly SqlValue[] | undefined]
type Json = { readonly json: string }
type NumberedJson = Json & { readonly number: number; readonly seq: number }
type Id = { readonly id: string }

export function createSqliteCallTables(database: SqlDatabase): SqliteCallTables {
  const sql = {
    readCall: database.prepare('SELECT json FROM calls WHERE id = ?'),
    idOfScope: database.prepare('SELECT id FROM calls WHERE scope = ?'),
    writeCall: database.prepare(
      `INSERT INTO calls (id, scope, account, state, created_ms, due_ms, kept_until_ms, json) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET scope = excluded.scope, state = excluded.state, due_ms = excluded.due_ms, kept_until_ms = excluded.kept_until_ms, json = excluded.json`,
    ),
    deleteCall: database.prepare('DELETE FROM calls WHERE id = ?'),
    dueCalls: database.prepare('SELECT id FROM calls WHERE due_ms <= ? ORDER BY due_ms LIMIT ?'),
    forgettableCalls: database.prepare('SELECT id FROM calls WHERE kept_until_ms <= ? ORDER BY kept_until_ms LIMIT ?'),

    readLease: database.prepare('SELECT json FROM leases WHERE api = ? AND id = ?'),
    apiOfLease: database.prepare('SELECT api FROM leases WHERE account = ? AND id = ?'),
    writeLease: database.prepare(
      `INSERT INTO leases (api, id, account, state, created_ms, due_ms, ended_ms, json) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (api, id) DO UPDATE SET state = excluded.state, due_ms = excluded.due_ms, ended_ms = excluded.ended_ms, json = excluded.json`,
    ),
    deleteLease: database.prepare('DELETE FROM leases WHERE api = ? AND id = ?'),
    dueLeases: database.prepare('SELECT json FROM leases WHERE due_ms <= ? ORDER BY due_ms LIMIT ?'),
    endedLeases: database.prepare('SELECT json FROM leases WHERE ended_ms <= ? ORDER BY ended_ms LIMIT ?'),
    expiringLeases: database.prepare('SELECT json FROM leases WHERE account = ? AND due_ms IS NOT NULL ORDER BY due_ms LIMIT ?'),

    appendMovement: database.prepare(
      `INSERT INTO ledger (subject, number, name, call_id, grant_id, debit_id, json)
       VALUES (?, 1 + coalesce((SELECT number FROM ledger WHERE subject = ? ORDER BY seq DESC LIMIT 1), 0), ?, ?, ?, ?, ?)`,
    ),
    grantRow: database.prepare('SELECT json FROM ledger WHERE subject = ? AND name = ? AND grant_id = ?'),
    debitRow: database.prepare('SELECT json FROM ledger WHERE subject = ? AND name = ? AND debit_id = ?'),

    nextDue: ['calls', 'leases', 'subjects'].map((table) => database.prepare(`SELECT due_ms FROM ${table} WHERE due_ms IS NOT NULL ORDER BY due_ms LIMIT 1`)),
  }

  function search<R>(columns: string, table: string, order: string, conditions: readonly Condition[], limit: number): R[] {
    const asked = conditions.filter((condition) => condition.length === 1 || condition[1] !== undefined)
    const where = asked.length === 0 ? '' : `WHERE ${asked.map(([text]) => text).join(' AND ')}`
    const values = asked.flatMap(([, value]) => value ?? [])
    // Searches are rare and of many forms: prepared as they come.
    return database.prepare(`SELECT ${columns} FROM ${table} ${where} ORDER BY ${order} LIMIT ?`).all(...values, limit) as R[]
  }

  const parsed = <T>(row: unknown): T | undefined => (row === undefined ? undefined : parse<T>(row as Json))
  const allParsed = <T>(rows: readonly unknown[]): T[] => (rows as readonly Json[]).map((row) => parse<T>(row))
  const ids = (rows: readonly unknown[]): string[] => (rows as readonly Id[]).map(({ id }) => id)

  return {
    readCall: (id) => parsed(sql.readCall.get(id)),
    idOfScope: (scope) => (sql.idOfScope.get(scope) as Id | undefined)?.id,
    writeCall(call) {
      const { id, claim, accountId, state, createdAtMs, ended } = call
      sql.writeCall.run(id, claim?.scope ?? null, accountId, state, createdAtMs, callDueMs(call) ?? null, ended?.keptUntilMs ?? null, JSON.stringify(call))
    },
    deleteCall: (id) => void sql.deleteCall.run(id),
    dueCallIds: (nowMs, limit) => ids(sql.dueCalls.all(nowMs, limit)),
    forgettableCallIds: (nowMs, limit) => ids(sql.forgettableCalls.all(nowMs, limit)),
    listCalls: ({ accountId, state, keyed, beforeMs, before, limit }) =>
      search<Json>('json', 'calls', 'created_ms DESC, id DESC', [
        ['account = ?', accountId],
        ['state = ?', state],
        // Living calls are few, and have an index of their own; done ones are kept for a day.
        ...(state === undefined || state === 'done' ? [] : [['due_ms IS NOT NULL'] as const]),
        ['created_ms < ?', beforeMs],
        ['(created_ms, id) < (?, ?)', before && [before.createdAtMs, before.id]],
        ...(keyed === undefined ? [] : [[keyed ? 'scope IS NOT NULL' : 'scope IS NULL'] as const]),
      ], limit).map((row) => parse<CallRecord>(row)),

    readLease: (api, id) => parsed(sql.readLease.get(api, id)),
    apiOfLease: (accountId, id) => (sql.apiOfLease.get(accountId, id) as { readonly api: string } | undefined)?.api,
    writeLease(lease) {
      const { api, id, accountId, state, createdAtMs, endedAtMs } = lease
      sql.writeLease.run(api, id, accountId, state, createdAtMs, leaseDueMs(lease) ?? null, endedAtMs ?? null, JSON.stringify(lease))
    },
    deleteLease: (api, id) => void sql.deleteLease.run(api, id),
    dueLeases: (nowMs, limit) => allParsed(sql.dueLeases.all(nowMs, limit)),
    endedLeases: (byMs, limit) => allParsed(sql.endedLeases.all(byMs, limit)),
    expiringLeases: (accountId, limit) => allParsed(sql.expiringLeases.all(accountId, limit)),
    listLeases: ({ accountId, api, state, before, limit }) =>
      search<Json>('json', 'leases', 'created_ms DESC, id DESC, api DESC', [
        ['account = ?', accountId],
        ['api = ?', api],
        ['state = ?', state],
        ['(created_ms, id, api) < (?, ?, ?)', before && [before.createdAtMs, before.id, before.api]],
      ], limit).map((row) => parse<Lease>(row)),

    appendMovement(entry) {
      const { subject, name, kind, callId, grantId, debitId } = entry
      // An expiry names its grant too, which it did not make.
      sql.appendMovement.run(subject, subject, name, callId ?? null, kind === 'grant' ? (grantId ?? null) : null, debitId ?? null, JSON.stringify(entry))
    },
    namedRow: ({ kind, subject, name, id }) => parsed((kind === 'grant' ? sql.grantRow : sql.debitRow).get(subject, name, id)),
    listRows: ({ subject, name, callId, after, before, order, limit }) =>
      search<NumberedJson>('number, seq, json', 'ledger', order === 'newest' ? 'seq DESC' : 'seq', [
        ['subject = ?', subject],
        ['name = ?', name],
        ['call_id = ?', callId],
        ['seq > ?', after],
        ['seq < ?', before],
      ], limit).map((row) => ({ number: row.number, cursor: row.seq, ...parse<LedgerEntry>(row) })),

    nextDueMs: () => Math.min(...sql.nextDue.map((statement) => (statement.get() as { readonly due_ms: number } | undefined)?.due_ms ?? Infinity)),
  }
}

/** We wrote it; what does not parse was damaged since. */
function parse<T>({ json }: Json): T {
  try {
    return JSON.parse(json) as T
  } catch (cause) {
    throw new StoreUnavailableError(`a row of calls, leases or the ledger cannot be read: it is damaged (${json.slice(0, 40)})`, { cause })
  }
}
